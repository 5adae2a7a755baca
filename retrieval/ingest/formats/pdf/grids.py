"""Which lines are a table, and under which row and column does each of its cells stand?

Cells are told by the gaps between them, columns by the figures under one another. Where the two do not agree, each
line is kept whole: a quote then shows the row as it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from retrieval.ingest.formats.pdf.rows import Row
from retrieval.ingest.formats.pdf.words import WRAPPED, Run
from retrieval.ingest.wording import begins_small, is_finished

_CURRENCY = re.compile(r"[-+(]?[$€£¥]|(?:US|C|A)\$|EUR|USD|Rs\.?")
_TAIL = re.compile(r"[)\]%]{1,3}|\)?\s?[x%]|(?:\([a-z0-9]{1,2}\)|[*†‡]{1,2})[)%]?")
_NUMBER = (
    r"[~≈<>]?[(\[+–—-]{0,2}\s?[$€£¥]?\s?[(+–—-]?\s?\d[\d,.:/]*\s?[)\]]?\s?(?:%|x|bps|pts|pp|[BMK])?[)\]]?"
)
FIGURE = re.compile(
    rf"{_NUMBER}(?:\s?[-–]\s?{_NUMBER})?"
    r"(?:\s?(?:\([a-z0-9]{1,2}\)|[*†‡]{1,2}|[⁰¹²³⁴-⁹]{1,2}))?"
    r"|[$€£¥]?\s?[–—-]{1,2}\s?%?|[Nn]/?[AMam]\.?|\*{1,2}",
)
_YEAR = re.compile(r"\(?(?:(?:Q[1-4]|FY|CY|H[12])\s?)?(?:19|20)\d\d\)?(?:\s?[*†‡]|\s?\([a-z0-9]\))?")
_FIGURE_PART = re.compile(rf"{FIGURE.pattern}|{_CURRENCY.pattern}|{_TAIL.pattern}")
_PERIOD = re.compile(r"\b(?:19|20)\d\d\b|\b(?:ended|months|weeks)\b", re.IGNORECASE)
_MARK = re.compile(
    r"[•●○◦▪■□▫–—*·➢✓§o\-]|\(?(?:[a-z]|[ivx]{1,5}|\d{1,3})[.)]|[*†‡]{1,3}|[⁰¹²³⁴-⁹]{1,3}", re.IGNORECASE
)
_SPREAD = 4.0  # font sizes between two lines of one table
_LABEL_LINES = 3
_MOST_COLUMNS = 8
_FIGURED, _LINES = 2, 3  # lines of a table, at least: with figures, with other cells
_WIDE = 0.6  # of the region: a line of prose with something after it
_HEAD_LINES = 6
_SURE = 0.1  # share of rows whose cells do not fit the columns, at most
_OUTSIDE = 1.0  # points
_CENTRED = 0.12
_NEXT = 1.4  # font sizes between two lines of one cell
_ALIGNED, _APART = 3.0, 1.3  # points; font sizes between a term and what is said of it
_WIDER = 1.6  # than its column, is a head cell that may stand over several
_NOWHERE = (1, 0)


@dataclass(slots=True)
class Cell:
    """Words in one field of a table."""

    text: str
    left: float
    right: float

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, or a dash where one would stand."""
        return FIGURE.fullmatch(self.text) is not None


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


def cells_of(row: Row) -> list[Cell]:
    """Cut a row into cells: a currency sign belongs to the figure after it, a bracket or % to the one before."""
    cells: list[Cell] = []
    sign: Cell | None = None
    parts = [part for run in row.runs for part in _parts(run)]
    for place, run in enumerate(parts):
        text = run.text
        if sign is not None:
            cells.append(Cell(sign.text + ("" if text[:1] != "—" else " ") + text, sign.left, run.right))
            sign = None
        elif _CURRENCY.fullmatch(text) and place + 1 < len(parts):
            sign = run
        elif cells and _TAIL.fullmatch(text) and run.left - cells[-1].right < 2 * row.size:
            cells[-1].text += text if text[:1] in ")]%" else f" {text}"
            cells[-1].right = run.right
        else:
            cells.append(Cell(text, run.left, run.right))
    if len(cells) > 1 and _MARK.fullmatch(cells[0].text) and not cells[1].is_figure:
        first = cells.pop(0)
        cells[0] = Cell(f"{first.text} {cells[0].text}", first.left, cells[0].right)
    return cells


