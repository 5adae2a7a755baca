"""Is a question about the past answered from the library as it stood, for whoever may see it?"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.access import Access, Rules
from bot.library import Library
from bot.models import Conversation, IncomingQuestion, PlatformName
from bot.platforms.console import Console
from bot.questions.replying import Replying
from bot.storage import open_store
from retrieval import Memo

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OLD = Memo(id="old", title="Budget", text="The travel budget is 500 euros.", sha256="b1")
OLD_2 = OLD.model_copy(update={"text": "The travel budget is 700 euros.", "sha256": "b2"})
NEW = Memo(id="new", title="New", text="The travel budget is 900 euros.", sha256="n1", supersedes=("old",))
WORDS = "What is the travel budget?"


@pytest.fixture
async def ask():
    """A library with a past, and what it answers: the memo changed on the 3rd, its successor came on the 4th."""
    async with open_store("sqlite://") as store:
        await store.memos.add([OLD], NOON)
        await store.memos.add([OLD_2], NOON + DAY)
        await store.memos.add([NEW], NOON + 2 * DAY)
        library = Library(store, lambda: NOON + 9 * DAY)
        await library.refresh()
        access = Access(library, store, Rules(), lambda: NOON + 9 * DAY)
        replying = Replying(library, access, at_most=3, max_chars=300, threshold=0.5)

        async def asked(words):
            question = IncomingQuestion(
                event_id="1",
                conversation=Conversation(platform=PlatformName.CONSOLE, channel="c"),
                asker="you",
                text=words,
                asked_at=NOON,
            )
            return await replying.to(question, "a1", Console([], print))

        yield asked


def quotes(reply):
    return [excerpt.quote for excerpt in reply.answer.excerpts]


async def test_each_day_is_answered_from_what_stood_at_its_end(ask):
    days = {day: quotes(await ask(f"{WORDS} as-of:2026-03-0{day}")) for day in (1, 2, 3, 4)}
    assert days == {1: [], 2: [OLD.text], 3: [OLD_2.text], 4: [NEW.text, OLD_2.text]}
    assert quotes(await ask(WORDS)) == [NEW.text, OLD_2.text]


async def test_what_superseded_a_memo_later_is_not_known_then(ask):
    before = await ask(f"{WORDS} as-of:2026-03-03")
    after = await ask(f"{WORDS} as-of:2026-03-04")
    assert before.answer.excerpts[0].superseded_by == ()
    assert [s.citation.memo_id for s in after.answer.excerpts[1].superseded_by] == ["new"]


async def test_the_citation_names_the_version_of_then(ask):
    reply = await ask(f"{WORDS} as-of:2026-03-02")
    assert reply.answer.excerpts[0].citation.sha256 == "b1"
    assert reply.answer.index.memos == 1


async def test_an_answer_from_before_the_first_memo_is_nothing(ask):
    reply = await ask(f"{WORDS} as-of:2025")
    assert (reply.answer.excerpts, reply.answer.index.memos) == ((), 0)
    assert reply.answer.as_of is not None


async def test_a_malformed_day_is_answered_with_the_right_form(ask):
    reply = await ask(f"{WORDS} as-of:tuesday")
    assert "Write it like this: as-of:2024-06-30" in reply.notice


async def test_as_of_alone_shows_how_the_memos_of_then_begin(ask):
    assert quotes(await ask("as-of:2026-03-02")) == [OLD.text]
