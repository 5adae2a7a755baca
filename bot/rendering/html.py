"""How does a memo look in the reading room, with the quoted words marked?

The text content of what comes out is the memo's text, character for character: every word once and nothing added,
so that a place in the text is a place on the page. (What HTML cannot hold, NUL for one, becomes U+FFFD.)
"""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby, pairwise
from typing import NamedTuple

from bot.rendering.tables import Cell, cells, is_tabular
from retrieval import Block, BlockKind, Memo, Passage, Span, split

QUOTE_ID = "quote"
_CANNOT_STAND = re.compile("[\x00\ud800-\udfff]")
_SEEN = re.compile(r"[^ \t\n\r\f](?s:.*[^ \t\n\r\f])?")
_ITEM_MARK = re.compile(r"\(?(\d{1,3}|[a-zA-Z]|[ivxIVX]{2,5})[.)]\s")
"""The number that an item brings along in its words; a bullet before it would be one mark too many."""
_CLASSES = {BlockKind.TITLE: "title", BlockKind.CAPTION: "caption", BlockKind.FURNITURE: "furniture"}


class Part(NamedTuple):
    """A block, the part of the text that is written for it, and the white space before that."""

    gap: Span
    span: Span
    block: Block | Passage


class Anchor(NamedTuple):
    """Where a passage begins in the text, and the id that links to it have."""

    start: int
    id: str


def memo_body(memo: Memo, quoted: Span | None) -> str:
    """The text of `memo` as safe HTML: `quoted` in a `<mark id="quote">`, passage 7 at `id="p7"`.

    A quote that runs over several elements is marked in each; only the first mark has the id.
    """
    return _Page(memo, quoted).body()


def escaped(text: str) -> str:
    """`text` so that a browser shows each of its characters, line breaks too."""
    return escape(_CANNOT_STAND.sub("\ufffd", text)).replace("\r", "&#13;").replace("\n", "<br>\n")


class _Page:
    """Writes one memo from its first character to its last, and remembers which ids it gave."""

    def __init__(self, memo: Memo, quoted: Span | None) -> None:
        self._memo = memo
        self._quoted = quoted if quoted and quoted.start < quoted.end else None
        self._is_marked = False
        self._anchors = [Anchor(passage.span.start, f"p{passage.ordinal}") for passage in split(memo)][::-1]

    def body(self) -> str:
        parts = list(_parts(self._memo))
        shapes = groupby(parts, key=lambda part: _shape(part.block))
        written = "".join(piece for shape, group in shapes for piece in shape(self, list(group)))
        return written + self._memo.text[parts[-1].span.end if parts else 0 :].replace("\r", "&#13;")

    def paragraphs(self, parts: Sequence[Part]) -> Iterator[str]:
        for part in parts:
            kind = _CLASSES.get(part.block.kind)
            yield self._gap(part) + self._element("p", f' class="{kind}"' if kind else "", part)

    def headings(self, parts: Sequence[Part]) -> Iterator[str]:
        for part in parts:
            yield self._gap(part) + self._element(f"h{_level(part.block, self._memo.text)}", "", part)

    def items(self, parts: Sequence[Part]) -> Iterator[str]:
        yield f"{self._gap(parts[0])}<ul>"
        for number, part in enumerate(parts):
            own_mark = _ITEM_MARK.match(part.span.of(self._memo.text))
            attributes = ' class="marked"' if own_mark else ""
            yield (self._gap(part) if number else "") + self._element("li", attributes, part)
        yield "</ul>"

    def table(self, parts: Sequence[Part]) -> Iterator[str]:
        placed = cells([part.block for part in parts])
        yield f'{self._gap(parts[0])}<div class="table"><table>'
        for row, group in groupby(zip(placed, parts, strict=True), key=lambda pair: pair[0].row):
            yield ("</tr>" if row else "") + "<tr>"
            column = 0
            for cell, part in group:
                yield (self._gap(part) if part is not parts[0] else "") + "<td></td>" * (cell.column - column)
                yield self._element(*_cell_tag(cell), part)
                column = cell.column + 1
        yield "</tr></table></div>"

    def _gap(self, part: Part) -> str:
        """Unseen white space, kept so that places count alike; as text it would otherwise be broken into lines."""
        return part.gap.of(self._memo.text).replace("\r", "&#13;")

    def _element(self, tag: str, attributes: str, part: Part) -> str:
        first = self._next_anchor(part.span.start)
        own = f' id="{first.id}"' if first else ""
        return f'<{tag}{own}{attributes} dir="auto">{self._words(part.span)}</{tag}>'

    def _words(self, span: Span) -> str:
        """A block's text; marks and the starts of further passages in it."""
        anchors: dict[int, str] = {}
        while anchor := self._next_anchor(span.end - 1):
            at = max(span.start, anchor.start)
            anchors[at] = f'{anchors.get(at, "")}<span id="{anchor.id}"></span>'
        quoted = [max(span.start, min(span.end, edge)) for edge in self._quoted or ()]
        edges = sorted({*span, *quoted, *anchors})
        return "".join(anchors.get(a, "") + self._stretch(Span(a, b)) for a, b in pairwise(edges))

    def _stretch(self, span: Span) -> str:
        text = escaped(span.of(self._memo.text))
        if not self._quoted or not (self._quoted.start <= span.start and span.end <= self._quoted.end):
            return text
        identity = "" if self._is_marked else f' id="{QUOTE_ID}"'
        self._is_marked = True
        return f"<mark{identity}>{text}</mark>"

    def _next_anchor(self, up_to: int) -> Anchor | None:
        return self._anchors.pop() if self._anchors and self._anchors[-1].start <= up_to else None


Shape = Callable[[_Page, Sequence[Part]], Iterator[str]]


def _shape(block: Block | Passage) -> Shape:
    if is_tabular(block):
        return _Page.table
    if block.kind is BlockKind.LIST_ITEM:
        return _Page.items
    return _Page.headings if block.kind is BlockKind.HEADING else _Page.paragraphs


def _level(heading: Block | Passage, text: str) -> int:
    """2 to 4, for `<h2>` to `<h4>`: the page's own title is the first level."""
    says_itself = heading.section[-1:] == (heading.span.of(text),)
    return min(4, 2 + len(heading.section) - says_itself)


def _cell_tag(cell: Cell) -> tuple[str, str]:
    return ("th", f' scope="{cell.head_of}"') if cell.head_of else ("td", "")


def _parts(memo: Memo) -> Iterator[Part]:
    """The blocks of `memo`, and as paragraphs what stands between them: no word twice, none left out."""
    at = 0
    for block in memo.blocks or split(memo):
        start, end = max(at, block.span.start), min(block.span.end, len(memo.text))
        if start >= end:
            continue
        stray = _stray(memo, Span(at, start))
        if stray:
            yield stray
            at = stray.span.end
        yield Part(Span(at, start), Span(start, end), block)
        at = end
    if stray := _stray(memo, Span(at, len(memo.text))):
        yield stray


def _stray(memo: Memo, gap: Span) -> Part | None:
    """What stands in `gap`, if it is more than the white space that HTML may have between any two elements."""
    found = _SEEN.search(memo.text, gap.start, gap.end)
    if found is None:
        return None
    span = Span(*found.span())
    return Part(Span(gap.start, span.start), span, Block(span=span))
