"""Is a kept index opened where it stands over the library as it is, and only there?"""

import multiprocessing
import os
import random
import signal
import sqlite3
import time

import pytest

from bot.keeping import keep_index
from bot.library import Library, utc_now
from bot.opening import corpus_version, drop_stale, index_file, opened
from bot.storage import open_store
from retrieval import Index, Memo, OpenedIndex, Superseded, Synonyms, answer, build_index, keep, open_index
from retrieval import arrays as arrays_module

TEA = "The kettle is descaled on Fridays by the office team."
COFFEE = "Fresh beans arrive on Mondays from the roastery."


@pytest.fixture
def database(tmp_path):
    return tmp_path / "library.db"


async def filled(database, folder, **texts):
    """A library of these memos, kept; returns the index that it had."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    async with open_store(f"sqlite:///{database}") as store:
        library = Library(store)
        await library.add([folder])
        await library.keep()
        return library.index


async def test_what_the_library_kept_is_opened_and_answers_the_same(database, tmp_path):
    index = await filled(database, tmp_path / "memos", tea=TEA, coffee=COFFEE)
    found = opened(database, (), Superseded.DEMOTE)
    for question in ("When is the kettle descaled?", "When do beans arrive?", "Who wrote the tea memo?"):
        assert answer(found, question) == answer(index, question)


async def test_the_version_is_read_as_the_store_reads_it(database, tmp_path):
    await filled(database, tmp_path / "memos", tea=TEA)
    async with open_store(f"sqlite:///{database}") as store:
        assert corpus_version(database) == await store.memos.version()


async def test_a_library_that_changed_since_is_not_answered_from_what_was_kept(database, tmp_path):
    await filled(database, tmp_path / "memos", tea=TEA)
    async with open_store(f"sqlite:///{database}") as store:
        await Library(store).remove("tea")
    assert opened(database, (), Superseded.DEMOTE) is None


async def test_a_change_and_its_undoing_open_what_was_kept_again(database, tmp_path):
    await filled(database, tmp_path / "memos", tea=TEA)
    before = corpus_version(database)
    async with open_store(f"sqlite:///{database}") as store:
        await Library(store).add([tmp_path / "memos"])  # unchanged
    assert corpus_version(database) == before
    assert opened(database, (), Superseded.DEMOTE)


@pytest.mark.parametrize("damage", ["no file", "no library", "another table"])
def test_a_database_that_cannot_be_read_is_left_to_the_store(database, damage):
    if damage == "no library":
        database.write_bytes(b"no database at all " * 100)
    elif damage == "another table":
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE something (id INTEGER)")
    index_file(database).write_bytes(b"something")
    assert corpus_version(database) is None
    assert opened(database, (), Superseded.DEMOTE) is None
    assert database.exists() == (damage != "no file")


async def test_the_index_of_another_set_of_memos_is_kept_under_its_own_name(database, tmp_path):
    """What is kept says which memos it is over by these memos, not by what the database says meanwhile."""
    await filled(database, tmp_path / "memos", tea=TEA)
    async with open_store(f"sqlite:///{database}") as store:
        await keep_index(store, build_index([Memo(id="other", title="", text=COFFEE)]), {"other": "digest"})
    assert opened(database, (), Superseded.DEMOTE) is None


def keep_on(file, sizes):
    """Write indexes of these sizes one after the other, for ever."""
    indexes = [
        build_index([Memo(id=f"{n}", title="", text=f"Ship {n} sails in May.") for n in range(size)])
        for size in sizes
    ]

    while True:
        for size, index in zip(sizes, indexes, strict=True):
            keep(index, {}, f"{size}", file)


def test_a_kill_while_an_index_is_written_leaves_a_whole_one(tmp_path):
    file, sizes = tmp_path / "library.db.index", (3, 300)
    chance = random.Random(2)
    context = multiprocessing.get_context("fork")
    for _ in range(25):
        process = context.Process(target=keep_on, args=(file, sizes))
        process.start()
        while not file.exists():
            time.sleep(0.01)
        time.sleep(0.15 * chance.random())
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        found = [open_index(file, f"{size}") for size in sizes]
        assert sum(index is not None for index in found) == 1
    assert answer(next(filter(None, found)), "When does ship 1 sail?", threshold=0).excerpts


def test_what_a_killed_writer_left_is_cleared_away_later(tmp_path):
    file = tmp_path / "library.db.index"
    old, young, other = (
        tmp_path / name
        for name in (
            "library.db.index.a.unfinished",
            "library.db.index.b.unfinished",
            "library.db.x.unfinished",
        )
    )
    for each in (old, young, other):
        each.write_bytes(b"half")
    long_ago = time.time() - arrays_module.ABANDONED_SECONDS - 1
    for each in (old, other):
        os.utime(each, (long_ago, long_ago))
    assert arrays_module.read_arrays(file) is None
    assert [each.exists() for each in (old, young, other)] == [False, True, True]


async def test_the_text_of_memos_that_went_does_not_stay_in_the_index(database, tmp_path, monkeypatch):
    monkeypatch.setattr(arrays_module, "SMALL", 0)
    await filled(database, tmp_path / "memos", tea=TEA)
    assert TEA.encode() in index_file(database).read_bytes()
    drop_stale(database)
    assert index_file(database).exists()
    async with open_store(f"sqlite:///{database}") as store:
        await store.memos.remove("tea", utc_now())
    drop_stale(database)
    assert list(tmp_path.glob(f"{index_file(database).name}*")) == []


async def test_reading_the_version_leaves_nothing_beside_the_database(database, tmp_path):
    await filled(database, tmp_path / "memos", tea=TEA)
    before = sorted(each.name for each in tmp_path.iterdir())
    assert corpus_version(database)
    assert sorted(each.name for each in tmp_path.iterdir()) == before


async def test_an_index_that_could_not_be_written_is_written_the_next_time(database, tmp_path, monkeypatch):
    (tmp_path / "memos").mkdir()
    (tmp_path / "memos" / "tea.txt").write_text(TEA)
    async with open_store(f"sqlite:///{database}") as store:
        library = Library(store)
        await library.add([tmp_path / "memos"])
        with monkeypatch.context() as full:
            full.setattr("bot.keeping.keep", fails)
            await library.keep()
        assert not index_file(database).exists()
        await library.keep()
        assert index_file(database).exists()


def fails(*_):
    raise OSError(28, "No space left on device")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="who may write a file is asked on POSIX alone")
async def test_an_index_that_others_may_write_is_not_read(database, tmp_path):
    await filled(database, tmp_path / "memos", tea=TEA)
    index_file(database).chmod(0o666)
    assert opened(database, (), Superseded.DEMOTE) is None


async def restarted(database, **options):
    """A library over the same database, as the next run of the program has it."""
    async with open_store(f"sqlite:///{database}") as store:
        library = Library(store, **options)
        await library.refresh()
        yield store, library


async def test_the_next_run_opens_what_was_kept_and_holds_the_same_memos(database, tmp_path):
    await filled(database, tmp_path / "memos", tea=TEA, coffee=COFFEE)
    async for store, library in restarted(database):
        assert isinstance(library.index, OpenedIndex)
        assert list(library.memos) == await store.memos.all()
        assert library.memos[1:] == library.memos[:][1:]
        assert library.index.info == build_index(await store.memos.all()).info


async def test_what_changes_after_a_restart_is_answered_as_if_all_were_read_anew(database, tmp_path):
    folder = tmp_path / "memos"
    await filled(database, folder, tea=TEA, coffee=COFFEE)
    (folder / "coffee.txt").write_text("Fresh beans arrive on Thursdays from the roastery.")
    (folder / "milk.txt").write_text("The milk is ordered by the front desk on Tuesdays.")
    async for store, library in restarted(database):
        await library.remove("tea")
        await library.add([folder / "coffee.txt", folder / "milk.txt"])
        fresh = build_index(await store.memos.all())
        assert library.index.info == fresh.info
        for question in (
            "When do fresh beans arrive?",
            "Who orders the milk?",
            "When is the kettle descaled?",
        ):
            assert answer(library.index, question) == answer(fresh, question)
        await library.keep()
    async for _, library in restarted(database):
        assert isinstance(library.index, OpenedIndex)
        assert set(library.index.memos) == {"coffee", "milk"}


async def test_an_index_over_some_memos_of_an_opened_one_knows_nothing_of_the_others(
    database, tmp_path, analysed
):
    await filled(database, tmp_path / "memos", tea=TEA, coffee=COFFEE)
    analysed.clear()
    async for _, library in restarted(database):
        some = [memo for memo in library.memos if memo.id == "tea"]
        view = await library.over(some)
        assert analysed == []
        assert library.memos[0] is library.memos[0]
        assert view.info == build_index(some).info
        assert answer(view, "When do fresh beans arrive?").missing


async def test_where_superseded_memos_are_hidden_the_library_still_holds_them(database, tmp_path):
    folder = tmp_path / "memos"
    folder.mkdir()
    (folder / "old.md").write_text("The kettle is descaled on Fridays.")
    (folder / "new.md").write_text("---\nsupersedes: old\n---\nThe kettle is descaled on Mondays.")
    for _ in range(3):
        async for _, library in restarted(database, superseded=Superseded.HIDE):
            await library.add([folder])
            assert [memo.id for memo in library.memos] == ["new", "old"]
            assert set(library.index.memos) == {"new"}
            await library.keep()


async def test_an_index_that_was_kept_for_other_memos_is_kept_anew(database, tmp_path):
    await filled(database, tmp_path / "memos", tea=TEA, coffee=COFFEE)
    async with open_store(f"sqlite:///{database}") as store:
        await Library(store).remove("tea")  # and is killed before it keeps anything
    async for _, library in restarted(database):
        assert not isinstance(library.index, OpenedIndex)
        await library.keep()
    async for _, library in restarted(database):
        assert isinstance(library.index, OpenedIndex)


async def test_with_other_synonyms_the_index_is_kept_anew_and_opened_the_next_time(database, tmp_path):
    await filled(database, tmp_path / "memos", tea=TEA)
    synonyms = (Synonyms(asked=("kettle",), found=("boiler",)),)
    found = []
    for _ in range(2):
        async for _, library in restarted(database, superseded=Superseded.HIDE, synonyms=synonyms):
            found.append(type(library.index))
            await library.keep()
    assert found == [Index, OpenedIndex]
