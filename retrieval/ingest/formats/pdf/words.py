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
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from unicodedata import normalize

import pypdfium2.raw as pdfium

from retrieval.ingest.cleaning import tidy_characters

WRAPPED = "\ufffe"
"""What PDFium writes for a hyphen at the end of a line."""

_SHAPES = re.compile(
    "[\ufb00-\ufb06\ufb13-\ufb17\ufb20-\ufdff\ufe70-\ufefc]+"
)  # ligatures, Arabic letters by position
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
_RAISED_SIZE, _RAISED = (
    0.87,
    0.12,
)  # a raised mark is smaller than its line, and stands higher by so much of its size
_JOINS_LEFT, _JOINS_RIGHT = -0.6, 0.95  # how far apart two words of one run are, in font sizes
_SAME_LINE = 0.12
_NAME_BYTES = 256


class Look(NamedTuple):
    """How the words of one text object look: size in points (page space), direction in quarter turns (None: tilted)."""

    size: float
    turn: int | None
    bold: bool
    italic: bool
    seen: bool


@dataclass(slots=True)
class Run:
    """Words side by side on one line. Coordinates in points, y upwards, in a frame in which the words stand upright.

    `bold` and `italic` count characters; `lefts` is where each word begins.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    base: float
    size: float
    bold: int = 0
    italic: int = 0
    lefts: list[float] = field(default_factory=list)

    @property
    def is_bold(self) -> bool:
        """Whether nearly all of it is."""
        return self.bold >= 0.9 * len(self.text.replace(" ", ""))

    @property
    def is_italic(self) -> bool:
        """Whether nearly all of it is."""
        return self.italic >= 0.9 * len(self.text.replace(" ", ""))


@dataclass(slots=True)
class Sheet:
    """The words of one page that run in one direction; `number` counts from 1. `runs` in the file's order."""

    number: int
    runs: list[Run] = field(default_factory=list)


class Found(NamedTuple):
    """What was found on a page: a sheet for each direction, the fullest first, and how many words are not seen."""

    sheets: list[Sheet]
    hidden: int


class _Placed(NamedTuple):
    text: str
    first: int  # index of its first character
    last: int
    box: tuple[float, float, float, float]  # left, bottom, right, top
    base: float
    look: Look
    glued: bool  # no space before it


def found_on(text_page: Any, number: int, fonts: dict[int, tuple[bool, bool]]) -> Found:
    """Find the words of a page. `fonts` remembers bold and italic of the file's fonts."""
    words = list(_placed(text_page, fonts))
    seen = [word for word in words if word.look.seen]
    # A scan with recognised text draws all of it unseen, over the picture; that text is what there is to read.
    kept = seen if 2 * len(seen) >= len(words) else [w for w in words if w.look.size >= _SMALLEST]
    by_turn: dict[int | None, list[_Placed]] = {}
    for word in kept:
        by_turn.setdefault(word.look.turn, []).append(word)
    sheets = [Sheet(number, _cleaned(_runs(group, turn or 0))) for turn, group in by_turn.items()]
    return Found(sorted(sheets, key=lambda sheet: -len(sheet.runs)), len(words) - len(kept))


def _cleaned(runs: list[Run]) -> list[Run]:
    """Write ligatures and other shapes of letters as the letters that they are; take out what cannot be seen."""
    for run in runs:
        text = run.text
        if not (text.isascii() and text.isprintable()):
            text = _SHAPES.sub(lambda shapes: normalize("NFKC", shapes[0]), text.replace("\x02", WRAPPED))
            run.text = tidy_characters(text).strip()
    return [run for run in runs if run.text]


def _placed(page: Any, fonts: dict[int, tuple[bool, bool]]) -> Iterator[_Placed]:
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
            if look.turn == 0 and end_height < _RAISED_SIZE * height:
                cut = _raised_from(page, start, end, _RAISED_SIZE * height)
                yield from _apart(page, text, start, cut, end, (left, bottom, right, top), base, look)
                continue
            left, right = min(left, box.left), max(right, box.right)
            bottom, top = min(bottom, box.bottom), max(top, box.top)
        yield _Placed(text, start, end - 1, (left, bottom, right, top), base, look, glued=False)


