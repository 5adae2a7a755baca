"""How is text taken out of a PowerPoint file?

PPTX and its kin (PPTM, POTX, PPSX; macros are never looked at). A quote's page is the number of its slide, its section
the slide's title; what stands in the notes pages is cited under the title and "Notes". Hidden slides are read, since
who has the file sees them in it and keeps answers there; a note says which they are. Left out: comments, masters and
layouts, dates, footers and slide numbers, pictures and their alternative text.
"""

from dataclasses import replace
from pathlib import Path

from retrieval.errors import TooLarge
from retrieval.ingest.formats.office import properties
from retrieval.ingest.formats.office.names import P, R, W
from retrieval.ingest.formats.office.parts import Parts, unpacked
from retrieval.ingest.formats.pptx.slides import Slide, pieces_of
from retrieval.ingest.pieces import Draft, Piece

_OTHERS = {W("document"): ("a Word document", ".docx")}
_MOST_SLIDES = 5_000
_OFF = frozenset({"0", "false"})


def read(data: bytes, path: Path) -> Draft:
    """Read a PowerPoint file.

    Raises Encrypted, Misnamed, BinaryMemo (an old .ppt), TooLarge or Damaged.
    """
    parts = unpacked(data, path, P("presentation"), _OTHERS)
    names = _slides(parts)
    if len(names) > _MOST_SLIDES:
        raise TooLarge(path, f"it has {len(names):,} slides; at most {_MOST_SLIDES:,} are read.")
    pieces: list[Piece] = []
    hidden: list[int] = []
    seen: set[str] = set()
    embedded = 0
    for number, name in enumerate(names, 1):
        root = parts.xml(name)
        if root is None:
            continue
        slide = Slide(parts, name, root, number, seen)
        if root.get("show") in _OFF:
            hidden.append(number)
        embedded += slide.embedded
        pieces += pieces_of(slide)
    surely, perhaps = properties.stated(parts)
    surely = replace(surely, language=properties.language_of(pieces, surely.language))
    if all(piece.level is None for piece in pieces):
        surely = replace(surely, title=perhaps.title)
    return Draft(pieces, surely, presumed=perhaps, notes=tuple(_notes(hidden, embedded)))


def _slides(parts: Parts) -> list[str]:
    """The names of the slides' parts in the order of the show, each once."""
    root, relations = parts.xml(parts.main), parts.relations(parts.main)
    shown = root.iter(P("sldId")) if root is not None else ()
    targets = (relations[one.get(R("id"), "")].target for one in shown if one.get(R("id"), "") in relations)
    return list(dict.fromkeys(target for target in targets if target))


def _notes(hidden: list[int], embedded: int) -> list[str]:
    notes = []
    if hidden:
        which = ", ".join(map(str, hidden))
        notes.append(f"Hidden slides are read like the others: {which}.")
    if embedded:
        notes.append(f"Files inside it are not read ({embedded}). Add them by themselves.")
    return notes
