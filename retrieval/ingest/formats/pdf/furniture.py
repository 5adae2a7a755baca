"""Which lines are a page's furniture: running heads and feet, page numbers?

The same words at the same height of several pages, from the edge of the page inwards; and numbers alone on a line that
go up by one, with or without words beside them: "Page 3 of 10" goes on as "Page 4 of 10". A line whose figures differ
in another way is no furniture: it may be the last of a table.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from retrieval.ingest.formats.pdf.rows import Row

_DEEP = 4  # lines from the top and from the foot that are looked at
_PAGES = 3  # on which a running head stands at least
_COLUMNS = 4  # words apart on one line: the head of a table
_HEIGHT = 4.0  # points between which two lines stand at the same height
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"\W{0,3}(\d{1,4})\W{0,3}")
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|página|pagina)?\s?\W{0,3}(?:[A-Z]{1,3}-)?(?:\d{1,4}|[ivxlc]{1,7})\W{0,3}(?:\s?(?:of|von|de|/)\s?\d{1,4})?",
    re.IGNORECASE,
)
_PAGE_APART, _MIDDLE = 150.0, 12.0  # points: two page numbers on one page; the same middle
_COUNTED_LENGTH, _NEARLY = 160, 0.7
_OPEN = 40  # chains of numbers that are looked at
_CHAIN = 3  # page numbers that go up by one at least
_BESIDE = 4  # times that a line beside a page number is said


class Cleared(NamedTuple):
    """Rows without furniture, a list a page; and what stood in the furniture first, by page."""

    pages: list[list[Row]]
    said: dict[int, list[str]]


def cleared(pages: Sequence[list[Row]]) -> Cleared:
    """Take the furniture off the pages. Each of its lines is kept once, where it stood first; page numbers go."""
    gone = _numbers(pages) | _counted(pages)
    running = _running(pages)
    for rows in pages:
        foot = _edge(rows[::-1], gone, running)
        gone |= {id(row) for row in [*_without_table_head(_edge(rows, gone, running)), *foot]}
    gone |= _beside(pages, gone)
    kept: list[list[Row]] = []
    said: dict[int, list[str]] = defaultdict(list)
    known: set[str] = set()
    for rows in pages:
        left: list[Row] = []
        before = False
        for row in rows:
            if id(row) in gone:
                before = True
                words = _DIGITS.sub("#", row.text)
                if words not in known and not _PAGE_NUMBER.fullmatch(row.text):
                    known.add(words)
                    said[row.page].append(row.text)
                continue
            row.after_furniture, before = before, False
            left.append(row)
        kept.append(left)
    return Cleared(kept, said)


def _edge(rows: Sequence[Row], gone: set[int], running: Mapping[str, list[float]]) -> list[Row]:
    """Return the furniture at the edge of a page, from there inwards."""
    edge: list[Row] = []
    for row in rows[:_DEEP]:
        if id(row) not in gone and _key(row, running) is None:
            break
        edge.append(row)
    return edge


def _without_table_head(edge: Sequence[Row]) -> Sequence[Row]:
    """Leave out the head of a table that goes on from page to page: it says what its columns are."""
    first = next((number for number, row in enumerate(edge) if len(row.runs) >= _COLUMNS), len(edge))
    while first < len(edge) and first > 0 and len(edge[first - 1].runs) > 1:
        first -= 1
    return edge[:first]


def _running(pages: Sequence[list[Row]]) -> dict[str, list[float]]:
    """Return the heights at which a text stands near the edge of enough pages, for each such text."""
    heights: dict[str, list[float]] = defaultdict(list)
    for rows in pages:
        edge = {id(row): row for row in [*rows[:_DEEP], *rows[-_DEEP:]]}
        for row in edge.values():
            heights[row.text].append(row.base)
    least = _PAGES if len(pages) >= _PAGES else max(len(pages), 2)
    running = {}
    for text, found in heights.items():
        common = [at for at in found if sum(abs(at - other) <= _HEIGHT for other in found) >= least]
        if common and any(map(str.isalnum, text)):
            running[text] = common
    return running


def _key(row: Row, running: Mapping[str, list[float]]) -> str | None:
    near = any(abs(row.base - at) <= _HEIGHT for at in running.get(row.text, ()))
    return row.text if near else None


def _numbers(pages: Sequence[list[Row]]) -> set[int]:
    """Find the lines that are page numbers: alone on their line, and going up by one from page to page.

    They need not stand at a page's edge: a web page that was printed has those of its own pages in between.
    """
    alone = [
        (row, int(found[1]))
        for rows in pages
        for row in rows
        if len(row.runs) == 1 and (found := _NUMBER.fullmatch(row.text))
    ]
    chains: list[list[tuple[Row, int]]] = []
    for row, number in alone:
        chain = next((c for c in reversed(chains[-_OPEN:]) if _follows(*c[-1], row, number)), None)
        if chain is None:
            chains.append([(row, number)])
        else:
            chain.append((row, number))
    return {id(row) for chain in chains if len(chain) >= min(_CHAIN, len(pages)) >= 2 for row, _ in chain}


def _counted(pages: Sequence[list[Row]]) -> set[int]:
    """Find the lines that are said again and again with the next page number in them, wherever on the page."""
    said: dict[str, list[Row]] = defaultdict(list)
    for rows in pages:
        for row in rows:
            if len(row.text) <= _COUNTED_LENGTH and any(map(str.isalpha, row.text)):
                said[_DIGITS.sub("#", row.text)].append(row)
    counted: set[int] = set()
    for words, rows in said.items():
        if "#" not in words or len(rows) < _CHAIN:
            continue
        numbers = zip(*(map(int, _DIGITS.findall(row.text)) for row in rows), strict=True)
        if any(_counts_pages(list(zip(rows, column, strict=True))) for column in numbers):
            counted |= {id(row) for row in rows}
    return counted


def _counts_pages(found: Sequence[tuple[Row, int]]) -> bool:
    """Whether numbers go up by one with nearly every page; those of chapters and notes do so less often."""
    if len(found) < _CHAIN:
        return False
    steps = [(b - a, later.page - row.page) for (row, a), (later, b) in pairwise(found)]
    up = sum(step == 1 for step, _ in steps)
    spanned = found[-1][0].page - found[0][0].page + 1
    return up >= _NEARLY * len(steps) and len(found) >= spanned / 3


def _follows(last: Row, before: int, row: Row, number: int) -> bool:
    if not 0 < number - before <= 2:
        return False
    apart = row.page > last.page or last.base - row.base > _PAGE_APART
    middle = abs((last.left + last.right) - (row.left + row.right)) / 2
    return apart and (middle < _MIDDLE or abs(last.base - row.base) <= _HEIGHT)


def _beside(pages: Sequence[list[Row]], gone: set[int]) -> set[int]:
    """Find the lines that stand beside page numbers again and again, wherever on the page that is."""
    near: Counter[str] = Counter()
    rows_near: list[Row] = []
    flat = [row for rows in pages for row in rows]
    for place, row in enumerate(flat):
        if id(row) not in gone or not _NUMBER.fullmatch(row.text):
            continue
        for other in _next(flat, place, gone):
            near[other.text] += 1
            rows_near.append(other)
    return {id(row) for row in rows_near if near[row.text] >= _BESIDE}


def _next(flat: Sequence[Row], place: int, gone: set[int]) -> Iterable[Row]:
    return [row for row in flat[place + 1 : place + 2] if id(row) not in gone]
