"""Is only that read which changed, and does the library follow what did?"""

import os
import shutil
import sys

import pytest

from bot.errors import DatabaseTrouble
from bot.folders import add, confirm, waiting
from bot.folders.keeping import USUAL_LIMITS
from bot.storage import ChangedMeanwhile
from tests.bot.folders.conftest import LONG_AGO, put


async def test_the_first_time_everything_is_read_the_second_time_nothing(keeper, folder):
    first = await keeper.add(folder)
    assert set(first.changes.added) == {"coffee", "tea"}
    second = await keeper.add(folder)
    assert keeper.read == []
    assert (second.read, second.passed) == (0, 2)
    assert second.changes.unchanged == ("coffee", "tea")


async def test_a_changed_file_is_read_and_no_other(keeper, folder):
    await keeper.add(folder)
    put(folder / "tea.txt", "The kettle is descaled on Sundays.", age=LONG_AGO + 1)
    outcome = await keeper.add(folder)
    assert keeper.read == ["tea.txt"]
    assert outcome.changes.changed == ("tea",)


async def test_a_file_with_another_time_and_the_same_bytes_is_not_read(keeper, folder):
    await keeper.add(folder)
    os.utime(folder / "tea.txt", (LONG_AGO + 5, LONG_AGO + 5))
    await keeper.add(folder)
    assert keeper.read == []
    [known] = [file for path, file in (await known_files(keeper, folder)).items() if path == "tea.txt"]
    assert known.mtime_ns == (LONG_AGO + 5) * 10**9


async def known_files(keeper, folder):
    return (await keeper.store.files.known(os.path.realpath(folder))).files


async def test_other_bytes_of_the_same_size_and_time_are_found_by_a_check(keeper, folder):
    await keeper.add(folder)
    put(folder / "tea.txt", "The kettle is descaled on Mondays by the office team.")
    await keeper.add(folder)
    assert keeper.read == []
    await keeper.add(folder, check=True)
    assert keeper.read == ["tea.txt"]
    assert "Mondays" in (await keeper.texts())["tea"]


async def test_a_file_written_just_before_it_was_read_is_looked_into_again(keeper, folder):
    just_now = keeper.now.timestamp() + 59  # the first reading is at 60
    put(folder / "tea.txt", "The kettle is descaled on Fridays.", age=just_now)
    await keeper.add(folder)
    put(folder / "tea.txt", "The kettle is descaled on Sundays.", age=just_now)
    await keeper.add(folder)
    assert keeper.read == ["tea.txt"]


async def test_a_failure_is_remembered_told_each_time_and_not_tried_again(keeper, folder):
    put(folder / "broken.txt", b"\x00\x01\x02")
    first = await keeper.add(folder)
    second = await keeper.add(folder)
    assert keeper.read == []
    assert first.failed == second.failed
    assert "broken.txt: the file is binary" in first.failed[0].why


async def test_a_failure_is_told_under_the_path_that_was_given_now(keeper, folder, monkeypatch):
    put(folder / "broken.txt", b"\x00\x01\x02")
    await keeper.add(folder)
    monkeypatch.chdir(folder.parent)
    outcome = await keeper.add("memos")
    assert outcome.failed[0].why.startswith("memos/broken.txt: the file is binary")


async def test_a_failed_file_is_tried_again_when_it_changed_or_when_asked(keeper, folder):
    put(folder / "broken.txt", b"\x00\x01\x02")
    await keeper.add(folder)
    await keeper.add(folder, check=True)
    assert keeper.read == ["broken.txt"]
    put(folder / "broken.txt", "It is mended now.")
    assert (await keeper.add(folder)).changes.added == ("broken",)


async def test_a_failed_file_is_tried_again_within_other_limits_and_a_good_one_is_not(keeper, folder):
    put(folder / "broken.txt", b"\x00\x01\x02")
    await keeper.add(folder)
    await keeper.add(folder, limits=type(USUAL_LIMITS)(seconds=7))
    assert keeper.read == ["broken.txt"]


