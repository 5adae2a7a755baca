"""Which elements of a page hold its text, and in what order do they open and close?"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from retrieval.ingest.cleaning import lines
from retrieval.ingest.wording import words

LINE_TAGS = words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3"
    " h4 h5 h6 header hgroup hr li main menu ol p pre section summary table tbody td tfoot th thead tr ul"
)
_NO_TEXT = words(
    "script style template noscript nav aside svg math iframe object embed canvas audio video map select option"
    " datalist button input textarea"
    " dialog head title link meta"
)
_NO_TEXT_ROLES = words("navigation banner contentinfo search dialog alertdialog menu menubar toolbar")
_UNSEEN_STYLE = re.compile(r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden", re.IGNORECASE)
_PAGE_EDGES = frozenset({"header", "footer", "form"})
_MAIN = ("main", "[role=main]", "article")


class Event(NamedTuple):
    """An element that opens or closes, or a text (which only opens)."""

    node: LexborNode
    opens: bool


def walk(root: LexborNode) -> Iterator[Event]:
    """Yield what stands below `root` in the order of the page; what is not shown is passed over with all that it holds.

    Without recursion: a page may be nested deeper than Python's stack.
    """
    opened: list[LexborNode] = []
    node = root.first_child
    while node is not None or opened:
        if node is None:
            node = opened.pop()
            yield Event(node, opens=False)
            node = node.next
        elif node.is_text_node:
            yield Event(node, opens=True)
            node = node.next
        elif is_shown(node):
            yield Event(node, opens=True)
            opened.append(node)
            node = node.first_child
        else:
            node = node.next


def main_part(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element that holds the page's own text: its `main`, its only `article`, else its body."""
    for selector in _MAIN:
        found = [node for node in tree.css(selector) if is_shown(node) and text_of(node)]
        if len(found) == 1:
            return found[0]
    return tree.body


def is_shown(node: LexborNode) -> bool:
    """Whether an element belongs to the text of the page: not hidden, no script, no navigation, no edge of the page."""
    tag = node.tag
    if not node.is_element_node or tag in _NO_TEXT:
        return False
    attributes = node.attributes
    if "hidden" in attributes or (attributes.get("role") or "").casefold() in _NO_TEXT_ROLES:
        return False
    style = attributes.get("style")
    if style and _UNSEEN_STYLE.search(style):
        return False
    return tag not in _PAGE_EDGES or _holds_text(node)


def _holds_text(node: LexborNode) -> bool:
    """Whether a header, footer or form is part of the text: inside an article, or around the page's heading."""
    if node.tag == "form":  # some systems wrap the whole page in one
        return node.css_first("p, h1, h2, h3, article, main") is not None
    parent = node.parent
    while parent is not None:
        if parent.tag in {"article", "main"}:
            return True
        parent = parent.parent
    return node.tag == "header" and node.css_first("h1") is not None


def text_of(node: LexborNode) -> str:
    """Return the canonical text below a node, its blocks as lines."""
    parts = []
    for inner, _ in walk(node):
        if inner.is_text_node:
            parts.append(inline_text(inner))
        elif inner.tag == "br" or inner.tag in LINE_TAGS:
            parts.append("\n")
    return lines("".join(parts))


def inline_text(node: LexborNode) -> str:
    """Return a text node's text, the source's line ends as spaces."""
    return (node.text_content or "").replace("\n", " ")
