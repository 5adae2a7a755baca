"""Do the benchmark's measures count as they are defined, and does every engine that is here find what is asked?"""

import math

import pytest

from tests.benchmarks.quality.engine import Engine
from tests.benchmarks.quality.measures import (
    auroc,
    calibration_error,
    holds_answer,
    ndcg,
    reliability,
    with_typos,
)
from tests.benchmarks.quality.question_sets import Document
from tests.benchmarks.quality.rows import ENGINES
from tests.benchmarks.quality.table import compared, table
from tests.benchmarks.quality.words import sentences

HERE = [each for each in ENGINES if not each.missing()]
DOCUMENTS = [
    Document("a", "x", "", "The treaty with Japan was signed in 1951. It covers the islands."),
    Document("b", "x", "", "Thailand buys wheat. The price rose to 300 dollars a ton in spring."),
    Document("c", "y", "", "Nobody knows how many whales live near Norway."),
]


def test_an_answer_is_whole_words_whatever_its_case_and_punctuation():
    assert holds_answer("In the U.S., it was Forty-two.", ["forty two"])
    assert not holds_answer("It was forty-two.", ["two hundred", "fort", ""])


def test_auroc_is_the_share_of_pairs_in_the_right_order():
    assert auroc([3, 2], [1, 0]) == 1
    assert auroc([0], [1]) == 0
    assert auroc([1, 2], [1, 0]) == pytest.approx(3.5 / 4)


def test_gain_falls_with_the_place():
    assert ndcg(["a", "b"], {"a": 1, "b": 1}) == 1
    assert ndcg(["z", "a"], {"a": 1}) == pytest.approx(1 / math.log2(3))
    assert ndcg([*"123456789", "z", "a"], {"a": 1}) == 0


def test_confidence_that_says_how_often_it_is_right_has_no_error():
    kept = reliability([0.25, 0.25, 0.25, 0.25, 1.0], [True, False, False, False, True])
    assert [(each.count, each.right) for each in kept] == [(4, 0.25), (1, 1.0)]
    assert calibration_error(kept) == 0
    assert calibration_error(reliability([0.9, 0.9], [False, False])) == pytest.approx(0.9)


def test_typos_are_one_in_one_long_word_and_the_same_in_every_run():
    asked = ["What is the capital of Norway?", "Who are you?"]
    first, second = with_typos(asked)
    assert [first, second] == with_typos(asked)
    assert second == asked[1]
    assert len(set(first.split()) - set(asked[0].split())) <= 1


def test_long_sentences_are_cut_between_words():
    assert sentences("Mr. Smith left. He slept.") == ["Mr. Smith left.", "He slept."]
    cut = sentences("word " * 100 + "end.")
    assert " ".join(cut).split() == ["word"] * 100 + ["end."]
    assert all(len(each) <= 300 for each in cut)


@pytest.mark.parametrize("engine_class", HERE, ids=lambda each: each.name)
def test_every_engine_finds_and_quotes(engine_class: type[Engine]):
    with engine_class("en") as engine:
        engine.index(DOCUMENTS)
        found = engine.search("How many whales live near Norway?", 2)
        assert found[0].position == 2
        assert "whales" in engine.quotes("How many whales live near Norway?", found)[0]
        assert engine.confidence("whales near Norway") > engine.confidence("quarterly zinc exports")


def test_the_table_shows_the_best_and_what_moved():
    before = [{"engine": "quoth", "half": None, "R@1": 80.0, "typo": 2.0}]
    now = [
        {"engine": "quoth", "half": None, "R@1": 81.0, "typo": 1.0},
        {"engine": "z", "half": None, "R@1": 70.0},
    ]
    assert table(now).splitlines()[2:] == ["| quoth | **81.0** | **1.0** |", "| z | 70.0 | - |"]
    assert compared(now, before).count("better") == 2
    assert "Not compared" in compared([{**now[0], "half": 1}], before)
