"""Is the whole state copied while it is in use, and put back whole or not at all?"""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from bot.errors import AlreadyThere, DatabaseTrouble, MalformedArchive
from bot.storage import back_up, open_store, restore
from bot.storage.schema import REVISIONS
from retrieval import Memo
from tests.servers.older_database import make_database

TEA = Memo(id="tea", title="Tea", text="The kettle is descaled on Fridays.", sha256="t1")


def numbered(number):
    return TEA.model_copy(update={"id": f"m{number}"})


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'quoth.db'}"


@pytest.fixture
def copy(tmp_path):
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "copy.db"


@pytest.fixture
async def filled(url, moment):
    """A database with a memo and a secret, closed; the secret."""
    async with open_store(url) as store:
        await store.memos.add([TEA], moment)
        return await store.secrets.get_or_make("links")


async def memos_in(url):
    async with open_store(url) as store:
        return [memo.id for memo in await store.memos.all()]


async def test_everything_comes_back(url, copy, filled, tmp_path):
    back_up(url, copy)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert restore(other, copy) == REVISIONS[-1]
    async with open_store(other) as store:
        assert await store.memos.all() == [TEA]
        assert await store.secrets.get_or_make("links") == filled
        async with store.database.read() as connection:
            assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"


async def test_a_backup_is_one_file_for_its_owners_eyes_only(url, copy, filled):
    back_up(url, copy)
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    assert copy.stat().st_mode & 0o777 == 0o600


async def test_a_backup_taken_while_memos_are_added_is_as_it_stood_at_one_moment(url, copy, moment):
    async with open_store(url) as store:

        async def add_on():
            for number in range(60):
                await store.memos.add([numbered(number), numbered(f"{number}-twin")], moment)

        adding = asyncio.create_task(add_on())
        taken = 0
        while not adding.done():
            await asyncio.to_thread(back_up, url, copy, force=True)
            taken += 1
            with closing(sqlite3.connect(copy)) as connection:
                ids = {row[0] for row in connection.execute("SELECT memo_id FROM memo_versions")}
            assert {each.removesuffix("-twin") for each in ids} == {
                each for each in ids if "-twin" not in each
            }
            assert len(ids) % 2 == 0
        await adding
    assert taken


async def test_nothing_is_written_over_unasked(url, copy, filled, moment):
    back_up(url, copy)
    with pytest.raises(AlreadyThere, match=r"copy.db is there already.*--force"):
        back_up(url, copy)
    with pytest.raises(AlreadyThere, match=r"is a folder\. Name a file\."):
        back_up(url, copy.parent, force=True)
    async with open_store(url) as store:
        await store.memos.add([numbered(1)], moment)
    with pytest.raises(AlreadyThere, match=r"quoth.db is there already.*--force"):
        restore(url, copy)
    assert await memos_in(url) == ["m1", "tea"]
    restore(url, copy, force=True)
    assert await memos_in(url) == ["tea"]


async def test_a_database_that_is_open_elsewhere_is_not_replaced(url, copy, filled, moment):
    back_up(url, copy)
    async with open_store(url) as store:
        await store.memos.add([numbered(1)], moment)
        with pytest.raises(DatabaseTrouble, match=r"open in another process.*Stop the bot"):
            restore(url, copy, force=True)
        assert [memo.id for memo in await store.memos.all()] == ["m1", "tea"]
        await store.memos.add([numbered(2)], moment)
    assert await memos_in(url) == ["m1", "m2", "tea"]


async def test_what_the_process_before_left_beside_the_database_does_no_harm(
    url, copy, filled, tmp_path, moment
):
    """One that was killed leaves a write-ahead log behind."""
    back_up(url, copy)
    async with open_store(url) as store:
        await store.memos.add([numbered(1)], moment)
        left = {end: (tmp_path / f"quoth.db{end}").read_bytes() for end in ("-wal", "-shm")}
        main = (tmp_path / "quoth.db").read_bytes()
    (tmp_path / "quoth.db").write_bytes(main)
    for end, data in left.items():
        (tmp_path / f"quoth.db{end}").write_bytes(data)
    restore(url, copy, force=True)
    assert await memos_in(url) == ["tea"]


