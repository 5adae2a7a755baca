"""Which lines are one paragraph?

A line goes on with the paragraph above it unless something says otherwise: a wider gap, another size or weight, a
first line set in, a list's mark, or a line that ended though the next word would have fitted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from retrieval.ingest.formats.pdf.hyphens import HYPHENS
from retrieval.ingest.formats.pdf.rows import Row, is_rightward
from retrieval.ingest.wording import begins_small, is_finished

_BULLET = re.compile(r"[•●○◦▪■□▫‣⁃➢➤✓\uf0b7\uf0a7\uf0d8]\s?(?=\S)|[–—*·o-]\s(?=\S)")
_SURE_BULLET = re.compile(r"[•●○◦▪■□▫‣⁃➢➤✓\uf0b7\uf0a7\uf0d8]")
_NUMBER = re.compile(r"\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)]\s(?=\S)|\(\d{1,2}\)\s?(?=\S)", re.IGNORECASE)
_ALONE = re.compile(
    r"[•●○◦▪■□▫‣⁃➢➤✓§\uf0b7\uf0a7\uf0d8–—*·o-]|\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)]", re.IGNORECASE
)
_WIDER = 1.25
_WIDEST = 2.3  # font sizes between two lines of a paragraph
_SET_IN = 0.8  # font sizes
_SIZES = 0.08
_SLACK = 0.4
_LONG = 0.7  # of the width: a line that ended early for a word that may not be parted
_LINE = 1.2


class Frame(NamedTuple):
    """Where the lines of a region begin and end; `usual` is from line to line, in font sizes."""

    left: float
    right: float
    usual: float


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together. `gap` as in `Piece`; `frame` is that of its region."""

    rows: list[Row]
    gap: int
    frame: Frame
    is_item: bool = False
    pitch: float = 0.0
    body: float | None = None  # where its lines begin, the first aside

    @property
    def last(self) -> Row:
        """Its last line."""
        return self.rows[-1]

    @property
    def size(self) -> float:
        """Font size of its first line."""
        return self.rows[0].size


def measure(rows: Sequence[Row]) -> Frame:
    """Return where the lines of a region begin and end, and how far apart they usually are."""
    rights = sorted(row.right for row in rows)
    edge = rights[int(0.97 * (len(rights) - 1))]
    pitches = [
        (above.base - below.base) / below.size
        for above, below in pairwise(rows)
        if above.right > 0.8 * edge and abs(above.size - below.size) < _SIZES * below.size
    ]
    close = [pitch for pitch in pitches if 0.8 < pitch < _WIDEST]
    return Frame(min(row.left for row in rows), edge, median(close) if close else _LINE)


def paragraphs(rows: Sequence[Row], frame: Frame, above: Row | None = None) -> list[Paragraph]:
    """Gather the lines of a region, or of a part of it below the row `above`."""
    done: list[Paragraph] = []
    for place, row in enumerate(rows):
        below = rows[place + 1] if place + 1 < len(rows) else None
        if done and _goes_on(done[-1], row, below):
            paragraph = done[-1]
            paragraph.pitch = paragraph.last.base - row.base
            paragraph.body = row.left if paragraph.body is None else paragraph.body
            paragraph.rows.append(row)
            continue
        before = done[-1].last if done else above
        gap = _gap(before, row, frame.usual)
        done.append(Paragraph([row], gap, frame, is_item=begins_item(row)))
    return done


def begins_item(row: Row) -> bool:
    """Whether a line begins with the mark of a list."""
    if len(row.runs) > 1 and _ALONE.fullmatch(row.runs[0].text):
        return True
    return bool(_BULLET.match(row.text) or _NUMBER.match(row.text))


def _only_looks_like_item(paragraph: Paragraph, row: Row) -> bool:
    """Whether a line that begins with a dash or a number is in the middle of a sentence."""
    first = paragraph.rows[0]
    body = paragraph.body if paragraph.body is not None else first.left
    return (
        len(row.runs) == 1
        and not _SURE_BULLET.match(row.text)
        and not is_finished(paragraph.last.text)
        and not (
            paragraph.is_item
            and abs(row.left - first.left) < _SET_IN * row.size
            and paragraph.body != first.left
        )
        and abs(row.left - body) < 2 * row.size
    )


def without_bullet(text: str) -> str:
    """Take a list's bullet off; a number stays, for it may be spoken of."""
    found = _BULLET.match(text)
    return text[found.end() :] if found else text


def _gap(before: Row | None, row: Row, usual: float) -> int:
    if before is None or before.base <= row.base:
        return 2
    return int(before.base - row.base > _WIDER * usual * max(row.size, before.size))


def is_full(row: Row, frame: Frame, following: Row) -> bool:
    """Whether the first word of the following line would not have fitted on this one."""
    if row.text.endswith(HYPHENS):
        return True
    if row.left > (frame.left + frame.right) / 2:  # set to the right: every such line ends there
        return False
    first = following.text.split(" ", 1)[0]
    width = (following.right - following.left) * len(first) / max(len(following.text), 1)
    return row.right + width + _SLACK * row.size > frame.right - _SLACK * row.size


def _goes_on(paragraph: Paragraph, row: Row, below: Row | None) -> bool:
    last = paragraph.last
    pitch = last.base - row.base
    if pitch <= 0 or row.after_furniture or abs(row.size - last.size) > _SIZES * last.size:
        return False
    if not _is_near(paragraph, row, below, pitch):
        return False
    if not is_rightward(row.text):
        return True
    full = is_full(last, paragraph.frame, row)
    if begins_item(row) and not (full and _only_looks_like_item(paragraph, row)):
        return False
    length = last.right - min(last.left, row.left)
    long = length >= _LONG * (paragraph.frame.right - min(last.left, row.left))
    torn = not is_finished(last.text) and (begins_small(row.text) or (long and not last.is_bold))
    if _looks_different(paragraph, row) and not (full and torn):
        return False
    return _stands_right(paragraph, row, full=full or torn) and (full or torn)


def _is_near(paragraph: Paragraph, row: Row, below: Row | None, pitch: float) -> bool:
    if paragraph.pitch:
        return pitch <= _WIDER * paragraph.pitch
    if pitch <= _WIDER * paragraph.frame.usual * row.size:
        return True
    after = row.base - below.base if below else 0.0
    return pitch <= _WIDEST * row.size and abs(after) > 0 and abs(after - pitch) < 0.1 * pitch


def _looks_different(paragraph: Paragraph, row: Row) -> bool:
    first = paragraph.rows[0]
    if first.is_bold != row.is_bold and (row.is_bold or all(line.is_bold for line in paragraph.rows)):
        return True
    both_bold = first.is_bold and row.is_bold
    return first.is_italic != row.is_italic and (both_bold or all(line.is_italic for line in paragraph.rows))


def _stands_right(paragraph: Paragraph, row: Row, *, full: bool) -> bool:
    """Whether a line begins where the paragraph's lines begin."""
    step = _SET_IN * row.size
    if paragraph.body is not None:
        return abs(row.left - paragraph.body) < step or _is_centred(paragraph, row)
    shift = row.left - paragraph.rows[0].left
    if abs(shift) < step:
        return True
    hangs = shift > 0 and (paragraph.is_item or full)
    return (shift < 0 and full) or hangs or _is_centred(paragraph, row)


def _is_centred(paragraph: Paragraph, row: Row) -> bool:
    last = paragraph.last
    return abs((last.left + last.right) - (row.left + row.right)) < row.size
