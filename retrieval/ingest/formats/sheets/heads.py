"""Which first rows of a table label its columns, and which first columns its rows?

A head differs from what stands below it: words over figures, years over amounts. Where everything is words, the first
row is the head if it is full and none of its words stands in its column again.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from retrieval.ingest.formats.sheets.grid import Part
from retrieval.ingest.formats.sheets.kinds import CellKind, can_be_head, kind_of, kind_of_column
from retrieval.ingest.tables import is_label

_MOST_HEADS = 4
_MOST_LABELS = 3
_SAMPLE = 300  # rows that are looked at to judge a column
_DISTINCT = 0.7  # share of different names in a column that names the rows
_UNIT_LENGTH = 12
_FIGURES_IN_A_LINE = 4
_TIMES = frozenset({CellKind.YEAR, CellKind.DAY})


def head_rows(part: Part) -> int:
    """How many rows at the top are the head; 0 where there is none."""
    last = min(_MOST_HEADS, len(part.cells) - 1)
    for place in range(last):
        above = part.cells[:place]
        if all(map(_is_over, above)) and _is_head(part, place):
            return place + 1 + _goes_on(part, place + 1)
    return 0


def with_heads(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts, a head that an empty row parts from its table put back over it."""
    head: Part | None = None
    for part in parts:
        if head and set(part.letters) <= set(head.letters) and not head_rows(part):
            places = [head.letters.index(letter) for letter in part.letters]
            own = [head.cells[0][place] for place in places]
            whole = Part(
                [*head.numbers, *part.numbers], part.letters, [own, *part.cells], [own, *part.spread]
            )
            if all(own) and len(own) == sum(map(bool, head.cells[0])) and head_rows(whole):
                yield whole
                head = None
                continue
        if head:
            yield head
        head = part if len(part.cells) == 1 and len(part.letters) > 1 else None
        if not head:
            yield part
    if head:
        yield head


def column_labels(part: Part, heads: int) -> list[str | None]:
    """One label a column, the words of all head rows from the top; None where the head has none."""
    if not heads:
        return [None] * len(part.letters)
    rows = [_filled_right(row, part.cells[heads - 1]) for row in part.spread[: heads - 1]]
    rows.append(part.spread[heads - 1])
    columns = (
        dict.fromkeys(flat(cell) for cell in column if cell) for column in zip_longest(*rows, fillvalue="")
    )
    return [" ".join(column) or None for column in columns]


def label_columns(part: Part, heads: int) -> int:
    """How many columns at the left name the rows of a table of figures; 0 where it is a table of records.

    More than half of the other columns hold figures. Several columns of words name a row together where the first
    groups the others ("Europe", "France"), or where there are too many figures to be read in one line; else they are
    a record's. Years, days and small numbers name rows in the first column only.
    """
    body = part.cells[heads : heads + _SAMPLE]
    kinds = [kind_of_column(column) for column in zip(*body, strict=True)]
    labels = next((place for place, kind in enumerate(kinds) if kind is not CellKind.WORDS), len(kinds))
    labels = labels or int(kinds[0] in _TIMES or _counts_up([row[0] for row in body]))
    rest = [kind for kind in kinds[labels:] if kind is not CellKind.NOTHING]
    figures = sum(kind in {CellKind.FIGURE, CellKind.YEAR} for kind in rest)
    if not 0 < labels <= _MOST_LABELS or 2 * figures <= len(rest):
        return 0
    if not all(is_label(cell) for row in body for cell in row[:labels]):
        return 0
    grouped = labels == 1 or _repeats([row[0] for row in body])
    return labels if grouped or figures > _FIGURES_IN_A_LINE else 0


def row_names(part: Part, heads: int) -> list[str | None]:
    """Name the rows of a table of records, by the column that holds a different name in each, and a number before it.

    None where no column does.
    """
    body = part.spread[heads:]
    if len(body) == 1 and not heads:
        return [None]
    names = [
        _names_rows([row[place] for row in body]) for place in range(min(len(part.letters), _MOST_LABELS))
    ]
    place = next((place for place, fits in enumerate(names) if fits), None)
    if place is None:
        return [None] * len(body)
    first = 0 if place and all(_is_mark(row[0]) for row in body[:_SAMPLE]) else place
    return [joined([row[at] for at in dict.fromkeys((first, place))]) for row in body]


