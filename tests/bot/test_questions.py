"""Is every question answered once, whatever happens on the way?"""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

import retrieval
from bot.errors import DatabaseTrouble, PlatformRefused
from bot.library import Library
from bot.models import LONGEST_QUESTION as LONGEST
from bot.models import Conversation, IncomingQuestion, PlatformName
from bot.platforms.base import Place
from bot.questions import Questions, answer_id_of
from bot.questions.asking import MOST_TRIES_TO_ANSWER, MOST_TRIES_TO_POST
from bot.rendering import wording
from bot.storage import open_store
from retrieval import Memo, Outcome

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, LEASE = timedelta(minutes=1), timedelta(minutes=2)
TEA = Memo(id="tea", title="Tea", text="The kettle is descaled on Fridays by the office team.")
COFFEE = Memo(id="coffee", title="Coffee", text="The roastery delivers fresh beans on Mondays.")
WORDS = "When is the kettle descaled?"


class Clock:
    """The time, which passes when a test says so."""

    def __init__(self):
        self.time = NINE

    def __call__(self):
        return self.time

    def passes(self, span):
        self.time += span


class Blackboard:
    """A small platform: replies are written on it under their question's event id.

    `trouble` is raised when something is to be written, `after_writing` says that it is written first.
    """

    name = PlatformName.SLACK
    connected = True

    def __init__(self):
        self.written = []
        self.looked = 0
        self.trouble = None
        self.after_writing = False
        self.holds = None

    async def run(self, ask):
        raise NotImplementedError

    async def stop(self):
        raise NotImplementedError

    async def place(self, question):
        return Place(direct=False)

    async def post(self, question, reply, *, again=False):
        if self.holds:
            await self.holds.wait()
        if again:
            self.looked += 1
            for number, (event_id, _) in enumerate(self.written):
                if event_id == question.event_id:
                    return str(number)
        if not self.trouble or self.after_writing:
            self.written.append((question.event_id, reply))
        if self.trouble:
            raise self.trouble
        return str(len(self.written) - 1)

    @property
    def replies(self):
        return [reply for _, reply in self.written]

    @property
    def notices(self):
        return [reply.notice for reply in self.replies]


class Killed(BaseException):
    """A process dies: nothing that catches errors sees it."""


def question(event_id="Ev1", text=WORDS, asker="U1", token=None):
    return IncomingQuestion(
        event_id=event_id,
        conversation=Conversation(platform=PlatformName.SLACK, workspace="T1", channel="C1"),
        asker=asker,
        text=text,
        asked_at=NINE,
        reply_token=token,
    )


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def board():
    return Blackboard()


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'quoth.db'}"


@pytest.fixture
async def store(url):
    async with open_store(url) as store:
        await store.memos.add([TEA], NINE)
        yield store


@pytest.fixture
async def library(store):
    library = Library(store)
    await library.refresh()
    return library


@pytest.fixture
def questions(library, store, clock):
    return a_process(library, store, clock)


def a_process(library, store, clock, **more):
    settings = {"at_most": 3, "max_chars": 300, "threshold": 0, "per_minute": 20, "lease": LEASE} | more
    return Questions(library, store, now=clock, **settings)


async def states(store):
    async with store.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT event_id, message_id, lost_because FROM questions")
        return {event_id: (message_id, lost) for event_id, message_id, lost in rows}