def _parts(run: Run) -> list[Cell]:
    """Take figures apart that stand so close that they look like words of one run."""
    words = run.text.split(" ")
    if len(words) < 2 or len(words) != len(run.lefts) or FIGURE.fullmatch(run.text):
        return [Cell(run.text, run.left, run.right)]
    if not all(map(_FIGURE_PART.fullmatch, words)):
        return [Cell(run.text, run.left, run.right)]
    parts: list[Cell] = []
    for number, (word, left) in enumerate(zip(words, run.lefts, strict=True)):
        right = run.lefts[number + 1] - 1 if number + 1 < len(words) else run.right
        if parts and not word[:1].isdigit() and _TAIL.fullmatch(word):
            parts[-1] = Cell(f"{parts[-1].text} {word}", parts[-1].left, right)
        else:
            parts.append(Cell(word, left, right))
    return parts


def zones(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Find the tables among the rows of a region: half-open ranges of rows."""
    wide = _WIDE * (max(row.right for row in rows) - min(row.left for row in rows)) if rows else 0.0
    cells = [cells_of(row) if len(row.runs) > 1 else [] for row in rows]
    tabular = [_is_tabular(each, wide) for each in cells]
    figured = [any(cell.is_figure for cell in each[1:]) for each in cells]
    paired = [_are_paired(rows, cells, number) for number in range(len(rows))]
    tabular = [either or other for either, other in zip(tabular, paired, strict=True)]
    found = []
    place = 0
    while place < len(rows):
        if not tabular[place]:
            place += 1
            continue
        last = whole = place  # the last row so far, and the last with several cells
        ahead = place + 1
        margin = rows[place].left
        counted = False
        while ahead < len(rows) and ahead - last <= _LABEL_LINES and _near(rows[ahead - 1], rows[ahead]):
            margin = min(margin, rows[ahead - 1].left)
            counted |= _has_figures(cells[ahead - 1])
            whole = ahead - 1 if tabular[ahead - 1] else whole
            wraps = _wraps(rows[ahead], rows[ahead - 1], cells[whole])
            if counted and not wraps and _is_head(rows[ahead], cells[ahead], margin):
                break
            if tabular[ahead] or wraps:
                last = ahead
            elif not (_can_be_label(rows[ahead], rows[place]) or _hangs(rows[ahead], cells[place])):
                break
            ahead += 1
        first = _with_head(rows, place, found[-1][1] if found else 0, margin)
        if sum(figured[place : last + 1]) >= _FIGURED or sum(tabular[place : last + 1]) >= _LINES:
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
    for other in (number - 1, number + 1):
        if (
            0 <= other < len(rows)
            and len(cells[other]) == 2
            and abs(cells[other][1].left - second.left) < _ALIGNED
        ):
            return _near(*(rows[other], row) if other < number else (row, rows[other]))
    return False


def pairs(rows: Sequence[Row]) -> list[tuple[str, list[str]]] | None:
    """Read rows as a list of terms, each with the lines of what is said of it; None where they are no such list."""
    found: list[tuple[str, list[str]]] = []
    place: float | None = None
    for row in rows:
        cells = cells_of(row)
        if len(cells) == 2 and (place is None or abs(cells[1].left - place) < _ALIGNED):
            place = cells[1].left
            found.append((cells[0].text, [cells[1].text]))
        elif len(cells) == 1 and found and place is not None and abs(row.left - place) < _ALIGNED:
            found[-1][1].append(row.text)
        else:
            return None
    return found if len(found) >= _LINES else None


def _is_tabular(cells: Sequence[Cell], wide: float) -> bool:
    if len(cells) < 2:
        return False
    if any(cell.is_figure for cell in cells[1:]):
        return True
    return len(cells) > 2 and max(cell.right - cell.left for cell in cells) < wide


def _near(above: Row, below: Row) -> bool:
    return 0 < above.base - below.base < _SPREAD * max(above.size, below.size)


def _can_be_label(row: Row, first: Row) -> bool:
    """Whether a line without figures can stand inside a table: a label over rows, or the first half of one."""
    return row.right < first.right - 2 * row.size or (
        len(row.runs) > 1 and row.right <= first.right + 2 * row.size
    )


def _wraps(row: Row, above: Row, cells: Sequence[Cell]) -> bool:
    """Whether a line is the next one of a cell of the row above it."""
    near = above.base - row.base < _NEXT * row.size
    return near and len(row.runs) == 1 and any(abs(row.left - cell.left) < _ALIGNED for cell in cells[1:])


def _hangs(row: Row, cells: Sequence[Cell]) -> bool:
    """Whether a line goes on with the second cell of one above it."""
    return len(cells) == 2 and len(row.runs) == 1 and abs(row.left - cells[1].left) < _ALIGNED


def _with_head(rows: Sequence[Row], place: int, floor: int, margin: float) -> int:
    """Return where the lines over a table's first row begin that label its columns."""
    first = place
    while first > floor and place - first < _HEAD_LINES and _near(rows[first - 1], rows[first]):
        row = rows[first - 1]
        over = row.left > margin + 4 * row.size or (
            len(row.runs) > 1 and row.runs[1].left > margin + 6 * row.size
        )
        prose = len(row.runs) == 1 and is_finished(row.text) and len(row.text) > 60
        if not over or prose or row.right > rows[place].right + 6 * row.size:
            break
        first -= 1
    return first


def grid(rows: Sequence[Row]) -> Grid | None:
    """Read rows as a table of figures; None where rows and columns cannot be told with certainty."""
    rows, cut = _unwrapped(rows)
    body = next((i for i, cells in enumerate(cut) if _has_figures(cells)), None)
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
        lines[number].head = any(_under(cell, cells, columns) != _NOWHERE for cell in cells)
        if number == start and _is_over_all(rows[number], margin, columns):
            lines[number].head, start = False, number + 1
            continue
        if lines[number].head:
            continue
        if number == start and rows[number].left > margin + 4 * rows[number].size:
            start = number + 1
        else:
            lines[number].label = rows[number].text
    heads = [(rows[i], cut[i]) for i in range(start, body) if lines[i].head]
    return Grid(start, lines[start:], [_head(heads, columns, place) for place in range(len(columns))])


def _unwrapped(rows: Sequence[Row]) -> tuple[list[Row], list[list[Cell]]]:
    """Cut rows into cells; a line that goes on with a cell is put to it."""
    kept: list[Row] = []
    cut: list[list[Cell]] = []
    above: Row | None = None
    for row in rows:
        if above and len(cut[-1]) > 1 and _wraps(row, above, cut[-1]):
            cell = next(cell for cell in cut[-1][1:] if abs(row.left - cell.left) < _ALIGNED)
            cell.text = f"{cell.text} {row.text}".replace(f"{WRAPPED} ", "-")
            cell.right = max(cell.right, row.right)
        else:
            kept.append(row)
            cut.append(cells_of(row))
        above = row
    return kept, cut


def worded(rows: Sequence[Row]) -> Grid | None:
    """Read rows as a table of words; None where no white space parts its columns, or two cells claim one field."""
    cut = [cells_of(row) for row in rows]
    columns = _merged([(cell.left, cell.right) for cells in cut for cell in cells])
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
    if len(lines) < _LINES or not all(line.cells for line in lines):
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


def _is_over_all(row: Row, margin: float, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a line is centred over the whole table with its labels, as a title is, not over the columns."""
    if len(row.runs) > 1:
        return False
    left, right = columns[0][0], columns[-1][1]
    middle = (row.left + row.right) / 2
    from_table, from_columns = abs(middle - (margin + right) / 2), abs(middle - (left + right) / 2)
    return from_table < 1.5 * row.size < from_columns


def _is_head(row: Row, cells: Sequence[Cell], margin: float) -> bool:
    """Whether a line labels columns: nothing in it but words and years, none of them where the rows' labels are."""
    said = [cell.text for cell in cells] or [row.text]
    return row.left > margin + 4 * row.size and not any(
        FIGURE.fullmatch(text) and not _YEAR.fullmatch(text) for text in said
    )


def _has_figures(cells: Sequence[Cell]) -> bool:
    return any(cell.is_figure and not _YEAR.fullmatch(cell.text) for cell in cells[1:]) or (
        len(cells) > 1 and not cells[0].is_figure and all(cell.is_figure for cell in cells[1:])
        and not all(_YEAR.fullmatch(cell.text) for cell in cells[1:])
    )  # fmt: skip


def _columns(body: Sequence[Sequence[Cell]], margin: float) -> list[tuple[float, float]]:
    """Return the columns' extents: figures under one another, then other words beside them."""
    figures = [
        (cell.left, cell.right)
        for cells in body
        for place, cell in enumerate(cells)
        if cell.is_figure and (place > 0 or cell.left > margin + 40)
    ]
    columns = _merged(figures)
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
    return sorted(columns + _merged(others))


def _merged(extents: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
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


def _head(
    heads: Sequence[tuple[Row, Sequence[Cell]]], columns: Sequence[tuple[float, float]], place: int
) -> str | None:
    """Join what stands over a column, from the top."""
    said = []
    for number, (_, cells) in enumerate(heads):
        below = heads[number + 1][1] if number + 1 < len(heads) else ()
        years = len(below) > 1 and all(_YEAR.fullmatch(cell.text) for cell in below)
        alone = len(cells) == 1 and (years or (bool(below) and _PERIOD.search(cells[0].text) is not None))
        over = [_under(cell, cells, columns, is_wide=alone) for cell in cells]
        said += [cell.text for cell, (first, last) in zip(cells, over, strict=True) if first <= place <= last]
    return " ".join(dict.fromkeys(said)) or None


def _under(
    cell: Cell, beside: Sequence[Cell], columns: Sequence[tuple[float, float]], *, is_wide: bool = False
) -> tuple[int, int]:
    """Return the first and last of the columns that a head cell stands over; it is centred over all of them."""
    over = [i for i, (left, right) in enumerate(columns) if cell.left < right and cell.right > left]
    middle = (cell.left + cell.right) / 2
    if not over:
        near = min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - middle))
        left, right = columns[near]
        close = cell.left - right < right - left + 10 and left - cell.right < right - left + 10
        if not close or cell.right < columns[0][0] - 30:
            return _NOWHERE
        over = [near]
    first, last = over[0], over[-1]
    left, right = columns[first][0], columns[last][1]
    if len(over) == 1 and not is_wide and cell.right - cell.left <= _WIDER * (right - left):
        return first, last
    taken = {i for other in beside if other is not cell for i in range(len(columns))
             if other.left < columns[i][1] and other.right > columns[i][0]}  # fmt: skip
    best = (first, last)
    for a in range(first, -1, -1):
        for b in range(last, len(columns)):
            if taken & set(range(a, b + 1)):
                break
            width = columns[b][1] - columns[a][0]
            if (
                abs((columns[a][0] + columns[b][1]) / 2 - middle) <= _CENTRED * width
                and b - a > best[1] - best[0]
            ):
                best = (a, b)
    return best


def goes_on(label: str, below: Row, above: Row) -> bool:
    """Whether a row's label is the second half of the label on the line above, which has no figures."""
    if label.endswith((":", "：")):
        return False
    return begins_small(below.text) or (below.left > above.left + 0.5 * below.size and len(label) > 45)
