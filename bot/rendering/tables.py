"""Where in a table does each of its cells stand?

A memo keeps a table as one block a cell, in reading order, each knowing the labels of its row and its column. The
labels are blocks too: about the memo, not of it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from retrieval import Block, BlockKind, Passage


class Cell(NamedTuple):
    """A cell's row and column, counted from 0, and what it is the head of: "col", "row" or ""."""

    row: int
    column: int
    head_of: str


def is_tabular(block: Block | Passage) -> bool:
    """Whether `block` is a cell of a table or a label of its rows and columns."""
    if block.kind is BlockKind.FURNITURE:
        return block.row is not None or block.column is not None
    return block.kind is BlockKind.CELL


def cells(blocks: Sequence[Block | Passage]) -> list[Cell]:
    """Places of `blocks`, in their order: rows never go up, and within a row columns never go back.

    Cells without a column's name take the next place in their row, cells without any name a row of their own. Where no
    row has a second cell (a spreadsheet's records, each with the names of all its columns) they stand in one column.
    """
    if all(a.row != b.row or a.column == b.column is not None for a, b in pairwise(blocks)):
        return [Cell(row, 0, _head_of(block)) for row, block in enumerate(blocks)]
    unnamed = int(any(block.column is None for block in blocks))
    names = dict.fromkeys(block.column for block in blocks if block.column is not None)
    place_of = {name: unnamed + number for number, name in enumerate(names)}
    placed: list[Cell] = []
    row, column, label = -1, -1, None
    for block in blocks:
        place = None if block.column is None else place_of[block.column]
        is_nameless = block.row is None and place is None
        if not placed or is_nameless or block.row != label or (place is not None and place <= column):
            row, column, label = row + 1, -1, block.row
        column = column + 1 if place is None else place
        placed.append(Cell(row, column, _head_of(block)))
    return placed


def _head_of(block: Block | Passage) -> str:
    if block.kind is not BlockKind.FURNITURE:
        return ""
    return "col" if block.row is None else "row"
