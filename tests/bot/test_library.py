"""Does the library know every memo once, and does its index follow the memos?"""

import asyncio
import os
import sys

import pytest
from structlog.testing import capture_logs

from bot.errors import UnknownMemo
from bot.library import Library
from bot.observability import MEMOS, PASSAGES
from bot.storage import open_store
from retrieval import Synonyms, answer, build_index
from tests.conftest import SEEDS


@pytest.fixture
async def store():
    async with open_store("sqlite://") as store:
        yield store


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "memos"
    folder.mkdir()
    (folder / "tea.txt").write_text("The kettle is descaled on Fridays by the office team.")
    (folder / "coffee.txt").write_text("Fresh beans arrive on Mondays from the roastery.")
    return folder


async def test_a_new_library_has_an_index_over_nothing(store):
    library = Library(store)
    assert await library.refresh()
    assert library.index.memos == {}
    assert answer(library.index, "When is the kettle descaled?").excerpts == ()


async def test_added_files_are_answered_from_at_once(store, folder):
    library = Library(store)
    addition = await library.add([folder])
    assert set(addition.changes.added) == {"coffee", "tea"}
    [first, *_] = answer(library.index, "When is the kettle descaled?", threshold=0).excerpts
    assert first.citation.memo_id == "tea"


async def test_the_seeds_come_back_from_the_store_as_they_were_read(store, seed_memos):
    await Library(store).add([SEEDS])
    assert await store.memos.all() == sorted(seed_memos, key=lambda memo: memo.id)


async def test_each_file_is_reported_and_a_bad_one_holds_up_nothing(store, folder):
    (folder / "broken.txt").write_bytes(b"\xff\xfe\x00\xd8 not text")
    (folder / "empty.txt").write_text("")
    reported = []
    addition = await Library(store).add([folder], reported.append)
    assert {result.path.name for result in reported} == {"broken.txt", "coffee.txt", "empty.txt", "tea.txt"}
    assert [result.path.name for result in reported if result.error] == ["broken.txt", "empty.txt"]
    assert len(addition.failed) == 2
    assert set(addition.changes.added) == {"coffee", "tea"}


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses such names itself")
async def test_a_file_whose_name_is_no_text_is_kept_under_a_name_that_can_be_written(store, folder):
    (folder / os.fsdecode(b"\xff\xfe.txt")).write_text("The samovar is polished on Sundays.")
    library = Library(store)
    addition = await library.add([folder])
    assert addition.failed == ()
    [first, *_] = answer(library.index, "When is the samovar polished?", threshold=0).excerpts
    assert first.citation.title == "\ufffd\ufffd"
    assert set(addition.changes.added) == {"coffee", "tea", first.citation.memo_id}


async def test_adding_the_same_files_again_changes_nothing_and_keeps_the_index(store, folder):
    library = Library(store)
    await library.add([folder])
    index = library.index
    addition = await library.add([folder])
    assert set(addition.changes.unchanged) == {"coffee", "tea"}
    assert library.index is index
    assert not await library.refresh()


async def test_a_removed_memo_is_not_quoted_any_more(store, folder):
    library = Library(store)
    await library.add([folder])
    await library.remove("tea")
    assert list(library.index.memos) == ["coffee"]
    with pytest.raises(UnknownMemo, match="tea"):
        await library.remove("tea")


async def test_what_another_process_adds_is_found_by_a_refresh(tmp_path, folder):
    url = f"sqlite:///{tmp_path / 'quoth.db'}"
    async with open_store(url) as mine, open_store(url) as theirs:
        library = Library(mine)
        await library.refresh()
        await Library(theirs).add([folder])
        assert library.index.memos == {}
        assert await library.refresh()
        assert set(library.index.memos) == {"coffee", "tea"}


async def test_an_index_in_hand_is_not_changed_by_what_comes_after(store, folder):
    library = Library(store)
    await library.add([folder / "tea.txt"])
    in_hand = library.index
    await library.add([folder])
    assert set(in_hand.memos) == {"tea"}
    assert set(library.index.memos) == {"coffee", "tea"}


async def test_additions_and_refreshes_at_once_end_on_all_the_memos(store, folder):
    library = Library(store)
    await asyncio.gather(*(library.add([path]) for path in folder.iterdir()), library.refresh())
    assert set(library.index.memos) == {"coffee", "tea"}


async def test_only_memos_that_changed_are_read_and_analysed_again(store, folder, analysed):
    library = Library(store)
    await library.add([folder])
    analysed.clear()
    (folder / "tea.txt").write_text("Tea\n\nThe kettle is descaled on Thursdays now.")
    await library.add([folder])
    assert analysed == ["tea"]
    assert library.index.info == build_index(await store.memos.all()).info


async def test_an_index_over_some_memos_is_that_of_a_library_without_the_others(store, folder):
    library = Library(store)
    await library.add([folder, SEEDS])
    tea = [memo for memo in library.memos if memo.id == "tea"]
    view = await library.over(tea)
    assert view.info == build_index(tea).info
    assert answer(view, "When did Pompeo vow to defend the Philippines?").closest == ()
    assert await library.over(tea) is view
    renamed = [memo.model_copy(update={"title": "Renamed"}) for memo in tea]
    assert (await library.over(renamed)).memos["tea"].title == "Renamed"


async def test_changes_are_logged_and_counted_without_the_memos_words(store, folder):
    with capture_logs() as logs:
        await Library(store).add([folder])
    assert [(entry["event"], entry.get("added"), entry.get("memos")) for entry in logs] == [
        ("memos_added", 2, None),
        ("index_rebuilt", None, 2),
    ]
    assert "kettle" not in str(logs)
    assert MEMOS.collect()[0].samples[0].value == 2
    assert PASSAGES.collect()[0].samples[0].value >= 2


async def test_the_index_knows_the_librarys_synonyms(store, folder):
    library = Library(store, synonyms=[Synonyms(asked=("barista",), found=("roastery",))])
    await library.add([folder])
    given = answer(library.index, "What arrives from the barista?", threshold=0)
    assert given.excerpts[0].citation.memo_id == "coffee"
    assert given.notes == ("Also searched: barista = roastery.",)
