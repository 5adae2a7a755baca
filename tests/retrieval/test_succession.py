"""Are superseded memos known, quoted after what supersedes them, and marked with where to read instead?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Memo, Outcome, Superseded, answer, build_index, read_memo, superseded_by
from retrieval.succession import Succession

QUESTION = "How large is the travel budget?"


def memo_of(memo_id, *supersedes, **known):
    text = known.pop("text", f"The travel budget is {len(memo_id) * 100} euros in the year of {memo_id}.")
    return Memo(**{"id": memo_id, "title": f"Budget {memo_id}", "text": text, **known}, supersedes=supersedes)


def latest(*memos):
    succession = Succession(memos)
    return {memo.id: succession.latest(memo.id) for memo in memos if succession.is_superseded(memo.id)}


OLD = memo_of("old", source="plans/Budget 2023.md", title="The budget of Ümit", published=date(2023, 1, 1))


@pytest.mark.parametrize(
    "name",
    [
        "old",
        "OLD",
        "plans/Budget 2023.md",
        "plans/budget 2023",
        "Budget 2023.md",
        "budget 2023",
        "the Budget of umit",
    ],
)
def test_a_memo_is_named_by_id_path_file_or_title(name):
    assert latest(OLD, memo_of("new", name)) == {"old": ["new"]}


def test_a_name_that_names_nothing_says_nothing():
    assert latest(OLD, memo_of("new", "older", "")) == {}


def test_an_id_goes_before_a_title_of_the_same_words():
    titled = memo_of("x", title="old")
    assert latest(OLD, titled, memo_of("new", "old")) == {"old": ["new"]}


def test_of_several_with_one_title_those_that_are_newer_stay():
    old, newest = (
        memo_of("a", title="Budget", published=date(2022, 1, 1)),
        memo_of("c", title="Budget", published=date(2024, 1, 1)),
    )
    new = memo_of("b", "Budget", title="Budget", published=date(2023, 1, 1))
    assert latest(old, new, newest) == {"a": ["b"]}


def test_a_chain_leads_to_its_end():
    assert latest(memo_of("a"), memo_of("b", "a"), memo_of("c", "b")) == {"a": ["c"], "b": ["c"]}


def test_several_successors_are_named_newest_first():
    one, two = (
        memo_of("one", "old", published=date(2024, 1, 1)),
        memo_of("two", "old", published=date(2025, 1, 1)),
    )
    assert latest(OLD, one, two, memo_of("undated", "old")) == {"old": ["two", "one", "undated"]}


def test_memos_in_a_circle_supersede_no_memo_of_it_and_their_end_is_found():
    a, b, out = memo_of("a", "b"), memo_of("b", "a"), memo_of("out", "a")
    assert latest(a, b) == {}
    assert latest(a, b, out) == {"a": ["out"]}
    assert latest(memo_of("self", "self")) == {}


def test_a_chain_longer_than_the_stack_is_followed():
    chain = [memo_of(f"m{n}", f"m{n - 1}") for n in range(5_000)]
    assert Succession(chain).latest("m0") == ["m4999"]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=15))
def test_whatever_memos_say_of_each_other_every_superseded_one_has_an_end(said):
    memos = [memo_of(each, *(old for new, old in said if new == each)) for each in "abcdef"]
    succession = Succession(memos)
    for memo in memos:
        ends = succession.latest(memo.id)
        assert bool(ends) is succession.is_superseded(memo.id)
        assert not any(succession.is_superseded(end) for end in ends)
        assert memo.id not in succession.all_after(memo.id)


def quoted(memos, policy=Superseded.DEMOTE):
    return answer(build_index(memos, superseded=policy), QUESTION, threshold=0, explain=True)


def ids(found):
    return [excerpt.citation.memo_id for excerpt in found.excerpts]


BEFORE = memo_of(
    "before", text="The travel budget: how large is the travel budget? The travel budget is 100 euros."
)
AFTER = memo_of(
    "after",
    "before",
    text="We spend more on trips now. The travel budget is 900 euros, says the board.",
    status="final",
)


def test_a_superseded_memo_is_quoted_after_its_successor_though_it_scores_more():
    shown = quoted([BEFORE, AFTER], Superseded.SHOW)
    assert ids(shown)[0] == "before", "else this test shows nothing"
    assert ids(quoted([BEFORE, AFTER]))[:2] == ["after", "before"]


def test_its_quotes_say_where_to_read_instead_whatever_the_policy():
    for policy in (Superseded.SHOW, Superseded.DEMOTE):
        found = quoted([BEFORE, AFTER], policy)
        [marked] = {e.superseded_by for e in found.excerpts if e.citation.memo_id == "before"}
        [successor] = marked
        assert (successor.citation.memo_id, successor.citation.status) == ("after", "final")
        assert successor.span.of(AFTER.text) == AFTER.text
        assert not any(e.superseded_by for e in found.excerpts if e.citation.memo_id == "after")


def test_it_follows_the_best_quote_of_its_successor_not_all_of_them():
    longer = f"{AFTER.text} The travel budget was larger. " + "Of the budget for travel nobody speaks. " * 12
    index = build_index([BEFORE, AFTER.model_copy(update={"text": longer})])
    found = answer(index, QUESTION, threshold=0, per_passage=2, max_chars=120)
    assert sorted(ids(found)) == ["after", "after", "before"]
    assert ids(found) == ["after", "before", "after"]


def test_hidden_memos_are_neither_quoted_nor_counted():
    found = quoted([BEFORE, AFTER], Superseded.HIDE)
    assert set(ids(found)) == {"after"}
    assert found.index.memos == 1
    assert [
        s.citation.memo_id
        for s in superseded_by(build_index([BEFORE, AFTER], superseded=Superseded.HIDE), "before")
    ] == ["after"]


def test_without_its_successor_in_the_library_a_memo_is_like_any_other():
    found = quoted([BEFORE])
    assert found.outcome is Outcome.FOUND
    assert found.excerpts[0].superseded_by == ()


def test_an_older_memo_that_alone_speaks_of_the_question_is_still_quoted():
    other = memo_of("other", "before", text="Nothing of the kind stands here, only words on gardens.")
    assert ids(quoted([BEFORE, other]))[0] == "before"


def test_the_explanation_says_why_a_quote_stands_behind():
    found = quoted([BEFORE, AFTER])
    lines = {e.citation.memo_id: "\n".join(e.explanation.lines()) for e in found.excerpts}
    assert "superseded: quoted after what supersedes it (after)" in lines["before"]
    assert "superseded" not in lines["after"]


def test_a_memo_asked_about_by_name_is_marked_too():
    found = answer(build_index([BEFORE, AFTER]), "author:nobody who wrote the memo Budget before?")
    assert found.outcome is Outcome.NOTHING
    kettles = (
        memo_of("k1", title="Kettles", author="Ann", text="By Ann\n\nThe kettles are old."),
        memo_of("k2", "k1", title="Samovars"),
    )
    named = answer(build_index(kettles), "Who wrote the memo on kettles?")
    assert named.excerpts[0].citation.memo_id == "k1"
    assert [s.citation.memo_id for s in named.excerpts[0].superseded_by] == ["k2"]


def test_an_index_made_from_another_knows_the_succession_of_its_own_memos_alone():
    whole = build_index([BEFORE, AFTER])
    assert superseded_by(build_index([BEFORE], known=whole), "before") == ()


def test_front_matter_says_it(tmp_path):
    file = tmp_path / "new.md"
    file.write_text("---\nsupersedes: [before, other.md]\nstatus: draft\n---\n\n# New\n\nWords.\n")
    memo = read_memo(file)
    assert (memo.supersedes, memo.status) == (("before", "other.md"), "draft")
