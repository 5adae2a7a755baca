"""Which number does Word set before a heading?

The number ("2.1") is no text of the file: Word counts when it draws the page. It is counted here for the section path,
in which a reader looks for it; the heading's own text stays as it was written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from retrieval.ingest.formats.docx.styles import Numbered, value
from retrieval.ingest.formats.office.names import W
from retrieval.ingest.formats.office.parts import Element

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN_ONES = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LARGEST, _LONGEST = 3999, 40
_DEPTHS = 9


@dataclass(frozen=True, slots=True)
class _Depth:
    """How one depth of a list counts and writes."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    is_legal: bool = False  # all numbers in figures


@dataclass(slots=True)
class _List:
    """A list while it is counted."""

    depths: dict[int, _Depth]
    counts: list[int | None] = field(default_factory=lambda: [None] * _DEPTHS)


class Numbering:
    """The lists of a document, counted as its paragraphs go by."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, _List] = {}  # by abstract list
        self._abstract: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for abstract in root.iter(W("abstractNum")):
            self._lists[abstract.get(W("abstractNumId"), "")] = _List(dict(_depths(abstract)))
        for one in root.iter(W("num")):
            list_id = one.get(W("numId"), "")
            self._abstract[list_id] = value(one, "abstractNumId") or ""
            self._restarts[list_id] = dict(_restarts(one))

    def is_list(self, numbered: Numbered | None) -> bool:
        """Whether there is such a list; "0" takes a paragraph out of its style's."""
        return numbered is not None and numbered.list_id not in {"", "0"}

    def count(self, numbered: Numbered) -> str | None:
        """Count one more paragraph; return its number as it is drawn, None for a bullet or a list that is not known."""
        known = self._lists.get(self._abstract.get(numbered.list_id, ""))
        if known is None:
            return None
        here = known.depths.get(numbered.depth, _Depth())
        restart = self._restarts[numbered.list_id].pop(numbered.depth, None)
        before = known.counts[numbered.depth]
        known.counts[numbered.depth] = (
            restart if restart is not None else here.start if before is None else before + 1
        )
        known.counts[numbered.depth + 1 :] = [None] * (_DEPTHS - numbered.depth - 1)
        if here.form in {"bullet", "none"}:
            return None
        return (
            _PLACE.sub(lambda place: _drawn(known, int(place[1]) - 1, here), here.text)[:_LONGEST].strip()
            or None
        )


def _drawn(known: _List, depth: int, here: _Depth) -> str:
    there = known.depths.get(depth, _Depth())
    count = known.counts[depth]
    return _written(there.start if count is None else count, "decimal" if here.is_legal else there.form)


def _written(number: int, form: str) -> str:
    if form.endswith("Roman") and 0 < number <= _LARGEST:
        roman = _roman(number)
        return roman.lower() if form == "lowerRoman" else roman
    if form.endswith("Letter") and number > 0:
        letters = chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, _LONGEST)
        return letters.lower() if form == "lowerLetter" else letters
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    written = ""
    for size, letters in (*_ROMAN, *_ROMAN_ONES):
        written += letters * (number // size)
        number %= size
    return written


def _depths(abstract: Element) -> Iterator[tuple[int, _Depth]]:
    for level in abstract.iter(W("lvl")):
        depth = level.get(W("ilvl"), "")
        if depth in {*"012345678"}:
            yield (
                int(depth),
                _Depth(
                    start=_count(value(level, "start"), 1),
                    form=value(level, "numFmt") or "decimal",
                    text=(value(level, "lvlText") or "")[:_LONGEST],
                    is_legal=level.find(W("isLgl")) is not None,
                ),
            )


def _restarts(one: Element) -> Iterator[tuple[int, int]]:
    for override in one.iter(W("lvlOverride")):
        depth, start = override.get(W("ilvl"), ""), value(override, "startOverride")
        if depth in {*"012345678"} and start is not None:
            yield int(depth), _count(start, 1)


def _count(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 6 else otherwise
