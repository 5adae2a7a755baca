"""What are a memo's title, author and date?

Looked for in this order: the front matter, the format's own metadata, the first lines of the text, the last lines.
Lines that only say such things (kickers, bylines, date lines, To/From/Date/Subject) become FURNITURE: they stay in
the text and are never body.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from retrieval.ingest.bylines import byline, publisher
from retrieval.ingest.cleaning import one_line, tidy_name
from retrieval.ingest.dates import Weight, date_line, dates_in
from retrieval.ingest.headings import title_among
from retrieval.ingest.pieces import Details, Piece
from retrieval.ingest.tears import goes_on
from retrieval.ingest.wording import begins_small, is_finished, is_prose, is_shouted, words
from retrieval.models import BlockKind, Span

_HEAD, _TAIL = 12, 3  # pieces at the start and at the end that can speak about the memo
_TITLE_LENGTH, _TITLE_WORDS = 150, 22
_KICKER_WORDS = 6
_KICKER_SEAM = re.compile(r"\s?[/|›»·>]\s?")
_OPINION = words(
    "opinion editorial comment commentary column viewpoint viewpoints op-ed perspective perspectives"
)
_KICKERS = _OPINION | words("analysis briefing feature memo memorandum news report brief")
_SEAM = re.compile(r"\s[|·•–—]\s")
_FIELD = re.compile(
    r"(?P<name>to|from|date|subject|re|cc|bcc|via|through|attn|ref|memorandum for|an|von|datum|betreff)\s?:"
    r"\s?(?P<value>.*)",
    re.IGNORECASE,
)
_FIELDS_AT_LEAST = 2
_SINGLE_LINE = {BlockKind.PARAGRAPH, BlockKind.HEADING}


class _Said(NamedTuple):
    """Something that a line says about the memo: where in the line, and how surely (smaller is surer)."""

    what: str
    value: str | date
    span: Span
    weight: int = Weight.BARE


@dataclass
class _Reading:
    """The pieces while they are read, and everything that they were found to say."""

    pieces: list[Piece]
    said: list[tuple[int, _Said]] = field(default_factory=list)

    def take(self, index: int, said: Sequence[_Said], kind: BlockKind = BlockKind.FURNITURE) -> None:
        """Note what piece `index` says, and that it is `kind`."""
        self.pieces[index] = self.pieces[index].as_(kind)
        self.said += [(index, one) for one in said]

    def best(self, what: str) -> tuple[int, _Said] | None:
        """Return the surest of what was said, the earliest among equals."""
        return min(
            (one for one in self.said if one[1].what == what), key=lambda one: one[1].weight, default=None
        )


def read_details(pieces: Sequence[Piece], stated: Details) -> tuple[list[Piece], Details]:
    """Find title, author and date in the text where `stated` (front matter and format) does not say them.

    Returns the pieces with title and furniture marked, and `stated` completed; a piece notes what was read from it.
    """
    reading = _Reading(_by_lines(pieces))
    head = _head(reading.pieces)
    _read_fields(reading, head)
    for index in [*head, *_tail(reading.pieces, head)]:
        if reading.pieces[index].kind in _SINGLE_LINE:
            said = list(_says(reading.pieces[index].text))
            if said:
                reading.take(index, said)
    kicker = _read_kicker(reading, head)
    _read_title(reading, head, stated)
    if kicker is not None and not stated.author and not reading.best("author"):
        reading.said.append((kicker, _column(reading.pieces, kicker)))
    return _settled(reading, stated)


def title_without_one(pieces: Sequence[Piece], name: str) -> tuple[list[Piece], str]:
    """Title an untitled memo by its first heading, else its first line if that is short, else its file's `name`."""
    index = next((i for i, piece in enumerate(pieces) if piece.kind is BlockKind.HEADING), None)
    if index is None:
        index = next((i for i, piece in enumerate(pieces) if piece.kind is not BlockKind.FURNITURE), None)
        if index is None or not _can_be_title(pieces[index]):
            return list(pieces), tidy_name(name)
    text = pieces[index].text
    noted = pieces[index].as_(pieces[index].kind, ("title", Span(0, len(text))))
    return [*pieces[:index], noted, *pieces[index + 1 :]], one_line(text)


def starts_with_field(line: str) -> bool:
    """Whether a line begins like one of a memo's header: "To:", "From:", "Date:", "Subject:"."""
    return _FIELD.match(line) is not None


