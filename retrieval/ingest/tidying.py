"""What is tidied in a draft whose text came through no decoding?

A compiled reader may give any character that a broken or hostile file names; a memo holds none that cannot be seen or
written down, and single spaces between words. Tidying what is tidy changes nothing.
"""

from dataclasses import fields, replace
from typing import Any

from retrieval.ingest.cleaning import tidy_characters, tidy_name
from retrieval.ingest.pieces import Details, Draft, Piece
from retrieval.models import Turn


def tidied(draft: Draft) -> Draft:
    """Tidy all that a draft says; pieces that nothing is left of are gone."""
    pieces = [piece for piece in map(_piece, draft.pieces) if piece.text]
    notes = tuple(map(tidy_name, draft.notes))
    return replace(
        draft, pieces=pieces, details=_details(draft.details), presumed=_details(draft.presumed), notes=notes
    )


def _details(details: Details) -> Details:
    said = {f.name: getattr(details, f.name) for f in fields(Details)}
    changed: dict[str, Any] = {name: _named(value) for name, value in said.items()}
    return replace(details, **changed)


def _piece(piece: Piece) -> Piece:
    labels = (piece.row, piece.column, piece.number, piece.section)
    tidy_labels = tuple(map(_named, labels))
    if tidy_labels != labels:
        row, column, number, section = tidy_labels
        piece = replace(piece, row=row, column=column, number=number, section=section)
    text = tidy_characters(piece.text)
    if text == piece.text:
        return piece
    turns = tuple(Turn(_moved(place, piece.text, text), page) for place, page in piece.turns)
    return replace(piece, text=text, found=(), turns=turns)


def _named(value: Any) -> Any:
    """Tidy a name, or each of several; anything else stays."""
    if isinstance(value, tuple):
        return tuple(map(_named, value))
    return tidy_name(value) if isinstance(value, str) else value


def _moved(place: int, before: str, after: str) -> int:
    """Where in tidied text the word begins that began at `place` before it was tidied."""
    moved = min(len(tidy_characters(before[:place])), len(after) - 1)
    return moved + 1 if after[moved : moved + 1].isspace() else max(moved, 0)
