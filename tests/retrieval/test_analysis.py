"""Are words found as a reader would find them?"""

import itertools
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.analysis import Analyzer, analyzer
from retrieval.analysis.sentences import sentences
from retrieval.analysis.tokens import tokens
from retrieval.analysis.words import irregular_forms, stop_words
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


@pytest.mark.parametrize(
    ("one", "other"), [("grew", "growing"), ("bought", "buys"), ("women", "woman"), ("Criteria", "criterion")]
)
def test_an_irregular_form_is_the_same_term_as_its_word(one, other):
    terms = analyzer("en").terms
    assert [each.term for each in terms(one)] == [each.term for each in terms(other)]
    assert analyzer("de").stem("grew") == "grew"


def test_the_irregular_forms_are_plain_and_lead_to_one_word_each():
    forms = irregular_forms("en")
    assert len(forms) > 200
    assert all(word.isalpha() and word.islower() for pair in forms.items() for word in pair)
    assert not forms.keys() & set(forms.values())
    assert not forms.keys() & stop_words("en")


@given(st.text(), st.sampled_from(["en", "de", "zh", "xx"]))
def test_sentences_hold_every_word_once_and_in_order(text, language):
    found = sentences(text, language)
    assert "".join("".join(span.of(text).split()) for span in found) == "".join(text.split())
    assert all(span.start < span.end and span.of(text) == span.of(text).strip() for span in found)
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


def texts_of(text):
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "It is prime if the factorial (p - 1)! + 1 is divisible by p.",
        "All zeroes but those at -2, -4, ... , have a real part of one half.",
        "They are governed by themselves[by whom?]. )",
    ],
)
def test_no_sentence_begins_with_what_only_goes_on(text):
    assert texts_of(text) == [text]


def test_a_note_belongs_to_the_sentence_before_it_and_an_editors_word_to_the_one_that_it_begins():
    text = "It was sold. [citation needed] [n 1] Nobody paid. [3] [The] yard closed."
    assert texts_of(text) == [
        "It was sold. [citation needed] [n 1]",
        "Nobody paid. [3]",
        "[The] yard closed.",
    ]


def test_a_lowered_figure_on_a_line_of_its_own_stays_in_its_formula():
    assert texts_of("Air holds carbon dioxide (CO\n2) and O\n2 in water. It is cold.") == [
        "Air holds carbon dioxide (CO\n2) and O\n2 in water.",
        "It is cold.",
    ]


WRAPPED = """The committee looked at the corrosion of hulls in the northern
Yards of Ulsan and found that the steel was thinner than that
which was asked for in
the contract. It met again."""
AGENDA = """extend the lease of the hall in Busan until March
buy chairs
ask the landlord about the roof of the old depot"""
ITEMS = """1. Extend the lease of the hall in Busan until the end of March
2. Buy chairs and tables for the winter stores of the new depot A
3. Ask the landlord about the roof"""


def test_a_sentence_goes_on_over_the_ends_of_wrapped_lines():
    flowing = WRAPPED.replace("for in\nthe", "for in the")
    assert texts_of(flowing) == [flowing.removesuffix(" It met again."), "It met again."]


@pytest.mark.parametrize("text", [WRAPPED, AGENDA, ITEMS], ids=["one short line", "agenda", "numbered items"])
def test_lines_that_were_ended_on_purpose_end_a_sentence(text):
    ends = {span.end for span in sentences(text)}
    assert {at for at, letter in enumerate(text) if letter == "\n"} <= ends


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
        "The bee. [1]" + " [1]" * 500_000 + " x",
        "The bee is here now and then it is there\n" * 50_000,
        "The bee. " + " " * 1_000_000 + "[",
    ],
    ids=[
        "sentences",
        "small letters after a stop",
        "acronym",
        "notes",
        "wrapped lines",
        "blanks before a note",
    ],
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
