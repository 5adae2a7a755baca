"""Does a saved answer verify, and fail when one character changes?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import MalformedFile, Memo, answer, build_index, check_quotes, read_answer, read_memo


@pytest.fixture
def saved(tmp_path, seed_index):
    path = tmp_path / "answer.json"
    path.write_text(answer(seed_index, "What is the Squad?").model_dump_json(), encoding="utf-8")
    return read_answer(path)


def test_an_answer_just_given_verifies(saved, seed_memos):
    assert saved["excerpts"]
    assert check_quotes(saved, seed_memos) == []


def changed(memo: Memo, **to: object) -> Memo:
    return Memo.model_validate({**memo.model_dump(), **to})


@given(at_share=st.floats(0, 0.999))
def test_any_changed_character_of_a_quote_fails(at_share, seed_index, seed_memos):
    given_ = json.loads(answer(seed_index, "What is the Squad?", at_most=1).model_dump_json())
    cited = given_["excerpts"][0]["citation"]["memo_id"]
    memo = next(memo for memo in seed_memos if memo.id == cited)
    start, end = given_["excerpts"][0]["span"]
    at = start + int(at_share * (end - start))
    text = memo.text[:at] + ("x" if memo.text[at] != "x" else "y") + memo.text[at + 1 :]
    wrong = check_quotes(given_, [changed(memo, text=text)])
    assert [mismatch.number for mismatch in wrong] == [1]


def test_a_change_elsewhere_in_the_file_is_told_apart(saved, tmp_path, seed_memos):
    files = []
    for memo in seed_memos:
        path = tmp_path / memo.source
        path.write_text(memo.text + "\n\nOne more line stands here now.", encoding="utf-8")
        files.append(changed(read_memo(path), text=memo.text, id=memo.id))
    wrong = check_quotes(saved, files)
    assert len(wrong) == len(saved["excerpts"])
    assert "has changed since" in wrong[0].why


def test_a_moved_quote_and_a_missing_memo_are_named(saved, seed_memos):
    moved = [changed(memo, text="Moved. " + memo.text, blocks=()) for memo in seed_memos]
    assert "but not at characters" in check_quotes(saved, moved)[0].why
    assert "there is no memo" in check_quotes(saved, [])[0].why


@pytest.mark.parametrize(
    "content", ["", "nonsense", "[]", "{}", '{"excerpts": [{"quote": 1}]}', '{"excerpts": 3}', "\0"]
)
def test_a_file_that_is_no_saved_answer_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "answer.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(MalformedFile, match="Save one with"):
        read_answer(path)


def test_the_hits_of_an_unchanged_index_have_the_same_version():
    memo = Memo(id="a", title="A", text="The Squad met.")
    assert build_index([memo]).info == build_index([memo]).info
    assert build_index([memo]).info != build_index([changed(memo, text="The Squad left.")]).info


def altered(saved: dict, **fields: object) -> dict:
    first = saved["excerpts"][0]
    return {**saved, "excerpts": [{**first, **fields}]}


@pytest.mark.parametrize("field", ["title", "author", "source", "section", "published", "passage", "link"])
def test_a_forged_citation_fails(saved, seed_memos, field):
    forged = {"section": ["x"], "published": "1999-01-01", "passage": 1}.get(field, "forged")
    cited = {**saved["excerpts"][0]["citation"], field: forged}
    assert (
        f"its citation is wrong: {field}" in check_quotes(altered(saved, citation=cited), seed_memos)[0].why
    )


@pytest.mark.parametrize("span", [[-3, -1], [-3, 10**9], [9, 2], [0, 10**9]])
def test_a_place_that_is_none_fails(saved, seed_memos, span):
    assert "are no place" in check_quotes(altered(saved, span=span), seed_memos)[0].why


def test_half_a_word_fails_unless_it_says_so(saved, seed_memos):
    (start, end), quote = saved["excerpts"][0]["span"], saved["excerpts"][0]["quote"]
    half = {"span": [start, end - 3], "quote": quote[:-3], "highlights": []}
    assert "ends inside a word" in check_quotes(altered(saved, **half), seed_memos)[0].why
    assert check_quotes(altered(saved, **half, cut=[False, True]), seed_memos) == []


def test_a_quote_over_two_passages_fails(saved, seed_memos):
    memo = next(memo for memo in seed_memos if memo.id == saved["excerpts"][0]["citation"]["memo_id"])
    both = {"span": [0, 60], "quote": memo.text[0:60], "highlights": []}
    assert "spans two passages" in check_quotes(altered(saved, **both), seed_memos)[0].why


@pytest.mark.parametrize(
    "content", ['{"outcome": "found", "excerpts": []}', '{"excerpts": []}', "[" * 100_000]
)
def test_an_answer_that_found_something_without_quotes_is_none(tmp_path, content):
    path = tmp_path / "answer.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(MalformedFile):
        read_answer(path)


def test_an_honest_no_verifies(tmp_path, seed_index, seed_memos):
    path = tmp_path / "answer.json"
    path.write_text(answer(seed_index, "How do I reset my VPN password?").model_dump_json(), encoding="utf-8")
    assert check_quotes(read_answer(path), seed_memos) == []
