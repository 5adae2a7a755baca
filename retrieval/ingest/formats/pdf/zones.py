"""Which lines of a page are a table?"""

from collections.abc import Sequence

from retrieval.ingest.formats.pdf.cells import (
    ALIGNED,
    FIGURE,
    LEAST_LINES,
    YEAR,
    Cell,
    are_near,
    cells_of,
    has_figures,
    wraps,
)
from retrieval.ingest.formats.pdf.rows import Row
from retrieval.ingest.wording import is_finished

_LABEL_LINES = 3
_FIGURED = 2  # lines with figures that a table has at least
_WIDE = 0.6  # of the region: a line of prose with something after it
_HEAD_LINES = 6
_APART = 1.3  # font sizes between a term and what is said of it


def zones(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Find the tables among the rows of a region: half-open ranges of rows."""
    wide = _WIDE * (max(row.right for row in rows) - min(row.left for row in rows)) if rows else 0.0
    cells = [cells_of(row) if len(row.runs) > 1 else [] for row in rows]
    tabular = [_is_tabular(each, wide) for each in cells]
    figured = [any(cell.is_figure for cell in each[1:]) for each in cells]
    paired = [_are_paired(rows, cells, number) for number in range(len(rows))]
    tabular = [either or other for either, other in zip(tabular, paired, strict=True)]
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(rows):
        if not tabular[place]:
            place += 1
            continue
        last = whole = place  # the last row so far, and the last with several cells
        ahead = place + 1
        margin = rows[place].left
        counted = False
        while ahead < len(rows) and ahead - last <= _LABEL_LINES and are_near(rows[ahead - 1], rows[ahead]):
            margin = min(margin, rows[ahead - 1].left)
            counted |= has_figures(cells[ahead - 1])
            whole = ahead - 1 if tabular[ahead - 1] else whole
            goes_on = wraps(rows[ahead], rows[ahead - 1], cells[whole])
            if counted and not goes_on and _is_head(rows[ahead], cells[ahead], margin):
                break
            if tabular[ahead] or goes_on:
                last = ahead
            elif not (_can_be_label(rows[ahead], rows[place]) or _hangs(rows[ahead], cells[place])):
                break
            ahead += 1
        first = _with_head(rows, place, found[-1][1] if found else 0, margin)
        if sum(figured[place : last + 1]) >= _FIGURED or sum(tabular[place : last + 1]) >= LEAST_LINES:
            found.append((first, last + 1))
        place = last + 1
    return found


def _are_paired(rows: Sequence[Row], cells: Sequence[Sequence[Cell]], number: int) -> bool:
    """Whether a line has two cells, and the second of a line beside it begins where its own does."""
    if len(cells[number]) != 2:
        return False
    row, (first, second) = rows[number], cells[number]
    if second.left - first.right < _APART * row.size or first.right - first.left > second.left - row.left:
        return False
    for step in (-1, 1):
        other = number + step
        while 0 <= other < len(rows) and _hangs(rows[other], cells[number]):
            other += step
        if (
            0 <= other < len(rows)
            and len(cells[other]) == 2
            and abs(cells[other][1].left - second.left) < ALIGNED
        ):
            return are_near(*(rows[other - step], rows[other])[::step])
    return False


def _is_tabular(cells: Sequence[Cell], wide: float) -> bool:
    if len(cells) < 2:
        return False
    if any(cell.is_figure for cell in cells[1:]):
        return True
    return len(cells) > 2 and max(cell.right - cell.left for cell in cells) < wide


def _can_be_label(row: Row, first: Row) -> bool:
    """Whether a line without figures can stand inside a table: a label over rows, or the first half of one."""
    return row.right < first.right - 2 * row.size or (
        len(row.runs) > 1 and row.right <= first.right + 2 * row.size
    )


def _hangs(row: Row, cells: Sequence[Cell]) -> bool:
    """Whether a line goes on with the second cell of one above it."""
    return len(cells) == 2 and len(row.runs) == 1 and abs(row.left - cells[1].left) < ALIGNED


def _with_head(rows: Sequence[Row], place: int, floor: int, margin: float) -> int:
    """Return where the lines over a table's first row begin that label its columns."""
    first = place
    while first > floor and place - first < _HEAD_LINES and are_near(rows[first - 1], rows[first]):
        row = rows[first - 1]
        over = row.left > margin + 4 * row.size or (
            len(row.runs) > 1 and row.runs[1].left > margin + 6 * row.size
        )
        prose = len(row.runs) == 1 and is_finished(row.text) and len(row.text) > 60
        if not over or prose or row.right > rows[place].right + 6 * row.size:
            break
        first -= 1
    return first


def _is_head(row: Row, cells: Sequence[Cell], margin: float) -> bool:
    """Whether a line labels columns: nothing in it but words and years, none of them where the rows' labels are."""
    said = [cell.text for cell in cells] or [row.text]
    return row.left > margin + 4 * row.size and not any(
        FIGURE.fullmatch(text) and not YEAR.fullmatch(text) for text in said
    )
