"""Is every offered file added once, and every offer answered once, whatever happens on the way?"""

import asyncio
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from bot.contributions import understanding
from bot.contributions.offering import MOST_FILES, MOST_TRIES
from bot.errors import DatabaseTrouble, FileRefused, PlatformRefused
from bot.models import Fate
from bot.rendering.receipts import wording
from bot.storage import open_store
from retrieval import LARGEST, ReadingLimits
from tests.bot.contributions.chat import (
    ALICE,
    BOB,
    LEASE,
    MALLORY,
    NINE,
    PLAN,
    SECOND_PLAN,
    Killed,
    a_process,
    offer,
)

MINUTE = timedelta(minutes=1)


async def rows(store, query):
    async with store.database.read() as connection:
        return (await connection.exec_driver_sql(query)).all()


async def titles(store):
    return {line.memo_id: line.title for line in await store.memos.listing()}


class TestOneFile:
    async def test_it_becomes_a_memo_and_what_was_understood_is_said(self, contributions, board, store):
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        [entry] = board.entries
        assert entry.fate is Fate.ADDED
        assert (entry.title, entry.author, entry.published) == ("The plan", "Ada Lovelace", date(2024, 10, 3))
        assert (entry.file, entry.pages, entry.passages) == ("plan.md", None, 5)
        memo = await store.memos.get("plan")
        assert "descaled on Fridays" in memo.text
        assert memo.source == "plan.md"

    async def test_who_added_it_and_when_is_logged_and_kept(self, contributions, board, store):
        with capture_logs() as logs:
            await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        [logged] = [entry for entry in logs if entry["event"] == "memo_contributed"]
        assert (logged["by"], logged["memos"], logged["fate"]) == (f"slack:{ALICE}", ["plan"], "added")
        [(contributor, file, came)] = await rows(store, "SELECT contributor, file, came FROM contributions")
        assert (contributor, file) == (f"slack:{ALICE}", "plan.md")
        assert came.startswith("2026-03-02 09:00")
        assert "kettle" not in str(logs)

    async def test_it_is_answered_from_at_once(self, contributions, board):
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        assert contributions._library.index.info.memos == 1

    async def test_the_same_bytes_again_are_not_added_again_under_any_name(self, contributions, board, store):
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        for number, name in enumerate(("plan.md", "copy of plan.md"), 2):
            again = offer(board.shares(name, PLAN), event_id=f"Ev{number}", asker=BOB)
            await contributions.take_in(board, again)
        assert [entry.fate for entry in board.entries[1:]] == [Fate.ALREADY_THERE] * 2
        assert board.entries[2].title == "The plan"
        assert await titles(store) == {"plan": "The plan"}

    async def test_other_bytes_under_the_same_name_are_a_new_version(
        self, contributions, board, store, clock
    ):
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        clock.passes(MINUTE)
        await contributions.take_in(board, offer(board.shares("plan.md", SECOND_PLAN), event_id="Ev2"))
        entry = board.entries[1]
        assert (entry.fate, entry.former) == (Fate.NEW_VERSION, "The plan")
        assert "Mondays" in (await store.memos.get("plan")).text
        assert len(await store.versions.history("plan")) == 2

    async def test_sent_again_it_is_dropped_and_the_log_says_why(self, contributions, board):
        one = offer(board.shares("plan.md", PLAN))
        await contributions.take_in(board, one)
        with capture_logs() as logs:
            await asyncio.gather(*(contributions.take_in(board, one) for _ in range(5)))
        assert len(board.written) == 1
        assert [e["reason"] for e in logs if e["event"] == "offer_dropped"] == ["seen before"] * 5

    async def test_two_processes_that_get_it_add_it_once(self, url, store, clock, board):
        async with open_store(url) as other:
            processes = [a_process(store, clock), a_process(other, clock)]
            offers = [
                offer(board.shares(f"plan{n}.md", PLAN + str(n).encode()), event_id=f"Ev{n}")
                for n in range(6)
            ]
            await asyncio.gather(*(one.take_in(board, each) for each in offers for one in processes))
        assert sorted(event_id for event_id, _ in board.written) == [f"Ev{n}" for n in range(6)]
        assert {entry.fate for entry in board.entries} == {Fate.ADDED}
        assert len(await titles(store)) == 6

    async def test_two_people_who_share_the_same_file_at_once_add_it_once(self, url, store, clock, board):
        async with open_store(url) as other:
            processes = [a_process(store, clock), a_process(other, clock)]
            await asyncio.gather(
                *(
                    one.take_in(board, offer(board.shares("plan.md", PLAN), event_id=f"Ev{n}"))
                    for n, one in enumerate(processes)
                )
            )
        assert sorted(entry.fate for entry in board.entries) == [Fate.ADDED, Fate.ALREADY_THERE]


