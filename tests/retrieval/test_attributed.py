"""Is a question for what somebody says answered from the memos that they wrote, and no other question so?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Memo, answer, build_index
from retrieval.attributed import attributed

LEASE = Memo(
    id="lease",
    title="Buildings",
    text="The lease of the depot in Busan ends in May. It should be prolonged by ten years.",
    author="Mira Tan",
    tags=("buildings",),
)
CRANES = Memo(
    id="cranes",
    title="Machines",
    text="The cranes were painted in June. Nobody asked for the colour.",
    author="Jon Green",
)
OTHERS = [
    Memo(id=f"o{number}", title="", text=f"The harbour had {number} visitors on the first day of the year.")
    for number in range(8)
]


@pytest.fixture(scope="module")
def index():
    return build_index([LEASE, CRANES, *OTHERS])


@pytest.mark.parametrize(
    "question",
    [
        "What does Mira Tan say about the lease of the depot?",
        "what did tan write about the depot in Busan?",
        "What has Mira Tan ever said about the lease of the depot",
        "According to Mira Tan, when does the lease of the depot end?",
        "When does the lease of the depot end according to Tan?",
        "When did Tan say that the lease of the depot ends?",
        "Did Tan say anything about the lease of the depot?",
        "What is Tan's opinion on the lease of the depot?",
        "What are the recommendations of Mira Tan for the lease of the depot?",
        "In Tan\u2019s view, when does the lease of the depot end?",
        "Mira Tan on the lease of the depot",
        "What does the memo by Tan say about the lease of the depot?",
    ],
)
def test_what_an_author_says_is_quoted_from_their_memos_and_the_answer_says_so(index, question):
    given_ = answer(index, question)
    assert [each.citation.memo_id for each in given_.excerpts] == ["lease"]
    assert given_.notes == ("Searched only the memo by Mira Tan.",)
    assert (given_.question, given_.missing) == (question, ())


@pytest.mark.parametrize(
    "question",
    [
        "What does Jon Green say about the lease of the depot?",  # that stands in another's memo
        "What does Mira Tan say about kimchi?",
        "What does Ann Lee say about the lease of the depot?",  # no memo is hers
        "What does Mira Tan say about it?",
    ],
)
def test_it_is_refused_where_no_memo_of_theirs_says_it(index, question):
    given_ = answer(index, question)
    assert (given_.excerpts, given_.notes) == ((), ())


def test_a_passage_that_names_the_author_itself_is_quoted_as_before():
    said = Memo(id="said", title="", text="Mira Tan said about the lease of the depot that it is too dear.")
    given_ = answer(
        build_index([LEASE, CRANES, said, *OTHERS]), "What did Mira Tan say about the lease of the depot?"
    )
    assert given_.excerpts[0].citation.memo_id == "said"
    assert given_.notes == ()


def test_a_memo_of_the_author_is_preferred_to_one_that_only_speaks_of_the_same(index):
    other = Memo(
        id="other", title="", text="The lease of the depot is dear, and the depot is old.", author="Jon Green"
    )
    given_ = answer(
        build_index([*index.memos.values(), other]), "what does tan say about the lease of the depot?"
    )
    assert [each.citation.memo_id for each in given_.excerpts] == ["lease"]


def test_who_wrote_no_memo_narrows_no_search(index):
    given_ = answer(index, "What does the author say about the lease of the depot?")
    assert [each.citation.memo_id for each in given_.excerpts] == ["lease"]
    assert given_.notes == ()


def test_what_an_author_recommends_is_found_where_that_stands():
    brief = Memo(
        id="brief", title="", text="The yard is old. We recommend to sell the yard.", author="Mira Tan"
    )
    given_ = answer(build_index([brief, CRANES, *OTHERS]), "What does Mira Tan recommend?")
    assert [each.citation.memo_id for each in given_.excerpts] == ["brief"]


def test_memos_by_several_of_a_name_are_searched_together_and_counted(index):
    other = Memo(id="other", title="", text="The lease of the depot is dear.", author="Lin Tan")
    given_ = answer(
        build_index([*index.memos.values(), other]), "What does Tan say about the lease of the depot?"
    )
    assert {each.citation.memo_id for each in given_.excerpts} == {"lease", "other"}
    assert given_.notes == ("Searched only the 2 memos by Tan.",)


def test_filters_hold_there_too(index):
    asked = "What does Tan say about the lease of the depot?"
    assert answer(index, f"{asked} tag:buildings").excerpts
    assert not answer(index, f"{asked} -tag:buildings").excerpts
    assert not answer(index, f"{asked} in:cranes").excerpts


def test_an_author_whose_name_is_a_common_word_changes_no_other_question(index):
    anonymous = build_index([LEASE, CRANES.model_copy(update={"author": None}), *OTHERS])
    for question in ("green paint of the cranes", "what was the green paint for?"):
        one, other = answer(index, question), answer(anonymous, question)
        assert one.model_copy(update={"excerpts": (), "index": other.index}) == other.model_copy(
            update={"excerpts": ()}
        )
        assert [each.quote for each in one.excerpts] == [each.quote for each in other.excerpts]


@given(
    st.text(max_size=80),
    st.sampled_from(["What does {} say about {}?", "According to {}, {}", "{}'s view on {}"]),
)
def test_whatever_is_asked_the_parts_are_its_own_words(text, pattern):
    question = pattern.format(text, "the lease")
    flat = " ".join(question.split())
    for said in attributed(question):
        assert said.author in flat
        assert said.subject.split()[-1] in flat


@pytest.mark.parametrize(
    "text", ["what does a say about " * 13, "according to a, " * 18, "a's view on " * 24, "on " * 99]
)
def test_a_hostile_question_takes_no_long_time(text):
    began = time.perf_counter()
    attributed(text)
    assert time.perf_counter() - began < 0.5
