"""Does finding the best passages without scoring all of them find the same ones?"""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import compiled, inverting
from retrieval.postings import KeptPostings, Postings
from retrieval.ranking import Pruning, TermWeight, added_up, best, ranked
from tests.conftest import missing
from tests.retrieval.test_bm25 import corpora, flatten, terms

COMPILER = "apt install gcc python3-dev, then pip install --editable ."
weights = st.sampled_from([0.3, 0.5, 0.5, 1.0, 2.75])


PASSAGES = 140_000


@pytest.fixture(scope="module")
def many():
    """Two fields over three regions: many blocks, terms so common that lists are skipped, equal passages."""
    chance = np.random.default_rng(5)
    return tuple(Postings(*drawn(chance, PASSAGES, length), vocabulary_size=400) for length in (30, 3))


def drawn(chance, passages, length):
    """Passages of up to so many terms of 400, a few of them very common: all terms, and how many each has."""
    lengths = chance.integers(0, length + 1, passages).astype(np.int32)
    terms = np.minimum(1 + chance.pareto(0.35, int(lengths.sum())), 400) - 1
    return terms.astype(np.int32), lengths


def made(chance, length):
    return [min(int(chance.paretovariate(0.35)), 400) - 1 for _ in range(chance.randint(0, length))]


@given(
    corpus=corpora,
    asked=st.lists(st.tuples(terms, weights), min_size=1, max_size=6),
    k=st.integers(1, 30),
    data=st.data(),
)
def test_the_best_of_a_few_passages_are_those_of_scoring_all(corpus, asked, k, data):
    field = Postings(*flatten(corpus), vocabulary_size=13)
    mask = data.draw(st.none() | st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus)))
    allowed = None if mask is None else np.array(mask)
    lists = [TermWeight(field, *each) for each in asked]
    expected = added_up(lists, k, allowed)
    assert all(ranked(lists, k, allowed, pruning) == expected for pruning in Pruning)


@pytest.mark.parametrize("seed", range(150))
def test_the_best_of_many_passages_are_those_of_scoring_all(many, seed):
    chance = random.Random(seed)
    lists = [
        TermWeight(
            chance.choice(many), min(int(chance.paretovariate(0.3)), 400) - 1, chance.choice([0.3, 1, 1, 4.2])
        )
        for _ in range(chance.randint(1, 12))
    ]
    allowed = np.random.default_rng(seed).random(PASSAGES) < 0.02 if seed % 3 == 0 else None
    for k in (1, 10, 1_000):
        expected = added_up(lists, k, allowed)
        assert all(ranked(lists, k, allowed, pruning) == expected for pruning in Pruning)


def test_equal_passages_come_in_their_order_however_many_there_are():
    field = Postings(*flatten([[0, 1, 2]] * 20_000), vocabulary_size=3)
    found = ranked([TermWeight(field, 0, 1.0), TermWeight(field, 1, 1.0)], 5)
    assert [passage for passage, _ in found] == [0, 1, 2, 3, 4]


def test_a_term_that_stands_a_thousand_times_in_a_passage_counts_as_often():
    rows = [[0] * 6, [0] * 7, [0] * 8 + [1], [0] * 1_000, [1], [0] * 255, [1] * 256 + [0] * 254]
    field = Postings(*flatten(rows), vocabulary_size=2)
    assert field.of(0)[1].tolist() == [6, 7, 8, 1_000, 255, 254]
    assert ranked([TermWeight(field, 0, 1.0)], 4) == added_up([TermWeight(field, 0, 1.0)], 4)


@given(corpus=corpora)
def test_terms_are_inverted_as_numpy_does(corpus):
    arrays = flatten(corpus)
    buckets = np.arange(len(corpus), dtype=np.uint8) % 32
    for ours, plain in zip(
        inverting.inverted(*arrays, 13, buckets), inverting._inverted(*arrays, 13, buckets), strict=True
    ):
        assert (ours.dtype, ours.tolist()) == (plain.dtype, plain.tolist())


def test_terms_of_several_regions_are_inverted_as_numpy_does():
    chance = np.random.default_rng(11)
    terms, lengths = drawn(chance, 200_000, 8)
    lengths[65_000:132_000], terms = 0, terms[: int(lengths[:65_000].sum() + lengths[132_000:].sum())]
    buckets = chance.integers(0, 32, len(lengths)).astype(np.uint8)
    ours, plain = (
        invert(terms, lengths, 400, buckets) for invert in (inverting.inverted, inverting._inverted)
    )
    for one, other in zip(ours, plain, strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)
    assert set(ours.regions.tolist()) == {0, 2, 3}
    field = Postings(terms, lengths, 400)
    owners = np.repeat(np.arange(len(lengths)), lengths)
    for term in (0, 3, 399):
        passages, frequencies = np.unique(owners[terms == term], return_counts=True)
        assert field.of(term)[0].tolist() == passages.tolist()
        assert field.of(term)[1].tolist() == frequencies.tolist()
        assert field.containing(term) == len(passages)


