"""What is shown in the cells of a sheet, and where?"""

import math
import re
from collections.abc import Mapping
from pathlib import Path

from retrieval.errors import TooLarge
from retrieval.ingest.cleaning import characters, lines
from retrieval.ingest.formats.markup import walk
from retrieval.ingest.formats.sheets import Area, Sheet, refuse_too_many
from retrieval.ingest.formats.xlsx.display import shown
from retrieval.ingest.formats.xlsx.workbook import SheetPart, Workbook, is_true, unescaped

MOST_CHARACTERS = 10_000_000
_MOST_MERGED = 20_000
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
_LAST_COLUMN = 16_384
_LAST_ROW = 1_048_576


class Limits:
    """How much of a workbook has been read; more than a memo's is refused."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cells = self._characters = 0

    def count(self, text: str) -> None:
        """Take one more cell in. Raises TooLarge."""
        self._cells += 1
        self._characters += len(text)
        refuse_too_many(self._cells, self._path)
        if self._characters > MOST_CHARACTERS:
            raise TooLarge(self._path, f"its cells hold more than {MOST_CHARACTERS:,} characters.")


def place_of(reference: str) -> tuple[int, int] | None:
    """Row and column of "B7", from 0; None where there is no such cell."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    row = int(found[2])
    return (row - 1, column - 1) if column <= _LAST_COLUMN and row <= _LAST_ROW else None


class Cells:
    """The cells of a sheet, read once. What is hidden on purpose is left out and counted."""

    def __init__(self, book: Workbook, part: SheetPart, limits: Limits) -> None:
        self._book, self._label, self._limits = book, part.label, limits
        self._rows: dict[int, dict[int, str]] = {}
        self._merged: list[Area] = []
        self._hidden_columns = bytearray(_LAST_COLUMN)  # 1 for each column that is hidden
        self._row, self._column = -1, -1
        self._row_is_hidden = self._is_filtered = False
        self._left_out = self._without_value = 0
        self._type, self._style = "n", 0
        self._value: list[str] = []
        self._collects = self._has_formula = False
        self._aids = 0
        if part.name in book.packed:
            xml = book.packed.part(part.name)
            walk(xml, book.path, start=self._start, end=self._end, text=self._text)

    def sheet(self) -> Sheet:
        """The cells that are shown."""
        return Sheet(
            {number: dict(sorted(self._rows[number].items())) for number in sorted(self._rows)}, self._merged
        )

    def notes(self) -> list[str]:
        """What a reader should know: what was left out, and what has no value."""
        notes, sheet = [], f"of the sheet “{self._label}”"
        if self._left_out:
            notes.append(f"Cells in hidden rows or columns {sheet} were left out: {self._left_out}.")
        if self._without_value:
            remedy = "Open the file in a spreadsheet program and save it, and they have one."
            notes.append(f"Formulas {sheet} without a stored value: {self._without_value}. {remedy}")
        return notes

    def _start(self, name: str, said: Mapping[str, str]) -> None:
        match name:
            case "c":
                self._open_cell(said)
            case "v":
                self._collects = True
            case "t":
                self._collects = self._type == "inlineStr" and not self._aids
            case "f":
                self._has_formula = True
            case "row":
                self._open_row(said)
            case "rPh":
                self._aids += 1
            case "sheetPr":
                self._is_filtered = is_true(said.get("filterMode"))
            case "col":
                self._note_column(said)
            case "mergeCell":
                self._merge(said.get("ref", ""))

    def _text(self, characters: str) -> None:
        if self._collects:
            self._value.append(characters)

    def _end(self, name: str) -> None:
        if name in {"v", "t"}:
            self._collects = False
        elif name == "rPh":
            self._aids -= 1
        elif name == "c":
            self._close_cell()

    def _open_row(self, said: Mapping[str, str]) -> None:
        number = said.get("r", "")
        self._row = int(number) - 1 if number.isdecimal() and len(number) < 8 else self._row + 1
        self._column = -1
        folded = said.get("outlineLevel", "0") != "0"
        self._row_is_hidden = is_true(said.get("hidden")) and not (self._is_filtered or folded)

    def _open_cell(self, said: Mapping[str, str]) -> None:
        place = place_of(said.get("r", ""))
        self._row, self._column = place or (self._row, min(self._column + 1, _LAST_COLUMN - 1))
        style = said.get("s", "0")
        self._style = int(style) if style.isdecimal() and len(style) < 8 else 0
        self._type, self._value, self._has_formula = said.get("t", "n"), [], False

    def _close_cell(self) -> None:
        raw = "".join(self._value)
        text = lines(characters(self._shown(raw))) if raw else ""
        if not text:
            self._without_value += self._has_formula and not raw and self._type != "str"
            return
        if self._row_is_hidden or self._hidden_columns[self._column]:
            self._left_out += 1
            return
        self._limits.count(text)
        self._rows.setdefault(self._row, {})[self._column] = text

    def _shown(self, raw: str) -> str:
        match self._type:
            case "s":
                at = int(raw) if raw.strip().isdecimal() and len(raw) < 9 else -1
                return self._book.strings[at] if 0 <= at < len(self._book.strings) else ""
            case "str" | "inlineStr":
                return unescaped(raw)
            case "b":
                return "TRUE" if is_true(raw.strip()) else "FALSE"
            case "e" | "d":
                return raw
        return self._number(raw)

    def _number(self, raw: str) -> str:
        try:
            value = float(raw)
        except ValueError:
            return raw
        formats = self._book.formats
        number_format = formats[self._style] if self._style < len(formats) else "General"
        return shown(value, number_format, from_1904=self._book.from_1904) if math.isfinite(value) else raw

    def _note_column(self, said: Mapping[str, str]) -> None:
        first, last = said.get("min", ""), said.get("max", "")
        folded = said.get("outlineLevel", "0") != "0"
        if is_true(said.get("hidden")) and not folded and first.isdecimal() and last.isdecimal():
            columns = range(_LAST_COLUMN)[max(int(first[:6]) - 1, 0) : int(last[:6])]
            self._hidden_columns[columns.start : columns.stop] = b"\1" * len(columns)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = place_of(first), place_of(last)
        if start and end and len(self._merged) < _MOST_MERGED:
            self._merged.append(Area(*start, *end))
