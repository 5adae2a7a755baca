"""How is text taken out of a Markdown file?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from retrieval.ingest.cleaning import lines, one_line
from retrieval.ingest.formats import read_html
from retrieval.ingest.metadata import starts_with_field
from retrieval.ingest.pieces import Draft, Piece
from retrieval.ingest.tables import table
from retrieval.ingest.wording import is_caption
from retrieval.models import BlockKind

_FOOTNOTE = re.compile(r"^\[\^[\w-]{1,40}\]:[ \t]*|\[\^[\w-]{1,40}\]", re.MULTILINE)
_LINE_BREAK_TAG = re.compile(r"<(?:br|/?p|/?li|/?div)\b[^<>]{0,200}>", re.IGNORECASE)
_BOLD_HEADING = 90
_MOST_BRACKETS = (
    1000  # in one paragraph; looking for the end of each takes the parser a walk through the rest
)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.core.ruler.before("inline", "brackets", _take_brackets_literally)
    return parser


def _take_brackets_literally(state: StateCore) -> None:
    """Read no links in a paragraph with more brackets than a writer sets."""
    for token in state.tokens:
        if token.type == "inline" and token.content.count("[") > _MOST_BRACKETS:
            token.content = token.content.replace("[", "\\[")


_MARKDOWN = _parser()


@dataclass
class _Place:
    """Where in the document the walk stands: inside how many list items, and which number the last has."""

    depth: int = 0
    ordinal: str = ""
    last_line: int = 0

    def gap(self, token: Token) -> int:
        """Count the blank lines before a block."""
        first, last = token.map or (self.last_line + 1, self.last_line + 1)
        gap = max(first - self.last_line, 0) if self.last_line else 1
        self.last_line = last
        return gap


def read(text: str) -> Draft:
    """Read Markdown (CommonMark with tables and strikethrough); HTML inside it is read as HTML."""
    tokens = _MARKDOWN.parse(_FOOTNOTE.sub("", text) if "[^" in text else text)
    return Draft(list(_pieces(tokens)))


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    place = _Place()
    number = 0
    while number < len(tokens):
        token = tokens[number]
        if token.type == "list_item_open":
            place.depth += 1
            place.ordinal = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "list_item_close":
            place.depth -= 1
        elif token.type == "table_open":
            end = next(i for i in range(number, len(tokens)) if tokens[i].type == "table_close")
            yield from _table(tokens[number:end], place.gap(token))
            number = end
        elif token.type == "heading_open":
            yield from _heading(tokens[number + 1], int(token.tag[1]), place.gap(token))
            number += 1
        elif token.type == "inline":
            yield from _paragraph(token, place)
        elif token.type in {"fence", "code_block"}:
            yield from _made(lines(token.content), BlockKind.PARAGRAPH, place.gap(token))
        elif token.type == "html_block":
            yield from (replace(piece, gap=1) for piece in read_html(token.content).pieces)
        number += 1


def _made(text: str, kind: BlockKind, gap: int, level: int | None = None) -> Iterator[Piece]:
    if text:
        yield Piece(text, kind, level, gap=gap)


def _heading(inline: Token, level: int, gap: int) -> Iterator[Piece]:
    yield from _made(one_line(_text(inline)), BlockKind.HEADING, gap, level)


def _paragraph(inline: Token, place: _Place) -> Iterator[Piece]:
    gap = place.gap(inline)
    children = [child for child in inline.children or [] if child.type != "softbreak"]
    pictures = [child for child in children if child.type == "image"]
    if pictures and all(child.type == "image" or not child.content.strip() for child in children):
        for picture in pictures:
            yield from _made(one_line(picture.content), BlockKind.CAPTION, gap)
        return
    text = lines(_text(inline))
    if place.depth:
        ordinal, place.ordinal = place.ordinal, ""
        yield from _made(f"{ordinal}{text}" if text else "", BlockKind.LIST_ITEM, gap)
    elif _is_all_bold(children) and len(text) <= _BOLD_HEADING:
        yield from _made(text, BlockKind.HEADING, gap)
    else:
        yield from _made(text, BlockKind.CAPTION if is_caption(text) else BlockKind.PARAGRAPH, gap)


def _is_all_bold(children: Sequence[Token]) -> bool:
    """Whether a paragraph is one stretch of bold text: a heading in all but name."""
    shown = [child for child in children if child.type != "text" or child.content.strip()]
    return (
        len(shown) > 2
        and shown[0].type == "strong_open"
        and shown[-1].type == "strong_close"
        and sum(child.type == "strong_open" for child in shown) == 1
    )


def _text(inline: Token) -> str:
    """Write an inline token down as text: markup gone, hard breaks kept, a picture as its alternative text."""
    soft = "\n" if _is_header(inline.content) else " "
    parts = []
    for child in inline.children or []:
        if child.type == "softbreak":
            parts.append(soft)
        elif child.type == "hardbreak" or (
            child.type == "html_inline" and _LINE_BREAK_TAG.fullmatch(child.content)
        ):
            parts.append("\n")
        elif child.type != "html_inline":
            parts.append(child.content)
    return "".join(parts)


def _is_header(source: str) -> bool:
    """Whether each line of a paragraph is a field of a memo's header ("**To:** Jane"), so that its line ends count."""
    rows = source.split("\n")
    return len(rows) > 1 and all(starts_with_field(row.replace("*", "").strip()) for row in rows)


def _table(tokens: Sequence[Token], gap: int) -> Iterator[Piece]:
    grid: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            grid.append([])
        elif token.type == "inline":
            grid[-1].append(lines(_text(token)))
    yield from table(grid, gap=gap, head_rows=1)
