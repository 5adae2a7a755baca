"""Is a database that cannot be used refused with a sentence, and without its password?"""

import sqlite3
import stat
import subprocess
import sys
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DatabaseTrouble
from bot.storage import open_store, schema_status, upgrade
from bot.storage.address import read_address
from retrieval import Memo
from tests.servers.postgres import PASSWORD, QUOTED_PASSWORD


async def refusal(url, **more):
    with pytest.raises(DatabaseTrouble) as refused:
        async with open_store(url, **more):
            pass
    return str(refused.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///quoth.db", "sqlite:///quoth.db"),
        ("sqlite:////var/lib/quoth.db", "sqlite:////var/lib/quoth.db"),
        ("sqlite://", "sqlite:// (in memory)"),
        ("postgres://me:secret@db.example:5433/memos?sslmode=require", "postgresql://db.example:5433/memos"),
        ("postgresql:///memos?host=/run/postgresql&password=secret", "postgresql:///memos"),
        ("postgresql://me:se%2Fcr%40et@[::1]/memos", "postgresql://::1/memos"),
    ],
)
def test_an_address_is_shown_without_its_password(url, shown):
    address = read_address(url)
    assert address.shown == shown
    assert "secret" not in repr(address)


@pytest.mark.parametrize(
    "url",
    ["", "quoth.db", "mysql://me:hush@host/db", "sqlite:quoth.db", "sqlite://quoth.db", "sqlite:///a?b=hush"],
)
def test_what_is_no_address_is_refused_with_the_forms_that_are(url):
    with pytest.raises(DatabaseTrouble, match=r"DATABASE_URL.*Write sqlite:///FILE") as refused:
        read_address(url)
    assert "hush" not in str(refused.value)


@given(st.text(alphabet="xyz/#@:?[]%&= ", min_size=3).filter(lambda password: set(password) & set("xyz")))
def test_a_password_written_raw_is_never_repeated(password):
    try:
        shown = read_address(f"postgresql://me:{password}@host/memos").shown
    except DatabaseTrouble as refused:
        shown = str(refused).replace("DATABASE_URL", "").replace("Quoth", "")
        assert not set(shown) & set("xyz")
    else:
        assert not set(shown.replace("postgresql://", "")) & set("xyz")


async def test_a_folder_that_is_not_there_is_named(tmp_path):
    said = await refusal(f"sqlite:///{tmp_path}/gone/quoth.db")
    assert f"there is no folder {tmp_path}/gone" in said
    assert "Make it" in said


async def test_a_folder_is_no_file(tmp_path):
    assert "is a folder" in await refusal(f"sqlite:///{tmp_path}")


async def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    file = tmp_path / "quoth.db"
    file.write_text("These are my notes, not a database." * 100)
    assert "not a database. Name another file" in await refusal(f"sqlite:///{file}")
    assert file.read_text().startswith("These are my notes")


async def test_a_file_is_not_made_where_that_was_not_asked_for(tmp_path):
    file = tmp_path / "quoth.db"
    assert "quoth database upgrade" in await refusal(f"sqlite:///{file}", create=False)
    assert not (await schema_status(f"sqlite:///{file}")).up_to_date
    assert list(tmp_path.iterdir()) == []


async def test_a_new_file_is_its_owners_alone(tmp_path):
    file = tmp_path / "quoth.db"
    async with open_store(f"sqlite:///{file}"):
        for made in tmp_path.iterdir():
            assert stat.S_IMODE(made.stat().st_mode) & 0o077 == 0, made


async def test_a_file_writes_ahead_so_that_readers_never_wait(tmp_path):
    file = tmp_path / "quoth.db"
    async with open_store(f"sqlite:///{file}") as store, store.database.write() as writing:
        await writing.exec_driver_sql("DELETE FROM questions")
        assert await store.memos.all() == []


async def test_an_older_file_is_brought_up_to_date_by_opening_it(tmp_path):
    file = tmp_path / "quoth.db"
    sqlite3.connect(file).close()
    async with open_store(f"sqlite:///{file}") as store:
        assert await store.memos.all() == []


async def test_a_store_in_memory_is_alone_and_empty_each_time(moment):
    async with open_store("sqlite://") as one, open_store("sqlite://") as other:
        await one.memos.add([Memo(id="m", title="t", text="x")], moment)
        assert await other.memos.count() == 0


async def test_a_server_that_is_not_there_is_named_without_the_password(unused_port):
    said = await refusal(f"postgresql://me:hush@127.0.0.1:{unused_port}/memos")
    assert f"postgresql://127.0.0.1:{unused_port}/memos" in said
    assert "DATABASE_URL" in said
    assert "hush" not in said


async def test_a_wrong_password_is_refused_without_repeating_it(fresh_postgres):
    url = fresh_postgres()
    said = await refusal(url.replace(QUOTED_PASSWORD, "not-the-one"))
    assert "password authentication failed" in said
    assert "not-the-one" not in said


async def test_a_database_that_is_not_there_is_named(fresh_postgres):
    url = fresh_postgres()
    said = await refusal(f"{url}-gone")
    assert "-gone" in said
    assert PASSWORD not in said
    assert QUOTED_PASSWORD not in said


async def test_postgres_understands_libpqs_options_and_its_older_name(fresh_postgres):
    url = fresh_postgres().replace("postgresql://", "postgres://") + "?sslmode=prefer&application_name=q"
    assert (await upgrade(url)).up_to_date
    async with open_store(url) as store, store.database.read() as connection:
        assert (await connection.exec_driver_sql("SHOW application_name")).scalar() == "q"


def test_opening_a_database_that_is_up_to_date_loads_no_migrations(tmp_path):
    program = (
        "import asyncio, sys\n"
        "from bot.storage import open_store\n"
        "async def go():\n"
        f"    async with open_store('sqlite:///{tmp_path}/quoth.db') as store:\n"
        "        await store.memos.all()\n"
        "asyncio.run(go())\n"
        "print('alembic' in sys.modules, 'asyncpg' in sys.modules)"
    )
    runs = [subprocess.check_output([sys.executable, "-c", program], text=True) for _ in range(2)]
    assert runs == ["True False\n", "False False\n"]


def test_the_migrations_are_part_of_the_package():
    versions = resources.files("bot.storage.migrations").joinpath("versions")
    assert versions.joinpath("m0001_first_tables.py").is_file()
