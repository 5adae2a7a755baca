"""Which words stand on a page, where, and in which font?

PDFium gives the characters of a page in the order in which the file draws them, with spaces and line ends put in.
It is asked for the places of each word's first and last character alone: a call for every character would take
longer than everything else together.
"""

import ctypes
import math
import re
from collections.abc import Iterator
from ctypes import byref
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from retrieval.ingest.formats.pdf.runs import RAISED_SIZE, Look, Placed, Sheet, runs_of

_WORD = re.compile(r"[^\s\ufffe\x02]+[\ufffe\x02]?|[\ufffe\x02]")
_LEADERS = re.compile(r"[.·․…_\u2024]{4,}$|(?<=\w)[.·․…]{4,}\d*$")
_INVISIBLE = (3, 7)  # text render modes: neither filled nor stroked
_STROKED = 2  # filled and stroked: bold without a bold font
_BOLD_WEIGHT = 600
_FORCE_BOLD, _ITALIC = 1 << 18, 1 << 6
_BOLD_NAME = re.compile(rb"bold|black|heavy|semibd|demi(?!light)|-bd|,bd", re.IGNORECASE)
_ITALIC_NAME = re.compile(rb"ital|obli", re.IGNORECASE)
_SMALLEST = 0.8  # points; nobody reads smaller print
_TILT = 0.05  # radians
_NAME_BYTES = 256


class Found(NamedTuple):
    """What was found on a page: a sheet for each direction, the fullest first, and how many words are not seen."""

    sheets: list[Sheet]
    hidden: int


def found_on(text_page: Any, number: int, fonts: dict[int, tuple[bool, bool]]) -> Found:
    """Find the words of a page. `fonts` remembers bold and italic of the file's fonts."""
    words = list(_placed(text_page, fonts))
    seen = [word for word in words if word.look.seen]
    # A scan with recognised text draws all of it unseen, over the picture; that text is what there is to read.
    kept = seen if 2 * len(seen) >= len(words) else [w for w in words if w.look.size >= _SMALLEST]
    by_turn: dict[int | None, list[Placed]] = {}
    for word in kept:
        by_turn.setdefault(word.look.turn, []).append(word)
    sheets = [Sheet(number, runs_of(group, turn or 0)) for turn, group in by_turn.items()]
    return Found(sorted(sheets, key=lambda sheet: -len(sheet.runs)), len(words) - len(kept))


def _placed(page: Any, fonts: dict[int, tuple[bool, bool]]) -> Iterator[Placed]:
    """Yield the words of a page with their places."""
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_of, origin_of, object_of = (
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_GetCharOrigin,
        pdfium.FPDFText_GetTextObject,
    )
    box_at, x_at, y_at, addressof = byref(box), byref(x), byref(y), ctypes.addressof
    looks: dict[int, Look] = {}
    plain = Look(0.0, 0, bold=False, italic=False, seen=True)
    for text, start, end in _words(page):
        if not box_of(page, start, box_at):
            continue
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        origin_of(page, start, x_at, y_at)
        drawn = object_of(page, start)
        look = plain
        if drawn:
            key = addressof(drawn.contents)
            if key not in looks:
                looks[key] = _look(page, start, drawn, top - bottom, fonts)
            look = looks[key]
        base = y.value
        if end - start > 1 and box_of(page, end - 1, box_at):
            height, end_height = top - bottom, box.top - box.bottom
            if look.turn == 0 and end_height < RAISED_SIZE * height:
                cut = _raised_from(page, start, end, RAISED_SIZE * height)
                whole = Placed(text, start, end - 1, (left, bottom, right, top), base, look, glued=False)
                yield from _apart(page, whole, cut)
                continue
            left, right = min(left, box.left), max(right, box.right)
            bottom, top = min(bottom, box.bottom), max(top, box.top)
        yield Placed(text, start, end - 1, (left, bottom, right, top), base, look, glued=False)


