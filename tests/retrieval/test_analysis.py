"""Are words found as a reader would find them?"""

import itertools
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.analysis import Analyzer, analyzer
from retrieval.analysis.sentences import sentences
from retrieval.analysis.tokens import tokens
from retrieval.compiled import reader
from tests.conftest import missing

COMPILER = "apt install gcc python3-dev, then pip install --editable ."
DEADLINE = 10.0  # seconds; a linear step takes a tenth of it, a quadratic one minutes


def forms(text: str) -> list[str]:
    return [token.form for token in tokens(text)]


def terms(text: str, language: str = "en") -> list[str]:
    return [term.term for term in analyzer(language).terms(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S. and US", ["us", "and", "us"]),
        ("the U.S.-Japan treaty", ["the", "us", "japan", "treaty"]),
        ("China's, China’s", ["china", "china"]),
        ("O'Brien and O’Brien", ["o'brien", "and", "o'brien"]),
        ("30,000 or 30000, 8.2 percent", ["30000", "or", "30000", "8.2", "percent"]),
        ("FY2018 and G7", ["fy2018", "fy", "2018", "and", "g7"]),
        ("mini-lateral", ["mini", "lateral", "minilateral"]),
        ("30th 5bn", ["30th", "5bn"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("黑豹队 won", ["黑", "黑豹", "豹", "豹队", "队", "won"]),
        ("naïve Straße", ["naïve", "straße"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
    ],
)
def test_words_are_found(text, expected):
    assert forms(text) == expected


def test_a_name_in_capitals_is_not_taken_for_a_stop_word():
    assert terms("the IT staff of the WHO, who keep it") == ["it", "staff", "who", "keep"]


def test_forms_of_one_word_are_one_term():
    assert len(set(terms("treaty treaties Treaty's"))) == 1


@given(st.text())
def test_every_term_says_where_it_stands(text):
    places = [(t.start, t.end) for t in tokens(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(not text[start:end].isspace() for start, end in places)


@given(st.text(), st.sampled_from(["en", "de", "zh", "xx"]))
def test_sentences_hold_every_word_once_and_in_order(text, language):
    found = sentences(text, language)
    assert "".join("".join(span.of(text).split()) for span in found) == "".join(text.split())
    assert all(span.start < span.end and "\n" not in span.of(text) for span in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("He called for the U.S. to go. He went.", 2),
        ("It stands in the U.S. The deal is off.", 2),
        ("On Jan. 3 Dr. Li said: “No.” Then he left.", 2),
        ("One reason: The price. Two.", 2),
        ("See Fig. 3 and No. 1 there.", 1),
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text, count):
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    "text",
    ["a'" * 200_000 + "a1", "1." * 200_000 + "1a", "A." * 200_000 + "1", "\u0301'" * 200_000 + "1"],
    ids=["apostrophes before a digit", "points before a letter", "acronym", "marks"],
)
def test_words_of_a_hostile_line_are_found_in_time(text):
    began = time.perf_counter()
    assert sum(1 for _ in tokens(text))
    assert time.perf_counter() - began < DEADLINE


@pytest.mark.parametrize(
    "text",
    [
        "The bee is here now. " * 250_000,
        "the bee is here now? " * 250_000,
        "A." * 500_000 + " x. Bee is here.",
    ],
    ids=["sentences", "small letters after a stop", "acronym"],
)
def test_sentences_of_a_line_that_holds_a_book_are_found_in_time(text):
    began = time.perf_counter()
    assert sentences(text)
    assert time.perf_counter() - began < DEADLINE


WRITTEN = st.lists(
    st.sampled_from([
        "anti", "Re", "re's", "-", "‑", "'", "’s", ".", ",", " ", " ", "U.S.", "U.S", "I.", "don't", "FY2018", "30th", "1,000",
        "8.2", "3.", "_", "é", "e\u0301", "हिन्दी", "条約は", "Straße", "Bündnisverteidigung", "l'homme", "WHO", "it", "treaties", "a", "5", "\n",
        "co-", "re‐", "Non-", "election", "profit", "“", "—", "…", "§", "²", "ª", "½", "€", "\u00a0", "ʼ", "‐", "ANTI", "co’S", "\ud800", "\x00", "~", "1.5.2", "a.b.c",
    ])
    | st.text(max_size=4),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=1_000)
@given(WRITTEN, st.sampled_from(["en", "de", "fr", "ja", "vi"]))
@example("ʼre's0", "en")  # an apostrophe that is a letter
@example("AT's IT'S it's pro-re's pro-IT re-THE THE2020 22THE 3the FY20 90.20 x's", "en")  # the shorter ways
@example("AT's l's pro-re's pro-IT d'or re-or OR2020 22OR 3or", "fr")
def test_terms_found_word_by_word_are_those_of_the_text(text, language):
    analyze = analyzer(language)
    expected = list(analyze._terms(text))
    assert analyze.terms(text) == expected
    pieces, starts = analyze.placed(text)
    assert [piece.term for piece in pieces] == [term.term for term in expected]
    assert starts == [term.start for term in expected]
    assert [piece.written for piece in pieces] == [text[term.start : term.end] for term in expected]
    assert [piece[:2] for piece in analyze.pieces(text)] == [piece[:2] for piece in pieces]
    numbers = analyze.numbers(text)  # none where there is no compiled part, or no room for a word
    if numbers is not None:
        assert [analyze.numbered[number][:2] for number in numbers] == [piece[:2] for piece in pieces]
        terms = {piece.term for piece in pieces}
        assert set(numbers) <= analyze.numbers_of(terms)
        assert {analyze.numbered[number].term for number in analyze.numbers_of(terms)} == terms


def test_words_in_any_script_have_numbers_unless_they_are_endless():
    if reader is None:
        missing("compiled part", COMPILER)
    for text in ("Die Bündnisse kosten Geld.", "“Договор” подписан.", "条約は2023年に", "plain words"):
        assert analyzer("en").numbers(text)
    assert analyzer("en").numbers("é" * 40) is None


def test_stretches_of_many_pieces_are_not_remembered_and_read_all_the_same():
    if reader is None:
        missing("compiled part", COMPILER)
    analyze, stretch = Analyzer("en"), "é-" + "-".join("bcdfghjklm")
    expected = [term.term for term in analyze._terms(stretch)]
    assert [piece.term for piece in analyze.pieces(stretch)] == expected
    assert analyze.numbers(stretch) is None
    assert analyze.numbered == []


def test_words_that_are_made_to_collide_cost_no_more_than_others():
    if reader is None:
        missing("compiled part", COMPILER)
    analyze, letters = Analyzer("en"), "bcdfghjklmnpqrstvwxz"
    wanted = 12  # low bits of the tag that all of them share
    words = [
        word for word in map("".join, itertools.product(letters, repeat=5)) if _tag(word) % (1 << wanted) == 7
    ]
    assert len(words) > 500
    text = " ".join(words)
    assert [piece.written for piece in analyze.pieces(text)] == [
        word for word in words if word not in analyze.stop_words
    ]
    assert len(analyze.numbered) <= 64 * 8


def _tag(word):
    """The compiled part's hash of a word, to make words that collide."""
    tag = 14695981039346656037
    for byte in word.encode():
        tag = ((tag ^ byte) * 1099511628211) % 2**64
    return (tag ^ tag >> 32) & 0x7FFFFFFF


def test_without_the_compiled_part_the_words_are_the_same(monkeypatch):
    text = "The U.S. and Japan’s re-election — 1,000 FY2018 papers (§ 5), “co-operation” isn't new."
    analyze = analyzer("en")
    pieces, starts = analyze.placed(text)
    monkeypatch.setattr("retrieval.analysis.reader", None)
    again, starts_again = analyze.placed(text)
    assert [piece[:2] for piece in again] == [piece[:2] for piece in pieces]
    assert starts_again == starts
