"""How do the cells of a sheet become passages that answer, and that make sense when they stand alone?

Two kinds of tables are asked in two ways. In a table of figures (a label, then amounts a year) one asks for a single
figure by row and column: each cell is a passage, its row and column are in the citation. In a table of records (people,
suppliers, risks) one asks by what stands in one cell for what stands in another ("Which supplier in Berlin delivers
paper?"): no cell alone holds both, so each row is a passage, a line a cell, cited with the row's name and the names of
its columns in the order of its lines.

Asked 26 questions over seven such tables, the best quote held the answer (or there was rightly none) 22 times; with a
passage a cell everywhere 13 times, since the cell that is named was quoted for the one that is asked. With a passage a
row everywhere it was 22 too, but a row of twelve amounts leaves it to the reader to count which is May's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import PurePath

from retrieval.errors import TooLarge
from retrieval.ingest.formats.sheets.grid import Area, Part, Sheet, parts, widest_area
from retrieval.ingest.formats.sheets.heads import (
    column_labels,
    flat,
    head_rows,
    joined,
    label_columns,
    row_names,
    with_heads,
)
from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import is_short_line
from retrieval.models import BlockKind

__all__ = [
    "MOST_CELLS",
    "MOST_PASSAGES",
    "SHEET_LEVEL",
    "Area",
    "Sheet",
    "letters_of",
    "pieces_of",
    "refuse_too_many",
]

MOST_CELLS = 500_000
MOST_PASSAGES = 100_000
_LARGEST_AREA = 2_000_000  # cells of a grid, filled or not
SHEET_LEVEL, TABLE_LEVEL = 1, 2  # ranks of the headings
_LINES_ABOVE = 3  # that an empty row may part from their table
_BETWEEN_COLUMNS = " | "


def refuse_too_many(cells: int, path: PurePath) -> None:
    """Raise TooLarge where a file has more filled cells than a memo."""
    if cells > MOST_CELLS:
        raise TooLarge(path, f"it has more than {MOST_CELLS:,} filled cells.")


def pieces_of(sheet: Sheet, path: PurePath) -> list[Piece]:
    """Make pieces of a sheet: its tables, and the lines above and below them. Raises TooLarge."""
    if widest_area(sheet) > _LARGEST_AREA:
        raise TooLarge(path, "its cells lie too far apart.")
    pieces: list[Piece] = []
    before: tuple[Part, list[str | None]] | None = None
    found = list(with_heads(parts(sheet)))
    for part, following in zip_longest(found, found[1:]):
        first, last = _table_in(part)
        if first == last:
            leads = (
                len(part.cells) <= _LINES_ABOVE
                and following is not None
                and len(set(_table_in(following))) > 1
            )
            pieces += _above(part) if leads else _lines(part)
            continue
        table = part.rows(first, last)
        heads = head_rows(table)
        columns = column_labels(table, heads)
        if not heads and before and len(table.letters) > 1 and set(table.letters) <= set(before[0].letters):
            columns = [before[1][before[0].letters.index(letter)] for letter in table.letters]
        before = table, columns
        pieces += _above(part.rows(0, first))
        pieces += _table(table, heads, columns)
        pieces += _lines(part.rows(last))
        if len(pieces) > MOST_PASSAGES:
            raise TooLarge(path, f"a sheet of it makes more than {MOST_PASSAGES:,} passages.")
    return pieces


def letters_of(column: int) -> str:
    """The letters of a sheet's column, counted from 0: A, B ... Z, AA."""
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % 26) + letters
        column = column // 26 - 1
    return letters


def _table_in(part: Part) -> tuple[int, int]:
    """The rows of a part that are a table: without those above and below it that have one cell only."""
    full = [sum(map(bool, row)) > 1 for row in part.cells]
    if not any(full):
        return len(full), len(full)
    return full.index(True), len(full) - full[::-1].index(True)


def _above(part: Part) -> Iterator[Piece]:
    """The lines above a table: a short first one is its heading, as the others are about it."""
    for number, piece in enumerate(_lines(part)):
        is_heading = not number and is_short_line(piece.text)
        yield replace(piece, kind=BlockKind.HEADING, level=TABLE_LEVEL) if is_heading else piece


def _lines(part: Part) -> Iterator[Piece]:
    """The lines around a table: its title, its unit, notes."""
    for row in part.cells:
        yield from (Piece(cell) for cell in row if cell)


def _table(part: Part, heads: int, columns: Sequence[str | None]) -> Iterator[Piece]:
    labels = label_columns(part, heads) if len(part.cells) > 1 else 0
    if labels:
        yield from _figures(part, heads, labels, columns)
    else:
        yield from _records(part, heads, columns)


def _figures(part: Part, heads: int, labels: int, columns: Sequence[str | None]) -> Iterator[Piece]:
    """A passage a cell. A column or a row without a name is called as the sheet calls it: C, 17."""
    named = [name or letters_of(letter) for name, letter in zip(columns, part.letters, strict=True)]
    names = [""] * labels
    for number, row in enumerate(part.cells):
        is_head = number < heads
        names = names if is_head else _names_below(names, part.spread[number][:labels])
        label = None if is_head else joined(names) or str(part.numbers[number] + 1)
        for place, text in enumerate(row):
            if text:
                furniture = is_head or place < labels
                kind = BlockKind.FURNITURE if furniture else BlockKind.CELL
                yield Piece(text, kind, row=label, column=named[place], gap=0)


def _names_below(above: Sequence[str], own: Sequence[str]) -> list[str]:
    """The names of a row: its own, and the groups' that were named above it and go on."""
    first = next((place for place, name in enumerate(own) if name), len(own) - 1)
    return [*above[:first], *own[first:]]


def _records(part: Part, heads: int, columns: Sequence[str | None]) -> Iterator[Piece]:
    """A passage a row. A row without a name is called by its number."""
    whole = _BETWEEN_COLUMNS.join(flat(name) for name in columns if name)
    for row in part.cells[:heads]:
        yield Piece("\n".join(filter(None, row)), BlockKind.FURNITURE, column=whole, gap=0)
    names = row_names(part, heads)
    for row, name, number in zip(part.cells[heads:], names, part.numbers[heads:], strict=True):
        held = [flat(column) for column, cell in zip(columns, row, strict=True) if cell and column]
        yield Piece(
            "\n".join(filter(None, row)),
            BlockKind.CELL,
            row=name or str(number + 1),
            column=_BETWEEN_COLUMNS.join(held) or None,
            gap=0,
        )