def _apart(page: Any, word: Placed, cut: int) -> Iterator[Placed]:
    """Take a word and the small mark that is set against it, from character `cut` on, apart."""
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    left, bottom, right, top = word.box
    at = cut - word.first
    pdfium.FPDFText_GetLooseCharBox(page, cut - 1, byref(box))
    yield word._replace(text=word.text[:at], last=cut - 1, box=(left, bottom, max(right, box.right), top))
    pdfium.FPDFText_GetLooseCharBox(page, cut, byref(box))
    begin, low, high = box.left, box.bottom, box.top
    pdfium.FPDFText_GetCharOrigin(page, cut, byref(x), byref(y))
    pdfium.FPDFText_GetLooseCharBox(page, word.last, byref(box))
    small = word.look._replace(size=word.look.size * (high - low) / max(top - bottom, 0.01))
    yield Placed(word.text[at:], cut, word.last, (begin, low, box.right, high), y.value, small, glued=True)


def _raised_from(page: Any, start: int, end: int, height: float) -> int:
    """Return the index of the first of the small characters at the end of a word."""
    box = pdfium.FS_RECTF()
    cut = end - 1
    while cut - 1 > start and pdfium.FPDFText_GetLooseCharBox(page, cut - 1, byref(box)):
        if box.top - box.bottom >= height:
            break
        cut -= 1
    return cut


def _words(page: Any) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a page, each with the indices of its characters (half-open)."""
    count = pdfium.FPDFText_CountChars(page)
    if count <= 0:
        return
    held = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(page, 0, count, held) - 1
    text = bytes(held)[: 2 * written].decode("utf-16-le", "replace")
    if len(text) != count:  # characters that are no text, or of two units: asked for one by one
        text = "".join(_character(pdfium.FPDFText_GetUnicode(page, index)) for index in range(count))
    for match in _WORD.finditer(text):
        word, (start, end) = match[0], match.span()
        dots = _LEADERS.search(word)
        if dots:
            end = start + dots.start()
            word = text[start:end]
        if word:
            yield word, start, end


def _character(point: int) -> str:
    return " " if point == 0 or 0xD800 <= point < 0xE000 or point > 0x10FFFF else chr(point)


def _look(page: Any, index: int, drawn: Any, height: float, fonts: dict[int, tuple[bool, bool]]) -> Look:
    size, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
    pdfium.FPDFTextObj_GetFontSize(drawn, byref(size))
    pdfium.FPDFPageObj_GetMatrix(drawn, byref(matrix))
    points = size.value * math.hypot(matrix.c, matrix.d)
    angle = pdfium.FPDFText_GetCharAngle(page, index)
    turn = None
    if angle >= 0:
        quarters = angle / (math.pi / 2)
        turn = -round(quarters) % 4 if abs(quarters - round(quarters)) < _TILT else None
    upright = turn in (0, 2)
    if upright and not 0.6 * points < height < 2.5 * points:
        points = height / 1.15
    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
    bold, italic = _font(drawn, fonts)
    seen = mode not in _INVISIBLE and points >= _SMALLEST
    return Look(points, turn, bold or mode == _STROKED, italic, seen)


def _font(drawn: Any, fonts: dict[int, tuple[bool, bool]]) -> tuple[bool, bool]:
    font = pdfium.FPDFTextObj_GetFont(drawn)
    if not font:
        return False, False
    key = ctypes.addressof(font.contents)
    if key not in fonts:
        held = ctypes.create_string_buffer(_NAME_BYTES)
        pdfium.FPDFFont_GetBaseFontName(font, held, _NAME_BYTES)
        flags = pdfium.FPDFFont_GetFlags(font)
        bold = bool(_BOLD_NAME.search(held.value)) or bool(flags > 0 and flags & _FORCE_BOLD)
        fonts[key] = (
            bold or pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT,
            bool(_ITALIC_NAME.search(held.value)) or bool(flags > 0 and flags & _ITALIC),
        )
    return fonts[key]
