"""Does a button do what it says, once, for those who may, and nothing else?"""

import asyncio
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from bot.contributions.correcting import BUTTONS_LAST, Form
from bot.models import Fate
from bot.rendering.receipts import wording
from bot.storage import open_store
from retrieval import build_index, read_memo
from tests.bot.contributions.chat import (
    ALICE,
    BOB,
    MALLORY,
    PLAN,
    SECOND_PLAN,
    a_process,
    offer,
)

MINUTE = timedelta(minutes=1)
DAY = date(2025, 1, 2)


@pytest.fixture
async def added(contributions, board):
    """The id of a contribution that added a memo."""
    await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
    return board.entries[0].contribution_id


@pytest.fixture
async def renewed(contributions, board, clock, added):
    """The id of a contribution that brought a new version of it."""
    clock.passes(MINUTE)
    await contributions.take_in(board, offer(board.shares("plan.md", SECOND_PLAN), event_id="Ev2"))
    clock.passes(MINUTE)
    return board.entries[1].contribution_id


class TestUndo:
    async def test_what_was_added_is_taken_out_and_nothing_is_quoted_from_it(
        self, contributions, store, added
    ):
        pressed = await contributions.pressing.undo(added, BOB)
        assert pressed.said == ""
        assert [entry.fate for entry in pressed.receipt.entries] == [Fate.UNDONE]
        assert await store.memos.count() == 0
        assert contributions._library.index.info.memos == 0

    async def test_who_undid_it_and_when_is_logged_and_kept(self, contributions, store, added):
        with capture_logs() as logs:
            await contributions.pressing.undo(added, BOB)
        assert [e["by"] for e in logs if e["event"] == "contribution_undone"] == [f"slack:{BOB}"]
        kept = (await store.contributions.standing(added)).contribution
        assert kept.undone_by == f"slack:{BOB}"
        assert kept.undone_at is not None

    async def test_of_a_new_version_it_goes_back_to_the_former(self, contributions, store, renewed):
        await contributions.pressing.undo(renewed, ALICE)
        assert "Fridays" in (await store.memos.get("plan")).text

    async def test_it_goes_back_to_the_former_as_it_was_corrected(
        self, contributions, board, store, clock, added
    ):
        await contributions.pressing.correct(added, ALICE, "Kettles", DAY)
        clock.passes(MINUTE)
        await contributions.take_in(board, offer(board.shares("plan.md", SECOND_PLAN), event_id="Ev2"))
        await contributions.pressing.undo(board.entries[1].contribution_id, ALICE)
        memo = await store.memos.get("plan")
        assert (memo.title, memo.published) == ("Kettles", DAY)

    async def test_twice_says_so_and_changes_nothing(self, contributions, added):
        await contributions.pressing.undo(added, ALICE)
        pressed = await contributions.pressing.undo(added, BOB)
        assert pressed.said == wording.UNDONE_BEFORE
        assert pressed.receipt.entries[0].fate is Fate.UNDONE  # the message is shown as it should be

    async def test_at_once_in_two_processes_is_done_once(self, url, store, clock, renewed):
        async with open_store(url) as other:
            both = [a_process(store, clock), a_process(other, clock)]
            pressed = await asyncio.gather(*(one.pressing.undo(renewed, ALICE) for one in both))
        assert sorted(one.said for one in pressed) == ["", wording.UNDONE_BEFORE]
        assert "Fridays" in (await store.memos.get("plan")).text

    async def test_after_a_later_version_changes_nothing(self, contributions, store, added, renewed):
        pressed = await contributions.pressing.undo(added, ALICE)
        assert pressed.said == wording.CHANGED_SINCE
        assert "Mondays" in (await store.memos.get("plan")).text

    async def test_after_somebody_took_the_memo_out_changes_nothing(self, contributions, store, clock, added):
        await store.memos.remove("plan", clock())
        assert (await contributions.pressing.undo(added, ALICE)).said == wording.CHANGED_SINCE

    async def test_when_the_former_version_is_forgotten_changes_nothing(
        self, contributions, store, clock, renewed
    ):
        await store.versions.prune(clock() + MINUTE, force=True)
        pressed = await contributions.pressing.undo(renewed, ALICE)
        assert pressed.said == f"{wording.FORGOTTEN} plan"
        assert "Mondays" in (await store.memos.get("plan")).text

    async def test_one_of_several_files_leaves_the_others(self, contributions, board, store):
        await contributions.take_in(
            board, offer(board.shares("a.md", PLAN), board.shares("b.md", SECOND_PLAN))
        )
        pressed = await contributions.pressing.undo(board.entries[0].contribution_id, ALICE)
        assert [entry.fate for entry in pressed.receipt.entries] == [Fate.UNDONE, Fate.ADDED]
        assert [line.memo_id for line in await store.memos.listing()] == ["b"]


