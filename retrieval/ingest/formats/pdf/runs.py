"""Which words stand side by side, and are read as one run?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import normalize

from retrieval.ingest.cleaning import tidy_characters

WRAPPED = "\ufffe"
"""What PDFium writes for a hyphen at the end of a line."""


_SHAPES = re.compile(
    "[\ufb00-\ufb06\ufb13-\ufb17\ufb20-\ufdff\ufe70-\ufefc]+"
)  # ligatures, Arabic letters by position
RAISED_SIZE = 0.87  # a raised mark is smaller than its line by so much
_RAISED = 0.12  # and stands higher by so much of the line's size
_JOINS_LEFT, _JOINS_RIGHT = -0.6, 0.95  # how far apart two words of one run are, in font sizes
_SAME_LINE = 0.12
_SUPERSCRIPT = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_UNIT = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,2}$")
_FIGURES = re.compile(r"[\d,]{1,5}")


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


class Placed(NamedTuple):
    """A word where it stands, before it is joined with those beside it."""

    text: str
    first: int  # index of its first character
    last: int
    box: tuple[float, float, float, float]  # left, bottom, right, top
    base: float
    look: Look
    glued: bool  # no space before it


def runs_of(words: list[Placed], turn: int) -> list[Run]:
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
                mark = size < RAISED_SIZE * reach
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
    return _cleaned(runs)


def _seam(before: str, word: Placed, *, is_raised: bool) -> str:
    """Write the word as it goes on after `before`; a raised figure stays one, so that it is no other number."""
    if is_raised and _FIGURES.fullmatch(word.text):
        mark = raised(word.text)
        return mark if word.glued and _UNIT.search(before) else f" {mark}"
    return word.text if word.glued else f" {word.text}"


def raised(text: str) -> str:
    """Write a raised figure as one, so that it is no other number."""
    return text.translate(_SUPERSCRIPT) if _FIGURES.fullmatch(text) else text


def _cleaned(runs: Iterable[Run]) -> list[Run]:
    """Write ligatures and other shapes of letters as the letters that they are; take out what cannot be seen."""
    kept = []
    for run in runs:
        text = run.text
        if not (text.isascii() and text.isprintable()):
            text = _SHAPES.sub(lambda shapes: normalize("NFKC", shapes[0]), text.replace("\x02", WRAPPED))
            run.text = tidy_characters(text).strip()
        if run.text:
            kept.append(run)
    return kept


def _upright(box: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """Turn a box back by so many quarters."""
    left, bottom, right, top = box
    if turn == 1:
        return bottom, -right, top, -left
    if turn == 2:
        return -right, -top, -left, -bottom
    return -top, left, -bottom, right
