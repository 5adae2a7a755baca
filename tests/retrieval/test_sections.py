"""Where a heading holds a question's words, is what stands under it quoted?"""

import pytest

from retrieval import Memo, answer, build_index, read_memo

BRIEF = """# Harbour brief

## Key findings

The findings are these:

* The cranes are too old for the new ships.
* The lease of the depot ends in May.

## Recommendations

Buy two cranes. Prolong the lease.

### Later steps

Sell the depot.

## Empty words

## Background

The harbour was built in 1911.
"""
OTHER = """# Rail brief

## Key findings

The line to Busan is slow.
"""


@pytest.fixture
def brief(tmp_path):
    return memo_of(tmp_path, "brief.md", BRIEF)


def memo_of(folder, name, text):
    file = folder / name
    file.write_text(text)
    return read_memo(file)


def quotes(given_):
    return [each.quote for each in given_.excerpts]


def test_what_stands_under_a_heading_is_quoted_for_its_words_and_the_answer_says_so(brief):
    given_ = answer(build_index([brief]), "What are the key findings?")
    assert quotes(given_) == [
        "The cranes are too old for the new ships.",
        "The lease of the depot ends in May.",
    ]
    assert {each.citation.section for each in given_.excerpts} == {("Key findings",)}
    assert given_.notes == ("Quoted is what stands under “Key findings”.",)
    assert given_.matched == ("key", "findings")


def test_sections_under_it_are_a_part_of_it(brief):
    given_ = answer(build_index([brief]), "recommendations")
    assert quotes(given_) == ["Buy two cranes. Prolong the lease.", "Sell the depot."]


def test_of_several_memos_each_is_quoted_in_turn(brief, tmp_path):
    other = memo_of(tmp_path, "other.md", OTHER)
    given_ = answer(build_index([brief, other]), "key findings")
    assert {each.citation.memo_id for each in given_.excerpts[:2]} == {brief.id, other.id}
    assert len(given_.excerpts) == 3


def test_the_title_as_a_question_shows_how_the_memo_begins(brief):
    assert quotes(answer(build_index([brief]), "Harbour brief", at_most=1)) == [
        "The cranes are too old for the new ships."
    ]


def test_a_heading_with_nothing_under_it_is_all_that_there_is(brief):
    given_ = answer(build_index([brief]), "empty words")
    assert (quotes(given_), given_.notes) == (["Empty words"], ())


def test_text_that_holds_the_words_itself_goes_before_a_heading(brief):
    told = Memo(id="told", title="", text="The key findings of the harbour brief were read out in June.")
    given_ = answer(build_index([brief, told]), "When were the key findings of the harbour brief read out?")
    assert quotes(given_)[0] == told.text
    assert given_.notes == ()


def test_a_heading_is_not_quoted_before_text_that_holds_more_of_the_question(tmp_path):
    memo = memo_of(
        tmp_path, "q3.md", "# Q3 market analysis\n\n## Key findings\n\nChurn fell to 2.1 percent.\n"
    )
    given_ = answer(build_index([memo]), "What are the key findings of the Q3 analysis?")
    assert quotes(given_)[0] == "Churn fell to 2.1 percent."


def test_what_a_question_leaves_out_stays_out(brief):
    given_ = answer(build_index([brief]), "key findings -cranes")
    assert quotes(given_) == ["The lease of the depot ends in May."]
    assert quotes(answer(build_index([brief]), '"key findings"')) == ["Key findings"]


def test_the_parts_of_such_a_score_add_up_to_it(brief):
    for each in answer(build_index([brief]), "What are the key findings?", explain=True).excerpts:
        parts = each.explanation.parts
        assert sum(part.value for part in parts) == pytest.approx(each.score, abs=0.01)
        assert not any("heading, a caption" in part.what for part in parts)
