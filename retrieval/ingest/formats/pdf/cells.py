"""Which fields does a line of a table have?

Fields are told by the gaps between words. A currency sign belongs to the figure after it, a bracket or % to the one
before.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.ingest.formats.pdf.rows import Row
from retrieval.ingest.formats.pdf.runs import Run

_CURRENCY = re.compile(r"[-+(]?[$€£¥]|(?:US|C|A)\$|EUR|USD|Rs\.?")
_NOTE = re.compile(r"\(\d\)")  # the mark of a note, where words stand beside it
_LOOSE = re.compile(r"(?<=\()\s|(?<=\d)\s(?=\))|(?<=[$€£¥])\s(?=[\d(])")
_TAIL = re.compile(r"[)\]%]{1,3}|\)?\s?[x%]|(?:\([a-z0-9]{1,2}\)|[*†‡]{1,2})[)%]?")
_NUMBER = (
    r"[~≈<>]?[(\[+–—-]{0,2}\s?[$€£¥]?\s?[(+–—-]?\s?\d[\d,.:/]*\s?[)\]]?\s?(?:%|x|bps|pts|pp|[BMK])?[)\]]?"
)
FIGURE = re.compile(
    rf"{_NUMBER}(?:\s?[-–]\s?{_NUMBER})?"
    r"(?:\s?(?:\([a-z0-9]{1,2}\)|[*†‡]{1,2}|[⁰¹²³⁴-⁹]{1,2}))?"
    r"|[$€£¥]?\s?[–—-]{1,2}\s?%?|[Nn]/?[AMam]\.?|\*{1,2}",
)
YEAR = re.compile(r"\(?(?:(?:Q[1-4]|FY|CY|H[12])\s?)?(?:19|20)\d\d\)?(?:\s?[*†‡]|\s?\([a-z0-9]\))?")
_FIGURE_PART = re.compile(rf"{FIGURE.pattern}|{_CURRENCY.pattern}|{_TAIL.pattern}")
_MARK = re.compile(
    r"[•●○◦▪■□▫–—*·➢✓§o\-]|\(?(?:[a-z]|[ivx]{1,5}|\d{1,3})[.)]|[*†‡]{1,3}|[⁰¹²³⁴-⁹]{1,3}", re.IGNORECASE
)
_SPREAD = 4.0  # font sizes between two lines of one table
_NEXT = 1.4  # font sizes between two lines of one cell
ALIGNED = 3.0  # points between the beginnings of two lines that begin at the same place
LEAST_LINES = 3  # of a table of words, at least


@dataclass(slots=True)
class Cell:
    """Words in one field of a table."""

    text: str
    left: float
    right: float

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, or a dash where one would stand."""
        return FIGURE.fullmatch(self.text) is not None


def cells_of(row: Row) -> list[Cell]:
    """Cut a row into cells: a currency sign belongs to the figure after it, a bracket or % to the one before."""
    cells: list[Cell] = []
    sign: Cell | None = None
    parts = [part for run in row.runs for part in _parts(run)]
    for place, run in enumerate(parts):
        text = run.text
        if sign is not None:
            cells.append(Cell(sign.text + ("" if text[:1] != "—" else " ") + text, sign.left, run.right))
            sign = None
        elif _CURRENCY.fullmatch(text) and place + 1 < len(parts):
            sign = run
        elif cells and _TAIL.fullmatch(text) and run.left - cells[-1].right < 2 * row.size:
            cells[-1].text += text if text[:1] in ")]%" else f" {text}"
            cells[-1].right = run.right
        else:
            cells.append(Cell(text, run.left, run.right))
    for cell in cells:
        if cell.is_figure:
            cell.text = _LOOSE.sub("", cell.text)
    if len(cells) > 1 and _MARK.fullmatch(cells[0].text) and not cells[1].is_figure:
        first = cells.pop(0)
        cells[0] = Cell(f"{first.text} {cells[0].text}", first.left, cells[0].right)
    return cells


def _parts(run: Run) -> list[Cell]:
    """Take figures apart that stand so close that they look like words of one run."""
    words = run.text.split(" ")
    if len(words) < 2 or len(words) != len(run.lefts) or FIGURE.fullmatch(run.text):
        return [Cell(run.text, run.left, run.right)]
    if not all(map(_FIGURE_PART.fullmatch, words)):
        return [Cell(run.text, run.left, run.right)]
    parts: list[Cell] = []
    for number, (word, left) in enumerate(zip(words, run.lefts, strict=True)):
        right = run.lefts[number + 1] - 1 if number + 1 < len(words) else run.right
        if parts and not word[:1].isdigit() and _TAIL.fullmatch(word):
            parts[-1] = Cell(f"{parts[-1].text} {word}", parts[-1].left, right)
        else:
            parts.append(Cell(word, left, right))
    return parts


def are_near(above: Row, below: Row) -> bool:
    """Whether two lines are near enough to be of one table."""
    return 0 < above.base - below.base < _SPREAD * max(above.size, below.size)


def wraps(row: Row, above: Row, cells: Sequence[Cell]) -> bool:
    """Whether a line is the next one of a cell of the row above it."""
    near = above.base - row.base < _NEXT * row.size
    return near and len(row.runs) == 1 and any(abs(row.left - cell.left) < ALIGNED for cell in cells[1:])


def has_figures(cells: Sequence[Cell]) -> bool:
    """Whether a line holds figures beside its label; years alone are a head."""
    figures = [cell for cell in cells[1:] if cell.is_figure and not YEAR.fullmatch(cell.text)]
    worded = any(not cell.is_figure for cell in cells[1:])
    return bool(figures) and not (worded and all(_NOTE.fullmatch(cell.text) for cell in figures))