class TestRefused:
    async def test_whoever_is_not_named_is_told_politely_and_nothing_is_fetched(
        self, contributions, board, store
    ):
        with capture_logs() as logs:
            await contributions.take_in(board, offer(board.shares("plan.md", PLAN), asker=MALLORY))
        [receipt] = board.receipts
        assert receipt.notice == wording.not_allowed(f"slack:{MALLORY}")
        assert board.fetched == []
        assert await titles(store) == {}
        assert [e["by"] for e in logs if e["event"] == "offer_dropped"] == [f"slack:{MALLORY}"]

    async def test_a_channel_that_others_read_along_in_gets_nothing(self, contributions, board, store):
        board.outside = True
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        [receipt] = board.receipts
        assert receipt.notice
        assert receipt.entries == ()
        assert board.fetched == []

    async def test_an_offer_without_a_file_is_told_how_to_add_one(self, contributions, board):
        await contributions.take_in(board, offer())
        assert board.receipts[0].notice == wording.no_file(board.name)

    @pytest.mark.parametrize("name", ["plan.exe", "plan", "archive.tar.gz", "", "plan.md.zip"])
    async def test_a_kind_that_is_not_read_is_not_fetched_and_the_kinds_that_are_stand_there(
        self, contributions, board, name
    ):
        await contributions.take_in(board, offer(board.shares(name, PLAN)))
        [entry] = board.entries
        assert entry.fate is Fate.NOT_ADDED
        assert ".txt" in entry.said
        assert ".md" in entry.said
        assert board.fetched == []

    async def test_one_that_is_too_large_is_not_fetched(self, contributions, board):
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN, size=LARGEST + 1)))
        [entry] = board.entries
        assert f"{LARGEST:,}" in entry.said
        assert board.fetched == []

    @pytest.mark.parametrize(
        ("name", "data", "said"),
        [("empty.txt", b"", "no words"), ("binary.txt", b"\x00\x01\x02" * 100, "binary")],
    )
    async def test_one_that_cannot_be_read_says_why_and_not_where_it_lay(
        self, contributions, board, name, data, said
    ):
        await contributions.take_in(board, offer(board.shares(name, data)))
        [entry] = board.entries
        assert entry.fate is Fate.NOT_ADDED
        assert said in entry.said
        assert "/" not in entry.said
        assert name not in entry.said  # it stands before it

    async def test_one_that_takes_more_than_any_file_may_says_so(self, store, clock, board):
        contributions = a_process(store, clock, limits=ReadingLimits(characters=10))
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        [entry] = board.entries
        assert entry.fate is Fate.NOT_ADDED
        assert entry.said
        assert await titles(store) == {}

    async def test_one_that_takes_for_ever_is_given_up(self, store, clock, board, monkeypatch):
        monkeypatch.setattr(understanding, "READING", 0.0)
        await a_process(store, clock).take_in(board, offer(board.shares("plan.md", PLAN)))
        assert board.entries[0].said == wording.TOOK_TOO_LONG

    async def test_one_that_is_gone_says_so(self, contributions, board):
        board.fetching = FileRefused("it was deleted.")
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        assert board.entries[0].said == "it was deleted."

    async def test_a_chat_out_of_reach_is_not_the_files_fault(self, contributions, board):
        board.fetching = ConnectionError()
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        assert board.entries[0].said == wording.OUT_OF_REACH

    async def test_a_bug_is_logged_without_the_files_words_and_said_as_our_own_fault(
        self, contributions, board
    ):
        board.fetching = RuntimeError("The kettle is descaled on Fridays.")
        with capture_logs() as logs:
            await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        assert board.entries[0].said == wording.NOTHING_ADDED
        assert "RuntimeError" in str(logs)
        assert "kettle" not in str(logs)


