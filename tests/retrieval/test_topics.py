"""Are passages found that speak of a topic in other words, and only where a topic is asked for?"""

import random

import pytest

from retrieval import Memo, answer, answering, build_index
from retrieval.confidence import Confidence
from retrieval.query import understand
from retrieval.search import explain, matches, matches_of_words
from retrieval.topics import ADDED, FLAT, asks_topic, speaking

NONE_STANDS_OUT = [10.0] * 10
ONE_STANDS_OUT = [10.0, *[10.0 - FLAT] * 9]
FILLER = [
    "harvest",
    "weather",
    "orchard",
    "village",
    "river",
    "market",
    "cattle",
    "bridge",
    "winter",
    "school",
]
HULLS = "corrosion of hulls in salt water eats the plating of old frigates"
PLATING = "old frigates need plating renewed before every patrol"
"""Speaks of the topic, and holds no word of the question below."""


def memo(name, text):
    return Memo(id=name, title="", text=text)


@pytest.fixture(scope="module")
def library():
    made = random.Random(7)
    others = [" ".join(made.choices(FILLER, k=9)) for _ in range(40)]
    texts = [HULLS, f"{HULLS}, say the yards", f"salt water and {HULLS}", PLATING]
    texts += [f"{HULLS} and {place}" for place in ("quays", "docks", "piers")] + others
    return build_index([memo(f"m{number}", f"{text}.") for number, text in enumerate(texts)])


def memos_of(index, found):
    return [index.passages[match.passage].memo_id for match in found]


@pytest.mark.parametrize(
    ("text", "scores", "topic"),
    [
        ("corrosion of hulls", NONE_STANDS_OUT, True),
        ("corrosion of hulls", ONE_STANDS_OUT, False),
        ("corrosion of hulls", NONE_STANDS_OUT[:1], False),
        ("corrosion of hulls", NONE_STANDS_OUT[:4], False),
        ("corrosion of hulls", [FLAT / 2], True),
        ("corrosion of hulls", [], False),
        ("what eats the plating of hulls?", NONE_STANDS_OUT, True),
        ("what eats the plating of hulls?", ONE_STANDS_OUT, False),
        ("what effects have salt water and old plating on hulls of patrol frigates at sea?", ONE_STANDS_OUT, True),
        ("when did salt water and old plating harm hulls of patrol frigates at sea?", NONE_STANDS_OUT, False),
        ("how many hulls were lost?", NONE_STANDS_OUT, False),
        ("what eats the plating of hulls in Palawan?", NONE_STANDS_OUT, False),
        ("what did plating cost in 2019?", NONE_STANDS_OUT, False),
        ("what memos are there that I can read on plating?", NONE_STANDS_OUT, True),
        ("which reports deal with plating in Palawan?", NONE_STANDS_OUT, True),
        ("which reports deal with plating in 2019?", NONE_STANDS_OUT, True),
        ("plating in Palawan", NONE_STANDS_OUT, False),
        ("cost of plating 2019", NONE_STANDS_OUT, False),
        ("when did reports deal with plating?", NONE_STANDS_OUT, False),
        ("Who is there to work on plating?", NONE_STANDS_OUT, False),
        ('"old frigates" plating', NONE_STANDS_OUT, False),
    ],
)  # fmt: skip
def test_a_topic_is_asked_for_where_none_stands_out_and_nothing_is_named(library, text, scores, topic):
    assert asks_topic(understand(library, text), scores) is topic


def test_only_a_question_in_english_is_judged():
    library = build_index(
        [
            memo("de", "Der Rost der Schiffe frisst die alten Platten, und das Wasser ist salzig."),
            memo("en", "The corrosion of the hulls eats the old plating, and the water is salty."),
        ]
    )
    german = understand(library, "der Rost der alten Schiffe und das salzige Wasser")
    english = understand(library, "the corrosion of the old hulls and the salty water")
    assert (german.languages, english.languages) == (("de",), ("en",))
    assert not asks_topic(german, NONE_STANDS_OUT)
    assert asks_topic(english, NONE_STANDS_OUT)


def test_a_passage_without_a_word_of_the_question_is_found_by_what_the_best_have_in_common(library):
    query = understand(library, "corrosion of hulls in salt water")
    assert "m3" not in memos_of(library, matches_of_words(library, query))
    assert "m3" in memos_of(library, matches(library, query))
    shares = speaking(library, query, 10)
    assert next(iter(shares.values())) == 1.0
    assert all(0 < share <= 1 for share in shares.values())


