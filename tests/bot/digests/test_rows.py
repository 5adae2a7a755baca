"""Are the stretches in which two rows differ the right ones, and is that known in good time?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests import rows
from bot.digests.rows import differing

row = st.lists(st.integers(0, 12), max_size=30)


@pytest.mark.parametrize("most", [rows.MOST_COMPARED, 40, 0], ids=["whole", "parted", "landmarks alone"])
@given(one=row, other=row)
def test_what_is_left_of_both_is_the_same(one, other, most):
    usual, rows.MOST_COMPARED = rows.MOST_COMPARED, most
    try:
        runs = list(differing(one, other))
    finally:
        rows.MOST_COMPARED = usual
    gone = {place for run in runs for place in run[0]}
    come = {place for run in runs for place in run[1]}
    left = [each for place, each in enumerate(one) if place not in gone]
    assert left == [each for place, each in enumerate(other) if place not in come]
    assert all(run[0] or run[1] for run in runs)
    assert runs == sorted(runs, key=lambda run: (run[0].start, run[1].start))


def test_a_hundred_thousand_passages_are_compared_as_a_few_are():
    before = [f"passage {number}" for number in range(100_000)]
    after = [each for each in before if not each.endswith("99")]
    after.insert(50_000, "a new one")
    runs = list(differing(before, after))
    assert len(runs) == 1_001
    assert [run for run in runs if run[1]] == [(range(50_506, 50_506), range(50_000, 50_001))]


def test_words_that_all_repeat_are_compared_within_bounds():
    assert list(differing(["tick", "tock"] * 50_000, ["tock", "tick", "tick"] * 50_000)) == [
        (range(100_000), range(150_000))
    ]
