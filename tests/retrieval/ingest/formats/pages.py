"""How are PDFs made for the tests? Drawn with reportlab, or written byte by byte where they are to be broken."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from retrieval.ingest.formats import pdf
from retrieval.ingest.pieces import Draft
from retrieval.models import BlockKind

WIDTH, HEIGHT = 612.0, 792.0
NAME = Path("file.pdf")

Draw = Callable[[Canvas], None]


def made(*pages: Draw, **canvas: object) -> bytes:
    """A PDF of so many pages, each drawn by its function."""
    held = io.BytesIO()
    drawing = Canvas(held, pagesize=(WIDTH, HEIGHT), **canvas)
    for draw in pages:
        draw(drawing)
        drawing.showPage()
    drawing.save()
    return held.getvalue()


def lines(
    text: str,
    left: float = 72,
    top: float = 720,
    size: float = 11,
    font: str = "Helvetica",
    pitch: float = 1.2,
) -> Draw:
    """Draw the lines of `text` from the top."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for number, line in enumerate(text.split("\n")):
            canvas.drawString(left, top - number * pitch * size, line)

    return draw


def together(*draws: Draw) -> Draw:
    """One page on which all of it is drawn, in that order."""

    def draw(canvas: Canvas) -> None:
        for each in draws:
            each(canvas)

    return draw


def picture(canvas: Canvas) -> None:
    """Draw a picture over the page, as a scan is."""
    held = io.BytesIO()
    Image.new("RGB", (60, 80), (250, 240, 230)).save(held, "PNG")
    held.seek(0)
    canvas.drawImage(ImageReader(held), 0, 0, WIDTH, HEIGHT)


def read(data: bytes) -> Draft:
    """Read a PDF."""
    return pdf.read(data, NAME)


def texts(data: bytes, *kinds: BlockKind) -> list[str]:
    """The texts of a PDF's pieces, of these kinds (all of them where none is named)."""
    return [piece.text for piece in read(data).pieces if not kinds or piece.kind in kinds]


def raw(objects: Iterable[str], trailer: str = "/Root 1 0 R") -> bytes:
    """A PDF written out: objects numbered from 1, and a table of where they stand."""
    body = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(body)
    body += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    body += f"trailer\n<< /Size {len(places) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return body
