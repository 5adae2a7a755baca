"""Is a question for what a memo says as a whole answered by the sentences that carry it?"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Memo, Outcome, answer, build_index, gist
from retrieval.memo_questions import Wanted, memo_question

HARRIS, GLOBAL_TIMES = "000_fda723d3293bac72", "003_5e006fa00fd930bc"


@pytest.mark.parametrize(
    "question",
    [
        "Summarize the strange bedfellows memo",
        "Can you give me a summary of the strange bedfellows memo?",
        "What is the strange bedfellows memo about?",
        "What does the memo on strange bedfellows say?",
        "tl;dr of the strange bedfellows memo",
        "What's the main point of the strange bedfellows memo?",
        "summarise the latest memo",
        "Summarize The US-Japan-South Korea alliance unstable, ‘strange bedfellows’",
    ],
)
def test_the_sentences_that_carry_the_memo_are_quoted_and_the_answer_says_so(seed_index, question):
    given_ = answer(seed_index, question, explain=True)
    carrying = gist(seed_index, GLOBAL_TIMES, at_most=3)
    assert [(each.quote, each.citation.memo_id) for each in given_.excerpts] == [
        (each.quote, GLOBAL_TIMES) for each in carrying
    ]
    assert given_.notes == ("Quoted is what says most of what the memo comes back to.",)
    assert all("comes back to" in each.explanation.what for each in given_.excerpts)


def test_of_several_memos_each_has_one_quote(seed_index):
    given_ = answer(seed_index, "summarize the memos")
    assert [each.citation.memo_id for each in given_.excerpts] == [GLOBAL_TIMES, HARRIS]
    assert given_.notes == ("Quoted is what says most of what the memos come back to.",)
    more = answer(seed_index, "summarize the memos", at_most=1)
    assert more.notes[-1] == "Shown are 1 of 2 memos."


@pytest.mark.parametrize("question", ["summarize the kimchi memo", "what is the kimchi memo about?"])
def test_a_memo_that_is_not_there_has_none(seed_index, question):
    given_ = answer(seed_index, question)
    assert (given_.outcome, given_.missing) == (Outcome.NOTHING, ("kimchi",))


@pytest.mark.parametrize(
    "question",
    [
        "What is the Squad about?",
        "What did Trump say?",
        "What does the alliances memo say about Korea?",
        "What did the IPCC report conclude?",
        "What are the main points of contention in the alliance?",
        "Outline of the coast",
    ],
)
def test_other_questions_are_not_taken_for_it(seed_index, question):
    told = memo_question(question)
    assert told is None or told.wanted is not Wanted.GIST or not told.is_memo
    assert not any("comes back to" in note for note in answer(seed_index, question).notes)


def test_a_memo_without_prose_is_asked_like_any_other():
    index = build_index([Memo(id="m", title="Lease", text="Short.")])
    assert answer(index, "summarize the lease memo").notes == ()


@given(st.lists(st.text(max_size=300), max_size=4), st.integers(1, 4), st.integers(20, 300))
@settings(max_examples=60)
def test_every_such_quote_stands_in_its_memo_and_keeps_the_limits(texts, at_most, max_chars):
    memos = {f"m{n}": Memo(id=f"m{n}", title="Lease", text=text) for n, text in enumerate(texts)}
    given_ = answer(build_index(memos.values()), "summarize the memos", at_most=at_most, max_chars=max_chars)
    assert len(given_.excerpts) <= at_most
    for each in given_.excerpts:
        assert each.quote == each.span.of(memos[each.citation.memo_id].text)
        assert 0 < len(each.quote) <= max_chars


@pytest.mark.parametrize(
    "text", ["what is a memo memo " * 14, "summary of the " * 19, "what does memo say " * 15]
)
def test_a_question_of_repeated_words_takes_no_long_time(text):
    began = time.process_time()
    for _ in range(100):
        memo_question(text)
    assert time.process_time() - began < 5