def _apart(
    page: Any,
    text: str,
    start: int,
    cut: int,
    end: int,
    first: tuple[float, float, float, float],
    base: float,
    look: Look,
) -> Iterator[_Placed]:
    """Take a word and the small mark that is set against it apart."""
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    at = cut - start
    pdfium.FPDFText_GetLooseCharBox(page, cut - 1, byref(box))
    yield _Placed(
        text[:at],
        start,
        cut - 1,
        (first[0], first[1], max(first[2], box.right), first[3]),
        base,
        look,
        glued=False,
    )
    pdfium.FPDFText_GetLooseCharBox(page, cut, byref(box))
    mark = (box.left, box.bottom, box.right, box.top)
    pdfium.FPDFText_GetCharOrigin(page, cut, byref(x), byref(y))
    pdfium.FPDFText_GetLooseCharBox(page, end - 1, byref(box))
    small = look._replace(size=look.size * (mark[3] - mark[1]) / max(first[3] - first[1], 0.01))
    yield _Placed(text[at:], cut, end - 1, (mark[0], mark[1], box.right, mark[3]), y.value, small, glued=True)


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
        turn = round(quarters) % 4 if abs(quarters - round(quarters)) < _TILT else None
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


def _runs(words: list[_Placed], turn: int) -> list[Run]:
    """Join words that stand side by side."""
    runs: list[Run] = []
    open_run: Run | None = None
    for word in words:
        left, bottom, right, top = word.box
        base = word.base
        if turn:
            left, bottom, right, top = _upright(word.box, turn)
            base = bottom + 0.2 * (top - bottom)
        size, letters = word.look.size, len(word.text)
        if open_run is not None:
            gap, rise = left - open_run.right, base - open_run.base
            reach = open_run.size
            if _JOINS_LEFT * reach < gap < _JOINS_RIGHT * max(reach, size):
                mark = size < _RAISED_SIZE * reach
                if abs(rise) <= _SAME_LINE * reach or (mark and -0.35 * reach < rise < 0.8 * reach):
                    is_raised = mark and rise > _RAISED * reach
                    open_run.text += _seam(open_run.text, word, is_raised=is_raised)
                    open_run.right = max(open_run.right, right)
                    if not mark:
                        open_run.bottom, open_run.top = min(open_run.bottom, bottom), max(open_run.top, top)
                        if size > open_run.size:
                            open_run.size, open_run.base = size, base
                    open_run.lefts.append(left)
                    open_run.bold += letters * word.look.bold
                    open_run.italic += letters * word.look.italic
                    continue
        open_run = Run(
            word.text, left, bottom, right, top, base, size, letters * word.look.bold, letters * word.look.italic,
            [left],
        )  # fmt: skip
        runs.append(open_run)
    return runs


_SUPERSCRIPT = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_UNIT = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,2}$")
_FIGURES = re.compile(r"[\d,]{1,5}")


def raised(text: str) -> str:
    """Write a raised figure as one, so that it is no other number."""
    return text.translate(_SUPERSCRIPT) if _FIGURES.fullmatch(text) else text


def _seam(before: str, word: _Placed, *, is_raised: bool) -> str:
    """Write the word as it goes on after `before`; a raised figure stays one, so that it is no other number."""
    if is_raised and _FIGURES.fullmatch(word.text):
        mark = raised(word.text)
        return mark if word.glued and _UNIT.search(before) else f" {mark}"
    return word.text if word.glued else f" {word.text}"


def _upright(box: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """Turn a box back by so many quarters."""
    left, bottom, right, top = box
    if turn == 1:
        return bottom, -right, top, -left
    if turn == 2:
        return -right, -top, -left, -bottom
    return -top, left, -bottom, right
