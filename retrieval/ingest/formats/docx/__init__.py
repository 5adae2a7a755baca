"""How is text taken out of a Word file?

DOCX and its kin (DOCM, DOTX, DOTM; macros are never looked at). Left out: comments, headers and footers, what was
deleted or is hidden, pictures and their alternative text (Word guesses most of it by itself). The XML is read directly,
since python-docx knows no footnotes, text boxes, tracked changes or content controls.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from retrieval.ingest.formats.docx.body import Body
from retrieval.ingest.formats.docx.numbering import Numbering
from retrieval.ingest.formats.docx.paging import is_paged
from retrieval.ingest.formats.docx.runs import Runs
from retrieval.ingest.formats.docx.styles import Styles
from retrieval.ingest.formats.office import drawing, properties
from retrieval.ingest.formats.office.names import P, W
from retrieval.ingest.formats.office.parts import Element, Parts, unpacked
from retrieval.ingest.pieces import Draft, Piece
from retrieval.models import BlockKind

_OTHERS = {P("presentation"): ("a presentation", ".pptx")}
_CHANGES = tuple(W(name) for name in ("ins", "del", "moveFrom", "moveTo"))
_BOLD_AT_MOST = 0.5  # of the paragraphs; where more are bold, bold does not mark headings
_MARKED = 0.5  # of the letters have their language marked one by one; the file's default is whatever Word was set to


def read(data: bytes, path: Path) -> Draft:
    """Read a Word file.

    Raises Encrypted, Misnamed, BinaryMemo (an old .doc), TooLarge or Damaged.
    """
    parts = unpacked(data, path, W("document"), _OTHERS)
    document = parts.xml(parts.main)
    assert document is not None  # noqa: S101 - it was looked at when the file was opened
    body = _body(parts)
    for child in document.iterchildren(W("body")):
        body.blocks(child)
    body.finish()
    pieces = _headings_of(body.pieces)
    letters = sum(len(piece.text) - piece.text.count(" ") for piece in pieces)
    if not is_paged(document, parts.related("", "extended-properties"), letters):
        pieces = [replace(piece, page=None, turns=()) for piece in pieces]
    surely, perhaps = properties.stated(parts)
    language = properties.language_of(pieces, _language(body.runs, letters), surely.language)
    surely = replace(surely, language=language)
    if all(
        piece.level is None for piece in pieces
    ):  # then the first line is less likely the title than the property
        surely = replace(surely, title=perhaps.title)
    changed = next(document.iter(*_CHANGES), None) is not None
    return Draft(pieces, surely, presumed=perhaps, notes=tuple(_notes(body, changed=changed)))


def _body(parts: Parts) -> Body:
    return Body(
        styles=(styles := Styles(parts.related(parts.main, "styles"))),
        numbering=Numbering(parts.related(parts.main, "numbering")),
        notes={kind: _notes_by_id(parts, kind) for kind in ("footnote", "endnote")},
        told={
            "chart": _told(parts, drawing.chart),
            "diagram": _told(parts, drawing.diagram),
        },
        runs=Runs(styles),
    )


def _notes_by_id(parts: Parts, kind: str) -> dict[str, Element]:
    root = parts.related(parts.main, f"{kind}s")
    return {note.get(W("id"), ""): note for note in root.iter(W(kind))} if root is not None else {}


def _told(parts: Parts, tell: Callable[[Element], list[Piece]]) -> Callable[[str], list[Piece]]:
    seen: set[str | None] = set()  # a part is read once, whatever the names under which it is shown

    def told(relation: str) -> list[Piece]:
        found = parts.relations(parts.main).get(relation)
        if found is None or found.target in seen:
            return []
        seen.add(found.target)
        root = parts.xml(found.target)
        return tell(root) if root is not None else []

    return told


def _headings_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Take bold lines for headings only where most lines are not bold."""
    bold = [piece.kind is BlockKind.HEADING and piece.level is None for piece in pieces]
    if sum(bold) <= _BOLD_AT_MOST * len(pieces):
        return list(pieces)
    return [
        replace(piece, kind=BlockKind.PARAGRAPH) if is_bold else piece
        for piece, is_bold in zip(pieces, bold, strict=True)
    ]


def _language(runs: Runs, letters: int) -> str | None:
    """The language that most of the text is marked as; None where too little is marked to tell."""
    said = runs.languages.most_common(1)
    return said[0][0] if said and said[0][1] > _MARKED * letters else None


def _notes(body: Body, *, changed: bool) -> list[str]:
    notes = ["Its tracked changes are read as if they were accepted."] if changed else []
    if body.runs.embedded:
        notes.append(f"Files inside it are not read ({body.runs.embedded}). Add them by themselves.")
    if body.left_out:
        notes.append(f"Parts of it are documents of their own and are not read ({body.left_out}).")
    return notes
