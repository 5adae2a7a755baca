"""Is every quoted word in the memo, whatever the memo and the question?"""

import itertools
import time
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Memo, Outcome, answer, build_index, read_memo, split
from retrieval.query import understand

WORDS = [
    "treaty",
    "Squad",
    "U.S.",
    "Japan",
    "cost",
    "8.2",
    "percent",
    "the",
    "of",
    "agreed",
    "“free”",
    "x" * 400,
    "日本",
]
sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join).map(lambda s: s + ".")
written = st.lists(sentence, min_size=1, max_size=12).flatmap(
    lambda lines: st.lists(
        st.sampled_from([" ", "\n", "\n\n"]), min_size=len(lines), max_size=len(lines)
    ).map(lambda gaps: "".join(line + gap for line, gap in zip(lines, gaps, strict=True)).strip())
)
texts = st.one_of(st.text(max_size=500), written)
libraries = st.lists(texts, max_size=5).map(
    lambda many: [Memo(id=f"m{n}", title=f"Memo {n}", text=text) for n, text in enumerate(many)]
)
questions = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))


@given(libraries, questions, st.integers(20, 400), st.integers(1, 5), st.integers(1, 3))
@settings(max_examples=150)
def test_every_quote_stands_in_its_memo_at_its_place(memos, question, max_chars, at_most, per_passage):
    by_id = {memo.id: memo for memo in memos}
    given_ = answer(
        build_index(memos),
        question,
        at_most=at_most,
        per_passage=per_passage,
        max_chars=max_chars,
        threshold=0,
    )
    assert len(given_.excerpts) <= at_most
    assert (given_.outcome is Outcome.FOUND) == bool(given_.excerpts)
    for excerpt in given_.excerpts:
        text = by_id[excerpt.citation.memo_id].text
        assert excerpt.quote == text[excerpt.span.start : excerpt.span.end]
        assert 0 < len(excerpt.quote) <= max_chars
        assert all(excerpt.span.start <= a < b <= excerpt.span.end for a, b in excerpt.highlights)
        assert all(x.end <= y.start for x, y in zip(excerpt.highlights, excerpt.highlights[1:], strict=False))
    places = Counter((e.citation.memo_id, e.citation.passage) for e in given_.excerpts)
    assert all(count <= per_passage for count in places.values())
    for one, other in itertools.combinations(given_.excerpts, 2):
        assert (
            one.citation.memo_id != other.citation.memo_id
            or one.span.end <= other.span.start
            or (other.span.end <= one.span.start)
        )


@given(libraries, questions)
@settings(max_examples=60)
def test_the_first_quote_is_the_same_however_many_may_be_of_a_passage(memos, question):
    index = build_index(memos)
    one, several = (answer(index, question, per_passage=each, threshold=0) for each in (1, 3))
    assert (one.confidence, one.excerpts[:1]) == (several.confidence, several.excerpts[:1])


LONG = (
    "The lease of the hall in Busan ends in March, says the landlord in his letter of the fifth of May to the board. "
    "It was drawn up when the old depot burnt down and nobody had the time to look for a second hall in the port. "
    "The rent is paid by the yard, in equal parts, on the first day of each quarter, and it was never paid too late. "
    "The landlord of the hall asks for a new roof before he signs another lease, which he wants to last for ten years."
)


def test_several_quotes_of_a_long_paragraph_where_that_is_asked_for():
    index = build_index([Memo(id="m", title="Hall", text=LONG), *OTHERS])
    assert spans_of(answer(index, "landlord of the hall lease")) == [(221, 446)]
    assert spans_of(answer(index, "landlord of the hall lease", per_passage=3)) == [(221, 446), (0, 220)]


def test_the_rest_of_a_sentence_that_was_cut_may_be_quoted_too():
    endless = " ".join(f"the lease of hall {number}" for number in range(100, 140))
    index = build_index([Memo(id="m", title="", text=endless), *OTHERS])
    spans = spans_of(answer(index, "lease of the hall", per_passage=3, threshold=0))
    assert len(spans) == 3
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(sorted(spans)))


OTHERS = [
    Memo(id=f"o{n}", title="", text=f"The crane number {n} was painted again in June.") for n in range(8)
]


def spans_of(given_):
    return [tuple(each.span) for each in given_.excerpts]


@given(libraries, questions)
@settings(max_examples=60)
def test_the_same_question_over_the_same_memos_gives_the_same_bytes(memos, question):
    first = answer(build_index(memos), question, threshold=0)
    again = answer(build_index(list(reversed(memos))), question, threshold=0)
    assert first.model_dump_json() == again.model_dump_json()


@given(texts)
def test_passages_lose_and_invent_no_words(text):
    memo = Memo(id="m", title="", text=text)
    assert [w for p in split(memo) for w in p.span.of(text).split()] == text.split()


def test_an_empty_library_answers_nothing():
    given_ = answer(build_index([]), "What is the Squad?", threshold=0)
    assert given_.outcome is Outcome.NOTHING
    assert given_.missing == ("squad",)
    assert given_.closest == ()


