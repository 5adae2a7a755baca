"""Do wordings that mean the same answer for each other, for less, and visibly?"""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import (
    MalformedFile,
    Memo,
    NoSuchPath,
    Synonyms,
    answer,
    build_index,
    evaluate,
    read_questions,
    read_synonyms,
)
from retrieval.bm25 import BM25
from retrieval.query import SYNONYM_WEIGHT, understand
from retrieval.wording import is_in_capitals
from tests.conftest import SEEDS, shared

ROK = Synonyms(
    asked=("ROK", "South Korea", "Republic of Korea"), found=("ROK", "South Korea", "Republic of Korea")
)
US = Synonyms(asked=("US", "United States"), found=("US", "United States"))
AMERICA = Synonyms(asked=("America",), found=("US", "United States"))
SEA = Synonyms(asked=("South Korea Strait",), found=("South Korea Strait",))


def memo(memo_id, text, **known):
    return Memo(id=memo_id, title="", text=text, **known)


def listed(tmp_path, text):
    path = tmp_path / "synonyms.txt"
    path.write_text(text, encoding="utf-8")
    return read_synonyms(path)


def test_the_list_is_read_in_solrs_format(tmp_path):
    read = listed(tmp_path, "\ufeff# remark\n\nROK, South Korea\n America => US ,United States\na\\,b, c d\n")
    assert read == (
        Synonyms(asked=("ROK", "South Korea"), found=("ROK", "South Korea")),
        Synonyms(asked=("America",), found=("US", "United States")),
        Synonyms(asked=("a,b", "c d"), found=("a,b", "c d")),
    )


@pytest.mark.parametrize("line", ["alone", "a,,b", "a => ", "=> a", "a => b => c", "a, !"])
def test_a_line_that_is_no_rule_is_told_with_its_number(tmp_path, line):
    with pytest.raises(MalformedFile, match=r"line 2: .* Write `ROK, South Korea`"):
        listed(tmp_path, f"a, b\n{line}\n")


def test_a_list_that_is_not_there_or_no_text_is_told(tmp_path):
    with pytest.raises(NoSuchPath):
        read_synonyms(tmp_path / "none.txt")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(MalformedFile, match="UTF-8"):
        read_synonyms(tmp_path / "bad.txt")


@pytest.mark.parametrize(
    ("asked", "there", "note"),
    [
        ("What did the ROK sign?", "South Korea signed nothing.", "ROK = South Korea"),
        ("What did rok sign?", "South Korea signed nothing.", "rok = South Korea"),
        ("What did South Korea sign?", "The ROK signed nothing.", "South Korea = ROK"),
        (
            "What did South Korea sign?",
            "The Republic of Korea signed nothing.",
            "South Korea = Republic of Korea",
        ),
        ("What did America sign?", "The U.S. signed nothing.", "America = U.S"),
        ("What did the United States sign?", "The US signed nothing.", "United States = US"),
    ],
)
def test_each_wording_finds_the_others_and_says_so(asked, there, note):
    index = build_index([memo("a", there), memo("b", "Japan signed the lease.")], [ROK, US, AMERICA])
    given_ = answer(index, asked, threshold=0)
    assert given_.excerpts[0].citation.memo_id == "a"
    assert given_.missing == ()
    assert given_.notes == (f"Also searched: {note}.",)
    first = given_.excerpts[0].highlights[0]
    assert note.split(" = ")[1] in first.of(there) or note.split(" = ")[1] in there


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("What did the US sign?", "America signed nothing."),
        ("tell us what they signed", "The United States signed nothing."),
        ("What did South Korea sign?", "The South Korea Strait signed nothing."),
        ("What did the ROK sign?", "South of Korea they signed, in the South, Korea Strait."),
        ("What did the United States sign?", "They told us that nothing was signed."),
    ],
)
def test_other_wordings_are_not_taken_for_it(asked, there):
    index = build_index([memo("a", there)], [ROK, US, AMERICA, SEA])
    assert answer(index, asked, threshold=0).notes == ()


def test_the_word_itself_comes_before_its_synonyms():
    texts = {"a": "The ROK signed the lease.", "b": "South Korea signed the lease."}
    index = build_index([memo(*each) for each in texts.items()], [ROK])
    for question, first in (("What did the ROK sign?", "a"), ("What did South Korea sign?", "b")):
        found = answer(index, question, threshold=0)
        assert found.excerpts[0].citation.memo_id == first
        assert found.excerpts[0].score > found.excerpts[1].score


