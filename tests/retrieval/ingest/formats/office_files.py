"""How do the tests write Office files: part by part, or with the library that others write them with?"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pptx
from pptx.util import Inches

from retrieval import BlockKind, Memo
from retrieval.ingest.reading import Reading, Size, read

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
    }.items()
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MOST = Size(characters=10_000_000, blocks=100_000)


def root(name: str, inner: str) -> str:
    """An XML part whose root knows the prefixes that the tests use."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><{name} {_NAMESPACES}>{inner}</{name}>'


def relations(**targets: str) -> str:
    """A list of relations: kind=target; a kind's dashes are written as underscores, its id is the kind."""
    lines = "".join(
        f'<Relationship Id="{kind}" Type="{_RELATIONS}/{kind.replace("_", "-")}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The bytes of a packed file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word_parts(body: str, **others: str) -> dict[str, str | bytes]:
    """The parts of a Word file: `body` within w:body, and the inner XML of styles, numbering, footnotes, endnotes, core."""
    kept = {kind: inner for kind, inner in others.items() if kind not in {"core", "app"}}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(
            officeDocument="word/document.xml",
            core_properties="docProps/core.xml",
            extended_properties="docProps/app.xml",
        ),
        "word/_rels/document.xml.rels": relations(**{kind: f"{kind}.xml" for kind in kept}),
        "word/document.xml": root("w:document", f"<w:body>{body}</w:body>"),
    }
    parts |= {f"word/{kind}.xml": root(f"w:{kind}", inner) for kind, inner in kept.items()}
    if "core" in others:
        parts["docProps/core.xml"] = root("cp:coreProperties", others["core"])
    if "app" in others:
        parts["docProps/app.xml"] = (
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            f"{others['app']}</Properties>"
        )
    return parts


def word(body: str, **others: str) -> bytes:
    """The bytes of a Word file that is written part by part."""
    return packed(word_parts(body, **others))


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    ppr = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    rpr = f"<w:rPr>{run}</w:rPr>" if run else ""
    return f'<w:p>{ppr}<w:r>{rpr}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def row(*cells: str, properties: str = "") -> str:
    """A row of a table; a cell is text, or XML where it begins with "<"."""
    inner = "".join(f"<w:tc>{c if c.startswith('<') else paragraph(c)}</w:tc>" for c in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>"


def table(*rows: str) -> str:
    """A table of these rows."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def saved(document: Any) -> bytes:
    """The bytes of a file that python-docx or python-pptx writes."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def reading_of(data: bytes, name: str = "memo.docx") -> Reading:
    """Read bytes as the product does, in this process."""
    return read(data, Path(name), MOST)


def memo_of(data: bytes, name: str = "memo.docx") -> Memo:
    """The memo that bytes become."""
    reading = reading_of(data, name)
    assert reading.memo, reading.error
    return reading.memo


def cells_of(memo: Memo) -> list[tuple[str, str | None, str | None]]:
    """The cells of a memo's tables: text, row, column."""
    return [(b.span.of(memo.text), b.row, b.column) for b in memo.blocks if b.kind is BlockKind.CELL]


def deck() -> "pptx.presentation.Presentation":
    """A presentation: a title slide, a slide with points and notes, a table, a chart, a group, a slide that is hidden."""
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415
    from pptx.enum.chart import XL_CHART_TYPE  # noqa: PLC0415

    made = pptx.Presentation()
    title = made.slides.add_slide(made.slide_layouts[0])
    title.shapes.title.text = "The northern plan"
    title.placeholders[1].text = "By Ann Lee"
    points = made.slides.add_slide(made.slide_layouts[1])
    points.shapes.title.text = "Why now"
    points.placeholders[1].text = "Costs fall every year.\nDemand doubles by 2030."
    points.notes_slide.notes_text_frame.text = "Say that the ferry is late."
    data = made.slides.add_slide(made.slide_layouts[5])
    data.shapes.title.text = "Figures"
    grid = data.shapes.add_table(3, 3, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for place, text in enumerate(("Harbour", "2023", "2024", "Oslo", "12", "14", "Bergen", "7", "9")):
        grid.cell(place // 3, place % 3).text = text
    chart = CategoryChartData()
    chart.categories = ["Oslo", "Bergen"]
    chart.add_series("Ships", (4.3, 2.5))
    drawn = data.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(3), Inches(3), chart).chart
    drawn.has_title = True
    drawn.chart_title.text_frame.text = "Ships in port"
    bare = made.slides.add_slide(made.slide_layouts[6])
    group = bare.shapes.add_group_shape()
    for text in ("The first box of two holds a whole sentence.", "the second box begins small and goes on"):
        group.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = text
    hidden = made.slides.add_slide(made.slide_layouts[1])
    hidden.shapes.title.text = "In reserve"
    hidden.placeholders[1].text = "The ferry costs four million."
    hidden._element.set("show", "0")
    return made
