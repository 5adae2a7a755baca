"""Which tables of a page hold data, and what is in their cells?"""

from collections.abc import Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from retrieval.ingest.formats.hypertext.walk import is_shown, text_of
from retrieval.ingest.pieces import Piece
from retrieval.ingest.tables import table

_WIDEST, _TALLEST_SPAN = 200, 1000
_LAYOUT_ROLES = frozenset({"presentation", "none"})


class _Cell(NamedTuple):
    """A cell, whether it is a head, and how many columns and rows it spans."""

    text: str
    is_head: bool
    columns: int
    rows: int


def data_table(node: LexborNode) -> list[Piece] | None:
    """Return the pieces of a table; None where it is layout (a table in it, headings, one row or one column)."""
    if node.attributes.get("role") in _LAYOUT_ROLES or node.css_first("table table, h1, h2, h3, h4"):
        return None
    rows = [[_cell(cell) for cell in _cells(row)] for row in node.css("tr") if is_shown(row)]
    rows = [row for row in rows if row]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    heads = next((i for i, row in enumerate(rows) if not all(cell.is_head for cell in row)), len(rows) - 1)
    labelled = all(row[0].is_head for row in rows[heads:])
    shown, spread = _laid_out(rows)
    return table(
        shown,
        spread=spread,
        head_rows=heads if heads or labelled else None,
        labels=True if labelled else None,
    )


def _cells(row: LexborNode) -> list[LexborNode]:
    cells = []
    node = row.first_child
    while node is not None:
        if node.tag in {"td", "th"} and is_shown(node):
            cells.append(node)
        node = node.next
    return cells


def _cell(node: LexborNode) -> _Cell:
    return _Cell(
        text_of(node),
        node.tag == "th",
        _span(node, "colspan", _WIDEST),
        _span(node, "rowspan", _TALLEST_SPAN),
    )


def _span(node: LexborNode, name: str, at_most: int) -> int:
    said = node.attributes.get(name) or "1"
    return min(int(said), at_most) or 1 if said.isdecimal() and len(said) < 6 else 1


def _laid_out(rows: Sequence[Sequence[_Cell]]) -> tuple[list[list[str]], list[list[str]]]:
    """Lay cells out in a grid: with each text in its first place only, and with it in every place that it spans."""
    shown: list[list[str]] = []
    spread: list[list[str]] = []
    hanging: dict[
        int, tuple[str, int]
    ] = {}  # column: the text that hangs down into it, and for how many more rows
    for row in rows:
        once: list[str] = []
        wide: list[str] = []
        cells = list(row)
        while (cells or len(wide) in hanging) and len(wide) < _WIDEST:
            place = len(wide)
            if place in hanging:
                text, more = hanging.pop(place)
                if more > 1:
                    hanging[place] = (text, more - 1)
                once.append("")
                wide.append(text)
                continue
            cell = cells.pop(0)
            once += [cell.text] + [""] * (cell.columns - 1)
            wide += [cell.text] * cell.columns
            if cell.rows > 1:
                hanging |= {place + i: (cell.text, cell.rows - 1) for i in range(cell.columns)}
        shown.append(once + [cell.text for cell in cells])
        spread.append(wide + [cell.text for cell in cells])
    return shown, spread