@pytest.mark.parametrize("others", [0, 1])
def test_a_library_of_one_or_two_memos_finds_and_refuses(others):
    memos = [Memo(id="a", title="Squad", text="The Squad unites Australia, Japan and the Philippines.")]
    memos += [Memo(id="b", title="Lunch", text="Lunch is served at noon in the hall.")] * others
    index = build_index(memos)
    assert answer(index, "Who is in the Squad?").excerpts[0].citation.memo_id == "a"
    assert answer(index, "What is the recipe for kimchi?").outcome is Outcome.NOTHING


def test_a_question_without_informative_words_finds_nothing():
    given_ = answer(build_index([Memo(id="a", title="t", text="What is it?")]), "what is it?", threshold=0)
    assert given_.outcome is Outcome.NOTHING
    assert given_.missing == ()


def test_words_that_stand_nowhere_are_named_as_they_were_written(seed_index):
    given_ = answer(seed_index, "How many Submarines will Australia buy under AUKUS?")
    assert given_.outcome is Outcome.NOTHING
    assert given_.missing == ("submarines", "buy")
    assert given_.closest[0] == "Harris vs. Trump: Indo-Pacific Alliances"


def test_threshold_zero_never_refuses_where_a_word_is_met(seed_index):
    assert answer(seed_index, "How many submarines will Australia buy?", threshold=0).outcome is Outcome.FOUND


def of(date_: date | None, memo_id: str, text: str = "The cap is nine percent.") -> Memo:
    return Memo(id=memo_id, title="x", text=text, published=date_)


def test_of_equal_passages_the_newer_memo_comes_first_then_the_smaller_id():
    old, new = date(2020, 1, 1), date(2024, 1, 1)
    index = build_index([of(old, "a"), of(new, "c"), of(new, "b"), of(None, "d")])
    assert [hit.passage.memo_id for hit in index.search("What is the cap?", 4)] == ["b", "c", "a", "d"]


def test_of_copies_only_the_newest_is_quoted_and_memos_that_disagree_stand_side_by_side():
    copies = [of(date(2020, 1, 1), "a"), of(date(2024, 1, 1), "b")]
    other = of(date(2022, 1, 1), "c", "The cap is 8 percent of the budget of the year.")
    third = of(date(2021, 1, 1), "d", "The cap is 9 percent of the budget of the year.")
    found = answer(build_index([*copies, other, third]), "What is the cap?", threshold=0.01)
    assert {excerpt.citation.memo_id for excerpt in found.excerpts} == {"b", "c", "d"}


def test_a_cell_of_another_column_is_not_quoted_beside_the_one_that_the_question_names(tmp_path):
    path = tmp_path / "budget.md"
    path.write_text(
        "# Budget\n\n| Item | 2025 | 2026 |\n|---|---|---|\n| Translation | 12,000 EUR | 9,000 EUR |\n"
    )
    found = answer(
        build_index([read_memo(path)]), "What is the budget for translation in 2026?", threshold=0.01
    )
    assert [excerpt.quote for excerpt in found.excerpts] == ["9,000 EUR"]


def test_a_sentence_longer_than_the_limit_is_cut_between_words_around_the_matched_ones():
    long = "It begins " + "and goes on " * 40 + "until Palawan comes " + "and goes on " * 40 + "to its end."
    found = answer(build_index([Memo(id="a", title="t", text=long)]), "Palawan", threshold=0).excerpts[0]
    assert found.cut == (True, True)
    assert "Palawan" in found.quote
    assert long[found.span.start - 1] == long[found.span.end] == " "


def test_a_table_cell_is_found_by_its_row_and_column(seed_index):
    best = answer(seed_index, "Trump motivations").excerpts[0]
    assert (best.citation.row, best.citation.column) == ("Motivations", "Trump")
    assert best.quote.startswith("Aimed for economic “fairness”")


def test_headings_and_lines_about_the_memo_are_not_quoted_beside_text_that_answers(seed_index):
    quotes = [e.quote for e in answer(seed_index, "Trump motivations", threshold=0.01).excerpts]
    assert "Motivations" not in quotes


def test_a_further_quote_that_does_not_speak_of_the_question_is_left_out(seed_index):
    question = "What caused anxiety in the US?"
    assert len(answer(seed_index, question).excerpts) == 1
    assert len(answer(seed_index, question, threshold=0).excerpts) == 3


def test_words_that_only_ask_are_not_said_to_be_missing(seed_index):
    assert answer(seed_index, "Tell me about Okinawa").missing == ()


def test_a_quote_does_not_begin_inside_an_abbreviation(seed_index):
    assert (
        answer(seed_index, "What is the price of THAAD?", threshold=0)
        .excerpts[0]
        .quote.startswith("His economic")
    )


def test_every_part_of_a_score_is_explained(seed_index):
    best = answer(seed_index, "What is the Squad?", explain=True).excerpts[0]
    assert best.explanation is not None
    assert sum(part.value for part in best.explanation.parts) == pytest.approx(best.score, abs=1e-3)
    assert all("×" in part.what for part in best.explanation.parts)