async def test_other_readers_read_everything_again(keeper, folder, monkeypatch):
    await keeper.add(folder)
    monkeypatch.setattr("bot.folders.keeping.reader_version", lambda: "another")
    outcome = await keeper.add(folder)
    assert sorted(keeper.read) == ["coffee.txt", "tea.txt"]
    assert outcome.changes.unchanged == ("coffee", "tea")


async def test_a_file_that_broke_keeps_its_memo_and_a_mended_one_its_id(keeper, folder):
    await keeper.add(folder)
    put(folder / "tea.txt", b"\x00\x01", age=LONG_AGO + 1)
    assert len((await keeper.add(folder)).failed) == 1
    assert "Fridays" in (await keeper.texts())["tea"]
    put(folder / "tea.txt", "The kettle is new.", age=LONG_AGO + 2)
    assert (await keeper.add(folder)).changes.changed == ("tea",)


async def test_a_kind_of_file_that_nobody_reads_is_neither_read_nor_kept(keeper, folder):
    put(folder / "film.mkv", b"\x1a\x45")
    for _ in range(2):
        outcome = await keeper.add(folder)
        assert "film.mkv: this kind of file is not read" in outcome.failed[0].why
    assert keeper.read == []
    assert set(await known_files(keeper, folder)) == {"coffee.txt", "tea.txt"}


@pytest.mark.parametrize("name", ["~$tea.txt", "tea.txt~", "tea.txt.part", "tea.tmp", ".tea.txt.swp"])
async def test_what_programs_leave_while_they_write_is_passed_over(keeper, folder, name):
    put(folder / name, "Half of it.")
    outcome = await keeper.add(folder)
    assert (set(outcome.changes.added), outcome.failed) == ({"coffee", "tea"}, ())


# Files that go, come and move


async def test_a_file_that_is_gone_keeps_its_memo_unless_asked(keeper, folder):
    await keeper.add(folder)
    (folder / "tea.txt").unlink()
    assert (await keeper.add(folder)).changes.removed == ()
    assert (await keeper.add(folder, share=0.5)).changes.removed == ("tea",)


async def test_a_renamed_file_keeps_its_id_and_its_past(keeper, folder):
    await keeper.add(folder)
    (folder / "2026").mkdir()
    (folder / "tea.txt").rename(folder / "2026" / "kettle.txt")
    outcome = await keeper.add(folder)
    assert (outcome.moved, outcome.changes.changed) == (1, ("tea",))
    [memo] = [memo for memo in await keeper.store.memos.all() if memo.id == "tea"]
    assert memo.source == "2026/kettle.txt"
    assert set(await known_files(keeper, folder)) == {"2026/kettle.txt", "coffee.txt"}
    put(folder / "tea.txt", "Another tea.")
    [other] = (await keeper.add(folder)).changes.added
    assert other.startswith("tea-")


async def test_two_files_that_swap_their_names_swap_their_texts(keeper, folder):
    await keeper.add(folder)
    (folder / "tea.txt").rename(folder / "x")
    (folder / "coffee.txt").rename(folder / "tea.txt")
    (folder / "x").rename(folder / "coffee.txt")
    await keeper.add(folder)
    texts = await keeper.texts()
    assert "beans" in texts["tea"]
    assert "kettle" in texts["coffee"]


async def test_copies_that_move_keep_their_ids_by_their_names(keeper, folder):
    for name in ("a.txt", "b.txt", "c.txt"):
        put(folder / "old" / name, "The same words in all of them.")
    await keeper.add(folder)
    before = await keeper.texts()
    (folder / "old").rename(folder / "new")
    outcome = await keeper.add(folder, share=0.5)
    assert (outcome.moved, outcome.changes.removed) == (3, ())
    assert await keeper.texts() == before
    sources = {memo.id: memo.source for memo in await keeper.store.memos.all()}
    assert {sources[f"old-{name}"] for name in "abc"} == {"new/a.txt", "new/b.txt", "new/c.txt"}
    assert sources["old-b"] == "new/b.txt"


async def test_a_file_that_takes_another_ones_place_under_its_name_takes_over_its_memo(keeper, folder):
    await keeper.add(folder)
    (folder / "tea.txt").unlink()
    put(folder / "tea.md", "# Tea\n\nThe kettle is descaled never.")
    outcome = await keeper.add(folder, share=0.5)
    assert (outcome.changes.changed, outcome.changes.removed) == (("tea",), ())


