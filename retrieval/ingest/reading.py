"""What happens to a file on its way to being a memo?

Bytes, characters, front matter, the format's pieces; then each step takes the pieces of the one before it: doubled
captions go, title and furniture are marked, lines gathered, headings found, torn paragraphs mended. Last, text and
blocks are laid out.
"""

from dataclasses import fields, replace
from pathlib import Path
from typing import NamedTuple

from retrieval.errors import EmptyMemo, TooLarge, UnreadableMemo
from retrieval.ingest import headings, tears
from retrieval.ingest.cleaning import characters
from retrieval.ingest.decoding import decode
from retrieval.ingest.enclosed import MOST_ENCLOSED, kept
from retrieval.ingest.formats import BINARY, TEXT
from retrieval.ingest.kinds import refuse_misnamed
from retrieval.ingest.metadata import read_details, title_without_one
from retrieval.ingest.neighbours import drop_doubled_captions, gather_lines
from retrieval.ingest.pieces import Attachment, Details, Draft, assemble
from retrieval.ingest.tidying import tidied
from retrieval.models import BlockKind, Memo

_HTML = (".html", ".htm")


class Size(NamedTuple):
    """How large a memo may be: characters of its text, blocks (paragraphs, headings, cells)."""

    characters: int
    blocks: int


class Reading(NamedTuple):
    """What became of one file. `memo` has the id that the file states, or an empty one; else `error` says why not."""

    memo: Memo | None
    error: UnreadableMemo | None
    attachments: tuple[Attachment, ...]
    notes: tuple[str, ...]


def read(data: bytes, path: Path, most: Size) -> Reading:
    """Read one file's bytes; `path` gives the kind of file, and a title where there is no other.

    What a letter encloses is handed on even where its own text makes no memo. Raises UnreadableMemo (a subclass).
    """
    if not data.strip():
        raise EmptyMemo(path)
    refuse_misnamed(data, path)
    draft = _draft(data, path.suffix.lower(), path)
    if len(draft.pieces) > most.blocks:
        raise TooLarge(
            path, f"it has {len(draft.pieces):,} paragraphs and cells; at most {most.blocks:,} are read."
        )
    length = sum(len(piece.text) for piece in draft.pieces)
    if length > most.characters:
        raise TooLarge(path, f"its text has {length:,} characters; at most {most.characters:,} are read.")
    attachments, left_out = kept(draft.attachments, MOST_ENCLOSED)
    try:
        return Reading(_memo(draft, path), None, attachments, draft.notes + left_out)
    except EmptyMemo as error:
        return Reading(None, error, attachments, draft.notes + left_out)


def _draft(data: bytes, suffix: str, path: Path) -> Draft:
    try:
        return tidied(BINARY[suffix](data, path)) if suffix in BINARY else _from_text(data, suffix, path)
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


def _memo(draft: Draft, path: Path) -> Memo:
    """Take the steps from a format's pieces to a memo that has no id yet."""
    pieces, details = read_details(drop_doubled_captions(draft.pieces), draft.details)
    details = _completed(details, draft.presumed)
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
        id=details.id or "",
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
        review=details.review,
        owner=details.owner,
        blocks=blocks,
        read_from=read_from,
    )
