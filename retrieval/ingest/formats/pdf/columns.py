"""In what order are the columns of a page read?

A column begins where several lines of prose begin, and no line reaches over. Lines that reach over (a title, a wide
table) part the page into bands; within a band the left column is read before the right one. What is no prose on
both sides is a table, and stays in one piece.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

from retrieval.ingest.formats.pdf.rows import Row, into_rows
from retrieval.ingest.formats.pdf.runs import Run

_LINES = 4  # that a column has at least
_LONG = 14  # characters of a run that can be a line of prose
_CANDIDATES = 5
_GUTTER = 0.5  # font sizes
_FILLED, _FILLED_HALF = 0.7, 0.5  # share of the width that lines fill; in columns that are as wide
_WORDS, _LETTERS = 2.4, 0.5
_BESIDE = 0.4  # share of the shorter column that stands beside the other
_CUT, _AS_WIDE = 0.25, 0.1
_DEEPEST = 4


class _Band(NamedTuple):
    rows: list[Row]
    is_parted: bool


def ordered(rows: Sequence[Row], depth: int = 0) -> list[list[Row]]:
    """Cut a page's rows into regions, in reading order; the rows of a region follow one another down the page."""
    best: tuple[int, float] = (0, 0.0)
    for edge in _edges(rows) if depth < _DEEPEST else ():
        parted = sum(len(band.rows) for band in _bands(rows, edge) if band.is_parted)
        best = max(best, (parted, edge))
    if not best[0]:
        return [list(rows)] if rows else []
    regions: list[list[Row]] = []
    for is_parted, bands in groupby(_bands(rows, best[1]), key=lambda band: band.is_parted):
        for members in (
            [band.rows for band in bands] if is_parted else [[row for band in bands for row in band.rows]]
        ):
            for side in _sides(members, best[1]) if is_parted else [members]:
                regions += ordered(side, depth + 1)
    return regions


def _edges(rows: Sequence[Row]) -> list[float]:
    """Return the places, right of the margin, where most long runs begin."""
    starts = Counter(round(run.left / 3) for row in rows for run in row.runs if len(run.text) >= _LONG)
    if len(starts) < 2:
        return []
    margin = min(starts)
    near = {at: starts[at] + starts.get(at + 1, 0) for at in starts if at > margin + 6}
    often = sorted((at for at, count in near.items() if count >= _LINES), key=lambda at: -near[at])
    lefts = [run.left for row in rows for run in row.runs]
    return [min(left for left in lefts if round(left / 3) in (at, at + 1)) for at in often[:_CANDIDATES]]


def _bands(rows: Sequence[Row], edge: float) -> list[_Band]:
    """Part rows where one reaches over `edge`."""
    bands = []
    for reaches, group in groupby(rows, key=lambda row: _reaches_over(row, edge)):
        members = list(group)
        bands.append(_Band(members, not reaches and _are_columns(members, edge)))
    return bands


def _reaches_over(row: Row, edge: float) -> bool:
    return any(run.left < edge - 1 and run.right > edge - _GUTTER * row.size for run in row.runs)


def _are_columns(rows: Sequence[Row], edge: float) -> bool:
    if len(rows) < _LINES:
        return False
    left, right = _split(rows, edge)
    if len(left) < _LINES or len(right) < _LINES:
        return False
    top = min(left[0][0].base, right[0][0].base)
    foot = max(left[-1][0].base, right[-1][0].base)
    shorter = min(side[0][0].base - side[-1][0].base for side in (left, right))
    if top - foot < _BESIDE * shorter:
        return False
    as_wide = _are_as_wide(left, right)
    filled = _FILLED_HALF if as_wide else _FILLED
    cut = sum(
        len(runs) > 1 and min(len(run.text) for run in runs) < _LONG
        for side in (left, right)
        for runs in side
    )
    few = cut <= _CUT * (len(left) + len(right))
    return (few or as_wide) and all(_is_prose(side, filled) for side in (left, right))


def _are_as_wide(left: Sequence[Sequence[Run]], right: Sequence[Sequence[Run]]) -> bool:
    """Whether two sides that consist of cells are columns of a page nevertheless: one table in each."""
    one, other = (max(r[-1].right for r in side) - min(r[0].left for r in side) for side in (left, right))
    return abs(one - other) < _AS_WIDE * max(one, other)


def _is_prose(side: Sequence[Sequence[Run]], least: float) -> bool:
    """Whether the lines of a column are filled with words."""
    begin = min(run.left for runs in side for run in runs)
    width = max(run.right for runs in side for run in runs) - begin
    text = "".join(run.text for runs in side for run in runs)
    letters = sum(map(str.isalpha, text)) / len(text)
    filled = median((runs[-1].right - runs[0].left) / width for runs in side)
    words = median(sum(run.text.count(" ") + 1 for run in runs) for runs in side)
    return filled >= least and words >= _WORDS and letters >= _LETTERS


def _split(rows: Sequence[Row], edge: float) -> tuple[list[list[Run]], list[list[Run]]]:
    left = [[run for run in row.runs if run.left < edge - 1] for row in rows]
    right = [[run for run in row.runs if run.left >= edge - 1] for row in rows]
    return [runs for runs in left if runs], [runs for runs in right if runs]


def _sides(rows: Sequence[Row], edge: float) -> list[list[Row]]:
    return [into_rows((run for runs in side for run in runs), rows[0].page) for side in _split(rows, edge)]
