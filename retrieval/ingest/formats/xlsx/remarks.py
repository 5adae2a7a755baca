"""What stands on a sheet beside its cells: notes on cells, text boxes?"""

import re
from collections.abc import Iterator

from retrieval.ingest.cleaning import characters, lines
from retrieval.ingest.formats.office.names import A
from retrieval.ingest.formats.xlsx.cells import Limits
from retrieval.ingest.formats.xlsx.workbook import S, Workbook, unescaped
from retrieval.ingest.pieces import Piece

_FOR_OLD_PROGRAMS = re.compile(r"\[[^\]\n]{1,60}\]\n.{0,600}?\n[^\n:]{1,40}:\n", re.DOTALL)
"""What stands before the words of a threaded comment: that this program cannot show it."""


def remarks(book: Workbook, sheet: str, limits: Limits) -> Iterator[Piece]:
    """Yield the notes on cells and the paragraphs of text boxes of the sheet whose part is named `sheet`."""
    for text in (*_comments(book, sheet), *_boxes(book, sheet)):
        tidy = lines(characters(text))
        if tidy:
            limits.count(tidy)
            yield Piece(tidy)


def _comments(book: Workbook, sheet: str) -> Iterator[str]:
    root = book.parts.related(sheet, "comments")
    for one in root.iter(S("comment")) if root is not None else ():
        said = unescaped("".join(text.text or "" for text in one.iter(S("t"))))
        yield _FOR_OLD_PROGRAMS.sub("", said, count=1) if said.startswith("[") else said


def _boxes(book: Workbook, sheet: str) -> Iterator[str]:
    root = book.parts.related(sheet, "drawing")
    for one in root.iter(A("p")) if root is not None else ():
        yield "".join(text.text or "" for text in one.iter(A("t")))
