"""Under which row and column does each figure of a table stand?

Columns are told by the figures under one another. Where rows and columns do not agree there is no grid: each line is
then kept whole, so that a quote shows the row as it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from retrieval.ingest.formats.pdf.cells import ALIGNED, Cell, cells_of, has_figures, wraps
from retrieval.ingest.formats.pdf.heads import NOWHERE, head, is_over_all, under
from retrieval.ingest.formats.pdf.rows import Row
from retrieval.ingest.formats.pdf.runs import WRAPPED
from retrieval.ingest.wording import begins_small

_SURE = 0.1  # share of rows whose cells do not fit the columns, at most
_OUTSIDE = 1.0  # points
_CLOSE = 0.88  # of the usual distance between lines
_LONG_LABEL = 45  # characters


@dataclass(slots=True)
class Line:
    """One row of a table: its label, and a cell for each column that it has one in."""

    row: Row
    label: str | None = None
    cells: dict[int, str] = field(default_factory=dict)
    head: bool = False


@dataclass(slots=True)
class Grid:
    """A table: its lines from the top, the label of each column; the rows before `start` do not belong to it."""

    start: int
    lines: list[Line]
    columns: list[str | None]


def grid(rows: Sequence[Row]) -> Grid | None:
    """Read rows as a table of figures; None where rows and columns cannot be told with certainty."""
    rows, cut = _unwrapped(rows)
    body = next((i for i, cells in enumerate(cut) if has_figures(cells)), None)
    if body is None:
        return None
    margin = min(row.left for row in rows[body:])
    columns = _columns(cut[body:], margin)
    if not columns:
        return None
    lines = [Line(row) for row in rows]
    wrong = 0
    for line, cells in zip(lines[body:], cut[body:], strict=True):
        wrong += not _fill(line, cells, columns)
    if wrong > _SURE * len(cut[body:]):
        return None
    start = 0
    for number, cells in enumerate(cut[:body]):
        lines[number].head = any(under(cell, cells, columns) != NOWHERE for cell in cells)
        if number == start and is_over_all(rows[number], margin, columns):
            lines[number].head, start = False, number + 1
            continue
        if lines[number].head:
            continue
        if number == start and rows[number].left > margin + 4 * rows[number].size:
            start = number + 1
        else:
            lines[number].label = rows[number].text
    heads = [(rows[i], cut[i]) for i in range(start, body) if lines[i].head]
    return Grid(start, lines[start:], [head(heads, columns, place) for place in range(len(columns))])


def _unwrapped(rows: Sequence[Row]) -> tuple[list[Row], list[list[Cell]]]:
    """Cut rows into cells; a line that goes on with a cell is put to it."""
    kept: list[Row] = []
    cut: list[list[Cell]] = []
    above: Row | None = None
    for row in rows:
        if above and len(cut[-1]) > 1 and wraps(row, above, cut[-1]):
            cell = next(cell for cell in cut[-1][1:] if abs(row.left - cell.left) < ALIGNED)
            cell.text = f"{cell.text} {row.text}".replace(f"{WRAPPED} ", "-")
            cell.right = max(cell.right, row.right)
        else:
            kept.append(row)
            cut.append(cells_of(row))
        above = row
    return kept, cut


def _columns(body: Sequence[Sequence[Cell]], margin: float) -> list[tuple[float, float]]:
    """Return the columns' extents: figures under one another, then other words beside them."""
    figures = [
        (cell.left, cell.right)
        for cells in body
        for place, cell in enumerate(cells)
        if cell.is_figure and (place > 0 or cell.left > margin + 40)
    ]
    columns = merged(figures)
    if not columns:
        return []
    others = [
        (cell.left, cell.right)
        for cells in body
        for cell in cells[1:]
        if not cell.is_figure
        and cell.left > columns[0][0]
        and not any(cell.left < right and cell.right > left for left, right in columns)
    ]
    return sorted(columns + merged(others))


def merged(extents: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join extents that overlap."""
    merged: list[tuple[float, float]] = []
    for left, right in sorted(extents):
        if merged and left < merged[-1][1] - _OUTSIDE:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _fill(line: Line, cells: Sequence[Cell], columns: Sequence[tuple[float, float]]) -> bool:
    """Put cells into their columns; False where two claim one, or one lies over two."""
    sure = True
    for cell in cells:
        over = [i for i, (left, right) in enumerate(columns) if cell.left < right and cell.right > left]
        if not line.cells and (not over or not cell.is_figure) and cell.left < columns[0][0]:
            line.label = f"{line.label} {cell.text}" if line.label else cell.text
            sure &= len(over) <= 1
        elif over:
            sure &= len(over) == 1 and over[0] not in line.cells
            line.cells[over[0]] = f"{line.cells[over[0]]} {cell.text}" if over[0] in line.cells else cell.text
        else:
            near = min(
                range(len(columns)), key=lambda i: abs(columns[i][0] + columns[i][1] - cell.left - cell.right)
            )
            line.cells[near] = f"{line.cells[near]} {cell.text}" if near in line.cells else cell.text
            sure = False
    return sure


def goes_on(label: str, below: Row, above: Row, usual: float) -> bool:
    """Whether a row's label is the second half of the label on the line above, which has no figures.

    `usual` is how far the table's lines are apart: the lines of one label stand closer.
    """
    if label.endswith((":", "：")):
        return False
    is_close = above.base - below.base < _CLOSE * usual
    is_long = below.left > above.left + 0.5 * below.size and len(label) > _LONG_LABEL
    return is_close or begins_small(below.text) or is_long


def usual_pitch(lines: Sequence[Line]) -> float:
    """Return how far the lines that hold figures are apart, in points; 0 where that cannot be told."""
    rows = [line.row for line in lines if line.cells]
    pitches = [above.base - below.base for above, below in pairwise(rows)]
    return median(pitches) if len(pitches) > 1 else 0.0
