"""Are questions about the memos themselves answered by the line that says so, and all others as before?"""

import json
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import (
    Answer,
    Block,
    BlockKind,
    Memo,
    Outcome,
    Span,
    answer,
    build_index,
    check_quotes,
    read_memo,
)
from retrieval.about import CONFIDENCE, about
from retrieval.memo_questions import memo_question
from retrieval.query import understand
from tests.conftest import shared

HARRIS, GLOBAL_TIMES = "000_fda723d3293bac72", "003_5e006fa00fd930bc"
TITLES = {
    HARRIS: "Harris vs. Trump: Indo-Pacific Alliances",
    GLOBAL_TIMES: "The US-Japan-South Korea alliance unstable, ‘strange bedfellows’",
}
DATES = {HARRIS: "OCTOBER 3, 2024", GLOBAL_TIMES: "Published: Jan 07, 2025 12:43 AM"}
BYLINE = "This report was prepared by A'ndre Gonawela."


def quotes(given_: Answer) -> list[str]:
    return [excerpt.quote for excerpt in given_.excerpts]


def marked(given_: Answer, memos: dict[str, Memo]) -> list[str]:
    return [h.of(memos[e.citation.memo_id].text) for e in given_.excerpts for h in e.highlights]


@pytest.mark.parametrize(
    ("question", "expected", "highlighted"),
    [
        ("who wrote the memo on Indo-Pacific alliances?", [BYLINE], ["A'ndre Gonawela"]),
        ("Who is the author of the Indo-Pacific alliances memo?", [BYLINE], ["A'ndre Gonawela"]),
        ("Please tell me who wrote the memo about THAAD", [BYLINE], ["A'ndre Gonawela"]),
        ("Who wrote “Harris vs. Trump: Indo-Pacific Alliances”?", [BYLINE], ["A'ndre Gonawela"]),
        ("Who was the strange bedfellows article written by?", ["OPINION / OBSERVER"], ["OBSERVER"]),
        ("what is the date of the Global Times piece?", [DATES[GLOBAL_TIMES]], ["Jan 07, 2025"]),
        ("When was Gonawela's memo published?", [DATES[HARRIS]], ["OCTOBER 3, 2024"]),
        ("When did Gonawela write the memo on alliances?", [DATES[HARRIS]], ["OCTOBER 3, 2024"]),
        (
            "When was Harris vs. Trump: Indo-Pacific Alliances published?",
            [DATES[HARRIS]],
            ["OCTOBER 3, 2024"],
        ),
        ("How old is the latest memo?", [DATES[GLOBAL_TIMES]], ["Jan 07, 2025"]),
        ("What's the title of the memo by Gonawela?", [TITLES[HARRIS]], [TITLES[HARRIS]]),
        ("what memos are there on Japan?", [TITLES[GLOBAL_TIMES], TITLES[HARRIS]], ["Japan"]),
        ("Which memos discuss Okinawa?", [TITLES[HARRIS]], []),
        ("which memos were published in 2024?", [TITLES[HARRIS]], []),
        ("Which memos did Gonawela write?", [TITLES[HARRIS]], []),
        ("what memos do you have?", [TITLES[GLOBAL_TIMES], TITLES[HARRIS]], []),
        ("list the memos author:gonawela", [TITLES[HARRIS]], []),
        ("what is the most recent memo?", [TITLES[GLOBAL_TIMES]], []),
        ("latest memos", [TITLES[GLOBAL_TIMES], TITLES[HARRIS]], []),
        ("newest memo by Gonawela", [TITLES[HARRIS]], []),
        ("what documents do you have before:2024-12", [TITLES[HARRIS]], []),
        ("who wrote the memo? -in:" + HARRIS, ["OPINION / OBSERVER"], ["OBSERVER"]),
    ],
)
def test_the_line_that_says_so_is_quoted(seed_index, question, expected, highlighted):
    given_ = answer(seed_index, question)
    assert quotes(given_) == expected
    assert marked(given_, seed_index.memos) == highlighted
    assert given_.confidence == CONFIDENCE
    assert check_quotes(json.loads(given_.model_dump_json()), seed_index.memos.values()) == []


def test_memos_that_fit_equally_stand_side_by_side_the_one_named_in_the_very_words_first(seed_index):
    assert quotes(answer(seed_index, "when was the alliances memo published?")) == [
        DATES[HARRIS],
        DATES[GLOBAL_TIMES],
    ]
    assert quotes(answer(seed_index, "when was the alliance memo published?")) == [
        DATES[GLOBAL_TIMES],
        DATES[HARRIS],
    ]


