"""How is a table written down: which pieces, under which labels?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from retrieval.ingest.cleaning import one_line
from retrieval.ingest.formats.pdf.cells import cells_of
from retrieval.ingest.formats.pdf.grids import Grid, Line, goes_on, usual_pitch
from retrieval.ingest.formats.pdf.rows import Row
from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import begins_small
from retrieval.models import BlockKind

_STEP = ": "
_TOTAL = ("Total", "TOTAL", "Subtotal")  # ends the group


def pieces_of(table: Grid, page: int) -> list[Piece]:
    """Write a table line by line."""
    return [
        replace(piece, page=page, gap=int(not number))
        for number, piece in enumerate(piece for piece in _cells(table) if piece.text)
    ]


def whole(rows: Sequence[Row]) -> list[Piece]:
    """Write lines whose columns are not certain, each as one cell: a quote then shows all of the line."""
    return [
        Piece(
            one_line(" ".join(cell.text for cell in cells_of(row))),
            BlockKind.CELL,
            page=row.page,
            gap=int(not number),
        )
        for number, row in enumerate(rows)
    ]


def terms(said: Sequence[tuple[str, str]], page: int) -> list[Piece]:
    """Write a list of terms: each is the label of what is said of it."""
    pieces: list[Piece] = []
    for term, text in said:
        gap = int(not pieces)
        pieces.append(Piece(term, BlockKind.FURNITURE, row=term, page=page, gap=gap))
        pieces.append(Piece(text, BlockKind.CELL, row=term, page=page, gap=0))
    return pieces


def _cells(table: Grid) -> Iterator[Piece]:
    usual = usual_pitch(table.lines)
    group: Line | None = None
    before: str | None = None
    half: Line | None = None  # the first half of a label, whose figures stand beside the second
    for line, below in zip(table.lines, [*table.lines[1:], None], strict=True):
        if line.head:
            yield from _head(line, table)
            continue
        label = line.label
        if not label and not line.cells:
            continue
        if label and not line.cells and before is not None and begins_small(label):
            yield Piece(label, BlockKind.FURNITURE, row=before)  # the second half of the label above
            before = None
            continue
        if label and not line.cells:
            before = None
            yield Piece(label, BlockKind.FURNITURE, row=label)
            if below and goes_on(label, below.row, line.row, usual):
                half = line
            else:
                group, half = line, None
            continue
        before = row = _named(label, line, half, group)
        half = None
        if label and label.startswith(_TOTAL):
            group = None
        if label:
            yield Piece(label, BlockKind.FURNITURE, row=row)
        for place, text in sorted(line.cells.items()):
            yield Piece(text, BlockKind.CELL, row=row, column=table.columns[place])


def _named(label: str | None, line: Line, half: Line | None, group: Line | None) -> str | None:
    """Name a row: its label, after its first half, after the label of the group in which it is set."""
    if label and half and half.label:
        label = f"{half.label} {label}"
    if group is None or group.label is None:
        return label
    over = group.label.rstrip(":： ")
    if label is None:
        return over
    inside = line.row.left > group.row.left + 1 or group.row.is_bold or group.label.endswith(":")
    return f"{over}{_STEP}{label}" if inside and not label.startswith(_TOTAL) else label


def _head(line: Line, table: Grid) -> Iterator[Piece]:
    for cell in cells_of(line.row):
        column = next((name for name in table.columns if name and cell.text in name), None)
        yield Piece(cell.text, BlockKind.FURNITURE, column=column or cell.text)
