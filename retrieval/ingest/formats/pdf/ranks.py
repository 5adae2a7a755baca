"""Which paragraphs are headings, and of which rank?

The file's own outline says so, where it has one. Else the looks do: larger than the body, bold, in capitals or italics,
short, and no sentence. The largest size is the highest rank.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from retrieval.ingest.formats.pdf.paragraphs import Paragraph
from retrieval.ingest.formats.pdf.rows import Row
from retrieval.ingest.wording import is_finished

_LENGTH, _WORDS, _LINES = 160, 24, 3
_LARGER, _SMALLER = 1.1, 0.9
_MET = 0.5  # share of the outline's entries that must stand on their pages
_ENTRIES = 2
_CAPITALS = 4
_FEW = 400  # characters


class Entry(NamedTuple):
    """One line of a file's outline: its title, depth (0 is outermost) and page (from 1)."""

    title: str
    depth: int
    page: int


class Look(NamedTuple):
    """What a heading looks like; a greater look is a higher rank. `size` is that of the page's body times so much."""

    size: float
    capitals: bool
    bold: bool
    upright: bool


def body_size(rows: Iterable[Row]) -> float:
    """Return the font size of most of the file's words."""
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[_rounded(row.size)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def body_sizes(pages: Sequence[Sequence[Row]]) -> dict[int, float]:
    """Return the font size of each page's body; a page of few words goes by the file's."""
    usual = body_size(row for rows in pages for row in rows)
    sizes = {}
    for rows in pages:
        if rows and rows[0].page not in sizes:
            letters = sum(len(row.text) for row in rows)
            sizes[rows[0].page] = body_size(rows) if letters >= _FEW else usual
    return sizes


def _rounded(size: float) -> float:
    return round(2 * size) / 2


def look_of(paragraph: Paragraph, text: str, body: float) -> Look:
    """Return what a paragraph looks like beside the body."""
    letters = [c for c in text if c.isalpha()]
    capitals = len(letters) >= _CAPITALS and text.isupper()
    bold = all(row.is_bold for row in paragraph.rows)
    return Look(
        round(paragraph.size / body, 1), capitals, bold, not all(row.is_italic for row in paragraph.rows)
    )


def looks_like_heading(paragraph: Paragraph, text: str, body: float) -> bool:
    """Whether a paragraph is short, no sentence, and stands out from the body."""
    if len(paragraph.rows) > _LINES or len(text) > _LENGTH or len(text.split()) > _WORDS:
        return False
    first = next((c for c in text if c.isalnum()), "")
    if (
        not first
        or (first.islower() and not text[1:2].isupper())
        or text[0] in "(•–*"
        or sum(map(str.isalpha, text)) < 2
    ):
        return False
    if text.endswith((",", ";", "-", "—")) or (is_finished(text) and not text.endswith(("?", ":", "…"))):
        return False
    look = look_of(paragraph, text, body)
    if look.size < _SMALLER:
        return False
    return (
        look.size >= _LARGER
        or look.bold
        or (look.capitals and paragraph.gap > 0)
        or (not look.upright and paragraph.gap > 0)
    )


def by_looks(headings: Mapping[int, Look]) -> dict[int, int]:
    """Rank headings by what they look like; 1 is highest."""
    order = sorted(set(headings.values()), reverse=True)
    return {number: order.index(look) + 1 for number, look in headings.items()}


def by_outline(
    entries: Sequence[Entry], texts: Mapping[int, Sequence[tuple[int, str]]]
) -> dict[int, int] | None:
    """Rank the paragraphs that the outline names; None where it does not fit the pages.

    `texts` holds for each page the numbers and texts of its paragraphs.
    """
    if len(entries) < _ENTRIES:
        return None
    squeezed: dict[int, list[tuple[int, str]]] = defaultdict(list)
    wanted = {entry.page for entry in entries}
    for page in wanted | {page + 1 for page in wanted}:
        squeezed[page] = [(number, _squeezed(text)) for number, text in texts.get(page, ())]
    ranks: dict[int, int] = {}
    for entry in entries:
        title = _squeezed(entry.title)
        places = [*squeezed[entry.page], *squeezed[entry.page + 1]]
        found = next((n for n, text in places if title and text == title and n not in ranks), None)
        if found is not None:
            ranks[found] = entry.depth + 1
    return ranks if len(ranks) >= _MET * len(entries) else None


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