def test_what_a_memo_mentions_is_quoted_where_it_stands_once_a_memo(seed_index):
    (only,) = answer(seed_index, "which memos mention Nippon Steel?").excerpts
    assert only.citation.memo_id == GLOBAL_TIMES
    assert "Nippon Steel" in only.quote
    both = answer(seed_index, "Which memos mention Japan?").excerpts
    assert {excerpt.citation.memo_id for excerpt in both} == {HARRIS, GLOBAL_TIMES}
    assert len(both) == 2


@pytest.mark.parametrize("question", ["who wrote the memo?", "Who wrote this document?"])
def test_the_only_memo_is_meant_and_of_several_each(seed_index, seed_memos, question):
    alone = [memo for memo in seed_memos if memo.id == HARRIS]
    assert quotes(answer(build_index(alone), question)) == [BYLINE]
    assert quotes(answer(seed_index, question)) == ["OPINION / OBSERVER", BYLINE]


def test_more_memos_than_are_shown_are_told(seed_index):
    given_ = answer(seed_index, "what memos do you have?", at_most=1)
    assert len(given_.excerpts) == 1
    assert given_.notes == ("Shown are 1 of 2 memos.",)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("who wrote the memo on kimchi recipes?", ("kimchi", "recipes")),
        ("when was the kimchi memo published?", ("kimchi",)),
        ("which memos mention kimchi in Japan?", ("kimchi",)),
    ],
)
def test_a_memo_on_what_stands_nowhere_is_refused(seed_index, question, missing):
    given_ = answer(seed_index, question)
    assert given_.outcome is Outcome.NOTHING
    assert given_.missing == missing
    assert given_.confidence == 0


def test_an_author_of_no_memo_is_said_to_be_none(seed_index):
    given_ = answer(seed_index, "what memos are there by Biden?")
    assert given_.outcome is Outcome.NOTHING
    assert given_.notes == ("No memo names “Biden” as its author.",)


ORDINARY = [
    "What does the memo say about Ukraine aid packages?",
    "Who wrote the Washington Declaration?",
    "When did Pompeo vow to defend the Philippines?",
    "What is the memo about?",
    "Who is quoted in the memo on Japan?",
    "Who signed the treaty that the memo mentions?",
    "When was the treaty in the memo signed?",
    "When was the Special Measures Agreement signed?",
    "When was the first memo published?",
    "Which memos were published before 2025?",
    "Who wrote the report on Okinawa?",
    "What is the name of the alliance in the report?",
    "How many articles are there in the treaty?",
    "memos on Japan",
    "Wer hat das Memo geschrieben?",
    "¿Quién escribió el memo?",
    "Who wrote " + "very " * 100 + "the memo?",
]


@pytest.mark.parametrize("question", ORDINARY)
def test_other_questions_are_answered_as_they_were(seed_index, question):
    assert about(seed_index, understand(seed_index, question), 3, 300) is None


def test_a_memo_that_the_memos_speak_of_is_none_of_the_library():
    text = "The Downing Street memo was written by Matthew Rycroft in July 2002."
    index = build_index([Memo(id="a", title="Iraq", text=text, author="Jane Doe")])
    given_ = answer(index, "Who wrote the Downing Street memo?", threshold=0)
    assert quotes(given_) == [text]
    assert given_.excerpts[0].score


def test_a_sure_enough_threshold_is_honoured(seed_index):
    assert answer(seed_index, "who wrote the memo?", threshold=0.96).outcome is Outcome.NOTHING


def test_threshold_zero_refuses_no_word_that_stands_in_a_memo(seed_index):
    assert answer(seed_index, "who wrote the memo on kimchi in Japan?", threshold=0).outcome is Outcome.FOUND


def test_what_stands_in_the_front_matter_only_is_told_beside_the_title_line(tmp_path):
    path = tmp_path / "lease.md"
    path.write_text(
        "---\nauthor: Mira Tan\ndate: 2024-05-06\ntags: [housing]\n---\n# The Brussels lease\n\nIt ends in May.\n"
    )
    index = build_index([read_memo(path)])
    given_ = answer(index, "Who wrote the memo on the lease?")
    assert quotes(given_) == ["The Brussels lease"]
    assert given_.excerpts[0].highlights == ()
    assert given_.notes == ("Author: Mira Tan (from the file's front matter).",)
    assert answer(index, "When was the housing memo published?").notes == (
        "Date: 6 May 2024 (from the file's front matter).",
    )
    assert quotes(answer(index, "Which memos are tagged housing?")) == ["The Brussels lease"]