async def test_twins_keep_their_ids_when_one_of_them_changes(keeper, folder):
    put(folder / "tea.md", "# Tea\n\nGreen tea.")
    first = await keeper.add(folder)
    twin = next(memo_id for memo_id in first.changes.added if memo_id.startswith("tea-"))
    sources = {memo.id: memo.source for memo in await keeper.store.memos.all()}
    for path in sources[twin], sources["tea"]:
        put(folder / path, f"Words of {path}.", age=LONG_AGO + 1)
        await keeper.add(folder)
    assert {memo.id: memo.source for memo in await keeper.store.memos.all()} == sources


async def test_a_memo_taken_out_by_hand_comes_back_with_the_next_addition(keeper, folder):
    await keeper.add(folder)
    await keeper.store.memos.remove("tea", keeper.now)
    assert (await keeper.add(folder)).changes.added == ("tea",)


async def test_an_id_that_two_files_state_is_free_when_the_first_is_gone(keeper, folder):
    put(folder / "a.md", "---\nid: plan\n---\nThe first plan.")
    put(folder / "b.md", "---\nid: plan\n---\nThe second plan.")
    assert "is that of a.md" in (await keeper.add(folder)).failed[0].why
    (folder / "a.md").unlink()
    outcome = await keeper.add(folder, share=0.5)
    assert outcome.failed == ()
    assert "second" in (await keeper.texts())["plan"]


# What is given


async def test_a_single_file_is_known_to_its_folder(keeper, folder):
    await keeper.add(folder / "tea.txt")
    outcome = await keeper.add(folder)
    assert keeper.read == ["coffee.txt"]
    assert outcome.changes.unchanged == ("tea",)


async def test_a_single_file_says_nothing_about_the_others_of_its_folder(keeper, folder):
    await keeper.add(folder)
    (folder / "coffee.txt").unlink()
    assert (await keeper.add(folder / "tea.txt", share=1)).changes.removed == ()


async def test_a_folder_given_with_one_inside_it_is_read_once(keeper, folder):
    put(folder / "sub" / "milk.txt", "Milk comes on Tuesdays.")
    outcome = await keeper.add(folder, folder / "sub", folder / "tea.txt")
    assert set(outcome.changes.added) == {"coffee", "tea", "sub-milk"}


async def test_two_folders_at_once_have_ids_of_their_own(keeper, folder, tmp_path):
    put(tmp_path / "other" / "tea.txt", "Another kettle.")
    outcome = await keeper.add(folder, tmp_path / "other")
    assert len(outcome.changes.added) == 3
    assert (await keeper.add(folder, tmp_path / "other")).read == 0


async def test_a_folder_added_later_takes_the_place_and_gives_it_back(keeper, folder, tmp_path):
    await keeper.add(folder)
    other = tmp_path / "other"
    put(other / "tea.txt", "Another kettle.")
    assert (await keeper.add(other)).changes.changed == ("tea",)
    shutil.rmtree(other)
    other.mkdir()
    assert (await keeper.add(other, share=1)).changes.removed == ("tea",)
    assert (await keeper.add(folder)).changes.added == ("tea",)


async def test_what_is_not_there_is_a_failure_and_changes_nothing(keeper, folder):
    await keeper.add(folder)
    outcome = await keeper.add(folder.parent / "nowhere", share=1)
    assert "there is no such file or folder" in outcome.failed[0].why
    shutil.rmtree(folder)
    assert "there is no such file or folder" in (await keeper.add(folder, share=1)).failed[0].why
    assert set(await keeper.texts()) == {"coffee", "tea"}


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses such names itself")
async def test_names_of_any_bytes_are_told_apart_and_known_again(keeper, folder):
    for name in (b"\xff.txt", b"\xfe.txt", b"\\xff.txt", b"\\\\.txt"):
        put(folder / os.fsdecode(name), f"Words of {name!r}.")
    assert len((await keeper.add(folder)).changes.added) == 6
    assert (await keeper.add(folder)).read == 0


# Removals that wait


