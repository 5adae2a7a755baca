"""What do the cells of a table on a slide say, and under which row and column?"""

from retrieval.ingest.formats.office.drawing import paragraph_text
from retrieval.ingest.formats.office.names import A
from retrieval.ingest.formats.office.parts import Element
from retrieval.ingest.pieces import Piece
from retrieval.ingest.tables import table
from retrieval.models import BlockKind

_ON = frozenset({"1", "true"})
_WIDEST = 200


def cells(grid: Element) -> list[Piece]:
    """The pieces of a table; of one row or one column, paragraphs.

    The first row is a head where the table is drawn with one ("Header Row"), and the first column holds labels where it
    is drawn so; else the words tell.
    """
    rows = [list(row.iterchildren(A("tc")))[:_WIDEST] for row in grid.iterchildren(A("tr"))]
    shown = [[_text(cell) for cell in row] for row in rows]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return [Piece(text, BlockKind.PARAGRAPH, apart=True) for row in shown for text in row if text]
    properties = grid.find(A("tblPr"))
    has_head, has_labels = (
        properties is not None and properties.get(name) in _ON for name in ("firstRow", "firstCol")
    )
    return table(
        shown,
        spread=_spread(rows, shown),
        head_rows=1 if has_head else None,
        labels=True if has_labels else None,
    )


def _text(cell: Element) -> str:
    if _goes_on(cell, "hMerge") or _goes_on(cell, "vMerge"):
        return ""
    return "\n".join(filter(None, map(paragraph_text, cell.iter(A("p")))))


def _spread(rows: list[list[Element]], shown: list[list[str]]) -> list[list[str]]:
    """The grid with each text repeated in the cells that are merged into its own."""
    spread: list[list[str]] = []
    for row, texts in zip(rows, shown, strict=True):
        wide: list[str] = []
        for place, (cell, text) in enumerate(zip(row, texts, strict=True)):
            if _goes_on(cell, "hMerge") and wide:
                wide.append(wide[-1])
            elif _goes_on(cell, "vMerge") and spread and place < len(spread[-1]):
                wide.append(spread[-1][place])
            else:
                wide.append(text)
        spread.append(wide)
    return spread


def _goes_on(cell: Element, merge: str) -> bool:
    return cell.get(merge) in _ON
