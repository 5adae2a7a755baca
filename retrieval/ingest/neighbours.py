"""Which neighbouring pieces say the same thing twice, and which are lines of one block?"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import is_finished
from retrieval.models import BlockKind

_LINE_LENGTH = 90


def drop_doubled_captions(pieces: Iterable[Piece]) -> list[Piece]:
    """Keep a caption that directly follows itself once: a page has it under the picture and as its alternative text.

    Only exact doubles of captions that touch are dropped; it is the one case in which words of a file are left out.
    """
    kept: list[Piece] = []
    for piece in pieces:
        if (
            kept
            and piece.kind is kept[-1].kind is BlockKind.CAPTION
            and piece.text.casefold() == kept[-1].text.casefold()
        ):
            continue
        kept.append(piece)
    return kept


def gather_lines(pieces: Iterable[Piece]) -> list[Piece]:
    """Make one block of short lines directly under one another (an address, a verse); they stay lines."""
    gathered: list[list[Piece]] = []
    for piece in pieces:
        if gathered and piece.gap == 0 and not piece.apart and _is_line(piece) and _is_line(gathered[-1][-1]):
            gathered[-1].append(piece)
        else:
            gathered.append([piece])
    return [_one(group) for group in gathered]


def _is_line(piece: Piece) -> bool:
    return (
        piece.kind is BlockKind.PARAGRAPH
        and not piece.found
        and len(piece.text) <= _LINE_LENGTH
        and (not is_finished(piece.text) or piece.text.endswith((":", "…")))
    )


def _one(group: Sequence[Piece]) -> Piece:
    return replace(group[0], text="\n".join(piece.text for piece in group)) if len(group) > 1 else group[0]
