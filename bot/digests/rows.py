"""Where do two rows of anything differ, however long they are?"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from rapidfuzz.distance import LCSseq

MOST_COMPARED = 25_000_000
"""Pairs that are compared with each other: the memory that it takes grows with their number."""

Run = tuple[range, range]
"""A stretch of one row, and what stands in the other one instead of it; one of them may be empty."""


def differing(one: Sequence[Hashable], other: Sequence[Hashable]) -> Iterator[Run]:
    """The stretches in which two rows differ, in their order; between two of them something is the same.

    Long rows are first parted at what stands in each of them just once, in the same order (a patience diff).
    """
    start, end = 0, 0
    for place, counterpart in [*_landmarks(one, other), (len(one), len(other))]:
        yield from _within(one, other, range(start, place), range(end, counterpart))
        start, end = place + 1, counterpart + 1


def _landmarks(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The most places of both rows, ascending in both, where the same stands that stands nowhere else."""
    if len(one) * len(other) <= MOST_COMPARED:
        return []
    ones, others = Counter(one), Counter(other)
    counterparts = {each: place for place, each in enumerate(other) if others[each] == 1}
    shared = [
        (place, counterparts[each])
        for place, each in enumerate(one)
        if ones[each] == 1 and each in counterparts
    ]
    return _ascending(shared)


def _ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs whose second numbers ascend as their first ones do."""
    lowest: list[int] = []  # the lowest second number that a row of each length ends with
    ends: list[int] = []  # which pair that is
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        length = bisect_left(lowest, second)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [second]
        ends[length : length + 1] = [number]
    row: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        row.append(pairs[at])
        at = before[at]
    return row[::-1]


def _within(one: Sequence[Hashable], other: Sequence[Hashable], left: range, right: range) -> Iterator[Run]:
    """The same within a stretch of each; too many pairs are taken for one stretch that differs."""
    if len(left) * len(right) > MOST_COMPARED:
        yield left, right
        return
    gone, come = left.start, right.start
    steps = LCSseq.opcodes(one[left.start : left.stop], other[right.start : right.stop])
    for step in [*(step for step in steps if step.tag == "equal"), None]:
        run = (
            range(gone, left.start + step.src_start if step else left.stop),
            range(come, right.start + step.dest_start if step else right.stop),
        )
        if run[0] or run[1]:
            yield run
        if step:
            gone, come = left.start + step.src_end, right.start + step.dest_end