async def test_more_than_half_waits_for_a_yes(keeper, folder):
    put(folder / "milk.txt", "Milk comes on Tuesdays.")
    await keeper.add(folder)
    (folder / "tea.txt").unlink()
    (folder / "milk.txt").unlink()
    outcome = await keeper.add(folder, share=0.5)
    assert (outcome.changes.removed, list(outcome.held.values())) == ((), [2])
    put(folder / "soup.txt", "Soup is served at noon.")
    assert (await keeper.add(folder, share=0.5)).changes.added == ("soup",)
    assert await waiting(keeper.store) == {folder.resolve(): 2}
    confirmed = await confirm(keeper.store, folder, 2, USUAL_LIMITS)
    assert set(confirmed.changes.removed) == {"milk", "tea"}
    assert await waiting(keeper.store) == {}


async def test_half_of_them_may_go(keeper, folder):
    await keeper.add(folder)
    (folder / "tea.txt").unlink()
    assert (await keeper.add(folder, share=0.5)).changes.removed == ("tea",)


async def test_what_waited_stays_when_the_files_are_back(keeper, folder):
    await keeper.add(folder)
    folder.rename(folder.parent / "away")
    folder.mkdir()
    assert (await keeper.add(folder, share=0.5)).held
    folder.rmdir()
    (folder.parent / "away").rename(folder)
    outcome = await keeper.add(folder, share=0.5)
    assert (outcome.held, outcome.changes.removed, keeper.read) == ({}, (), [])


async def test_files_that_come_back_one_by_one_do_not_let_the_others_go(keeper, folder):
    put(folder / "milk.txt", "Milk comes on Tuesdays.")
    await keeper.add(folder)
    saved = {path: path.read_bytes() for path in folder.iterdir()}
    for path in saved:
        path.unlink()
    for path, data in saved.items():
        assert (await keeper.add(folder, share=0.5)).held
        put(path, data)
    assert not (await keeper.add(folder, share=0.5)).held
    assert len(await keeper.texts()) == 3


async def test_a_yes_to_some_is_no_yes_to_more(keeper, folder):
    put(folder / "milk.txt", "Milk comes on Tuesdays.")
    await keeper.add(folder)
    (folder / "tea.txt").unlink()
    (folder / "milk.txt").unlink()
    await keeper.add(folder, share=0.5)
    (folder / "coffee.txt").unlink()
    outcome = await confirm(keeper.store, folder, 2, USUAL_LIMITS)
    assert (outcome.changes.removed, list(outcome.held.values())) == ((), [3])


async def test_a_folder_that_is_gone_for_good_is_let_go_by_name(keeper, folder):
    await keeper.add(folder)
    shutil.rmtree(folder)
    assert await waiting(keeper.store) == {}
    assert await waiting(keeper.store, [folder]) == {folder: 2}
    assert set((await confirm(keeper.store, folder, 2, USUAL_LIMITS)).changes.removed) == {"coffee", "tea"}
    assert await waiting(keeper.store, [folder]) == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into everything")
async def test_a_folder_that_may_not_be_looked_into_loses_nothing(keeper, folder):
    put(folder / "sub" / "milk.txt", "Milk comes on Tuesdays.")
    await keeper.add(folder)
    (folder / "sub").chmod(0)
    try:
        assert (await keeper.add(folder, share=1)).changes.removed == ()
    finally:
        (folder / "sub").chmod(0o700)


# Others at work


async def test_what_somebody_else_wrote_meanwhile_is_taken_in_without_reading_twice(keeper, folder):
    apply, others = keeper.store.files.apply, 0

    async def apply_late(batches, now):
        nonlocal others
        others += 1
        if others == 1:
            raise ChangedMeanwhile
        return await apply(batches, now)

    object.__setattr__(keeper.store.files, "apply", apply_late)
    outcome = await keeper.add(folder)
    assert set(outcome.changes.added) == {"coffee", "tea"}
    assert sorted(keeper.read) == ["coffee.txt", "tea.txt"]


async def test_others_without_end_are_told_of(keeper, folder):
    async def never(_batches, _now):
        raise ChangedMeanwhile

    object.__setattr__(keeper.store.files, "apply", never)
    with pytest.raises(DatabaseTrouble, match="Stop the others"):
        await add(keeper.store, [folder])