def test_it_is_not_quoted_as_an_answer_though(library):
    given = answer(library, "corrosion of hulls in salt water")
    assert given.excerpts
    assert "m3" not in {excerpt.citation.memo_id for excerpt in given.excerpts}


def test_each_quote_for_a_topic_is_of_another_passage_whatever_else_is_allowed(library):
    more = " ".join(f"On pier {pier} {HULLS}, and the plating is looked at once a week." for pier in "ABCDEF")
    library = build_index([memo("long", more), *library.memos.values()])
    asked = "corrosion of hulls in salt water"
    assert matches(library, understand(library, asked))[0].topic == 1.0
    given = answer(library, asked, per_passage=3)
    assert len(given.excerpts) == 3
    assert given == answer(library, asked)


def test_what_a_filter_keeps_out_is_neither_found_nor_learnt_from(library):
    query = understand(library, "corrosion of hulls in salt water in:m0")
    assert memos_of(library, matches(library, query)) == ["m0"]
    assert set(
        memos_of(library, matches(library, understand(library, "corrosion of hulls -yards")))
    ).isdisjoint({"m1"})


def test_a_topic_that_stands_nowhere_is_not_found(library):
    assert matches(library, understand(library, "quantum chromodynamics of neutrinos")) == []


def test_the_parts_of_a_score_add_up_to_it(library):
    found = matches(library, understand(library, "corrosion of hulls in salt water"))
    assert found[0].topic == 1.0
    for match in found:
        explained = explain(match)
        assert sum(part.value for part in explained.parts) == pytest.approx(match.score, abs=0.001)
    assert [part.what.split(":")[0] for part in explain(found[0]).parts] == ["topic", "quote weight"]


def test_words_that_tell_the_same_are_added_in_alphabetical_order():
    """More words that stand once in one passage than are added: which of them must not hang on how they are numbered."""
    words = [f"word{letter}{other}" for letter in "bcfghjkm" for other in "bcfghjkm"]
    assert len(words) > ADDED
    other = [memo(f"m{number}", f"{word} orchard.") for number, word in enumerate(words)]
    shares = []
    for many in (words, words[::-1]):
        index = build_index([memo("a", f"hulls {' '.join(many)}."), *other])
        query = understand(index, "hulls")
        found = speaking(index, query, 100)
        shares.append({index.passages[passage].memo_id: share for passage, share in found.items()})
    assert shares[0] == shares[1]
    assert set(shares[0]) == {"a", *(f"m{number}" for number in range(ADDED - 1))}


def test_a_passage_that_is_found_by_its_title_and_holds_no_word_adds_none():
    index = build_index([Memo(id="a", title="Corrosion of hulls", text="—")])
    assert speaking(index, understand(index, "corrosion of hulls"), 10) == {0: 1.0}


def test_a_word_that_only_asks_does_not_lead_away_from_what_is_asked_for():
    """ "Reports on the elevator" are no passages that call themselves a report."""
    made = random.Random(3)
    memos = [
        memo(f"m{n}", f"{' '.join(made.choices(FILLER, k=9))}. The report names the market.")
        for n in range(12)
    ]
    titled = [
        each.model_copy(update={"title": f"{FILLER[n % 10]} quarterly report"})
        for n, each in enumerate(memos)
    ]
    index = build_index([*titled, memo("e", "Staff complained about noise and about the slow elevator.")])
    for question in (
        "reports on the elevator",
        "Which reports mention the elevator?",
        "memos on the elevator",
    ):
        assert [each.citation.memo_id for each in answer(index, question).excerpts][:1] == ["e"]


def test_where_the_topics_first_is_no_answer_the_words_first_is(library, monkeypatch):
    query = understand(library, "corrosion of hulls in salt water")
    by_words = matches_of_words(library, query)
    last = by_words[-1]
    astray = last._replace(
        passage_covered=0 * last.passage_covered, covered=0 * last.covered, topical=0.0, topic=1.0
    )
    monkeypatch.setattr(answering, "by_topic", lambda *_: [astray, *by_words])
    found = answering.matches_to_answer(library, query, Confidence(query), 300)
    assert [match.passage for match in found] == [match.passage for match in by_words]
    topical = [match._replace(topic=0.5) for match in by_words]
    monkeypatch.setattr(answering, "by_topic", lambda *_: topical)
    assert answering.matches_to_answer(library, query, Confidence(query), 300) is topical


def test_a_passage_that_holds_none_of_the_words_is_quoted_at_no_threshold(library):
    given = answer(library, "corrosion of hulls in salt water", threshold=0, at_most=10)
    assert given.excerpts
    assert all("hulls" in excerpt.quote for excerpt in given.excerpts)