class TestCorrect:
    async def test_the_form_holds_what_was_read(self, contributions, added):
        assert await contributions.pressing.form(added, ALICE) == Form(added, "The plan", date(2024, 10, 3))

    async def test_title_and_date_change_and_the_text_does_not(self, contributions, store, added):
        before = await store.memos.get("plan")
        pressed = await contributions.pressing.correct(added, BOB, "  Kettle\ncare ", DAY)
        after = await store.memos.get("plan")
        assert (after.title, after.published) == ("Kettle care", DAY)
        assert (after.text, after.blocks, after.sha256) == (before.text, before.blocks, before.sha256)
        [entry] = pressed.receipt.entries
        assert (entry.title, entry.published, entry.corrected) == ("Kettle care", DAY, True)

    async def test_what_was_overruled_is_no_longer_said_to_stand_in_the_text(
        self, contributions, store, added
    ):
        await contributions.pressing.correct(added, BOB, "The plan", DAY)
        memo = await store.memos.get("plan")
        assert "published" not in memo.read_from
        assert memo.read_from["title"].of(memo.text) == "The plan"

    async def test_citations_name_the_corrected_title(self, contributions, store, added):
        await contributions.pressing.correct(added, BOB, "Kettle care", DAY)
        [hit, *_] = contributions._library.index.search("kettle descaled", 3)
        memo = contributions._library.index.memos[hit.passage.memo_id]
        assert memo.title == "Kettle care"

    async def test_it_survives_reading_the_same_bytes_again(
        self, contributions, store, clock, added, tmp_path
    ):
        await contributions.pressing.correct(added, BOB, "Kettle care", None)
        (tmp_path / "plan.md").write_bytes(PLAN)
        clock.passes(MINUTE)
        changes = await store.memos.add([read_memo(tmp_path / "plan.md")], clock())
        memo = await store.memos.get("plan")
        assert changes.unchanged == ("plan",)
        assert (memo.title, memo.published) == ("Kettle care", None)

    async def test_other_bytes_are_read_as_they_are(self, contributions, board, store, clock, added):
        await contributions.pressing.correct(added, BOB, "Kettle care", None)
        clock.passes(MINUTE)
        await contributions.take_in(board, offer(board.shares("plan.md", SECOND_PLAN), event_id="Ev2"))
        assert (await store.memos.get("plan")).title == "The plan"

    async def test_of_two_corrections_the_later_counts(self, contributions, store, added):
        await contributions.pressing.correct(added, BOB, "One", DAY)
        await contributions.pressing.correct(added, BOB, "Two", DAY)
        assert (await store.memos.get("plan")).title == "Two"

    @pytest.mark.parametrize("title", ["", "  ", "\u202e\u200b"])
    async def test_no_title_is_no_correction(self, contributions, store, added, title):
        assert (await contributions.pressing.correct(added, BOB, title, DAY)).said == wording.NO_TITLE
        assert (await store.memos.get("plan")).title == "The plan"

    async def test_the_same_again_is_said_to_be_nothing_new(self, contributions, store, added):
        pressed = await contributions.pressing.correct(added, BOB, "The plan", date(2024, 10, 3))
        assert pressed.said == wording.NOTHING_NEW
        assert len(await store.versions.history("plan")) == 1

    async def test_a_title_longer_than_the_form_is_not_cut_by_a_new_date(self, contributions, board, store):
        long = "A " + "very " * 100 + "long title"
        await contributions.take_in(
            board, offer(board.shares("long.md", b"---\ntitle: %s\n---\nWords." % long.encode()))
        )
        form = await contributions.pressing.form(board.entries[0].contribution_id, ALICE)
        await contributions.pressing.correct(form.contribution_id, ALICE, form.title, DAY)
        memo = await store.memos.get("long")
        assert (memo.title, memo.published) == (long, DAY)

    async def test_after_undoing_changes_nothing(self, contributions, store, added):
        await contributions.pressing.undo(added, ALICE)
        pressed = await contributions.pressing.correct(added, BOB, "Kettle care", DAY)
        assert pressed.said == wording.UNDONE_BEFORE
        assert await store.memos.count() == 0

    async def test_after_a_later_version_changes_nothing(self, contributions, store, added, renewed):
        pressed = await contributions.pressing.correct(added, BOB, "Kettle care", DAY)
        assert pressed.said == wording.CHANGED_SINCE
        assert (await store.memos.get("plan")).title == "The plan"


EVERY_WAY = {
    "form": lambda pressing, contribution, who: pressing.form(contribution, who),
    "undo": lambda pressing, contribution, who: pressing.undo(contribution, who),
    "correct": lambda pressing, contribution, who: pressing.correct(contribution, who, "Mine", DAY),
}


@pytest.mark.parametrize("press", EVERY_WAY.values(), ids=EVERY_WAY)
class TestEveryPress:
    async def test_by_somebody_who_may_not_changes_nothing_and_is_logged(
        self, contributions, store, added, press
    ):
        with capture_logs() as logs:
            pressed = await press(contributions.pressing, added, MALLORY)
        assert pressed.said == wording.not_allowed(f"slack:{MALLORY}")
        assert pressed.receipt is None
        assert [e["by"] for e in logs if e["event"] == "press_refused"] == [f"slack:{MALLORY}"]
        assert (await store.memos.get("plan")).title == "The plan"

    async def test_after_some_days_changes_nothing(self, contributions, store, clock, added, press):
        clock.passes(BUTTONS_LAST + MINUTE)
        pressed = await press(contributions.pressing, added, ALICE)
        assert pressed.said == wording.expired(BUTTONS_LAST.days)
        assert (await store.memos.get("plan")).title == "The plan"

    @pytest.mark.parametrize("unknown", ["", "0" * 16, "'; DROP TABLE offers; --", "\u0000"])
    async def test_of_what_nobody_knows_changes_nothing(self, contributions, press, unknown):
        assert (await press(contributions.pressing, unknown, ALICE)).said == wording.UNKNOWN_CONTRIBUTION


async def test_the_index_is_as_if_the_file_had_never_been_there(contributions, added):
    await contributions.pressing.undo(added, ALICE)
    assert contributions._library.index.info.version == build_index(()).info.version
