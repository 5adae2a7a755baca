"""What are the blocks of a page: headings, paragraphs, list items, cells, captions?"""

from selectolax.lexbor import LexborNode

from retrieval.ingest.cleaning import lines, one_line
from retrieval.ingest.formats.hypertext.tables import data_table
from retrieval.ingest.formats.hypertext.walk import LINE_TAGS, inline_text, walk
from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import is_caption
from retrieval.models import BlockKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {
    "li": BlockKind.LIST_ITEM,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    **dict.fromkeys(_HEADINGS, BlockKind.HEADING),
}


class _Writer:
    """Collects text until a block ends."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._kinds: list[str] = []  # the open elements that give their text a kind, innermost last
        self._text: list[str] = []
        self._preformatted = 0

    def open(self, node: LexborNode) -> None:
        """Take an element or a text in."""
        tag = node.tag or ""
        if node.is_text_node:
            self._text.append((node.text_content or "") if self._preformatted else inline_text(node))
        elif tag == "br":
            self._text.append("\n")
        elif tag == "img":
            self._picture(one_line(node.attributes.get("alt") or ""))
        elif tag in LINE_TAGS:
            self.end_block()
            self._preformatted += tag == "pre"
            if tag in _KINDS:
                self._kinds.append(tag)

    def close(self, node: LexborNode) -> None:
        """End an element."""
        tag = node.tag or ""
        if tag in LINE_TAGS:
            self.end_block()
            self._preformatted -= tag == "pre"
            if tag in _KINDS:
                self._kinds.pop()

    def end_block(self) -> None:
        """Make a piece of what was collected."""
        text, self._text = lines("".join(self._text)), []
        tag = self._kinds[-1] if self._kinds else ""
        kind = _KINDS.get(tag, BlockKind.PARAGRAPH)
        if not text:
            return
        if kind is BlockKind.HEADING:
            text = one_line(text)
        elif kind is BlockKind.PARAGRAPH and is_caption(text):
            kind = BlockKind.CAPTION
        self.pieces.append(Piece(text, kind, _HEADINGS.get(tag)))

    def _picture(self, alternative: str) -> None:
        """Write a picture's alternative text: a caption where it stands alone, else in its place among the words."""
        if not alternative:
            return
        if "".join(self._text).strip():
            self._text.append(f" {alternative} ")
        else:
            self.pieces.append(Piece(alternative, BlockKind.CAPTION))


def pieces_of(root: LexborNode) -> list[Piece]:
    """Return the blocks of the part of a page that holds its text."""
    writer = _Writer()
    inside: int | None = None  # the data table that was written as a whole, until it closes
    for node, opens in walk(root):
        if inside is not None:
            inside = None if not opens and node.mem_id == inside else inside
        elif opens and node.tag == "table" and (cells := data_table(node)):
            writer.end_block()
            writer.pieces += _captions(node) + cells
            inside = node.mem_id
        elif opens:
            writer.open(node)
        else:
            writer.close(node)
    writer.end_block()
    return writer.pieces


def _captions(table: LexborNode) -> list[Piece]:
    caption = table.css_first("caption")
    text = one_line(caption.text()) if caption else ""
    return [Piece(text, BlockKind.CAPTION)] if text else []