class TestOneQuestion:
    async def test_it_is_answered_with_a_quote_and_the_answer_is_kept(self, questions, board, store):
        await questions.ask_for(board)(question())
        [reply] = board.replies
        assert reply.answer.excerpts[0].quote in TEA.text
        assert await store.answers.get(reply.answer_id) == reply.answer
        assert await states(store) == {"Ev1": ("0", None)}

    async def test_without_an_answer_in_the_memos_the_reply_says_so(self, library, store, clock, board):
        questions = a_process(library, store, clock, threshold=None)
        await questions.ask_for(board)(question(text="What is the recipe for kimchi?"))
        assert board.replies[0].answer.outcome is Outcome.NOTHING

    async def test_sent_again_it_is_dropped_and_the_log_says_why(self, questions, board):
        ask = questions.ask_for(board)
        await ask(question())
        with capture_logs() as logs:
            await asyncio.gather(*(ask(question()) for _ in range(5)))
        assert len(board.written) == 1
        assert [e["reason"] for e in logs if e["event"] == "question_dropped"] == ["seen before"] * 5

    async def test_two_processes_that_get_it_answer_it_once(self, url, store, library, clock, board):
        async with open_store(url) as other_store:
            other_library = Library(other_store)
            await other_library.refresh()
            asks = [
                a_process(library, store, clock).ask_for(board),
                a_process(other_library, other_store, clock).ask_for(board),
            ]
            await asyncio.gather(*(ask(question(f"Ev{n}")) for n in range(20) for ask in asks))
        assert sorted(event_id for event_id, _ in board.written) == sorted(f"Ev{n}" for n in range(20))

    async def test_its_token_is_forgotten_once_it_is_posted(self, questions, board, store):
        await questions.ask_for(board)(question(token="https://hooks.example/secret"))
        async with store.database.read() as connection:
            rows = (await connection.exec_driver_sql("SELECT * FROM questions")).all()
        assert "https://hooks.example/secret" not in str(rows)

    async def test_neither_its_words_nor_its_asker_are_logged(self, questions, board):
        board.trouble = RuntimeError(f"could not post {WORDS}")
        with capture_logs() as logs:
            await questions.ask_for(board)(question(asker="U-SOMEBODY", text=WORDS))
        assert {entry["event"] for entry in logs} == {
            "question_received",
            "question_answered",
            "reply_delayed",
        }
        assert "kettle" not in str(logs)
        assert "U-SOMEBODY" not in str(logs)

    async def test_its_answer_id_is_the_same_each_time_and_differs_from_others(self):
        assert answer_id_of(PlatformName.SLACK, "Ev1") == answer_id_of(PlatformName.SLACK, "Ev1")
        ids = {answer_id_of(name, event) for name in PlatformName for event in ("Ev1", "Ev2")}
        assert len(ids) == 2 * len(PlatformName)


class TestNotices:
    @pytest.mark.parametrize(
        "text", ["", "  \n", "help", " HELP! ", "/help", "?", "help?", "Hi!", "hello there"]
    )
    async def test_an_empty_question_and_help_get_help(self, questions, board, text):
        await questions.ask_for(board)(question(text=text))
        assert board.notices == [wording.HELP]

    @pytest.mark.parametrize(
        "text",
        [
            "thanks",
            "Thank you!",
            " thanks a lot. ",
            "OK",
            "okay",
            "ok, thanks!",
            "thx",
            "Great, thank you very much",
        ],
    )
    async def test_thanks_and_assent_are_answered_kindly(self, questions, board, text):
        await questions.ask_for(board)(question(text=text))
        assert board.notices == [wording.AT_YOUR_DISPOSAL]

    @pytest.mark.parametrize(
        "text",
        ["thanks to whom?", "ok kettle", "Who says thank you?", "OKR", "a great kettle", "great again"],
    )
    async def test_with_one_word_more_it_is_a_question(self, questions, board, text):
        await questions.ask_for(board)(question(text=text))
        assert board.replies[0].answer

    async def test_a_question_about_help_is_a_question(self, questions, board):
        await questions.ask_for(board)(question(text="Who can help with the kettle?"))
        assert board.replies[0].answer

    @pytest.mark.parametrize(("length", "is_answered"), [(LONGEST, True), (LONGEST + 1, False)])
    async def test_a_very_long_question_is_refused(self, questions, board, length, is_answered):
        await questions.ask_for(board)(question(text=("kettle " * LONGEST)[: length - 1] + "k"))
        assert bool(board.replies[0].answer) is is_answered
        assert is_answered or board.notices == [wording.question_too_long(LONGEST)]

    @pytest.mark.parametrize("text", ["kettle \ud83d descaled \0", "\u202e" * 50, "🫖" * 200, "a" * 999])
    async def test_any_text_gets_a_reply(self, questions, board, store, text):
        await questions.ask_for(board)(question(text=text))
        assert board.replies[0].answer
        assert await states(store) == {"Ev1": ("0", None)}

    async def test_what_retrieval_refuses_is_told_to_the_asker(
        self, library, store, clock, board, monkeypatch
    ):
        refused = retrieval.MalformedFilter("after:soon", "after:2024-10-03")

        def refuse(*_given, **_more):
            raise refused

        monkeypatch.setattr(retrieval, "answer", refuse)
        with capture_logs() as logs:
            await a_process(library, store, clock).ask_for(board)(question(text="kettle after:soon"))
        assert board.notices == [str(refused)]
        assert "soon" not in str(logs)

    async def test_a_failure_is_told_under_a_number_that_the_log_knows(self, questions, board, library):
        library._index = None  # an index that cannot be searched: answering fails in earnest
        with capture_logs() as logs:
            await questions.ask_for(board)(question())
        number = answer_id_of(PlatformName.SLACK, "Ev1")
        assert board.notices == [wording.went_wrong(number)]
        [failure] = [entry for entry in logs if entry["event"] == "question_failed"]
        assert failure["answer_id"] == number
        assert "replying.py" in failure["where"]
        assert "kettle" not in str(logs)