def test_several_threads_rank_at_once(many):
    lists = [TermWeight(many[0], term, 1.0) for term in (0, 1, 5, 30)]
    with ThreadPoolExecutor(8) as pool:
        assert set(map(tuple, pool.map(lambda _: ranked(lists, 10), range(400)))) == {
            tuple(added_up(lists, 10))
        }


def test_arrays_that_do_not_belong_together_are_refused_instead_of_read():
    if compiled.scoring is None:
        missing("compiled part", COMPILER)
    field = Postings(*flatten([[0, 1], [1]]), vocabulary_size=2).field
    for wrong in ([(field, 2, 1.0, 1.0)], [(field, -1, 1.0, 1.0)]):
        with pytest.raises(ValueError, match="another index"):
            compiled.scoring.best(wrong, 1, 2, None, 1)
    with pytest.raises(ValueError, match="another index"):
        compiled.scoring.best([(field, 0, 1.0, 1.0)], 1, 3, None, 1)
    with pytest.raises(ValueError, match="mask"):
        compiled.scoring.best([(field, 0, 1.0, 1.0)], 1, 2, np.ones(3, bool), 1)
    with pytest.raises(ValueError, match="no number"):
        inverting.inverted(np.array([3], np.int32), np.array([1], np.int32), 2, np.zeros(1, np.uint8))


def test_room_that_is_not_where_it_should_be_is_not_written_to():
    if compiled.scoring is None:
        missing("compiled part", COMPILER)
    terms, lengths = np.array([0, 1, 1], np.int32), np.array([2, 1], np.int32)
    for starts, groups in (([0, 50, 3], [0, 1, 2]), ([-5, 1, 3], [0, 1, 2]), ([0, 1, 3], [0, 9, 2])):
        room = [np.zeros(2, np.uint8), np.zeros(2, np.uint16), np.zeros(3, np.int64), np.zeros(3, np.uint16)]
        with pytest.raises(ValueError, match="starts of other terms"):
            compiled.scoring.fill_postings(
                terms,
                lengths,
                np.array(starts),
                np.array(groups),
                *room,
                np.zeros(3, np.uint8),
                np.zeros(3, np.uint8),
            )


def test_both_compiled_parts_are_there():
    if not compiled.IS_COMPILED:
        missing("compiled part", COMPILER)
    assert compiled.COMPILED["_scoring"] == compiled.scoring.VERSION
    assert compiled.COMPILED["_words"] == compiled.reader.VERSION


def test_without_the_compiled_part_the_answer_is_the_same(many, monkeypatch):
    lists = [TermWeight(many[0], term, 1.0) for term in (3, 40)]
    found = ranked(lists, 10)
    monkeypatch.setattr("retrieval.ranking.scoring", None)
    assert ranked(lists, 10) == found


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=40), st.integers(1, 45))
def test_best_is_a_stable_sort_of_all_that_match(scores, k):
    expected = sorted((i for i, s in enumerate(scores) if s > 0), key=lambda i: (-scores[i], i))[:k]
    assert best(np.array(scores), k).tolist() == expected


def test_more_terms_than_the_compiled_part_takes_and_any_number_of_passages_are_no_error():
    field = Postings(*flatten([[0, 1], [1], list(range(2, 600))]), vocabulary_size=600)
    lists = [TermWeight(field, term, 1.0) for term in range(600)] * 2
    assert ranked(lists, 2**40) == added_up(lists, 2**40)
    assert ranked(lists[:3], 2**40) == added_up(lists[:3], 2**40)


def test_postings_of_a_damaged_file_are_refused_or_do_no_harm():
    if compiled.scoring is None:
        missing("compiled part", COMPILER)
    good = Postings(*flatten([[0, 1], [1]] * 50_000), vocabulary_size=2).arrays()
    chance = np.random.default_rng(3)
    for name, wrong in (
        ("groups", [0, 3, 2]), ("groups", [1, 2, 4]), ("groups", [0, -1, 4]), ("groups", [0, 2, 5]),
        ("begins", [0, 50_000, 40_000, 100_000, 150_000]), ("begins", [0, 1, 2, 3, 150_001]), ("begins", [0, 150_000]),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="do not belong together"):
            _ = KeptPostings({**good, name: np.array(wrong, np.int64)}).field
    for name, wrong in (
        ("places", np.full(150_000, 65_535, np.uint16)),
        ("places", chance.integers(0, 65_536, 150_000).astype(np.uint16)),
        ("regions", np.array([1, 0, 65_535, 7], np.uint16)),
        ("regions", np.zeros(4, np.uint16)),
        ("begins", np.array([0, 0, 150_000, 150_000, 150_000])),
    ):
        field = KeptPostings({**good, name: wrong})
        lists = [TermWeight(field, 0, 1.0), TermWeight(field, 1, 2.0)]
        for pruning in Pruning:
            assert all(0 <= passage < 100_000 for passage, _ in ranked(lists, 50, pruning=pruning))


def test_a_compiled_part_of_another_version_is_not_used(monkeypatch):
    monkeypatch.setattr(compiled, "COMPILED", {"_scoring": 0, "_words": 0})
    assert compiled._part("_scoring") is None
