"""What do tables say that hold words, not figures?

White space that runs down all of their lines parts their columns; a line that leaves the first column empty goes on
with the row above it.
"""

from collections.abc import Sequence

from retrieval.ingest.formats.pdf.cells import ALIGNED, LEAST_LINES, Cell, cells_of
from retrieval.ingest.formats.pdf.grids import Grid, Line, merged
from retrieval.ingest.formats.pdf.rows import Row
from retrieval.ingest.formats.pdf.runs import WRAPPED

_MOST_COLUMNS = 8


def pairs(rows: Sequence[Row]) -> list[tuple[str, list[str]]] | None:
    """Read rows as a list of terms, each with the lines of what is said of it; None where they are no such list."""
    found: list[tuple[str, list[str]]] = []
    place: float | None = None
    for row in rows:
        cells = cells_of(row)
        if len(cells) == 2 and (place is None or abs(cells[1].left - place) < ALIGNED):
            place = cells[1].left
            found.append((cells[0].text, [cells[1].text]))
        elif len(cells) == 1 and found and place is not None and abs(row.left - place) < ALIGNED:
            found[-1][1].append(row.text)
        else:
            return None
    return found if len(found) >= LEAST_LINES else None


def worded(rows: Sequence[Row]) -> Grid | None:
    """Read rows as a table of words; None where no white space parts its columns, or two cells claim one field."""
    cut = [cells_of(row) for row in rows]
    columns = merged([(cell.left, cell.right) for cells in cut for cell in cells])
    if not 1 < len(columns) <= _MOST_COLUMNS:
        return None
    lines: list[Line] = []
    for row, cells in zip(rows, cut, strict=True):
        fields = {_nearest(cell, columns): cell.text for cell in cells}
        if len(fields) < len(cells):
            return None
        if 0 in fields or not lines:
            lines.append(Line(row, fields.pop(0, None), fields))
            continue
        for place, text in fields.items():
            before = lines[-1].cells.get(place)
            lines[-1].cells[place] = f"{before} {text}".replace(f"{WRAPPED} ", "-") if before else text
    if len(lines) < LEAST_LINES or not all(line.cells for line in lines):
        return None
    head = lines[0].row.is_bold and not lines[1].row.is_bold
    lines[0].head = head
    return Grid(0, lines, [lines[0].cells.get(place) if head else None for place in range(len(columns))])


def _nearest(cell: Cell, columns: Sequence[tuple[float, float]]) -> int:
    middle = (cell.left + cell.right) / 2
    return min(
        range(len(columns)),
        key=lambda i: abs(sum(columns[i]) / 2 - middle) - (columns[i][1] - columns[i][0]) / 2,
    )