class TestPace:
    async def test_who_asks_too_fast_is_told_once_a_minute(self, library, store, clock, board):
        ask = a_process(library, store, clock, per_minute=2).ask_for(board)
        with capture_logs() as logs:
            for n in range(5):
                await ask(question(f"Ev{n}"))
        assert board.notices == [None, None, wording.too_fast(2)]
        assert [e["reason"] for e in logs if e["event"] == "question_dropped"] == ["too fast"] * 3
        clock.passes(MINUTE)
        await ask(question("Ev5"))
        assert board.replies[-1].answer

    async def test_one_persons_haste_is_not_anothers_trouble(self, library, store, clock, board):
        ask = a_process(library, store, clock, per_minute=1).ask_for(board)
        for n in range(4):
            await ask(question(f"Ev{n}", asker=f"U{n}"))
        assert board.notices == [None] * 4

    async def test_what_was_dropped_does_not_come_back(self, library, store, clock, board):
        questions = a_process(library, store, clock, per_minute=1)
        for n in range(4):
            await questions.ask_for(board)(question(f"Ev{n}"))
        clock.passes(LEASE)
        assert await questions.recover(board) == 0
        assert len(board.written) == 2


class TestRecovery:
    """A process dies at one step; another one finds the question when its lease has run out."""

    async def test_nothing_is_taken_over_before_the_lease_has_run_out(
        self, questions, store, library, clock, board
    ):
        await store.questions.claim(question(), NINE, NINE + LEASE)
        clock.passes(LEASE - timedelta(seconds=1))
        assert await a_process(library, store, clock).recover(board) == 0

    async def test_death_after_the_claim(self, store, library, clock, board):
        await store.questions.claim(question(), NINE, NINE + LEASE)
        clock.passes(LEASE)
        assert await a_process(library, store, clock).recover(board) == 1
        assert board.replies[0].answer.excerpts
        assert await states(store) == {"Ev1": ("0", None)}

    @pytest.mark.parametrize("was_written", [False, True], ids=["before writing", "after writing"])
    async def test_death_while_posting(self, store, library, clock, board, was_written):
        board.trouble, board.after_writing = Killed(), was_written
        with pytest.raises(Killed):
            await a_process(library, store, clock).ask_for(board)(question())
        board.trouble = None
        await store.memos.add([COFFEE], NINE)  # the reply is the one that was given, not a new one
        await library.refresh()
        clock.passes(LEASE)
        assert await a_process(library, store, clock).recover(board) == 1
        [reply] = board.replies
        assert reply.answer.index.memos == 1
        assert board.looked == 1
        assert await states(store) == {"Ev1": ("0", None)}

    async def test_death_after_posting_before_that_was_written_down(self, store, library, clock, board):
        questions = a_process(library, store, clock)
        await questions.ask_for(board)(question())
        async with store.database.write() as connection:
            await connection.exec_driver_sql("UPDATE questions SET finished_at = NULL, message_id = NULL")
        clock.passes(LEASE)
        assert await questions.recover(board) == 1
        assert len(board.written) == 1
        assert await states(store) == {"Ev1": ("0", None)}

    async def test_a_platform_out_of_reach_gets_the_reply_later(self, questions, store, clock, board):
        board.trouble = ConnectionError()
        await questions.ask_for(board)(question())
        assert board.written == []
        board.trouble = None
        clock.passes(LEASE)
        assert await questions.recover(board) == 1
        assert len(board.written) == 1

    async def test_a_platform_that_says_no_loses_the_reply_and_the_log_says_why(
        self, questions, store, clock, board
    ):
        board.trouble = PlatformRefused("The channel is archived.", "Ask elsewhere.")
        with capture_logs() as logs:
            await questions.ask_for(board)(question())
        why = "The channel is archived. Ask elsewhere."
        assert [entry["reason"] for entry in logs if entry["event"] == "reply_lost"] == [why]
        assert await states(store) == {"Ev1": (None, why)}
        clock.passes(LEASE)
        assert await questions.recover(board) == 0

    async def test_a_question_that_kills_whoever_answers_it_is_given_up(self, store, library, clock, board):
        await store.questions.claim(question(), NINE, NINE + LEASE)
        for _ in range(MOST_TRIES_TO_ANSWER - 1):
            clock.passes(LEASE)
            await store.questions.unfinished(board.name, clock(), clock() + LEASE)  # and dies
        clock.passes(LEASE)
        await a_process(library, store, clock).recover(board)
        assert board.written == []
        assert (await states(store))["Ev1"][1] == f"given up after {MOST_TRIES_TO_ANSWER} tries"

    async def test_a_reply_that_can_never_be_posted_is_given_up(self, questions, store, clock, board):
        board.trouble = ConnectionError()
        await questions.ask_for(board)(question())
        for _ in range(MOST_TRIES_TO_POST):
            clock.passes(LEASE)
            assert await questions.recover(board) == 1
        assert (await states(store))["Ev1"][1] == f"given up after {MOST_TRIES_TO_POST} tries"

    async def test_two_processes_that_recover_at_once_finish_each_question_once(
        self, url, store, library, clock, board
    ):
        for n in range(10):
            await store.questions.claim(question(f"Ev{n}"), NINE, NINE + LEASE)
        clock.passes(LEASE)
        async with open_store(url) as other:
            processes = [a_process(library, store, clock), a_process(library, other, clock)]
            assert sum(await asyncio.gather(*(one.recover(board) for one in processes))) == 10
        assert len(board.written) == 10

    async def test_posting_that_takes_for_ever_is_given_up_before_another_may_post(
        self, store, library, clock, board
    ):
        board.holds = asyncio.Event()
        questions = a_process(library, store, clock, lease=timedelta(milliseconds=50))
        async with asyncio.timeout(20):
            await questions.ask_for(board)(question())
        board.holds.set()
        clock.passes(MINUTE)
        assert await questions.recover(board) == 1
        assert len(board.written) == 1