def test_what_is_known_without_a_file_is_not_said_to_be_front_matter():
    memos = [Memo(id=i, title=f"Lease {i}", text="It ends in May.", author="Mira Tan") for i in "ab"]
    assert answer(build_index(memos), "Who wrote the lease memo?").notes == (
        "Author of “Lease a”: Mira Tan (from the file's metadata).",
        "Author of “Lease b”: Mira Tan (from the file's metadata).",
    )


def test_a_memo_that_names_no_author_is_said_to_name_none():
    index = build_index([Memo(id="a", title="Lease", text="The Brussels lease ends in May.")])
    given_ = answer(index, "Who wrote the lease memo?")
    assert given_.outcome is Outcome.NOTHING
    assert given_.notes == ("“Lease” names no author.",)
    assert answer(index, "When was the memo published?").notes == ("“Lease” has no date.",)


def test_a_long_line_is_cut_around_what_it_says():
    text = "Remarks " + "and further remarks " * 30 + "by Mira Tan " + "and so on " * 30
    at = text.index("Mira Tan")
    memo = Memo(
        id="a",
        title="Lease",
        text=text.strip(),
        author="Mira Tan",
        blocks=(Block(span=Span(0, len(text.strip())), kind=BlockKind.FURNITURE),),
        read_from={"author": Span(at, at + 8)},
    )
    (only,) = answer(build_index([memo]), "Who wrote the memo?", max_chars=80).excerpts
    assert "Mira Tan" in only.quote
    assert len(only.quote) <= 80
    assert only.cut == (True, True)


def test_only_the_line_is_quoted_of_a_block_of_several():
    text = "To: All\nFrom: Mira Tan\nDate: 6 May 2024"
    at = text.index("Mira")
    memo = Memo(id="a", title="T", text=text, author="Mira Tan", read_from={"author": Span(at, at + 8)})
    assert quotes(answer(build_index([memo]), "Who wrote the memo?")) == ["From: Mira Tan"]


words = st.lists(
    st.sampled_from(["Lease", "Japan.", "Mira Tan", "\n", "\n\n", "x" * 90]), min_size=1, max_size=12
)
places = st.tuples(st.integers(0, 80), st.integers(0, 80)).map(lambda pair: Span(*sorted(pair)))
memos = st.builds(
    Memo,
    id=st.sampled_from("abcd"),
    title=st.sampled_from(["Lease", "Japan and the lease", ""]),
    text=words.map(" ".join),
    author=st.sampled_from([None, "Mira Tan"]),
    published=st.sampled_from([None, date(2024, 5, 6), date(2020, 1, 1)]),
    read_from=st.dictionaries(st.sampled_from(["title", "author", "published"]), places),
)
asked = st.sampled_from(
    [
        "who wrote the memo?",
        "when was the memo on Japan published?",
        "what's the title of the latest memo?",
        "what memos do you have on the lease?",
        "which memos mention Japan?",
        "when was Japan and the lease published?",
    ]
)


@given(st.lists(memos, max_size=6), asked, st.integers(1, 4), st.integers(20, 300))
@settings(max_examples=150)
def test_every_quote_stands_in_its_memo_whatever_was_read_from_where(library, question, at_most, max_chars):
    index = build_index(library)
    given_ = answer(index, question, at_most=at_most, max_chars=max_chars, threshold=0)
    assert len(given_.excerpts) <= at_most
    assert (given_.outcome is Outcome.FOUND) == bool(given_.excerpts)
    assert all(0 < len(quote) <= max_chars for quote in quotes(given_))
    assert check_quotes(json.loads(given_.model_dump_json()), index.memos.values()) == []
    again = answer(
        build_index(reversed(library)), question, at_most=at_most, max_chars=max_chars, threshold=0
    )
    if len({memo.id for memo in library}) == len(library):
        assert again.model_dump_json() == given_.model_dump_json()


@pytest.mark.parametrize("collection", ["squad-tune", "xquad-en"])
def test_questions_of_an_encyclopedia_name_no_memo(collection):
    lines = shared(f"data/{collection}/queries.jsonl").read_text(encoding="utf-8").splitlines()
    found = [question for line in lines if (question := memo_question(json.loads(line)["text"]))]
    assert not [question for question in found if question.is_memo]
    named = [question for question in found if question.noun]  # these must also fit a memo's title or author
    assert len(named) <= 0.002 * len(lines)


@pytest.mark.parametrize(
    "question", ["who the author of " * 16, "what memos are there " * 14, "which a a a a memos by by " * 11]
)
def test_a_question_of_repeated_words_takes_no_long_time(question):
    started = time.process_time()
    for _ in range(100):
        memo_question(question)
    assert time.process_time() - started < 5
