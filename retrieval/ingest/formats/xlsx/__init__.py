"""How is text taken out of an XLSX workbook?

Each sheet is a section; its cells are read as they are shown (`display`), a formula as the value that was stored with
it. What is hidden on purpose (sheets, rows, columns) is left out, and that is said; what only a filter or a folded
outline hides is read. Notes on cells and text boxes follow the sheet's cells.

The parts are read by the standard library's expat, not by openpyxl: in its read-only mode, which is as fast, openpyxl
gives neither hidden rows nor merged cells, tells a formula without a stored value from an empty cell only by reading
the file twice, and shows no number as the sheet shows it. python-calamine is faster but gives no number formats.
openpyxl writes and checks in the tests.
"""

from dataclasses import replace
from pathlib import Path

from retrieval.errors import BinaryMemo
from retrieval.ingest.cleaning import tidy_name
from retrieval.ingest.formats.office.properties import stated
from retrieval.ingest.formats.sheets import SHEET_LEVEL, pieces_of
from retrieval.ingest.formats.xlsx.cells import Cells, Limits
from retrieval.ingest.formats.xlsx.remarks import remarks
from retrieval.ingest.formats.xlsx.workbook import SheetPart, workbook
from retrieval.ingest.pieces import Draft, Piece
from retrieval.models import BlockKind

OLD = (".xls", ".xlsb")
_UNREAD = (("charts", "xl/charts/chart"), ("pictures", "xl/media/"), ("enclosed files", "xl/embeddings/"))


def read(data: bytes, path: Path) -> Draft:
    """Read a workbook. Raises UnreadableMemo (a subclass)."""
    if path.suffix.lower() in OLD:
        raise _OldWorkbook(path)
    book = workbook(data, path)
    limits = Limits(path)
    notes = _hidden(book.sheets)
    held: list[tuple[str, list[Piece]]] = []
    for part in book.sheets:
        if not part.is_hidden:
            cells = Cells(book, part, limits)
            found = [*pieces_of(cells.sheet(), path), *remarks(book, part.name, limits)]
            held += [(tidy_name(part.label), found)] if found else []
            notes += cells.notes()
    notes += _unread(book.packed.names())
    surely, perhaps = stated(book.parts)
    if len(held) > 1:  # else the name of the first sheet would be the memo's title
        surely = replace(surely, title=perhaps.title or tidy_name(path.stem))
    return Draft(_under_names(held), surely, notes=tuple(notes), presumed=perhaps)


def _under_names(held: list[tuple[str, list[Piece]]]) -> list[Piece]:
    """The pieces of all sheets; of several, each under its name."""
    if len(held) == 1:
        return held[0][1]
    pieces: list[Piece] = []
    for name, found in held:
        pieces += [Piece(name, BlockKind.HEADING, level=SHEET_LEVEL)] if name else []
        pieces += found
    return pieces


def _hidden(sheets: list[SheetPart]) -> list[str]:
    names = ", ".join(f"“{tidy_name(sheet.label)}”" for sheet in sheets if sheet.is_hidden)
    return [f"Hidden sheets were left out: {names}."] if names else []


def _unread(names: list[str]) -> list[str]:
    """Say which parts of a workbook hold something that is no text here."""
    counts = {
        kind: sum(name.startswith(folder) and "/_rels/" not in name for name in names)
        for kind, folder in _UNREAD
    }
    said = ", ".join(f"{kind} ({count})" for kind, count in counts.items() if count)
    return [f"Not read: {said}."] if said else []


class _OldWorkbook(BinaryMemo):
    """A workbook of a kind that is not read."""

    remedy = "Save it as .xlsx."

    def __init__(self, path: Path) -> None:
        super().__init__(path, f"{path.suffix.lower()} workbooks are not read.")
