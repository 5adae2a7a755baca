"""Which words stand in a drawing: its paragraphs, its chart, its diagram?"""

from retrieval.ingest.cleaning import characters, lines, one_line
from retrieval.ingest.formats.office.names import DGM, A, C, M
from retrieval.ingest.formats.office.parts import Element
from retrieval.ingest.pieces import Piece
from retrieval.ingest.tables import table
from retrieval.models import BlockKind

_FILLED_IN = ("datetime", "slidenum", "footer", "header")
_SHOWN_POINTS = {"node", "asst"}
_MOST_SERIES, _MOST_VALUES = 255, 100_000  # of a chart; a spreadsheet draws no more series


def paragraph_text(paragraph: Element) -> str:
    """The canonical text of a paragraph of a drawing, without what the program fills in whenever it is drawn."""
    parts = []
    for node in paragraph:
        if node.tag == A("br"):
            parts.append("\n")
        elif not (node.tag == A("fld") and node.get("type", "").startswith(_FILLED_IN)):
            parts += [(text.text or "").replace("\n", " ") for text in node.iter(A("t"), M("t"))]
    return lines(characters("".join(parts)))


def diagram(root: Element) -> list[Piece]:
    """The words of a diagram (SmartArt), one piece a point, in the order in which they were written."""
    found = []
    for point in root.iter(DGM("pt")):
        if point.get("type", "node") in _SHOWN_POINTS:
            texts = (paragraph_text(paragraph) for paragraph in point.iter(A("p")))
            found.append("\n".join(filter(None, texts)))
    return [
        Piece(text, BlockKind.LIST_ITEM, gap=1 if not n else 0) for n, text in enumerate(filter(None, found))
    ]


def chart(root: Element) -> list[Piece]:
    """A chart as its title, and as a table: a row for each category, a column for each series."""
    title = _title(root)
    series = list(root.iter(C("ser")))[:_MOST_SERIES]
    names = [
        one_line(_rich(one.find(C("tx"))) or " ".join(_points(one.find(C("tx"))).values())) for one in series
    ]
    categories = next((found for one in series if (found := _points(one.find(C("cat"))))), {})
    values = [_points(_first(one, "val", "yVal")) for one in series]
    rows = sorted({place for column in [categories, *values] for place in column})[
        : _MOST_VALUES // (len(series) or 1)
    ]
    grid = [["", *names]] if any(names) else []
    grid += [[categories.get(row, ""), *(column.get(row, "") for column in values)] for row in rows]
    cells = table(grid, head_rows=len(grid[:1]) if any(names) else 0, labels=bool(categories)) if grid else []
    return [*([Piece(title, BlockKind.CAPTION)] if title else []), *cells]


def _title(root: Element) -> str:
    found = root.find(f"{C('chart')}/{C('title')}")
    return one_line(_rich(found)) if found is not None else ""


def _rich(node: Element | None) -> str:
    paragraphs = node.iter(A("p")) if node is not None else ()
    return "\n".join(filter(None, map(paragraph_text, paragraphs)))


def _first(series: Element, *names: str) -> Element | None:
    return next((found for name in names if (found := series.find(C(name))) is not None), None)


def _points(node: Element | None) -> dict[int, str]:
    """The values that a chart shows, by their places; figures as a spreadsheet writes them."""
    points = {}
    for point in node.iter(C("pt")) if node is not None else ():
        place, text = point.get("idx", ""), one_line(characters(point.findtext(C("v")) or ""))
        if place.isdecimal() and len(place) < 7 and text:
            points[int(place)] = _figure(text)
    return points


def _figure(text: str) -> str:
    """Write a binary fraction as a spreadsheet does: 4.3 for 4.2999999999999998."""
    try:
        return f"{float(text):.15g}" if "." in text and text[-1].isdecimal() else text
    except ValueError:
        return text
