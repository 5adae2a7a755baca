"""What do the cells of a table say, and under which row and column?"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import is_finished
from retrieval.models import BlockKind

Grid = Sequence[Sequence[str]]
"""Rows of cells in canonical text; "" is an empty cell. Rows may differ in length."""

_LABEL_LENGTH, _LABEL_WORDS = 60, 10
_FIGURE = re.compile(r"[^\w\s]*\d[\d\s.,:%/+-]*[^\w\s]*[%a-zA-Z]{0,3}")
_YEAR = re.compile(r"(?:(?:Q[1-4]|H[12]|FY|CY)\s?)?'?(?:(?:19|20)\d\d|\d\d)(?:\s?[-/–]\s?\d{2,4})?[AEF*]?")


def table(
    grid: Grid,
    *,
    gap: int = 1,
    head_rows: int | None = None,
    labels: bool | None = None,
    spread: Grid | None = None,
) -> list[Piece]:
    """Make pieces of a table's cells, row by row.

    A cell knows the label of its row (the first column, where that holds labels) and of its column (the head). The
    labels themselves are FURNITURE: they stand in the text, but a label is no statement that could be quoted.
    `head_rows` and `labels` are guessed from the words where the format does not say them. `spread` is the grid with
    each text repeated in all cells that it spans.
    """
    kept = [(list(row), list(wide)) for row, wide in zip(grid, spread or grid, strict=True) if any(row)]
    rows, wide_rows = [row for row, _ in kept], [wide for _, wide in kept]
    heads = (int(_has_head(rows)) if head_rows is None else head_rows) if len(rows) > 1 else 0
    labelled = _has_labels(rows[heads:]) if labels is None else labels
    columns = _column_labels(wide_rows[:heads])
    pieces: list[Piece] = []
    for number, row in enumerate(rows):
        label = _flat(wide_rows[number][0]) or None if labelled and number >= heads else None
        for place, text in enumerate(row):
            if not text:
                continue
            column = columns[place] if place < len(columns) else None
            furniture = number < heads or (labelled and place == 0)
            pieces.append(
                Piece(
                    text=text,
                    kind=BlockKind.FURNITURE if furniture else BlockKind.CELL,
                    row=label,
                    column=column,
                    gap=gap if not pieces else 0,
                )
            )
    return pieces


def is_label(text: str) -> bool:
    """Whether a cell's text is short and no sentence."""
    return (
        len(text) <= _LABEL_LENGTH
        and len(text.split()) <= _LABEL_WORDS
        and (not is_finished(text) or text.endswith((":", "?", "etc.")))
    )


def _has_head(rows: Grid) -> bool:
    """Whether the first row labels the columns: labels only, and no figures but years."""
    first = rows[0]
    cells = [cell for cell in first[1:] if cell]
    return (
        bool(cells)
        and all(is_label(cell) for cell in first if cell)
        and not any(_FIGURE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in cells)
        and not (
            first[0] and _FIGURE.fullmatch(first[0]) and not any(_FIGURE.fullmatch(r[0]) for r in rows[1:])
        )
    )


def _has_labels(rows: Grid) -> bool:
    """Whether the first column labels the rows."""
    first = [row[0] for row in rows if row[0]]
    return any(len(row) > 1 and any(row[1:]) for row in rows) and bool(first) and all(map(is_label, first))


def _column_labels(heads: Grid) -> list[str | None]:
    """Join the head rows into one label a column; a label over two rows stands once."""
    labels = []
    for column in zip_longest(*heads, fillvalue=""):
        said = list(dict.fromkeys(_flat(cell) for cell in column if cell))
        labels.append(" ".join(said) or None)
    return labels


def _flat(text: str) -> str:
    return text.replace("\n", " ")