def test_a_quote_that_holds_the_words_of_the_question_says_nothing_of_synonyms():
    index = build_index([memo("a", "The ROK, that is South Korea, signed the lease.")], [ROK])
    assert answer(index, "What did the ROK sign?", threshold=0).notes == ()


def test_stand_ins_weigh_less_than_a_word_and_count_in_no_length():
    texts = [memo("a", "The ROK signed. Seoul rejoiced."), memo("b", "Japan signed.")]
    plain, index = build_index(texts), build_index(texts, [ROK])
    assert index.bodies.lengths.tolist() == plain.bodies.lengths.tolist()
    assert index.bodies.average_length == plain.bodies.average_length
    [word] = [word for word in understand(index, "South Korea").words if word.written == "south"]
    assert {weight for _, weight in word.terms} == {SYNONYM_WEIGHT}
    assert SYNONYM_WEIGHT < 1


def test_without_synonyms_the_scores_are_those_of_the_definition(seed_memos):
    index = build_index([each.model_copy(update={"text": each.text.replace("(", "")}) for each in seed_memos])
    names = {number: term for term, number in index.vocabulary.items()}
    terms, edges = index.columns.terms
    passages = [[names[t] for t in terms[a:b].tolist()] for a, b in pairwise(edges[index.columns.sentences])]
    asked = ["allianc", "south", "korea"]
    expected = BM25(passages).get_scores(asked)
    assert index.bodies.scores([index.vocabulary[term] for term in asked]) == pytest.approx(expected)


def test_other_synonyms_are_another_version():
    texts = [memo("a", "The ROK signed.")]
    assert build_index(texts).info.version != build_index(texts, [ROK]).info.version


def test_a_rule_is_written_down_in_one_way_whatever_order_its_memos_come_in():
    """Sets have another order in every process; the version of an index must not."""
    ids = [f"memo {number}" for number in range(50)]
    rule = Synonyms(asked=("ROK",), found=("Korea",), only_in=frozenset(ids))
    assert rule.model_dump(mode="json")["only_in"] == sorted(ids)
    assert Synonyms.model_validate_json(rule.model_dump_json()) == rule


WORDS = ["ROK", "South", "Korea", "Republic", "of", "US", "us", "U.S.", "lease", "(", ")", "."]


@given(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join), st.lists(st.sampled_from(WORDS), max_size=8)
)
@settings(max_examples=100)
def test_quotes_are_verbatim_and_highlights_inside_them_with_synonyms(text, question):
    index = build_index([memo("a", text)], [ROK, US, AMERICA])
    for excerpt in answer(index, " ".join(question), threshold=0, max_chars=60).excerpts:
        assert excerpt.quote == excerpt.span.of(text)
        assert all(excerpt.span.start <= a < b <= excerpt.span.end for a, b in excerpt.highlights)
        assert all(x.end <= y.start for x, y in pairwise(excerpt.highlights))


@pytest.mark.parametrize(
    ("written", "capitals"),
    [
        ("US", True),
        ("U.S.", True),
        ("FTAs", True),
        ("us", False),
        ("Us", False),
        ("Quad", False),
        ("G7", False),
    ],
)
def test_capitals(written, capitals):
    assert is_in_capitals(written) is capitals


def test_the_seeds_list_is_read_and_costs_no_answer(seed_memos):
    questions = shared("questions/seed-dev.jsonl")
    with_list = evaluate(
        build_index(seed_memos, read_synonyms(SEEDS / "synonyms.txt")), read_questions(questions)
    )
    without = evaluate(build_index(seed_memos), read_questions(questions))
    assert with_list.quoted_at_1 >= without.quoted_at_1
    assert with_list.quoted_at_3 >= without.quoted_at_3
    assert with_list.false_answers == 0


def test_the_seeds_are_found_by_a_wording_that_they_do_not_use(seed_memos):
    index = build_index(seed_memos, read_synonyms(SEEDS / "synonyms.txt"))
    asked = answer(index, "What crisis is the Republic of Korea facing?")
    assert "crisis-riven South Korea" in asked.excerpts[0].quote
    assert asked.notes[0].startswith("Also searched: Republic of Korea = South Korea")
