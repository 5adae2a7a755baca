"""Does the library's index carry on when memos change, and is it made one piece without holding anybody up?"""

import asyncio
import os
import time

import pytest

from bot.library import Library, utc_now
from bot.opening import index_file
from bot.storage import open_store
from bot.views import Views
from retrieval import ChangedIndex, Memo, OpenedIndex, answer, build_index

COUNT = 60
NEW = Memo(id="kettle", title="", text="The kettle is descaled on Fridays by the office team.")
OTHER = Memo(id="beans", title="", text="Fresh beans arrive on Mondays from the roastery.")
QUESTIONS = (
    "When is the kettle descaled?",
    "When do beans arrive?",
    "Where does ship 7 sail?",
    "Who wrote it?",
)


def ships(count=COUNT):
    return [
        Memo(id=f"ship{n}", title=f"Ship {n}", text=f"Ship {n} sails to harbour {n * 7} in May.")
        for n in range(count)
    ]


@pytest.fixture
def database(tmp_path):
    return tmp_path / "library.db"


@pytest.fixture
async def store(database):
    async with open_store(f"sqlite:///{database}") as store:
        await store.memos.add(ships(), utc_now())
        yield store


@pytest.fixture
async def library(store):
    library = Library(store)
    await library.refresh()
    await library.keep()
    return library


async def assert_as_new(library, store):
    """The index says what a new one over the store would say."""
    memos = await store.memos.all()
    fresh = build_index(memos)
    assert library.index.info == fresh.info
    assert list(library.memos) == memos
    for question in QUESTIONS:
        assert answer(library.index, question) == answer(fresh, question)


async def changes(library, store):
    """Add, alter and remove a memo, looking each time; yields after each."""
    for news, gone in (
        ([NEW], None),
        ([NEW.model_copy(update={"text": "The kettle is new."})], None),
        ([], "ship3"),
    ):
        if news:
            await store.memos.add(news, utc_now())
        else:
            await store.memos.remove(gone, utc_now())
        await library.refresh()
        yield


async def test_a_change_is_carried_on_and_answered_as_from_a_new_index(library, store):
    async for _ in changes(library, store):
        assert isinstance(library.index, ChangedIndex)
        await assert_as_new(library, store)


async def test_a_change_reads_nothing_but_what_changed(library, store, analysed):
    analysed.clear()
    await store.memos.add([NEW], utc_now())
    await library.refresh()
    assert analysed == ["kettle"]


async def test_a_run_that_finds_an_older_index_goes_on_from_it(library, store):
    await store.memos.add([NEW], utc_now())
    await store.memos.remove("ship5", utc_now())
    told = []
    later = Library(store)
    await later.refresh(told.append)
    assert told == [1]
    assert isinstance(later.index, ChangedIndex)
    assert isinstance(later.index.base, OpenedIndex)
    await assert_as_new(later, store)


async def test_what_is_kept_is_one_piece_and_the_library_goes_on_from_it(library, store, database):
    await store.memos.remove("ship3", utc_now())
    await library.refresh()
    assert b"harbour 21 " in index_file(database).read_bytes()
    await library.keep()
    assert b"harbour 21 " not in index_file(database).read_bytes()
    assert isinstance(library.index, OpenedIndex)
    await assert_as_new(library, store)
    async for _ in changes(library, store):
        await assert_as_new(library, store)


async def test_a_small_addition_is_not_worth_writing_all_again_until_it_is_old(
    library, store, database, monkeypatch
):
    before = index_file(database).read_bytes()
    await store.memos.add([NEW], utc_now())
    await library.refresh()
    await library.keep()
    assert index_file(database).read_bytes() == before
    monkeypatch.setattr("bot.library.AT_LATEST", 0.0)
    await library.keep()
    assert b"descaled on Fridays" in index_file(database).read_bytes()
    assert isinstance(library.index, OpenedIndex)


