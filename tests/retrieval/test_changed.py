"""Is an index that carries on after a change the same as one built anew?"""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Memo, Superseded, answer, build_index, carry_on, compiled, keep, open_index
from retrieval.joined import JoinedPostings, ordered
from retrieval.postings import Postings
from retrieval.ranking import Pruning, TermWeight, ranked
from tests.retrieval.comparing import in_words
from tests.retrieval.test_bm25 import flatten
from tests.retrieval.test_building import SENTENCES, SYNONYMS, libraries, memos
from tests.retrieval.test_ranking import made

changes = st.tuples(
    st.lists(memos, max_size=2, unique_by=lambda memo: memo.id),
    st.sets(st.sampled_from("abcdef"), max_size=2),
)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    return tmp_path_factory.mktemp("changed")


def opened(index, file):
    """The same index, out of a file."""
    keep(index, {}, "these", file)
    return open_index(file, "these", index.synonyms, index.superseded)


def applied(library, news, gone):
    return {memo_id: memo for memo_id, memo in library.items() if memo_id not in gone} | {
        memo.id: memo for memo in news
    }


@settings(max_examples=150)
@given(libraries, st.lists(changes, min_size=1, max_size=4), st.booleans(), st.sampled_from(Superseded))
def test_after_any_changes_an_index_is_the_same_as_one_built_anew(
    shelf, first, history, in_a_file, superseded
):
    library = {memo.id: memo for memo in first}
    index = build_index(first, SYNONYMS, superseded=superseded)
    if in_a_file:
        index = opened(index, shelf / "index")
    for news, gone in history:
        library = applied(library, news, gone)
        fresh = build_index(library.values(), SYNONYMS, superseded=superseded)
        carried = carry_on(index, news, gone, most_beside=math.inf)
        index = carried or build_index(library.values(), SYNONYMS, index, superseded)
        assert in_words(index) == in_words(fresh)
        assert in_words(index.whole()) == in_words(fresh)
        assert in_words(opened(index, shelf / "changed")) == in_words(fresh)


@settings(max_examples=40)
@given(libraries, changes, changes, st.sets(st.sampled_from("abcdef")))
def test_what_a_changed_index_knows_makes_the_same_indexes(first, one, other, chosen):
    library = {memo.id: memo for memo in first}
    index = build_index(first, SYNONYMS)
    for news, gone in (one, other):
        library = applied(library, news, gone)
        carried = carry_on(index, news, gone, most_beside=math.inf)
        index = carried or build_index(library.values(), SYNONYMS, index)
    some = [memo for memo in library.values() if memo.id in chosen]
    assert in_words(build_index(some, SYNONYMS, index)) == in_words(build_index(some, SYNONYMS))
    back = build_index(first, SYNONYMS, index)
    assert in_words(back) == in_words(build_index(first, SYNONYMS))


def library_of(count):
    return [
        Memo(id=f"{number:03}", title="", text=f"{SENTENCES[number % 5]} Number {number}.", language="en")
        for number in range(count)
    ]


def test_a_change_of_one_memo_reads_no_other(analysed):
    index = build_index(library_of(100), SYNONYMS)
    analysed.clear()
    new = Memo(id="new", title="", text="The kettle is descaled on Fridays.", language="en")
    index = carry_on(index, [new], ["007"])
    assert analysed == ["new"]
    assert answer(index, "When is the kettle descaled?").excerpts[0].citation.memo_id == "new"
    assert "007" not in index.memos


def test_memos_that_are_gone_are_not_held_any_more():
    index = build_index(library_of(20))
    for number in range(5):
        carried = carry_on(index, [Memo(id=f"new{number}", title="", text="Secret.", language="en")])
        index = carry_on(carried, [], [f"new{number}"]).whole()
    assert set(index.read) == {memo.id for memo in library_of(20)}
    assert index.columns.memos.values.tobytes().count(b"Secret") == 0


def test_a_changed_index_remembers_its_memos_where_they_are(tmp_path):
    index = carry_on(opened(build_index(library_of(3)), tmp_path / "index"), library_of(4)[3:], ["000"])
    index.remember({memo.id: memo for memo in library_of(5)})
    assert sorted(index.read) == ["001", "002", "003"]
    assert all(index.given(memo.id) is index.read[memo.id] for memo in library_of(4)[1:])


def test_memos_that_a_new_meaning_reaches_are_read_again():
    index = build_index(library_of(40))
    explains = Memo(
        id="new", title="", text="The number of rainy odd knots (ROK) is small. " * 2, language="en"
    )
    carried = carry_on(index, [explains], most_beside=math.inf)
    fresh = build_index([*library_of(40), explains])
    assert carried is not None
    assert in_words(carried) == in_words(fresh)


def test_what_nothing_changed_in_is_the_index_itself():
    index = build_index(library_of(3))
    assert carry_on(index, [], ["nobody"]) is index


@pytest.mark.parametrize(
    "news",
    [
        pytest.param(library_of(30), id="many memos"),
        pytest.param(
            [Memo(id=f"de{n}", title="", text=f"{SENTENCES[5]} {SENTENCES[6]} " * 40) for n in range(3)],
            id="another language for most",
        ),
    ],
)
def test_a_change_that_reaches_too_much_is_left_to_a_new_index(news):
    undecided = [Memo(id=f"x{number}", title="", text=f"Tesla {number}") for number in range(20)]
    assert carry_on(build_index(undecided), news) is None


@pytest.mark.skipif(compiled.scoring is None, reason="the compiled part is not there")
@pytest.mark.parametrize("seed", range(60))
def test_the_best_of_two_parts_are_those_of_both_together(joined_and_whole, seed):
    joined, whole = joined_and_whole
    chance = random.Random(seed)
    asked = [
        (chance.randrange(2), min(int(chance.paretovariate(0.3)), 400) - 1, chance.choice([0.3, 1, 1, 4.2]))
        for _ in range(chance.randint(1, 12))
    ]
    allowed = np.array([chance.random() < 0.02 for _ in range(whole[0].count)]) if seed % 3 == 0 else None
    for pruning in Pruning:
        found, expected = (
            ranked(
                [TermWeight(fields[field], term, weight) for field, term, weight in asked],
                20,
                allowed,
                pruning,
            )
            for fields in (joined, whole)
        )
        assert found == expected


@pytest.fixture(scope="module")
def joined_and_whole():
    """Two fields over two regions in two parts, the second's terms numbered otherwise; and the same in one."""
    chance = random.Random(7)
    first, second, gone = 66_000, 2_500, sorted(chance.sample(range(66_000), 1_500))
    before = np.sort(np.array([chance.randint(0, first) for _ in range(second)]))
    order = ordered(first, np.array(gone, np.int32), before)
    joined, whole = [], []
    for length in (20, 3):
        passages = [made(chance, length) for _ in range(first)]
        longer = [made(chance, 2 * length) for _ in range(second)]
        numbers = np.array(chance.sample(range(400), 400), np.int32)
        own = np.argsort(numbers)
        left = [term for number in gone for term in set(passages[number])]
        joined.append(
            JoinedPostings(
                Postings(*flatten(passages), vocabulary_size=400),
                Postings(*flatten([own[row].tolist() for row in longer]), vocabulary_size=400),
                order=order,
                known=400,
                numbers=numbers,
                gone={term: left.count(term) for term in set(left)},
                gone_length=sum(len(passages[number]) for number in gone),
            )
        )
        both = [*passages, *longer]
        whole.append(Postings(*flatten([both[source] for source in order.source]), vocabulary_size=400))
    return joined, whole
