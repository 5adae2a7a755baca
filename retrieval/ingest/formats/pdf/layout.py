"""How do the words on a file's pages become pieces, in the order in which they are read?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby

from retrieval.ingest.cleaning import one_line
from retrieval.ingest.formats.pdf import ranks, tabulated
from retrieval.ingest.formats.pdf.cells import cells_of
from retrieval.ingest.formats.pdf.columns import ordered
from retrieval.ingest.formats.pdf.furniture import cleared
from retrieval.ingest.formats.pdf.grids import grid
from retrieval.ingest.formats.pdf.hyphens import Spelling
from retrieval.ingest.formats.pdf.paragraphs import (
    Frame,
    Paragraph,
    is_full,
    measure,
    paragraphs,
    without_bullet,
)
from retrieval.ingest.formats.pdf.rows import Row, into_rows
from retrieval.ingest.formats.pdf.runs import WRAPPED, Sheet
from retrieval.ingest.formats.pdf.worded import pairs, worded
from retrieval.ingest.formats.pdf.zones import zones
from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import begins_small, is_caption, is_finished
from retrieval.models import BlockKind, Turn

_NOTE = 0.92  # a footnote's print is smaller than the body's by so much
_LARGE, _TITLE_LINES = 1.15, 4


@dataclass(slots=True)
class _Item:
    """A paragraph or ready-made pieces, and where they stand. `fresh`: the first after a page or column began."""

    page: int
    paragraph: Paragraph | None = None
    pieces: list[Piece] = field(default_factory=list)
    fresh: bool = False
    text: str = ""
    turns: list[Turn] = field(default_factory=list)
    heading: int | None = None
    is_heading: bool = False


def pieces_of(sheets: Sequence[Sheet], outline: Sequence[ranks.Entry]) -> list[Piece]:
    """Lay the words of all pages out as paragraphs, headings, list items and tables."""
    pages = cleared([into_rows(sheet.runs, sheet.number) for sheet in sheets])
    rows = [row for page in pages.pages for row in page]
    spelling = Spelling(row.text for row in rows)
    body = ranks.body_sizes(pages.pages)
    items: list[_Item] = []
    said: set[int] = set()
    for page in pages.pages:
        number = page[0].page if page else None
        if number is not None and number not in said:
            said.add(number)
            items += [_Item(number, pieces=[_furniture(text, number)]) for text in pages.said.get(number, ())]
        for region in ordered(page):
            items += _items(region, spelling)
    unsaid = [(number, text) for number, texts in pages.said.items() if number not in said for text in texts]
    items += [_Item(number, pieces=[_furniture(text, number)]) for number, text in unsaid]
    _rank(items, outline, body)
    return list(_written(_mended(items, spelling, body)))


def _furniture(text: str, page: int) -> Piece:
    return Piece(one_line(text), BlockKind.FURNITURE, page=page)


def _items(region: Sequence[Row], spelling: Spelling) -> Iterator[_Item]:
    """Part a region into tables and paragraphs."""
    frame = measure(region)
    place = 0
    fresh = True
    tables = zones(region)
    for start, end in [*tables, (len(region), len(region))]:
        above = region[place - 1] if place else None
        for paragraph in paragraphs(region[place:start], frame, above):
            text = _text(paragraph.rows, spelling)
            first = paragraph.rows[0]
            yield _Item(first.page, paragraph, fresh=fresh or first.after_furniture, text=text)
            fresh = False
        if start < end:
            yield from _table(region[start:end], region[start - 1] if start else None, frame, spelling)
            fresh = False
        place = end


def _table(rows: Sequence[Row], above: Row | None, frame: Frame, spelling: Spelling) -> Iterator[_Item]:
    """Read a table; the lines above its head, and those of one whose columns are not certain, are read as lines."""
    found = grid(rows)
    terms = None if found else pairs(rows)
    found = found if found or terms else worded(rows)
    if terms:
        said = [(term, _joined(lines, spelling)) for term, lines in terms]
        yield _Item(rows[0].page, pieces=tabulated.terms(said, rows[0].page))
        return
    for is_line, members in groupby(
        rows[: found.start] if found else rows, key=lambda row: len(cells_of(row)) < 2
    ):
        part = list(members)
        if is_line:
            for paragraph in paragraphs(part, frame, above):
                yield _Item(part[0].page, paragraph, text=_text(paragraph.rows, spelling))
        else:
            yield _Item(part[0].page, pieces=tabulated.whole(part))
        above = part[-1]
    if found:
        yield _Item(rows[0].page, pieces=tabulated.pieces_of(found, rows[0].page))


def _text(rows: Iterable[Row], spelling: Spelling) -> str:
    return _joined((row.text for row in rows), spelling)


def _joined(lines: Iterable[str], spelling: Spelling) -> str:
    return reduce(spelling.join, lines)


def _rank(items: Sequence[_Item], outline: Sequence[ranks.Entry], body: Mapping[int, float]) -> None:
    """Mark headings and rank them."""
    texts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    looks: dict[int, ranks.Look] = {}
    for number, item in enumerate(items):
        if item.paragraph is None:
            continue
        texts[item.page].append((number, item.text))
        if ranks.looks_like_heading(item.paragraph, item.text, body[item.page]):
            looks[number] = ranks.look_of(item.paragraph, item.text, body[item.page])
            items[number].is_heading = True
    named = ranks.by_outline(outline, texts)
    for number, rank in (ranks.by_looks(looks) if named is None else named).items():
        items[number].is_heading, items[number].heading = True, rank


def _mended(items: Sequence[_Item], spelling: Spelling, body: Mapping[int, float]) -> list[_Item]:
    """Join paragraphs that a page, a column or a line of furniture tore apart."""
    mended: list[_Item] = []
    open_one: _Item | None = None
    between = 0
    for item in items:
        if mended and _is_title_on(mended[-1], item, body):
            _append(mended[-1], item, spelling)
            continue
        if item.paragraph is None:
            between += bool(item.pieces) and item.pieces[0].kind is not BlockKind.FURNITURE
            mended.append(item)
            continue
        is_note = item.paragraph.size < _NOTE * body[item.page]
        if item.fresh and open_one and not is_note and _is_torn(open_one, item, strict=between > 0):
            _append(open_one, item, spelling)
            continue
        mended.append(item)
        if item.is_heading or not is_note:
            open_one, between = (None if item.is_heading else item), 0
    return mended


def _is_title_on(first: _Item, second: _Item, body: Mapping[int, float]) -> bool:
    """Whether a large heading goes on with the next line."""
    one, other = first.paragraph, second.paragraph
    if (
        one is None
        or other is None
        or not (first.is_heading and second.is_heading)
        or first.page != second.page
    ):
        return False
    alike = (
        first.heading == second.heading and abs(one.size - other.size) < 0.1 and len(other.rows[0].runs) == 1
    )
    return alike and other.gap == 0 and one.size >= _LARGE * body[first.page] and len(one.rows) < _TITLE_LINES


def _is_torn(first: _Item, second: _Item, *, strict: bool) -> bool:
    one, other = first.paragraph, second.paragraph
    if one is None or other is None or other.is_item or second.is_heading or abs(one.size - other.size) > 0.6:
        return False
    if first.text.endswith(WRAPPED):
        return True
    if is_finished(first.text):
        return False
    return begins_small(second.text) or (not strict and is_full(one.last, one.frame, other.rows[0]))


def _append(first: _Item, second: _Item, spelling: Spelling) -> None:
    if first.paragraph is None or second.paragraph is None:
        return
    joined = spelling.join(first.text, second.text)
    start = len(joined) - len(second.text)
    if second.page != first.paragraph.last.page:
        first.turns.append(Turn(start, second.page))
    first.text = joined
    first.paragraph.rows += second.paragraph.rows


def _written(items: Iterable[_Item]) -> Iterator[Piece]:
    for item in items:
        yield from item.pieces
        if item.paragraph is not None and item.text:
            yield _piece(item, item.paragraph)


def _piece(item: _Item, paragraph: Paragraph) -> Piece:
    text = item.text.replace(WRAPPED, "-")
    if item.is_heading:
        return Piece(text, BlockKind.HEADING, item.heading, page=item.page, gap=paragraph.gap)
    kind, turns = BlockKind.PARAGRAPH, tuple(item.turns)
    if paragraph.is_item:
        bare = without_bullet(text)
        cut = len(text) - len(bare)
        kind, text, turns = BlockKind.LIST_ITEM, bare, tuple(Turn(turn.at - cut, turn.page) for turn in turns)
    elif is_caption(text):
        kind = BlockKind.CAPTION
    return Piece(text, kind, page=item.page, gap=paragraph.gap, turns=turns)