class TestDatabaseOutage:
    async def test_an_asker_is_told_when_nothing_can_be_written_down(self, library, clock, board, tmp_path):
        async with open_store(f"sqlite:///{tmp_path / 'other.db'}") as broken:
            async with broken.database.write() as connection:
                await connection.exec_driver_sql("DROP TABLE answers")
                await connection.exec_driver_sql("DROP TABLE questions")
            with capture_logs() as logs:
                await a_process(library, broken, clock).ask_for(board)(question())
        assert board.notices == [wording.went_wrong(answer_id_of(PlatformName.SLACK, "Ev1"))]
        assert "question_failed" in [entry["event"] for entry in logs]
        assert "kettle" not in str(logs)

    async def test_a_reply_that_cannot_be_written_down_is_posted_all_the_same(
        self, questions, store, clock, board
    ):
        async with store.database.write() as connection:
            await connection.exec_driver_sql("ALTER TABLE answers RENAME TO mislaid")
        await questions.ask_for(board)(question())
        assert board.replies[0].answer.excerpts
        assert len(board.written) == 1

    async def test_recovery_says_that_the_database_is_gone(self, questions, store, board):
        async with store.database.write() as connection:
            await connection.exec_driver_sql("ALTER TABLE questions RENAME TO mislaid")
        with pytest.raises(DatabaseTrouble):
            await questions.recover(board)


class TestManyAtOnce:
    async def test_two_hundred_questions_from_twenty_people_get_one_answer_each(
        self, questions, store, board
    ):
        ask = questions.ask_for(board)
        async with asyncio.timeout(60):
            await asyncio.gather(*(ask(question(f"Ev{n}", asker=f"U{n % 20}")) for n in range(200)))
        assert sorted(event_id for event_id, _ in board.written) == sorted(f"Ev{n}" for n in range(200))
        assert all(reply.answer.excerpts for reply in board.replies)
        assert all(message_id for message_id, _ in (await states(store)).values())

    async def test_a_question_under_way_ends_on_the_index_it_began_with(
        self, library, store, clock, board, monkeypatch
    ):
        begun, may_go_on, answer = threading.Event(), threading.Event(), retrieval.answer

        def slow_answer(*given, **more):
            begun.set()
            assert may_go_on.wait(30)
            return answer(*given, **more)

        monkeypatch.setattr(retrieval, "answer", slow_answer)
        questions = a_process(library, store, clock)
        asking = asyncio.create_task(questions.ask_for(board)(question()))
        assert await asyncio.to_thread(begun.wait, 30)
        await store.memos.add([COFFEE], NINE)
        await store.memos.remove("tea", NINE)
        assert await library.refresh()
        may_go_on.set()
        await asking
        await questions.ask_for(board)(question("Ev2"))
        first, second = board.replies
        assert first.answer.excerpts[0].citation.memo_id == "tea"
        assert second.answer.excerpts == ()

    async def test_drain_waits_for_the_questions_under_way(self, questions, board):
        await asyncio.wait_for(questions.drain(), 5)
        board.holds = asyncio.Event()
        asking = [asyncio.create_task(questions.ask_for(board)(question(f"Ev{n}"))) for n in range(3)]
        await asyncio.sleep(0)
        draining = asyncio.create_task(questions.drain())
        await asyncio.sleep(0)
        assert not draining.done()
        board.holds.set()
        await asyncio.wait_for(draining, 30)
        await asyncio.gather(*asking)
        assert len(board.written) == 3