def test_a_sentence_without_end_and_a_page_as_a_question_take_no_long_time():
    index = build_index([Memo(id="m", title="t", text="word lorem japan squad alliance treaty " * 40_000)])
    page = " ".join(f"squad{number} japan alliance" for number in range(2_000))
    started = time.process_time()
    assert answer(index, "What do word lorem japan squad alliance treaty mean?", threshold=0).excerpts
    answer(index, page, threshold=0)
    assert time.process_time() - started < 20  # it took minutes where work grew with the square of the length


def test_how_long_asks_for_no_word_long():
    memo = Memo(id="a", title="t", text="Interview recordings are kept for 18 months.")
    given_ = answer(build_index([memo]), "How long are interview recordings kept?")
    assert given_.outcome is Outcome.FOUND
    assert given_.missing == ()


def test_a_memos_own_question_is_not_preferred_to_its_answer():
    text = "Who pays for the Brussels lease?\n\nThe Brussels lease is paid for by the grants office."
    best = answer(
        build_index([Memo(id="a", title="t", text=text)]), "Who pays for the Brussels lease?"
    ).excerpts[0]
    assert "grants office" in best.quote


def test_where_no_passage_meets_a_whole_request_its_asking_words_count_as_its_topic():
    on_lists = Memo(id="on-lists", title="", text="A list of reports and documents is kept as a linked list.")
    on_ships = Memo(
        id="on-ships", title="", text="Symbolic ships sail with the tide along the northern coast."
    )
    request = (
        "reports that describe list documents for symbolic retrieval with compilers and garbage collection"
    )
    [first, *_] = build_index([on_ships, on_lists]).search(request)
    assert first.passage.memo_id == "on-lists"
    met_whole = answer(build_index([on_ships, on_lists]), "Where do symbolic ships sail?", explain=True)
    assert not any("whole question" in part.what for part in met_whole.excerpts[0].explanation.parts)


def test_a_passage_that_lacks_the_name_in_a_question_is_no_answer():
    """As many words are met with the name as without it; but no other word says what a name says."""
    index = build_index(
        [Memo(id="a", title="", text="The winter training of the coast guard takes eleven weeks in Palawan.")]
    )
    met = answer(index, "How long is the winter training of the coast guard in Palawan?")
    lacking = answer(index, "How long is the winter training of the coast guard in Jacksonville?")
    assert met.excerpts
    assert (
        lacking.confidence
        < answer(index, "How long is the winter training of the coast guard jacketed?").confidence
    )
    assert lacking.confidence < met.confidence


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What does Palawan cost?", {"palawan"}),
        ("what does palawan cost?", set()),
        ("Palawan. Seoul and Palawan", {"palawan"}),
        ("NATO costs", {"nato"}),
        ("WHAT DOES PALAWAN COST", set()),
        ("Is “Palawan” meant?", {"palawan"}),
        ("“Palawan” is meant", set()),
        ("Palawan costs\nSeoul much", set()),
        ("* Palawan\n* Seoul", set()),
        ("Re: Palawan and Seoul", {"seoul"}),
        ("What Does Palawan Cost Seoul", set()),
        ("costs since 2019", set()),
    ],
)
def test_a_name_is_a_word_written_large_where_no_sentence_begins(text, names):
    index = build_index(
        [Memo(id="a", title="", text="Palawan and Seoul cost NATO much in 2019, which was meant.")]
    )
    assert {word.written for word in understand(index, text).words if word.names} == names


def test_the_number_of_an_item_in_a_list_is_none_that_must_be_met():
    index = build_index([Memo(id="a", title="", text="In 2019 Palawan cost 12 euros.")])
    words = understand(index, "1. What did Palawan cost in 2019?").words
    assert {word.written: word.specific for word in words} == {
        "1": False,
        "palawan": True,
        "cost": False,
        "2019": True,
    }


@pytest.mark.parametrize("question", ["bicycle pump parking", "bicycle parking locks", "Who parks bicycles?"])
def test_a_word_more_that_is_met_makes_no_less_sure(question):
    text = "Bicycles belong in the cellar. The pump stands beside the door, and the locks hang there."
    without, with_it = (
        answer(build_index([Memo(id="a", title=title, text=text)]), question).confidence
        for title in ("Notice", "Parking")
    )
    assert with_it >= without


def test_in_a_library_in_german_too_capitals_show_no_name():
    index = build_index(
        [
            Memo(id="de", title="", text="Die Kosten der Reise nach Seoul waren im Winter sehr hoch."),
            Memo(
                id="en",
                title="",
                text="The costs of the journey were high in winter, and so were the others.",
            ),
        ]
    )
    assert set(index.languages) == {"de", "en"}
    assert not any(word.names for word in understand(index, "Kosten Reise Winter").words)


def test_in_german_nothing_shows_what_is_a_name():
    index = build_index(
        [Memo(id="a", title="", text="Die Kosten der Reise nach Seoul waren im Winter sehr hoch.")]
    )
    assert index.languages == ("de",)
    assert not any(
        word.names for word in understand(index, "Was sind die Kosten der Reise nach Seoul?").words
    )
