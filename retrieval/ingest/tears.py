"""Which paragraphs did a page break tear apart?

The first half is long and ends in the middle of a sentence. The second begins with a small letter, or it stands
after a wide gap (two blank lines and more, or a page end) in a text that otherwise finishes its sentences.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrieval.ingest.cleaning import join
from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import begins_small, ends_in_initialism, is_finished
from retrieval.models import BlockKind, Turn

_FIRST_HALF = 50  # characters that a torn first half has at least; less is a label or a heading
_WIDE_GAP = 2
_USUALLY = 0.7
_RUNNING_TEXT = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}


def mend(pieces: Sequence[Piece]) -> list[Piece]:
    """Join torn paragraphs and list items; all other pieces pass as they are. No word is added, lost or moved."""
    strict = _finishes_sentences(pieces)
    mended: list[list[Piece]] = []
    for piece in pieces:
        if mended and _is_torn(mended[-1][-1], piece, strict=strict):
            mended[-1].append(piece)
        else:
            mended.append([piece])
    return [_joined(halves) for halves in mended]


def goes_on(first: str, second: str) -> bool:
    """Whether a small letter says that the second text is in the middle of the first one's sentence."""
    if len(first) < _FIRST_HALF or not begins_small(second):
        return False
    return not is_finished(first) or ends_in_initialism(first)


def _joined(halves: Sequence[Piece]) -> Piece:
    """Join the halves of one paragraph; a half from another page begins that page inside it."""
    if len(halves) == 1:
        return halves[0]
    text, turns, page = halves[0].text, list(halves[0].turns), _last_page(halves[0])
    for half in halves[1:]:
        text = join([text, half.text])
        start = len(text) - len(half.text)
        if half.page is not None and half.page != page:
            turns.append(Turn(start, half.page))
        turns += [Turn(start + turn.at, turn.page) for turn in half.turns]
        page = _last_page(half)
    return replace(halves[0], text=text, turns=tuple(turns))


def _last_page(piece: Piece) -> int | None:
    return piece.turns[-1].page if piece.turns else piece.page


def _finishes_sentences(pieces: Iterable[Piece]) -> bool:
    long = [p for p in pieces if p.kind in _RUNNING_TEXT and len(p.text) >= _FIRST_HALF]
    return sum(is_finished(p.text) for p in long) >= _USUALLY * len(long)


def _is_torn(first: Piece, second: Piece, *, strict: bool) -> bool:
    if (
        first.kind not in _RUNNING_TEXT
        or second.kind is not BlockKind.PARAGRAPH
        or second.gap == 0
        or second.apart
    ):
        return False
    if begins_small(second.text):
        return goes_on(first.text, second.text)
    return (
        strict and second.gap >= _WIDE_GAP and len(first.text) >= _FIRST_HALF and not is_finished(first.text)
    )