async def test_nobody_waits_while_an_index_is_made_one_piece_and_nothing_is_lost(library, store, monkeypatch):
    await store.memos.remove("ship3", utc_now())
    await library.refresh()
    index, wait = library.index, asyncio.Event()
    whole = index.whole
    loop = asyncio.get_running_loop()

    def slowly():
        asyncio.run_coroutine_threadsafe(wait.wait(), loop).result()
        return whole()

    monkeypatch.setattr(index, "whole", slowly)
    keeping = asyncio.create_task(library.keep())
    await asyncio.sleep(0)
    async for _ in changes_of(library, store):
        await assert_as_new(library, store)
    assert not keeping.done()
    wait.set()
    await keeping
    assert not isinstance(getattr(library.index, "base", library.index), ChangedIndex)
    await assert_as_new(library, store)
    async for _ in changes_of(library, store):
        await assert_as_new(library, store)


async def changes_of(library, store):
    """A memo more and one less, looking each time."""
    left = [line.memo_id for line in await store.memos.listing() if line.memo_id.startswith("ship")]
    await store.memos.add([NEW, OTHER], utc_now())
    await library.refresh()
    yield
    await store.memos.remove(left[-1], utc_now())
    await library.refresh()
    yield


async def test_where_it_cannot_be_written_the_index_is_one_piece_all_the_same(library, store, monkeypatch):
    await store.memos.remove("ship3", utc_now())
    await library.refresh()
    monkeypatch.setattr("bot.keeping.keep", fails)
    await library.keep()
    assert not isinstance(library.index, ChangedIndex)
    await assert_as_new(library, store)


def fails(*_):
    raise OSError(28, "No space left on device")


async def test_an_index_over_some_memos_carries_on_from_the_one_before():
    views, everything = Views(()), build_index([*ships(), NEW, OTHER])
    first = await views.over(ships(), everything)
    second = await views.over([*ships()[1:], NEW], everything)
    assert isinstance(second, ChangedIndex)
    assert second.base is first
    fresh = build_index([*ships()[1:], NEW])
    assert second.info == fresh.info
    for question in QUESTIONS:
        assert answer(second, question) == answer(fresh, question)
    assert await views.over([NEW, *ships()[1:]], everything) is second


async def test_many_new_memos_are_read_once(store, analysed):
    library = Library(store)
    await library.refresh()
    assert len(analysed) == COUNT
    await store.memos.add(ships(10 * COUNT), utc_now())
    await library.refresh()
    assert len(analysed) == 10 * COUNT
    await assert_as_new(library, store)


async def test_what_the_library_knows_of_memos_is_not_found_out_again_for_some_of_them(analysed):
    views, everything = Views(()), build_index(ships(120))
    analysed.clear()
    await views.over(ships(50), everything)
    await views.over(ships(54), everything)  # near the first
    await views.over(ships(120)[60:], everything)  # far from it
    assert analysed == []


async def test_a_removed_memo_leaves_the_file_though_it_could_not_be_written_once(
    library, store, database, monkeypatch
):
    await store.memos.remove("ship3", utc_now())
    await library.refresh()
    with monkeypatch.context() as full:
        full.setattr("bot.keeping.keep", fails)
        await library.keep()
    await store.memos.add([NEW], utc_now())
    await library.refresh()
    assert b"harbour 21 " in index_file(database).read_bytes()
    await library.keep()
    assert b"harbour 21 " not in index_file(database).read_bytes()


async def test_a_removed_memo_is_forgotten(library, store):
    assert len(list(library.memos)) == COUNT
    await store.memos.remove("ship3", utc_now())
    await library.refresh()
    await library.keep()
    assert "ship3" not in library._held.read
    with pytest.raises(KeyError):
        library._held.memo("ship3")


async def test_a_later_run_keeps_what_an_earlier_one_left_for_too_long(library, store, database):
    await store.memos.add([NEW], utc_now())
    for hours, is_kept in ((0, False), (2, True)):
        long_ago = time.time() - hours * 3600
        os.utime(index_file(database), (long_ago, long_ago))
        later = Library(store)
        await later.refresh(lasting=False)
        await later.keep()
        assert (b"descaled on Fridays" in index_file(database).read_bytes()) is is_kept
