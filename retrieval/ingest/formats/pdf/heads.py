"""Over which columns of a table does each word of its head stand?"""

import re
from collections.abc import Sequence

from retrieval.ingest.formats.pdf.cells import YEAR, Cell
from retrieval.ingest.formats.pdf.rows import Row

Columns = Sequence[tuple[float, float]]
"""Where each column begins and ends."""


_PERIOD = re.compile(r"\b(?:19|20)\d\d\b|\b(?:ended|months|weeks)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")  # "(in millions)": of the whole table
_CENTRED = 0.12
_WIDER = 1.6  # than its column, is a head cell that may stand over several
NOWHERE = (1, 0)


def head(
    heads: Sequence[tuple[Row, Sequence[Cell]]], columns: Sequence[tuple[float, float]], place: int
) -> str | None:
    """Join what stands over a column, from the top."""
    said = []
    for number, (_, cells) in enumerate(heads):
        if len(cells) == 1 and _ASIDE.fullmatch(cells[0].text):
            continue
        below = heads[number + 1][1] if number + 1 < len(heads) else ()
        years = len(below) > 1 and all(YEAR.fullmatch(cell.text) for cell in below)
        alone = len(cells) == 1 and (years or (bool(below) and _PERIOD.search(cells[0].text) is not None))
        over = [under(cell, cells, columns, is_wide=alone) for cell in cells]
        said += [cell.text for cell, (first, last) in zip(cells, over, strict=True) if first <= place <= last]
    return " ".join(dict.fromkeys(said)) or None


def under(
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
            return NOWHERE
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


def is_over_all(row: Row, margin: float, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a line is centred over the whole table with its labels, as a title is, not over the columns."""
    if len(row.runs) > 1:
        return False
    left, right = columns[0][0], columns[-1][1]
    middle = (row.left + row.right) / 2
    from_table, from_columns = abs(middle - (margin + right) / 2), abs(middle - (left + right) / 2)
    return from_table < 1.5 * row.size < from_columns
