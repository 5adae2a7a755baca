"""Which filled cells of a sheet belong together?

A sheet is sparse: three cells may lie in the corners of a million rows. It is cut at empty rows, and at an empty column
where what stands to the right of it has labels of its own; empty columns inside a part are left out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from retrieval.ingest.formats.sheets.kinds import CellKind, kind_of_column

Row = Mapping[int, str]
"""The filled cells of a row, by the number of their column from 0, in ascending order."""
_SAMPLE = 200  # rows that are looked at to judge a column


class Area(NamedTuple):
    """Cells that were merged: first and last row and column, from 0, the last included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled cells of a sheet, in ascending order of rows (from 0), and which cells are merged."""

    rows: Mapping[int, Row]
    merged: Sequence[Area] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring cells as a grid: `numbers` and `letters` are the sheet's own rows and columns, from 0.

    `cells` holds each text once; `spread` holds it in every place of the cells that were merged.
    """

    numbers: list[int]
    letters: list[int]
    cells: list[list[str]]
    spread: list[list[str]] = field(default_factory=list)

    def rows(self, first: int, last: int | None = None) -> "Part":
        """The same part with some of its rows only."""
        cut = slice(first, last)
        return Part(self.numbers[cut], self.letters, self.cells[cut], self.spread[cut])


def parts(sheet: Sheet) -> Iterator[Part]:
    """Yield the parts of a sheet, from the top; of parts side by side the left one first."""
    spread = _spread(sheet)
    for numbers in _runs(list(sheet.rows)):
        for letters in _sides(sheet, numbers):
            held = [number for number in numbers if any(letter in sheet.rows[number] for letter in letters)]
            cells = [[sheet.rows[number].get(letter, "") for letter in letters] for number in held]
            wide = [
                [spread.get((number, letter), text) for letter, text in zip(letters, row, strict=True)]
                for number, row in zip(held, cells, strict=True)
            ]
            yield Part(held, letters, cells, wide)


def widest_area(sheet: Sheet) -> int:
    """How many cells, filled or not, the grids of `parts` would hold together, those that were merged counted again."""
    grids = (
        len(run) * len({letter for number in run for letter in sheet.rows[number]})
        for run in _runs([*sheet.rows])
    )
    return sum(grids) + sum(len(rows) * len(letters) for _, rows, letters in _merged(sheet))


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Numbers that follow one another."""
    run = list(numbers[:1])
    for before, number in pairwise(numbers):
        if number != before + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _sides(sheet: Sheet, numbers: Sequence[int]) -> list[list[int]]:
    """The filled columns of some rows, taken apart where a part has labels of its own."""
    runs = list(_runs(sorted({letter for number in numbers for letter in sheet.rows[number]})))
    sides = runs[:1]
    for run in runs[1:]:
        if _stands_alone(sheet, numbers, run):
            sides.append(run)
        else:
            sides[-1] = sides[-1] + run
    return sides


def _stands_alone(sheet: Sheet, numbers: Sequence[int], run: Sequence[int]) -> bool:
    """Whether columns to the right of an empty one begin with words, as labels of rows do, in two rows at least."""
    if len(run) < 2:
        return False
    first = [sheet.rows[number].get(run[0], "") for number in numbers[:_SAMPLE]]
    filled = [text for text in first if text]
    return len(filled) > 1 and kind_of_column(filled[1:]) is CellKind.WORDS


def _spread(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The text of merged cells in each place that they cover."""
    return {
        (row, letter): text for text, rows, letters in _merged(sheet) for row in rows for letter in letters
    }


def _merged(sheet: Sheet) -> Iterator[tuple[str, Sequence[int], range]]:
    """Yield the text of merged cells, and which rows and columns of the sheet they cover; filled ones only."""
    if not sheet.merged:
        return
    numbers = list(sheet.rows)
    last = max((max(row) for row in sheet.rows.values()), default=-1)
    for area in sheet.merged:
        text = sheet.rows.get(area.top, {}).get(area.left, "")
        if text:
            rows = numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
            yield text, rows, range(area.left, min(area.right, last) + 1)