class TestLetter:
    LETTER = (
        b"From: Ada <ada@example.org>\nTo: all@example.org\nSubject: Kettle\nDate: Thu, 03 Oct 2024 10:00:00 +0000\n"
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
        b"The kettle is descaled on Fridays, see the enclosed plan.\n--x\nContent-Type: text/markdown\n"
        b'Content-Disposition: attachment; filename="plan.md"\n\n# The plan\n\nThe office pays for it.\n--x--\n'
    )

    async def test_what_it_encloses_comes_and_goes_with_it(self, contributions, board, store):
        await contributions.take_in(board, offer(board.shares("kettle.eml", self.LETTER)))
        [entry] = board.entries
        assert (entry.fate, entry.title, entry.enclosed) == (Fate.ADDED, "Kettle", ("The plan",))
        assert len(await titles(store)) == 2
        await contributions.pressing.undo(entry.contribution_id, ALICE)
        assert await titles(store) == {}


class TestSeveralFiles:
    async def test_each_is_added_and_a_bad_one_does_not_hold_up_the_others(self, contributions, board, store):
        files = [
            board.shares("a.md", PLAN),
            board.shares("b.exe", b"MZ"),
            board.shares("c.md", SECOND_PLAN),
            board.shares("d.md", PLAN),
        ]
        await contributions.take_in(board, offer(*files))
        assert [entry.fate for entry in board.entries] == [
            Fate.ADDED,
            Fate.NOT_ADDED,
            Fate.ADDED,
            Fate.ALREADY_THERE,
        ]
        assert sorted(await titles(store)) == ["a", "c"]
        assert len(board.written) == 1

    async def test_more_than_are_read_at_once_are_left_out_and_counted(self, contributions, board, store):
        files = [board.shares(f"{n}.md", PLAN + str(n).encode()) for n in range(MOST_FILES + 2)]
        await contributions.take_in(board, offer(*files))
        [receipt] = board.receipts
        assert len(receipt.entries) == MOST_FILES
        assert receipt.notice == wording.files_left_out(2, MOST_FILES)
        assert len(await titles(store)) == MOST_FILES


BOUND = {"channels": {"slack:T1/C1": ("hr",), "slack:T1/C2": ("law",), "slack:T1/C3": ("nothing",)}}


class TestCollections:
    """A channel that sees some of the memos adds to these, and learns nothing of the others."""

    async def test_a_memo_goes_to_the_channels_collections(self, store, clock, board):
        contributions = a_process(store, clock, rules=BOUND)
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        assert board.entries[0].collections == ("hr",)
        seen = [memo.id for memo in (await contributions._access.view_in("slack:T1/C1")).memos]
        hidden = (await contributions._access.view_in("slack:T1/C2")).memos
        assert (seen, hidden) == (["plan"], [])

    async def test_a_file_that_another_channel_has_is_not_known_here(self, store, clock, board):
        contributions = a_process(store, clock, rules=BOUND)
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        there = offer(board.shares("ours.md", PLAN), event_id="Ev2", channel="C2")
        await contributions.take_in(board, there)
        assert (board.entries[1].fate, board.entries[1].collections) == (Fate.ADDED, ("law",))

    async def test_a_memo_that_is_hidden_here_is_not_replaced_from_here(self, store, clock, board):
        contributions = a_process(store, clock, rules=BOUND)
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        there = offer(board.shares("plan.md", SECOND_PLAN), event_id="Ev2", channel="C2")
        await contributions.take_in(board, there)
        assert board.entries[1].said == wording.ANOTHERS_ID
        assert "The plan" not in board.receipts[1].model_dump_json()
        assert "Fridays" in (await store.memos.get("plan")).text

    async def test_what_was_undone_leaves_its_collections_to_nobody(self, store, clock, board):
        contributions = a_process(store, clock, rules=BOUND)
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        await contributions.pressing.undo(board.entries[0].contribution_id, ALICE)
        there = offer(board.shares("plan.md", SECOND_PLAN), event_id="Ev2", channel="C2")
        await contributions.take_in(board, there)
        assert board.entries[1].fate is Fate.ADDED
        assert (await contributions._access.view_in("slack:T1/C1")).memos == []

    async def test_where_nothing_is_seen_nothing_is_added(self, store, clock, board):
        contributions = a_process(store, clock, rules=BOUND)
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN), channel="C3"))
        assert board.receipts[0].notice == wording.NOT_BOUND

    async def test_a_direct_message_adds_to_the_collection_of_the_setting(self, store, clock, board):
        board.direct = True
        contributions = a_process(store, clock, direct_collection="Inbox")
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        assert board.entries[0].collections == ("inbox",)