def _by_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Take those of the first paragraphs apart into lines whose lines each say something about the memo."""
    apart: list[Piece] = []
    for number, piece in enumerate(pieces):
        rows = piece.text.split("\n") if number < _HEAD and piece.kind is BlockKind.PARAGRAPH else []
        if len(rows) > 1 and any(starts_with_field(row) or any(_says(row)) for row in rows):
            apart += [
                replace(piece, text=line, gap=0 if i else piece.gap)
                for i, line in enumerate(piece.text.split("\n"))
            ]
        else:
            apart.append(piece)
    return apart


def _head(pieces: Sequence[Piece]) -> list[int]:
    """Return the indices of the first lines: up to where the body begins."""
    head: list[int] = []
    for index, piece in enumerate(pieces[:_HEAD]):
        if piece.kind in {BlockKind.LIST_ITEM, BlockKind.CELL} or piece.is_tabular:
            break
        if (
            piece.kind is BlockKind.HEADING
            and piece.level is not None
            and any(pieces[i].level is not None for i in head)
        ):
            break
        if is_prose(piece.text) and not list(_says(piece.text)) and piece.kind is BlockKind.PARAGRAPH:
            if not head and _can_be_title(piece):
                head.append(index)
                continue
            break
        head.append(index)
    return head


def _tail(pieces: Sequence[Piece], head: Sequence[int]) -> list[int]:
    first = max(len(pieces) - _TAIL, (head[-1] + 1) if head else 0)
    return list(range(first, len(pieces)))


def _read_fields(reading: _Reading, head: Sequence[int]) -> None:
    """Read a memo's header, where there is one: two different fields at least."""
    fields = [(i, found) for i in head if (found := _FIELD.fullmatch(reading.pieces[i].text))]
    if len({found["name"].casefold() for _, found in fields}) < _FIELDS_AT_LEAST:
        return
    for index, found in fields:
        name, span = found["name"].casefold(), Span(*found.span("value"))
        value = found["value"]
        if name in {"subject", "re", "betreff"} and value and not reading.best("title"):
            reading.take(index, [_Said("title", value, span)], BlockKind.TITLE)
        elif name in {"date", "datum"}:
            dates = (
                _Said("published", day, Span(at.start + span.start, at.end + span.start))
                for day, at in dates_in(value)
            )
            reading.take(index, list(dates)[:1])
        elif name in {"from", "von"} and (author := byline(f"From: {value}")):
            shift = span.start - len("From: ")
            place = Span(author.start + shift, author.end + shift)
            reading.take(index, [_Said("author", place.of(found.string), place)])
        else:
            reading.take(index, [])


def _says(line: str) -> Iterator[_Said]:
    """Yield what a line says about the memo; nothing where it has other words as well."""
    whole = _segment(line, 0)
    if whole:
        yield from whole
        return
    edges = [0, *(edge for seam in _SEAM.finditer(line[:400]) for edge in seam.span()), len(line)]
    if len(edges) > 2:
        parts = [_segment(line[a:b], a) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        if all(parts):
            for part in parts:
                yield from part


def _segment(text: str, start: int) -> list[_Said]:
    author = byline(text)
    if not author:
        dated = date_line(text)
        return [_Said("published", dated.day, _shifted(dated.span, start), dated.weight)] if dated else []
    said = [_Said("author", author.of(text), _shifted(author, start))]
    after = ((day, span) for day, span in dates_in(text) if span.start >= author.end)
    return said + [_Said("published", day, _shifted(span, start)) for day, span in list(after)[:1]]


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _read_kicker(reading: _Reading, head: Sequence[int]) -> int | None:
    """Mark the line above the title that names the kind of text; return its index if that is a column of opinion."""
    free = [i for i in head if reading.pieces[i].kind in _SINGLE_LINE]
    if not free or free[0] != head[0] or (len(free) < 2 and not reading.said):
        return None
    text = reading.pieces[free[0]].text
    parts = [part.casefold() for part in _KICKER_SEAM.split(text)]
    if (
        not is_shouted(text)
        or len(text.split()) > _KICKER_WORDS
        or not (len(parts) > 1 or parts[0] in _KICKERS)
    ):
        return None
    reading.take(free[0], [])
    return free[0] if parts[0] in _OPINION else None


def _column(pieces: Sequence[Piece], kicker: int) -> _Said:
    """Name the column as author of an unsigned piece, after the publisher where the text tells who that is."""
    text = pieces[kicker].text
    start = [0, *(seam.end() for seam in _KICKER_SEAM.finditer(text))][-1]
    column = text[start:].title()
    who = publisher(
        (p.text for p in pieces if p.kind is BlockKind.CAPTION),
        (p.text for p in pieces if p.kind is BlockKind.PARAGRAPH),
    )
    return _Said("author", f"{who}, {column}" if who else column, Span(start, len(text)))


def _read_title(reading: _Reading, head: Sequence[int], stated: Details) -> None:
    """Mark the title: the one heading of the highest rank; where none is ranked, a short first line above text."""
    if reading.best("title"):
        return
    pieces = reading.pieces
    index: int | None
    if any(piece.level is not None for piece in pieces):
        index = title_among(pieces)
    else:
        free = [i for i in head if pieces[i].kind in _SINGLE_LINE]
        index = free[0] if free and _can_be_title(pieces[free[0]]) and free[0] + 1 < len(pieces) else None
        if index is not None and (
            begins_small(pieces[index].text) or goes_on(pieces[index].text, pieces[index + 1].text)
        ):
            index = None
        if index is not None and stated.title and not _same(pieces[index].text, stated.title):
            index = None
    if index in head and index is not None:
        text = pieces[index].text
        reading.take(index, [_Said("title", one_line(text), Span(0, len(text)))], BlockKind.TITLE)


def _can_be_title(piece: Piece) -> bool:
    text = piece.text
    if (
        piece.kind not in _SINGLE_LINE
        or "\n" in text
        or len(text) > _TITLE_LENGTH
        or len(text.split()) > _TITLE_WORDS
    ):
        return False
    return text.endswith(("?", "!", ")", "”", '"', "’")) or not (is_finished(text) or text.endswith(","))


def _same(one: str, other: str) -> bool:
    """Whether a line is the title that is stated elsewhere, perhaps with the site's name around it."""
    line, title = (" ".join(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return bool(line) and f" {line} " in f" {title} "


def _settled(reading: _Reading, stated: Details) -> tuple[list[Piece], Details]:
    """Complete what is stated by what was read, and note in the pieces what was used."""
    used: dict[str, str | date] = {}
    for what in ("title", "author", "published"):
        best = reading.best(what)
        if best and getattr(stated, what) is None:
            index, said = best
            reading.pieces[index] = reading.pieces[index].as_(reading.pieces[index].kind, (what, said.span))
            used[what] = said.value
    return reading.pieces, replace(stated, **used)  # type: ignore[arg-type]