async def test_a_damaged_database_can_be_replaced(url, copy, filled, tmp_path):
    back_up(url, copy)
    (tmp_path / "quoth.db").write_bytes(b"not a database at all" * 100)
    restore(url, copy, force=True)
    assert await memos_in(url) == ["tea"]


def damaged(copy):
    data = bytearray(copy.read_bytes())
    data[5000:9000] = b"\xff" * 4000
    copy.write_bytes(data)


def cut_off(copy):
    copy.write_bytes(copy.read_bytes()[:10_000])


def something_else(copy):
    copy.write_bytes(b"Dear Ann, " * 1000)


def empty(copy):
    copy.write_bytes(b"")


def another_programs(copy):
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE bookmarks (id)")


def of_a_newer_version(copy):
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def with_rows_that_point_nowhere(copy):
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("INSERT INTO citations VALUES ('none', 'tea', 't1')")


def gone(copy):
    copy.unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (damaged, "damaged|malformed"),
        (cut_off, "damaged|malformed|cannot be read"),
        (something_else, "not a database"),
        (empty, "no database of Quoth"),
        (another_programs, "no database of Quoth"),
        (of_a_newer_version, "9999.*Install the newest version"),
        (with_rows_that_point_nowhere, "damaged"),
        (gone, "There is no file"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_a_backup_that_cannot_be_trusted_leaves_everything_as_it_is(
    url, copy, filled, tmp_path, harm, said
):
    back_up(url, copy)
    harm(copy)
    with pytest.raises(MalformedArchive, match=said):
        restore(url, copy, force=True)
    assert await memos_in(url) == ["tea"]
    assert {path.name for path in tmp_path.iterdir()} <= {
        "backups",
        "quoth.db",
        "quoth.db-wal",
        "quoth.db-shm",
    }


async def test_the_database_is_not_its_own_backup(url, filled, tmp_path):
    with pytest.raises(AlreadyThere, match="the database itself"):
        restore(url, tmp_path / "quoth.db", force=True)
    with pytest.raises(AlreadyThere, match="the database itself"):
        back_up(url, tmp_path / "quoth.db", force=True)
    assert await memos_in(url) == ["tea"]


async def test_a_backup_of_an_older_schema_is_brought_up_to_date_when_it_is_opened(
    url, copy, filled, tmp_path
):
    kept = {"memo_id": "old", "digest": "d", "sha256": "s", "title": "Old", "source": "", "characters": 5}
    body = TEA.model_copy(update={"id": "old"}).model_dump_json()
    older = f"sqlite:///{tmp_path / 'backups' / 'older.db'}"
    await make_database(
        older, "0001", {"memo_versions": kept | {"body": body, "came": "2026-03-02 12:00:00.000000"}}
    )
    back_up(older, copy)
    assert restore(url, copy, force=True) == "0001"
    assert await memos_in(url) == ["old"]


@pytest.mark.parametrize("act", [back_up, restore])
def test_of_postgres_the_command_to_run_is_said_without_the_password(act, copy):
    with pytest.raises(DatabaseTrouble) as told:
        act("postgresql://ann:s3cret@db.example:5433/quoth?sslmode=require", copy.with_name("a copy"))
    said = str(told.value)
    program = "pg_dump --format=custom" if act is back_up else "pg_restore --clean --if-exists --no-owner"
    assert f"Run: {program}" in said
    assert "postgresql://ann@db.example:5433/quoth" in said
    assert "s3cret" not in said
    assert f"'{copy.with_name('a copy')}'" in said


@pytest.mark.parametrize("act", [back_up, restore])
def test_a_database_in_memory_is_not_kept(act, copy):
    with pytest.raises(DatabaseTrouble, match="in memory"):
        act("sqlite://", copy)


def test_a_database_that_is_not_there_is_not_made_by_a_backup(url, copy, tmp_path):
    with pytest.raises(DatabaseTrouble, match="no database"):
        back_up(url, copy)
    assert [path.name for path in tmp_path.iterdir()] == ["backups"]
