"""Do words that say much the same help to choose what is quoted, and do they never pass for the words asked for?"""

import math
from itertools import pairwise

import numpy as np
import pytest

from retrieval import Memo, answer, build_index
from retrieval.analysis import analyzer
from retrieval.query import understand
from retrieval.search import matches
from retrieval.thesaurus import FILE, related

INSTITUTE = Memo(
    id="institute",
    title="",
    text="The Helvetia institute lies in the north of Geneva. Its library is open to all members on every weekday, and "
    "on Saturday mornings to students who bring a letter from the faculty that they are enrolled in for the term. "
    "The Helvetia institute was founded by Marie Piguet, and moved to its new building when the old one had burnt.",
)


@pytest.mark.parametrize(
    ("term", "other"),
    [("found", "establish"), ("saw", "see"), ("see", "saw"), ("illiter", "literaci")],
)
def test_words_of_the_same_sense_and_irregular_forms_are_related(term, other):
    assert other in related(term, "en")


@pytest.mark.parametrize(("term", "language"), [("zyxwv", "en"), ("", "en"), ("found", "de"), ("~", "en")])
def test_what_the_list_does_not_know_is_related_to_nothing(term, language):
    assert related(term, language) == ()


def test_the_list_is_in_order_and_of_the_analyzers_terms():
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert all(one < other for one, other in pairwise(line.split()[0] + " " for line in lines))
    assert all(line.split()[0] not in line.split()[1:] for line in lines)
    stem = analyzer("en").stem
    assert {"establish", "build", "alli"} <= {line.split()[0] for line in lines}
    assert stem("established") == "establish"


@pytest.mark.parametrize("order", [1, -1])
def test_a_quote_that_says_it_in_other_words_comes_before_one_that_does_not(order):
    said = [
        "The Helvetia institute was founded by Marie Piguet.",
        "The Helvetia institute was visited by Marie Huber.",
    ]
    memos = [Memo(id=str(number), title="", text=text) for number, text in enumerate(said[::order])]
    found = answer(build_index(memos), "Who established the Helvetia institute?")
    assert found.excerpts[0].quote == said[0]


def test_a_related_word_is_no_word_of_the_question():
    found = answer(build_index([INSTITUTE]), "Who established the Helvetia institute?", threshold=0)
    assert found.missing == ("established",)
    assert "established" not in found.matched
    [match] = matches(build_index([INSTITUTE]), understand(build_index([INSTITUTE]), "established institute"))
    assert match.passage_covered.tolist() == [0.0, 1.0]


def test_names_and_numbers_have_no_other_words():
    words = understand(build_index([INSTITUTE]), "What did Geneva found in 1900?").words
    assert {word.written for word in words if word.specific} == {"geneva", "1900"}
    assert not any(word.related for word in words if word.specific)


def test_an_explained_score_is_the_sum_of_its_parts_and_that_of_sentences_what_they_say_together():
    index = build_index([INSTITUTE])
    explained = answer(index, "Who established the Helvetia institute?", explain=True).excerpts[0].explanation
    assert explained
    assert math.isclose(explained.value, sum(part.value for part in explained.parts), abs_tol=0.001)
    [sentences] = [part for part in explained.parts if part.what.startswith("sentences:")]
    assert math.isclose(
        sentences.value, np.log(sum(math.exp(each.value) for each in sentences.parts)), abs_tol=0.001
    )
    for each in sentences.parts:
        assert math.isclose(each.value, sum(part.value for part in each.parts), abs_tol=0.001)