class TestRecovery:
    """A process dies at one step; another one finds the offer when its lease has run out."""

    async def test_nothing_is_taken_over_before_the_lease_has_run_out(self, store, clock, board):
        await store.offers.claim(offer(board.shares("plan.md", PLAN)), NINE, NINE + LEASE)
        clock.passes(LEASE - timedelta(seconds=1))
        assert await a_process(store, clock).recover(board) == 0

    async def test_death_after_the_claim(self, store, clock, board):
        await store.offers.claim(offer(board.shares("plan.md", PLAN)), NINE, NINE + LEASE)
        clock.passes(LEASE)
        assert await a_process(store, clock).recover(board) == 1
        assert board.entries[0].fate is Fate.ADDED

    async def test_death_between_reading_and_replying(self, store, clock, board, monkeypatch):
        async def dies(*_):
            raise Killed

        contributions = a_process(store, clock)
        monkeypatch.setattr(contributions._kept, "reported", dies)
        with pytest.raises(Killed):
            await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        monkeypatch.undo()
        assert await titles(store) == {"plan": "The plan"}
        clock.passes(LEASE)
        assert await a_process(store, clock).recover(board) == 1
        [entry] = board.entries
        assert entry.fate is Fate.ADDED  # not "already there": it was this very offer
        assert len(await store.versions.history("plan")) == 1

    @pytest.mark.parametrize("was_written", [False, True], ids=["before writing", "after writing"])
    async def test_death_while_posting(self, store, clock, board, was_written):
        board.posting, board.after_writing = Killed(), was_written
        with pytest.raises(Killed):
            await a_process(store, clock).take_in(board, offer(board.shares("plan.md", PLAN)))
        board.posting = None
        clock.passes(LEASE)
        assert await a_process(store, clock).recover(board) == 1
        assert [entry.fate for entry in board.entries] == [Fate.ADDED]
        assert await a_process(store, clock).recover(board) == 0

    async def test_a_chat_that_says_no_loses_the_receipt_and_the_log_says_why(self, store, clock, board):
        board.posting = PlatformRefused("The channel is archived.", "Ask elsewhere.")
        with capture_logs() as logs:
            await a_process(store, clock).take_in(board, offer(board.shares("plan.md", PLAN)))
        assert [e["reason"] for e in logs if e["event"] == "receipt_lost"] == [
            "The channel is archived. Ask elsewhere."
        ]
        clock.passes(LEASE)
        assert await a_process(store, clock).recover(board) == 0

    async def test_an_offer_that_kills_whoever_reads_it_is_given_up(self, store, clock, board):
        await store.offers.claim(offer(board.shares("plan.md", PLAN)), NINE, NINE + LEASE)
        for _ in range(MOST_TRIES - 1):
            clock.passes(LEASE)
            await store.offers.unfinished(board.name, clock(), clock() + LEASE)  # and dies
        clock.passes(LEASE)
        await a_process(store, clock).recover(board)
        assert board.written == []
        [(lost,)] = await rows(store, "SELECT lost_because FROM offers")
        assert lost == f"given up after {MOST_TRIES} tries"

    async def test_its_token_is_forgotten_once_it_is_posted(self, contributions, board, store):
        given = offer(board.shares("plan.md", PLAN)).model_copy(update={"reply_token": "secret"})
        await contributions.take_in(board, given)
        assert await rows(store, "SELECT reply_token FROM offers") == [(None,)]


class TestDatabaseOutage:
    async def test_whoever_waits_is_told_when_nothing_can_be_written_down(self, contributions, store, board):
        async with store.database.write() as connection:
            await connection.exec_driver_sql("ALTER TABLE offers RENAME TO mislaid")
        await contributions.take_in(board, offer(board.shares("plan.md", PLAN)))
        assert board.receipts[0].notice == wording.NOTHING_ADDED
        with pytest.raises(DatabaseTrouble):
            await contributions.recover(board)
