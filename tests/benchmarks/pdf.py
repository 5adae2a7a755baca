"""How many pages of PDF are read in a second, beside a library that only takes their text out?"""

import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2

from retrieval.ingest.formats import pdf
from retrieval.ingest.reading import Size, read

ROOT = Path(__file__).parents[2]
FILES = ROOT.parent / "shared" / "data" / "documents" / "reports"
RESULT = Path(__file__).parent / "results" / "pdf.md"
PYPDF_PAGES = 40  # of each file: it is the slow one
NO_LIMIT = Size(characters=10**9, blocks=10**9)


def pages_a_second(paths: list[Path], reading: Callable[[Path], int]) -> float:
    """Pages that `reading` reads in a second of one processor's time."""
    began, pages = time.process_time(), 0
    for path in paths:
        pages += reading(path)
    return pages / (time.process_time() - began)


def as_pieces(path: Path) -> int:
    """Words, columns, tables, headings: what the reader for PDF does."""
    data = path.read_bytes()
    pdf.read(data, path)
    return len(pypdfium2.PdfDocument(data))


def as_memo(path: Path) -> int:
    """All steps from the file's bytes to a memo."""
    data = path.read_bytes()
    read(data, path, NO_LIMIT)
    return len(pypdfium2.PdfDocument(data))


def text_alone(path: Path) -> int:
    """PDFium's own text of each page, as it comes."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        page.get_textpage().get_text_range()
    return len(document)


def by_pypdf(path: Path) -> int:
    """The text of the first pages, by pypdf."""
    pages = pypdf.PdfReader(path).pages[:PYPDF_PAGES]
    for page in pages:
        page.extract_text()
    return len(pages)


def main() -> None:
    """Measure, print the table, keep it."""
    paths = sorted(FILES.glob("*.pdf"))
    if not paths:
        sys.exit(f"{FILES} holds no PDF; it is kept beside the repository.")
    pages = sum(len(pypdfium2.PdfDocument(path)) for path in paths)
    rows = {
        "file to memo (all steps)": pages_a_second(paths, as_memo),
        "file to pieces (columns, tables, headings)": pages_a_second(paths, as_pieces),
        "pypdfium2, text alone": pages_a_second(paths, text_alone),
        f"pypdf, text alone (first {PYPDF_PAGES} pages of each)": pages_a_second(paths, by_pypdf),
    }
    lines = [
        f"# PDF, pages a second of one core ({len(paths)} filings, {pages:,} pages)",
        "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, load {os.getloadavg()[0]:.1f}.",
        "",
        "| what | pages a second |",
        "|---|---|",
        *(f"| {name} | {speed:.0f} |" for name, speed in rows.items()),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
