"""What do readers and writers do while another process holds the database?"""

import asyncio
import sqlite3
from datetime import UTC, datetime

import pytest

from bot.errors import DatabaseTrouble
from bot.storage import database, open_store
from retrieval import Memo

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEA = Memo(id="tea", title="Tea", text="The kettle is descaled on Fridays.")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "quoth.db"


@pytest.fixture
async def store(file):
    async with open_store(f"sqlite:///{file}") as store:
        await store.memos.add([TEA], NINE)
        yield store


@pytest.fixture
def holder(store, file):
    """Somebody else's connection, which holds the database for itself."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield connection
    connection.close()


async def test_writers_that_wait_in_vain_give_up_together(store, holder, monkeypatch):
    monkeypatch.setattr(database, "WAIT_SECONDS", 1.0)
    removals = (store.memos.remove(f"memo {n}", NINE) for n in range(20))
    async with asyncio.timeout(10):  # one after the other they would take twenty seconds
        outcomes = await asyncio.gather(*removals, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {DatabaseTrouble}


async def test_the_trouble_names_the_database_the_rule_and_the_next_step(store, holder, file, monkeypatch):
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    removals = (store.memos.remove("tea", NINE) for _ in range(2))  # one waits for the lock, one for its turn
    outcomes = {str(outcome) for outcome in await asyncio.gather(*removals, return_exceptions=True)}
    assert len(outcomes) == 1
    [said] = outcomes
    assert str(file) in said
    assert "it stayed locked for 0.1 seconds, and one writer at a time may change it." in said
    assert "Find the process that holds it" in said


async def test_writers_go_on_as_soon_as_the_database_is_free(store, holder):
    removal = asyncio.create_task(store.memos.remove("tea", NINE))
    await store.ping()  # the event loop turns, and the removal has begun
    holder.execute("ROLLBACK")
    assert await removal


async def test_readers_are_not_held_up(store, holder):
    assert await store.memos.all() == [TEA]


async def test_a_writer_that_had_little_time_left_leaves_the_next_one_all_of_it(store, holder, monkeypatch):
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    with pytest.raises(DatabaseTrouble):
        await store.memos.remove("tea", NINE)
    monkeypatch.undo()
    async with store.database.read() as connection:
        waits = (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar()
    assert waits == database.WAIT_SECONDS * 1000
