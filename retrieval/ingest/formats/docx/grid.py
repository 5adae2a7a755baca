"""How do the cells of a Word table lie in rows and columns, and which blocks do they make?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from retrieval.ingest.cleaning import one_line
from retrieval.ingest.formats.docx.runs import is_placeholder
from retrieval.ingest.formats.docx.styles import switched, value
from retrieval.ingest.formats.office.names import W
from retrieval.ingest.formats.office.parts import Element
from retrieval.ingest.metadata import starts_with_field
from retrieval.ingest.pieces import Piece
from retrieval.ingest.tables import table

_WIDEST = 200  # columns
_FIELDS_AT_LEAST = 2  # lines of a memo's header ("To:", "From:")
_AROUND = frozenset({W("ins"), W("moveTo"), W("customXml"), W("sdtContent"), W("smartTag")})


ReadCell = Callable[[Element], Piece]
"""Gives the text of a cell, with its page."""


class Cell(NamedTuple):
    """A cell: its element, how many columns it spans, and whether it goes on the cell above."""

    element: Element
    columns: int
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row: empty columns before its first cell, its cells, and whether it repeats on each page as a head does."""

    before: int
    cells: list[Cell]
    is_head: bool


def rows_of(table: Element) -> list[Row]:
    """The rows of a table that stand when tracked changes are accepted; none without cells."""
    rows = (_row(row) for row in _inside(table, W("tr")) if row.find(f"{W('trPr')}/{W('del')}") is None)
    return [row for row in rows if row.cells]


def is_layout(rows: list[Row]) -> bool:
    """Whether a table only places blocks on the page: one row or one column, or a table within a cell."""
    if len(rows) < 2 or max(len(row.cells) for row in rows) < 2:
        return True
    return any(cell.element.find(f".//{W('tbl')}") is not None for row in rows for cell in row.cells)


def cells(rows: list[Row], read: ReadCell) -> list[Piece]:
    """The pieces of a table of data; each knows the label of its row and of its column, and its page."""
    grid: list[list[str]] = []
    spread: list[list[str]] = []
    read_cells: list[Piece] = []
    for row in rows:
        shown, wide = [""] * row.before, [""] * row.before
        for cell in row.cells[: _WIDEST - row.before]:
            piece = read(cell.element)
            span = max(min(cell.columns, _WIDEST - len(shown)), 1)
            above = spread[-1][len(shown)] if cell.goes_on and spread and len(shown) < len(spread[-1]) else ""
            shown += [piece.text] + [""] * (span - 1)
            wide += [piece.text or above] * span
            read_cells += [piece] if piece.text else []
        grid.append(shown)
        spread.append(wide)
    heads = next((number for number, row in enumerate(rows) if not row.is_head), len(rows) - 1)
    pieces = table(grid, spread=spread, head_rows=heads or None)
    return [
        replace(piece, page=cell.page, turns=cell.turns)
        for piece, cell in zip(pieces, read_cells, strict=True)
    ]


def header(rows: list[Row], read: ReadCell) -> list[Piece]:
    """A memo's header that is set as a table ("To:" in one cell, the name in the next), as the lines that it is."""
    if len(rows) < _FIELDS_AT_LEAST or any(len(row.cells) != 2 for row in rows):
        return []
    names = ("".join(text.text or "" for text in row.cells[0].element.iter(W("t"))) for row in rows)
    if not all(starts_with_field(one_line(name)) for name in names):
        return []
    said = [[read(cell.element) for cell in row.cells] for row in rows]
    page = next((cell.page for line in said for cell in line if cell.page is not None), None)
    return [Piece("\n".join(one_line(f"{name.text} {cell.text}") for name, cell in said), page=page)]


def paragraphs_in(cell: Element) -> Iterator[Element]:
    """Yield the paragraphs of a cell that holds no table."""
    yield from _inside(cell, W("p"))


def _row(row: Element) -> Row:
    properties = row.find(W("trPr"))
    return Row(
        before=_number(value(properties, "gridBefore"), 0),
        cells=[_cell(cell) for cell in _inside(row, W("tc"))],
        is_head=switched(properties, "tblHeader") is True,
    )


def _cell(cell: Element) -> Cell:
    properties = cell.find(W("tcPr"))
    merged = properties.find(W("vMerge")) if properties is not None else None
    goes_on = merged is not None and merged.get(W("val"), "continue") == "continue"
    return Cell(cell, max(_number(value(properties, "gridSpan"), 1), 1), goes_on)


def _inside(node: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also from content controls around them."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag == W("sdt"):
            content = child.find(W("sdtContent"))
            if content is not None and not is_placeholder(child):
                yield from _inside(content, tag)
        elif child.tag in _AROUND:
            yield from _inside(child, tag)


def _number(text: str | None, otherwise: int) -> int:
    return min(int(text), _WIDEST) if text is not None and text.isdecimal() and len(text) < 6 else otherwise
