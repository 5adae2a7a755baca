"""Which digests are the surfaces tried with?"""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from bot.digest import (
    ChangedPassage,
    Departure,
    Digest,
    NewMemo,
    OpenQuestion,
    Part,
    QuotedOften,
    ReviewDue,
    Section,
    TopicNews,
)
from bot.models import Conversation, PlatformName
from retrieval import Citation, Excerpt, Memo, Passage, Span
from tests.bot.rendering.answers import excerpt, excerpts, texts

MONDAY = datetime(2024, 10, 7, 7, 0, tzinfo=UTC)  # 09:00 in Berlin
FRIDAY = datetime(2024, 10, 4, 7, 0, tzinfo=UTC)
GENERAL = Conversation(platform=PlatformName.SLACK, workspace="T01TEST", channel="C01GEN")
PAGE = "https://quoth.example.org/digests/0123456789abcdef?token=abc"

KETTLE = Memo(
    id="kettle",
    title="Kettle care",
    author="Ada Lovelace",
    published=date(2024, 10, 3),
    text="The kettle is descaled on Mondays. Only tap water goes in.",
    source="kettle.md",
)
KETTLE_BEFORE = KETTLE.model_copy(
    update={"text": "The kettle is descaled on Fridays. Only tap water goes in."}
)
TARIFFS = Memo(
    id="tariffs",
    title="Tariffs after the election",
    author="Grace Hopper",
    published=date(2024, 10, 4),
    text="Tariffs on steel rise to 25 percent in March.\n\nAllies are exempt until June, then pay the same.",
    source="tariffs.md",
)
BEANS = Memo(
    id="beans", title="Where beans come from", text="The roastery delivers on Mondays.", source="beans.md"
)


def digest(*sections: Section, **known) -> Digest:
    """A digest of a Monday morning, with `sections`."""
    return Digest(
        **{
            "digest_id": "0123456789abcdef",
            "schedule_id": "a1b2c3",
            "conversation": GENERAL,
            "due": MONDAY,
            "since": FRIDAY,
            "until": MONDAY,
            "zone": "Europe/Berlin",
            "sections": sections,
            **known,
        }
    )


def of(part: Part, *items) -> Section:
    return Section(part=part, items=items)


def whole(memo: Memo) -> Citation:
    return Citation.of(memo, Passage(memo_id=memo.id, ordinal=1, span=Span(0, len(memo.text))))


def new(memo: Memo, *quotes: Excerpt) -> NewMemo:
    return NewMemo(
        memo_id=memo.id,
        title=memo.title,
        author=memo.author,
        published=memo.published,
        excerpts=quotes,
        sections=(),
        citation=whole(memo),
    )


def changed() -> ChangedPassage:
    before, after = "The kettle is descaled on Fridays.", "The kettle is descaled on Mondays."
    return ChangedPassage(
        memo_id="kettle",
        before=excerpt(KETTLE_BEFORE, before),
        after=excerpt(KETTLE, after),
        gone=(Span(26, 33),),
        come=(Span(26, 33),),
    )


def topic(number: int = 1, *quotes: Excerpt) -> TopicNews:
    told = quotes or (
        excerpt(TARIFFS, "Tariffs on steel rise to 25 percent in March.", "Tariffs", section=("Steel",)),
    )
    return TopicNews(topic_id=f"t{number:05}", question="What is new on tariffs?", excerpts=told)


def full() -> Digest:
    """Something in each part; late."""
    quotes = (
        excerpt(TARIFFS, "Tariffs on steel rise to 25 percent in March.", section=("Steel",)),
        excerpt(TARIFFS, "Allies are exempt until June", section=("Allies",), cut=(False, True)),
    )
    return digest(
        of(Part.NEW, new(TARIFFS, *quotes), new(BEANS, excerpt(BEANS, BEANS.text))),
        of(Part.CHANGED, changed()),
        of(
            Part.DEPARTED,
            Departure(memo_id="beans", how="superseded", citation=whole(BEANS), successor=whole(TARIFFS)),
            Departure(memo_id="kettle", how="withdrawn", citation=whole(KETTLE)),
        ),
        of(Part.TOPICS, topic()),
        of(Part.MOST_QUOTED, QuotedOften(excerpt=excerpt(KETTLE, "Only tap water goes in."), times=4)),
        of(
            Part.OPEN_QUESTIONS,
            OpenQuestion(question="Who pays for the beans?", times=3),
            OpenQuestion(question="Where is the spare kettle?", times=1),
        ),
        of(
            Part.REVIEW_DUE,
            ReviewDue(memo_id="kettle", due=date(2024, 10, 5), owner="Ada Lovelace", citation=whole(KETTLE)),
        ),
        late=True,
        missed=2,
    )


def short() -> Digest:
    """One new memo."""
    return digest(of(Part.NEW, new(BEANS, excerpt(BEANS, BEANS.text))))


def empty() -> Digest:
    """Nothing new."""
    return digest()


def long() -> Digest:
    """More than any chat service takes in one message."""
    memos = [BEANS.model_copy(update={"id": f"m{n}", "title": f"Delivery {n}"}) for n in range(1, 41)]
    return digest(
        of(Part.NEW, *(new(memo, excerpt(memo, memo.text)) for memo in memos)),
        of(Part.TOPICS, *map(topic, range(1, 31))),
        of(Part.OPEN_QUESTIONS, *(OpenQuestion(question=f"Who owns {n}?", times=1) for n in range(1, 41))),
    )


SAMPLES = {"full": full, "short": short, "empty": empty, "cut": long}


@st.composite
def digests(draw) -> Digest:
    """A digest of hostile memos and questions, some of them far too long."""
    quotes = draw(st.lists(excerpts(), min_size=1, max_size=4))
    quote, several = st.sampled_from(quotes), st.lists(st.sampled_from(quotes), max_size=3).map(tuple)
    citation = quote.map(lambda one: one.citation)
    places = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9)), max_size=3).map(
        lambda found: tuple(Span(a, a + n) for a, n in found)
    )
    items = {
        Part.NEW: st.builds(
            NewMemo,
            memo_id=texts(2),
            title=texts(3),
            author=st.none(),
            published=st.none(),
            excerpts=several,
            sections=st.just(()),
            citation=citation,
        ),
        Part.CHANGED: st.builds(
            ChangedPassage, memo_id=texts(2), before=st.none() | quote, after=quote, gone=places, come=places
        ),
        Part.DEPARTED: st.builds(
            Departure,
            memo_id=texts(2),
            how=st.sampled_from(["withdrawn", "superseded", "removed"]),
            citation=citation,
            successor=st.none() | citation,
        ),
        Part.TOPICS: st.builds(
            TopicNews, topic_id=st.just("a1b2c3"), question=texts(4), excerpts=several.filter(bool)
        ),
        Part.MOST_QUOTED: st.builds(QuotedOften, excerpt=quote, times=st.integers(2, 9999)),
        Part.OPEN_QUESTIONS: st.builds(OpenQuestion, question=texts(4), times=st.integers(1, 9999)),
        Part.REVIEW_DUE: st.builds(
            ReviewDue, memo_id=texts(2), due=st.dates(), owner=st.none() | texts(3), citation=citation
        ),
    }
    sections = [
        Section(
            part=part, items=tuple(draw(st.lists(made, max_size=3)) * draw(st.sampled_from([1, 1, 7, 40])))
        )
        for part, made in items.items()
        if draw(st.booleans())
    ]
    return digest(*sections, late=draw(st.booleans()), missed=draw(st.integers(0, 9)))
