"""Is a long digest cut at whole entries, with nothing lost from the count?"""

from hypothesis import given
from hypothesis import strategies as st

from bot.digest import Part
from bot.rendering.digests.fitting import fitted
from bot.rendering.digests.layout import Entry, Group

sizes = st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=6), max_size=7)


def groups_of(sizes):
    return [
        Group(part, part.value, tuple(Entry(said="x" * size) for size in row))
        for part, row in zip(Part, sizes, strict=False)
    ]


def fit(groups, room, most):
    return fitted(groups, lambda entry: len(entry.said), lambda group: 5, room, most)


@given(sizes, st.integers(0, 400), st.integers(0, 30))
def test_what_is_shown_fits_and_nothing_is_lost_from_the_count(sizes, room, most):
    groups = groups_of(sizes)
    shown = fit(groups, room, most)
    used = sum(5 + sum(len(entry.said) for entry in each.entries) for each in shown if each.entries)
    assert used <= room or not used
    assert sum(1 + len(each.entries) for each in shown if each.entries) <= most or not used
    for group, each in zip(groups, shown, strict=True):
        assert each.entries == group.entries[: len(each.entries)]
        assert len(each.entries) + each.more == len(group.entries)


@given(sizes)
def test_everything_is_shown_where_there_is_room(sizes):
    assert all(each.more == 0 for each in fit(groups_of(sizes), 10_000, 1_000))


def test_a_long_part_crowds_none_out():
    long, short = groups_of([[10] * 6, [10]])
    assert [len(each.entries) for each in fit([long, short], 45, 99)] == [2, 1]
