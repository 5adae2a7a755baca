"""What happens to a file on its way to being a memo?

Bytes, characters, front matter, the format's pieces; then each step takes the pieces of the one before it: doubled
captions go, title and furniture are marked, lines gathered, headings found, torn paragraphs mended. Last, text and
blocks are laid out.
"""

import os
from collections.abc import Sequence
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path

from retrieval.errors import EmptyMemo, NoSuchPath, TooLarge, UnknownFormat
from retrieval.ingest import headings, tears
from retrieval.ingest.cleaning import characters
from retrieval.ingest.decoding import decode
from retrieval.ingest.files import load
from retrieval.ingest.formats import BINARY, TEXT
from retrieval.ingest.identity import Register
from retrieval.ingest.metadata import read_details, title_without_one
from retrieval.ingest.neighbours import drop_doubled_captions, gather_lines
from retrieval.ingest.pieces import Details, Draft, Piece, assemble
from retrieval.models import BlockKind, Memo

_HTML = (".html", ".htm")


def read(path: Path, source: str, register: Register) -> Memo:
    """Read one file; `source` is its path below the folder that was given. Raises UnreadableMemo (a subclass)."""
    suffix = path.suffix.lower()
    if suffix not in TEXT and suffix not in BINARY:
        raise UnknownFormat(path) if os.path.exists(path) else NoSuchPath(path)  # noqa: PTH110 - Path.exists may raise
    data = load(path)
    draft = _draft(data, suffix, path)
    memo = _memo(draft.pieces, draft.details, path)
    return memo.model_copy(
        update={"id": register.claim(draft.details.id, source), "source": source, "sha256": sha256(data).hexdigest()}
    )


def _draft(data: bytes, suffix: str, path: Path) -> Draft:
    try:
        return BINARY[suffix](data, path) if suffix in BINARY else _from_text(data, suffix, path)
    except RecursionError:
        raise TooLarge(path, "it is nested too deep.") from None


def _from_text(data: bytes, suffix: str, path: Path) -> Draft:
    text = characters(decode(data, path, html=suffix in _HTML))
    stated = Details()
    if text.startswith("---") and suffix not in _HTML:
        from retrieval.ingest import front_matter  # noqa: PLC0415 - YAML is imported when a file needs it

        stated, text = front_matter.part(text, path)
    start = text[:200].lstrip().lower()
    if suffix == ".txt" and start.startswith(("<!doctype html", "<html")):
        suffix = ".html"
    draft = TEXT[suffix](text)
    return replace(draft, details=_completed(stated, draft.details))


def _completed(first: Details, second: Details) -> Details:
    """Return what `first` says, and `second` where it says nothing."""
    missing = {f.name: getattr(second, f.name) for f in fields(Details) if not getattr(first, f.name)}
    return replace(first, **missing)


def _memo(read_pieces: Sequence[Piece], stated: Details, path: Path) -> Memo:
    """Take the steps from a format's pieces to a memo that has no id yet."""
    pieces, details = read_details(drop_doubled_captions(read_pieces), stated)
    pieces = gather_lines(pieces)
    if not any(piece.level is not None or piece.kind is BlockKind.HEADING for piece in pieces):
        pieces = headings.mark(pieces)
    pieces = tears.mend(pieces)
    title = details.title
    if not title:
        pieces, title = title_without_one(pieces, path.stem)
    text, blocks, read_from = assemble(pieces, headings.sections(pieces))
    if not any(c.isalnum() for c in text):
        raise EmptyMemo(path)
    return Memo(
        id="",
        title=title,
        text=text,
        author=details.author,
        published=details.published,
        url=details.url,
        language=details.language,
        status=details.status,
        supersedes=details.supersedes,
        tags=details.tags,
        collections=details.collections,
        blocks=blocks,
        read_from=read_from,
    )