def joined(texts: Sequence[str]) -> str | None:
    """Labels on one line, each once; None where all are empty."""
    return ", ".join(dict.fromkeys(flat(text) for text in texts if text)) or None


def flat(text: str) -> str:
    """A label without its line breaks."""
    return text.replace("\n", " ")


def _is_over(row: Sequence[str]) -> bool:
    """Whether a row could stand over the head proper: labels with gaps between them."""
    filled = [cell for cell in row if cell]
    return len(filled) > 1 and all(map(can_be_head, filled))


def _is_head(part: Part, place: int) -> bool:
    row, below = part.spread[place], part.cells[place + 1 : place + 1 + _SAMPLE]
    filled = [cell for cell in row[1:] if cell] or []
    if not filled or 2 * len(filled) < len(row) - 1 or not all(can_be_head(cell) for cell in row if cell):
        return False
    differ = [_differs(cell, [r[at] for r in below]) for at, cell in enumerate(row) if cell]
    if any(one is False for one in differ):
        return False
    full = len(filled) == len(row) - 1 and len(set(row)) == len(row)
    return any(differ) or (full and bool(row[0]) and len(below) > 1)


def _differs(head: str, column: Sequence[str]) -> bool | None:
    """Whether a cell is of another kind than its column: True, False where it stands in it again, None if unsure."""
    own, kind = kind_of(head), kind_of_column(column)
    if own in _TIMES:
        return kind not in {own, CellKind.NOTHING} or (False if kind is own else None)
    if head in column:
        return False
    return True if kind not in {CellKind.WORDS, CellKind.NOTHING} else None


def _goes_on(part: Part, place: int) -> int:
    """1 where the row under the head belongs to it: years, or units ("EUR", "(in %)"), over figures; else 0."""
    row = part.cells[place] if place < len(part.cells) - 1 else []
    filled = [(at, cell) for at, cell in enumerate(row) if cell]
    below = part.cells[place + 1 : place + 1 + _SAMPLE]
    return int(
        bool(filled)
        and not row[0]
        and all(can_be_head(cell) for _, cell in filled)
        and all(kind_of_column(r[at] for r in below) is CellKind.FIGURE for at, _ in filled)
    )


def _filled_right(row: Sequence[str], under: Sequence[str]) -> list[str]:
    """A head row whose labels reach over the empty cells to their right, as far as the row under it has any."""
    filled: list[str] = []
    for place, cell in enumerate(row):
        reach = filled[-1] if place > 1 and under[place] else ""
        filled.append(cell or reach)
    return filled


def _repeats(column: Sequence[str]) -> bool:
    """Whether a column leaves cells empty, or says the same in many, as a group's name does."""
    filled = [cell for cell in column if cell]
    return len(set(filled)) < _DISTINCT * len(column)


def _counts_up(column: Sequence[str]) -> bool:
    """Whether a column holds short whole numbers, each once: a size, a grade, a year of age."""
    first = [cell for cell in column if cell]
    return (
        len(first) > 1 and len(set(first)) == len(first) and all(t.isdecimal() and len(t) < 4 for t in first)
    )


def _names_rows(column: Sequence[str]) -> bool:
    """Whether a column holds a short text in nearly every row, mostly different ones."""
    filled = [cell for cell in column[:_SAMPLE] if cell]
    total = len(column[:_SAMPLE])
    return (
        kind_of_column(filled) is CellKind.WORDS
        and 10 * len(filled) >= 9 * total
        and len(set(filled)) >= _DISTINCT * len(filled)
        and all(map(is_label, filled))
        and any(any(c.isalpha() for c in cell) for cell in filled)
    )


def _is_mark(text: str) -> bool:
    """Whether a cell is a running number or a short sign."""
    return 0 < len(text) <= _UNIT_LENGTH and " " not in text
