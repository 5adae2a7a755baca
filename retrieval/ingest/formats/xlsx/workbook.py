"""Which sheets has a workbook, and what do its cells refer to: strings, number formats, the first day?"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from retrieval.ingest.formats.markup import walk
from retrieval.ingest.formats.office.names import R, W
from retrieval.ingest.formats.office.parts import Element, Parts, unpacked
from retrieval.ingest.formats.packed import Packed, opened
from retrieval.ingest.formats.xlsx.display import BUILT_IN

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OTHERS = {W("document"): ("a Word document", ".docx")}
_USUAL_STRINGS = "xl/sharedStrings.xml"
_TRUE = frozenset({"1", "true", "on"})
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def S(name: str) -> str:  # noqa: N802 - a prefix, as in `office.names`
    """The name of an element of a workbook."""
    return f"{{{_MAIN}}}{name}"


class SheetPart(NamedTuple):
    """A sheet: what it is called, the part that holds it, and whether it is hidden."""

    label: str
    name: str
    is_hidden: bool


class Workbook(NamedTuple):
    """An open workbook. `formats` holds the number format of each cell style, `strings` what cells share."""

    parts: Parts
    packed: Packed
    path: Path
    sheets: list[SheetPart]
    strings: list[str]
    formats: list[str]
    from_1904: bool


def workbook(data: bytes, path: Path) -> Workbook:
    """Open a workbook. Raises Encrypted, BinaryMemo, Misnamed, TooLarge or Damaged."""
    parts = unpacked(data, path, S("workbook"), _OTHERS)
    packed = opened(data, path)
    root = parts.xml(parts.main)
    properties = None if root is None else root.find(S("workbookPr"))
    return Workbook(
        parts,
        packed,
        path,
        _sheets(parts, root),
        _strings(packed, next(iter(parts.targets(parts.main, "sharedStrings")), _USUAL_STRINGS), path),
        _formats(parts.related(parts.main, "styles")),
        properties is not None and is_true(properties.get("date1904")),
    )


def is_true(said: str | None) -> bool:
    """Whether an attribute says yes."""
    return (said or "").lower() in _TRUE


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold: `_x000D_` is a line end."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _sheets(parts: Parts, root: Element | None) -> list[SheetPart]:
    relations = parts.relations(parts.main)
    sheets = []
    for one in root.iter(S("sheet")) if root is not None else ():
        relation = relations.get(one.get(R("id"), ""))
        if relation and relation.target and relation.kind == "worksheet":
            sheets.append(
                SheetPart(one.get("name", ""), relation.target, one.get("state", "visible") != "visible")
            )
    return sheets


def _formats(styles: Element | None) -> list[str]:
    if styles is None:
        return []
    own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter(S("numFmt"))}
    cells = styles.find(S("cellXfs"))
    numbers = [one.get("numFmtId", "0") for one in cells.iter(S("xf"))] if cells is not None else []
    return [own.get(number) or _built_in(number) for number in numbers]


def _built_in(number: str) -> str:
    return BUILT_IN.get(int(number), "General") if number.isdecimal() and len(number) < 6 else "General"


class _Strings:
    """Collects shared strings: the text of each `si`, without the reading aids (`rPh`) of Japanese."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._text: list[str] = []
        self._aids = 0
        self._inside = False

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            self._text = []
        self._aids += name == "rPh"
        self._inside = name == "t" and not self._aids

    def end(self, name: str) -> None:
        if name == "si":
            self.texts.append(unescaped("".join(self._text)))
        self._aids -= name == "rPh"
        self._inside = False

    def text(self, characters: str) -> None:
        if self._inside:
            self._text.append(characters)


def _strings(packed: Packed, target: str, path: Path) -> list[str]:
    if target not in packed:
        return []
    reader = _Strings()
    walk(packed.part(target), path, start=reader.start, end=reader.end, text=reader.text)
    return reader.texts
