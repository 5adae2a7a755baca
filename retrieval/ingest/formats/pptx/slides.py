"""What are the blocks of a slide, in what order, and which of them is its title?

The order is the file's own, in which a screen reader reads the slide too, the title first. Of shapes that lie in a
group each is read in its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from retrieval.ingest.cleaning import one_line
from retrieval.ingest.formats.office import drawing
from retrieval.ingest.formats.office.names import DGM, MC, A, C, P, R
from retrieval.ingest.formats.office.parts import Element, Parts
from retrieval.ingest.formats.pptx.tables import cells
from retrieval.ingest.pieces import Piece
from retrieval.ingest.wording import is_short_line
from retrieval.models import BlockKind

_TITLES = frozenset({"title", "ctrTitle"})
_OPENING = frozenset({"ctrTitle", "subTitle"})
_FURNITURE = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})
_BULLETED = frozenset(
    {"body", "obj", ""}
)  # placeholders whose paragraphs are items of a list unless they say otherwise
_BULLETS = tuple(A(name) for name in ("buChar", "buAutoNum", "buBlip"))
_NOTES = "Notes"
_DECK, _SLIDE = 0, 1  # the ranks of the presentation's title and of a slide's


@dataclass
class Slide:
    """A slide: its part, its root element, and its number in the show, from 1.

    `seen` are the parts that were read for the slides before it: notes, charts and diagrams are read once.
    """

    parts: Parts
    name: str
    root: Element
    number: int
    seen: set[str]

    @cached_property
    def shapes(self) -> list[Element]:
        """Its shapes in the order of the file, those of groups among them."""
        return list(_shapes(self.root.find(f"{P('cSld')}/{P('spTree')}")))

    @property
    def embedded(self) -> int:
        """How many files lie inside it."""
        return sum(1 for shape in self.shapes if shape.find(f".//{P('oleObj')}") is not None)

    @cached_property
    def title(self) -> str:
        """The text of the title, on one line; "" where there is none."""
        return one_line(_text(self.title_shape)) if self.title_shape is not None else ""

    @cached_property
    def title_shape(self) -> Element | None:
        """The title's placeholder; where it is empty or missing, the first text, if that is one short line."""
        texts = [shape for shape in self.shapes if _placeholder(shape) not in _FURNITURE and _text(shape)]
        stated = next((shape for shape in texts if _placeholder(shape) in _TITLES), None)
        if stated is not None or not texts:
            return stated
        return texts[0] if is_short_line(_text(texts[0])) and len(texts) > 1 else None

    @property
    def opens(self) -> bool:
        """Whether it is the slide that bears the title of the presentation: the first, with a place for a subtitle."""
        places = {_placeholder(shape) for shape in self.shapes}
        return self.number == 1 and self.title_shape is not None and not places.isdisjoint(_OPENING)

    def part(self, name: str | None) -> Element | None:
        """The root of a part that the slide needs, the first time that it is asked for."""
        if name is None or name in self.seen:
            return None
        self.seen.add(name)
        return self.parts.xml(name)


def pieces_of(slide: Slide) -> list[Piece]:
    """The blocks of a slide and of its notes page; each has the slide's number as its page."""
    section = (slide.title,) if slide.title and not slide.opens else ()
    pieces = _title(slide)
    for shape in slide.shapes:
        if shape is not slide.title_shape and _placeholder(shape) not in _FURNITURE:
            pieces += [replace(piece, section=section) for piece in _of(shape, slide)]
    for notes in slide.parts.targets(slide.name, "notesSlide"):
        root = slide.part(notes)
        tree = root.find(f"{P('cSld')}/{P('spTree')}") if root is not None else None
        for shape in _shapes(tree):
            if _placeholder(shape) not in _FURNITURE:
                pieces += [
                    replace(p, kind=BlockKind.PARAGRAPH, section=(*section, _NOTES)) for p in _frame(shape)
                ]
    return [replace(piece, page=slide.number) for piece in pieces]


def _title(slide: Slide) -> list[Piece]:
    if not slide.title:
        return []
    if slide.opens:
        return [Piece(slide.title, BlockKind.HEADING, _DECK, section=())]
    return [Piece(slide.title, BlockKind.HEADING, _SLIDE, section=(slide.title,))]


def _shapes(tree: Element | None) -> Iterator[Element]:
    """Yield the shapes of a slide, those of a group one after another; of several forms of one thing the first."""
    for node in tree if tree is not None else ():
        if node.tag in {P("sp"), P("graphicFrame"), P("cxnSp")}:
            yield node
        elif node.tag == P("grpSp"):
            yield from _shapes(node)
        elif node.tag == MC("AlternateContent") and len(node):
            yield from _shapes(node[0])


def _placeholder(shape: Element) -> str | None:
    """What a shape is a place for: "title", "body", "" (anything); None where it is none."""
    found = shape.find(f"{P('nvSpPr')}/{P('nvPr')}/{P('ph')}")
    return found.get("type", "") if found is not None else None


def _text(shape: Element) -> str:
    body = shape.find(P("txBody"))
    texts = map(drawing.paragraph_text, body.iter(A("p")) if body is not None else ())
    return "\n".join(filter(None, texts))


def _of(shape: Element, slide: Slide) -> list[Piece]:
    if shape.tag != P("graphicFrame"):
        return _frame(shape)
    grid = next(shape.iter(A("tbl")), None)
    if grid is not None:
        return _apart(cells(grid))
    pieces: list[Piece] = []
    for tag, attribute, tell in ((C("chart"), "id", drawing.chart), (DGM("relIds"), "dm", drawing.diagram)):
        for node in shape.iter(tag):
            relation = slide.parts.relations(slide.name).get(node.get(R(attribute), ""))
            root = slide.part(relation.target) if relation else None
            pieces += _apart(tell(root)) if root is not None else []
    return pieces


def _frame(shape: Element) -> list[Piece]:
    """The paragraphs of a text frame; those that bear a bullet are items of a list."""
    body = shape.find(P("txBody"))
    is_list = _placeholder(shape) in _BULLETED
    pieces: list[Piece] = []
    for paragraph in body.iter(A("p")) if body is not None else ():
        text = drawing.paragraph_text(paragraph)
        if text:
            kind = BlockKind.LIST_ITEM if _is_item(paragraph, inherits=is_list) else BlockKind.PARAGRAPH
            pieces.append(Piece(text, kind, gap=0 if pieces else 1))
    return _apart(pieces)


def _is_item(paragraph: Element, *, inherits: bool) -> bool:
    properties = paragraph.find(A("pPr"))
    if properties is None:
        return inherits
    if properties.find(A("buNone")) is not None:
        return False
    return inherits or any(properties.find(bullet) is not None for bullet in _BULLETS)


def _apart(pieces: list[Piece]) -> list[Piece]:
    """Keep what stands in one shape from being joined to what stands in another."""
    return [replace(piece, apart=number == 0 or piece.apart) for number, piece in enumerate(pieces)]
