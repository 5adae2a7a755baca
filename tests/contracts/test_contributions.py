"""Does every database keep who added what from chat, and does undoing and correcting work the same in each?"""

import asyncio
from datetime import date, timedelta

import pytest

from bot.models import Fate
from bot.rendering.receipts import wording
from bot.storage import open_store, upgrade
from tests.bot.contributions.chat import ALICE, LEASE, PLAN, SECOND_PLAN, Board, Clock, a_process, offer

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite file", "postgres"])
async def url(request, tmp_path):
    if request.param == "sqlite file":
        return f"sqlite:///{tmp_path / 'quoth.db'}"
    address = request.getfixturevalue("fresh_postgres")()
    await upgrade(address)
    return address


@pytest.fixture
async def store(url):
    async with open_store(url) as store:
        yield store


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def board():
    return Board()


async def add(contributions, board, clock, data, event_id):
    clock.passes(MINUTE)
    await contributions.take_in(board, offer(board.shares("plan.md", data), event_id=event_id))
    clock.passes(MINUTE)
    return board.entries[-1]


async def test_added_renewed_corrected_undone(store, clock, board):
    contributions = a_process(store, clock)
    first = await add(contributions, board, clock, PLAN, "Ev1")
    await contributions.pressing.correct(first.contribution_id, ALICE, "Kettle care", date(2025, 1, 2))
    second = await add(contributions, board, clock, SECOND_PLAN, "Ev2")
    assert (first.fate, second.fate, second.former) == (Fate.ADDED, Fate.NEW_VERSION, "Kettle care")
    await contributions.pressing.undo(second.contribution_id, ALICE)
    memo = await store.memos.get("plan")
    assert (memo.title, memo.published) == ("Kettle care", date(2025, 1, 2))
    assert "Fridays" in memo.text
    clock.passes(MINUTE)
    await contributions.pressing.undo(first.contribution_id, ALICE)
    assert await store.memos.count() == 0
    standing = await store.contributions.standing(first.contribution_id)
    assert standing.contribution.undone_by == f"slack:{ALICE}"
    assert standing.receipt.entries[0].fate is Fate.UNDONE


async def test_processes_that_get_the_same_offers_add_each_once(url, store, clock, board):
    async with open_store(url) as other:
        processes = [a_process(store, clock), a_process(other, clock)]
        offers = [offer(board.shares(f"{n}.md", PLAN + b"%d" % n), event_id=f"Ev{n}") for n in range(4)]
        await asyncio.gather(*(one.take_in(board, each) for each in offers for one in processes))
    assert sorted(event_id for event_id, _ in board.written) == [f"Ev{n}" for n in range(4)]
    assert await store.memos.count() == 4


async def test_undo_in_two_processes_at_once_is_done_once(url, store, clock, board):
    first = a_process(store, clock)
    await add(first, board, clock, PLAN, "Ev1")
    entry = await add(first, board, clock, SECOND_PLAN, "Ev2")
    async with open_store(url) as other:
        both = [first, a_process(other, clock)]
        pressed = await asyncio.gather(*(one.pressing.undo(entry.contribution_id, ALICE) for one in both))
    assert sorted(one.said for one in pressed) == ["", wording.UNDONE_BEFORE]
    assert "Fridays" in (await store.memos.get("plan")).text


async def test_files_of_one_message_that_change_at_once_are_all_shown(url, store, clock, board):
    first = a_process(store, clock)
    files = [board.shares(f"{n}.md", PLAN + b"%d" % n) for n in range(4)]
    await first.take_in(board, offer(*files))
    async with open_store(url) as other:
        both = [first, a_process(other, clock)]
        await asyncio.gather(
            *(
                both[n % 2].pressing.undo(entry.contribution_id, ALICE)
                for n, entry in enumerate(board.entries)
            )
        )
    receipt = (await store.contributions.standing(board.entries[0].contribution_id)).receipt
    assert [entry.fate for entry in receipt.entries] == [Fate.UNDONE] * 4


async def test_an_offer_is_taken_over_once(url, store, clock, board):
    left = offer(board.shares("plan.md\0\x1b", PLAN))
    await store.offers.claim(left.model_copy(update={"files": ()}), clock(), clock() + LEASE)
    clock.passes(LEASE)
    async with open_store(url) as other:
        both = [a_process(store, clock), a_process(other, clock)]
        assert sum(await asyncio.gather(*(one.recover(board) for one in both))) == 1
    assert len(board.written) == 1


@pytest.mark.parametrize("name", ["a\0b.md", "a\ud800b.md", "\U0001f600.md", "é" * 300 + ".md"])
async def test_any_name_can_be_kept(store, clock, board, name):
    await a_process(store, clock).take_in(board, offer(board.shares(name, PLAN), text="add\0"))
    assert board.entries[0].fate is Fate.ADDED
