"""Which short lines are headings, and which sections do they open?

Plain text gives a heading no rank. It is read from the layout: a heading directly under another is its child; a later
one belongs to the rank whose headings look like it (numbering, capitals, length), the higher where two do.
"""

import re
from collections.abc import Mapping, Sequence
from math import log2
from typing import NamedTuple

from retrieval.ingest import tears
from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import is_finished, is_prose, is_short_line, is_shouted, words
from retrieval.models import BlockKind

_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s|(\d{1,2})[.)]\s")
_DEEPEST_RUN = 3  # headings directly under one another; more are a list of short lines
_LAST_WORDS = words(
    "conclusion conclusions summary outlook recommendations references sources appendix notes"
)
_OTHER_CASE = 4.0  # capitals weigh more than any difference in length
_ACRONYM_LENGTH = 5
_BODY = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CELL, BlockKind.CAPTION}


def mark(pieces: Sequence[Piece]) -> list[Piece]:
    """Make headings of the short lines that stand alone above body text; for formats that do not mark them."""
    marked = list(pieces)
    run: list[int] = []
    for number, piece in enumerate(pieces):
        if _can_be_heading(pieces, number):
            run.append(number)
            continue
        if run and len(run) <= _DEEPEST_RUN and _is_body(piece):
            for index in run:
                marked[index] = marked[index].as_(BlockKind.HEADING)
        run = []
    return marked


def sections(pieces: Sequence[Piece]) -> list[tuple[str, ...]]:
    """Return the section path of each piece, outermost first; a heading's own includes itself.

    A heading stands in it with the number that is drawn before it; a path that the format says goes before all.
    """
    ranks = _ranks(pieces)
    paths = []
    open_now: list[tuple[int, str]] = []
    for number, piece in enumerate(pieces):
        if number in ranks:
            while open_now and open_now[-1][0] >= ranks[number]:
                open_now.pop()
            text = piece.text.replace("\n", " ")
            open_now.append((ranks[number], f"{piece.number} {text}" if piece.number else text))
        paths.append(tuple(text for _, text in open_now) if piece.section is None else piece.section)
    return paths


def number_of(text: str) -> str | None:
    """Return the number that a heading begins with ("2.1" of "2.1 Scope"), or None."""
    found = _NUMBER.match(text)
    return (found[1] or found[2]) if found else None


def _can_be_heading(pieces: Sequence[Piece], number: int) -> bool:
    piece = pieces[number]
    after = pieces[number + 1] if number + 1 < len(pieces) else None
    if after is None or not is_short_line(piece.text) or (piece.gap == 0 and number > 0):
        return False
    if tears.goes_on(piece.text, after.text):
        return False
    if piece.kind is BlockKind.LIST_ITEM:  # "1. Scope" above a paragraph is a heading; among items it is not
        return number_of(piece.text) is not None and after.gap > 0 and after.kind is BlockKind.PARAGRAPH
    if piece.text.endswith((":", "：")) and after.kind is BlockKind.LIST_ITEM and after.gap == 0:
        return False
    return piece.kind is BlockKind.PARAGRAPH and (after.gap > 0 or is_prose(after.text) or after.is_tabular)


def _is_body(piece: Piece) -> bool:
    if piece.kind is BlockKind.PARAGRAPH:
        return "\n" in piece.text or is_finished(piece.text) or is_prose(piece.text)
    return piece.kind in _BODY or piece.is_tabular


class _Shape(NamedTuple):
    """What makes two headings look alike."""

    words: int
    shouted: bool
    asks: bool
    numbered: bool

    @classmethod
    def of(cls, text: str) -> "_Shape":
        count = len(text.split())
        shouted = is_shouted(text) and (count > 1 or len(text) > _ACRONYM_LENGTH)
        return cls(count, shouted, text.endswith("?"), number_of(text) is not None)

    def distance(self, other: "_Shape") -> float:
        lengths = abs(log2(self.words) - log2(other.words))
        case = _OTHER_CASE if self.shouted != other.shouted else 0.0
        return lengths + case + (self.asks != other.asks) + 2 * (self.numbered != other.numbered)


def _ranks(pieces: Sequence[Piece]) -> dict[int, int]:
    """Rank every heading, by its index; 1 is highest."""
    where = [i for i, piece in enumerate(pieces) if piece.kind is BlockKind.HEADING]
    if any(pieces[i].level is not None for i in where):
        return _given_ranks(pieces, where)
    ranks: dict[int, int] = {}
    seen: dict[int, set[_Shape]] = {}  # the shapes of each rank; few, however many headings there are
    last = 0
    for index in where:
        last = _rank(pieces[index].text, seen, last, directly_under=index - 1 in ranks)
        seen.setdefault(last, set()).add(_Shape.of(pieces[index].text))
        ranks[index] = last
    return ranks


def _given_ranks(pieces: Sequence[Piece], where: Sequence[int]) -> dict[int, int]:
    """Take the format's ranks; a line that only looks like a heading (all bold) stands below the last of them."""
    ranks, last = {}, 0
    for index in where:
        level = pieces[index].level
        last = last if level is None else level
        ranks[index] = last + 1 if level is None else level
    return ranks


def _rank(text: str, seen: Mapping[int, set[_Shape]], last: int, *, directly_under: bool) -> int:
    """Rank one heading after those in `seen`; `last` is the rank of the one before it."""
    number = number_of(text)
    if number:
        return number.count(".") + 1
    if not seen or text.casefold().rstrip(":") in _LAST_WORDS:
        return 1
    if directly_under:
        return last + 1
    shape = _Shape.of(text)
    open_ranks = [rank for rank in seen if rank <= last]
    distance = {rank: min(map(shape.distance, seen[rank])) for rank in open_ranks}
    nearest = min(open_ranks, key=lambda rank: (distance[rank], rank))
    # Only capitals so far, and this has small letters: one deeper.
    only_capitals = all(other.shouted for other in seen[nearest])
    return nearest + 1 if only_capitals and not shape.shouted else nearest


def title_among(pieces: Sequence[Piece]) -> int | None:
    """Return the index of the heading that is the memo's title: the only one of the highest rank, and the first."""
    levels = [(piece.level, i) for i, piece in enumerate(pieces) if piece.level is not None]
    if not levels:
        return None
    top, first = levels[0]
    return first if all(level > top for level, _ in levels[1:] if level is not None) else None
