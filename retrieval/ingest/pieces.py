"""What does a file consist of before it is a memo?

A format's reader makes a `Draft`: pieces in the order of the file, and what the file's own metadata say.
The steps that follow take a list of pieces and give a new one; `assemble` turns the last into text and blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from retrieval.models import Block, BlockKind, Span, Turn

BETWEEN = "\n\n"  # stands between two blocks of canonical text


@dataclass(frozen=True, slots=True)
class Piece:
    """One block to be: its canonical text, and what is known about it so far.

    `level` is a heading's rank (1 is highest) where the format says it; `gap` counts the blank lines before the
    piece (0: directly under the one before); `found` says what about the memo was read here, and where in `text`;
    `turns` are the pages that begin inside the piece, each with its place in `text`. Where the format says them:
    `number` is drawn before a heading and is no part of its text ("2.1"), `section` is the piece's section path
    whatever headings stand before it, and a piece `apart` is never joined to the one before it.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    row: str | None = None
    column: str | None = None
    page: int | None = None
    gap: int = 1
    found: tuple[tuple[str, Span], ...] = ()
    turns: tuple[Turn, ...] = ()
    number: str | None = None
    section: tuple[str, ...] | None = None
    apart: bool = False

    @property
    def is_tabular(self) -> bool:
        """Whether the piece is a cell or a label of a table."""
        return self.row is not None or self.column is not None

    def as_(self, kind: BlockKind, *found: tuple[str, Span]) -> "Piece":
        """Return the same piece as another kind, with what was found in it."""
        return replace(self, kind=kind, found=self.found + found)


@dataclass(frozen=True, slots=True)
class Details:
    """What is known about a memo; None and () mean unknown."""

    id: str | None = None
    title: str | None = None
    author: str | None = None
    published: date | None = None
    url: str | None = None
    language: str | None = None
    status: str | None = None
    supersedes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    review: date | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that lies within another (a letter's enclosure): its name as stated there, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """What a format's reader took out of a file. `details` come from the format itself, never from the text.

    `attachments` are read as memos of their own; `notes` are sentences for who adds the file: what a reader should
    know though the file was read ("no text on pages 3-7"). `presumed` is what a program may have filled in by itself:
    it is taken where neither `details` nor the text says anything.
    """

    pieces: list[Piece]
    details: Details = field(default_factory=Details)
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    presumed: Details = field(default_factory=Details)


class Assembled(NamedTuple):
    """Canonical text, its blocks, and the places that details were read from."""

    text: str
    blocks: tuple[Block, ...]
    read_from: dict[str, Span]


def assemble(pieces: Sequence[Piece], sections: Sequence[tuple[str, ...]]) -> Assembled:
    """Lay the pieces one after another; `sections` holds the section path of each."""
    blocks = []
    read_from: dict[str, Span] = {}
    start = 0
    for piece, section in zip(pieces, sections, strict=True):
        span = Span(start, start + len(piece.text))
        blocks.append(
            Block(
                span=span,
                kind=piece.kind,
                section=section,
                page=piece.page,
                turns=tuple(Turn(start + turn.at, turn.page) for turn in piece.turns),
                row=piece.row,
                column=piece.column,
            )
        )
        for what, place in piece.found:
            read_from.setdefault(what, Span(start + place.start, start + place.end))
        start = span.end + len(BETWEEN)
    return Assembled(BETWEEN.join(piece.text for piece in pieces), tuple(blocks), read_from)
