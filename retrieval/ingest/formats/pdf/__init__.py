"""How is text taken out of a PDF?"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from retrieval.errors import EmptyMemo, Scanned
from retrieval.ingest.cleaning import tidy_name
from retrieval.ingest.formats.pdf.details import details_of, suspected
from retrieval.ingest.formats.pdf.layout import pieces_of
from retrieval.ingest.formats.pdf.opened import Contents, contents_of
from retrieval.ingest.pieces import Details, Draft, Piece
from retrieval.models import BlockKind

_LETTERHEAD = re.compile(
    r"(?:united states|securities and exchange|form \d|for immediate release|(?:press|news) release|confidential"
    r"|table of contents|contents|agenda|page \d)\b",
    re.IGNORECASE,
)


def read(data: bytes, path: Path) -> Draft:
    """Read a PDF, page by page. Raises Damaged, Encrypted, TooLarge, Scanned or EmptyMemo."""
    contents = contents_of(data, path)
    pieces = pieces_of(contents.sheets, contents.outline)
    if not pieces and not contents.attachments:
        raise Scanned(path) if contents.wordless else EmptyMemo(path)
    return Draft(
        pieces,
        _titled(details_of(contents.info, contents.language), pieces, path),
        attachments=contents.attachments,
        notes=tuple(_notes(contents)),
        presumed=suspected(contents.info),
    )


def _titled(details: Details, pieces: Iterable[Piece], path: Path) -> Details:
    """Name a file after itself where its first heading is the letterhead of many, not a title."""
    first = next((piece.text for piece in pieces if piece.kind is BlockKind.HEADING), "")
    is_title = details.title or not _LETTERHEAD.match(first)
    return details if is_title else replace(details, title=tidy_name(path.stem))


def _notes(contents: Contents) -> Iterator[str]:
    if contents.wordless:
        yield f"no text on {_pages(contents.wordless)}"
    if contents.damaged:
        yield f"damaged and not read: {_pages(contents.damaged)}"
    if contents.hidden:
        yield f"hidden text left out on {_pages(contents.hidden)}"


def _pages(numbers: Iterable[int]) -> str:
    """Write page numbers as ranges: "pages 3-7, 9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    said = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)
    return f"page {said}" if said.isdecimal() else f"pages {said}"
