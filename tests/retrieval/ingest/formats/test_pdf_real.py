"""Do the words that are read from real PDFs stand on the stated pages, says another library?"""

import logging
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pypdf
import pytest
from pypdf.errors import PyPdfError

from retrieval import BlockKind
from retrieval.errors import UnreadableMemo
from retrieval.ingest.formats import pdf
from retrieval.ingest.pieces import Piece
from tests.conftest import shared

FILINGS = [
    "AMAZON_2021_10K",
    "AMD_2019_10K",
    "APPLE_2020_10K",
    "EBAY_2017_10K",
    "ORACLE_2017_10K",
    "PEPSICO_2023Q1_EARNINGS",
    "PFIZER_2015_10K",
    "SALESFORCE_2024Q1_EARNINGS",
]
OTHERS = [
    "testPDF_protected",
    "testPDF_bad_page_303226",
    "testPDF_rotated",
    "testPDFVarious",
    "testPDF_XFA_govdocs1_258578",
]
PAGES = 12  # of a file that are looked at
RUNNING = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING}
MARK = re.compile(r"(?:^| )[⁰¹²³⁴-⁹,]+(?= |$)")


@cache
def squeezed(text: str) -> str:
    """Letters and figures alone: the two libraries put spaces and hyphens in different places."""
    return "".join(c for c in unicodedata.normalize("NFKC", MARK.sub(" ", text)).casefold() if c.isalnum())


def by_page(pieces: Sequence[Piece]) -> Iterator[tuple[int, str, BlockKind]]:
    """Every piece, parted where a page begins inside it."""
    for piece in pieces:
        begins = [(0, piece.page), *piece.turns]
        ends = [at for at, _ in begins[1:]] + [len(piece.text)]
        for (start, page), end in zip(begins, ends, strict=True):
            assert page is not None
            yield page, piece.text[start:end], piece.kind


def other_pages(path: Path) -> dict[int, str]:
    """Some pages of a file as pypdf reads them; those that it cannot read are left out."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages = pypdf.PdfReader(path).pages
    chosen = random.Random(7).sample(range(len(pages)), min(PAGES, len(pages)))
    read = {}
    for index in chosen:
        try:
            read[index + 1] = pages[index].extract_text()
        except PyPdfError:
            continue
    return read


def files() -> list[str]:
    """The files that are looked at."""
    return [f"data/documents/reports/{name}.pdf" for name in FILINGS] + [
        f"data/documents/tika/{name}.pdf" for name in OTHERS
    ]


@pytest.fixture(scope="module", params=files(), ids=lambda name: Path(name).stem)
def read_twice(request):
    """A file's pieces, and some of its pages as the other library reads them."""
    path = shared(request.param)
    return pdf.read(path.read_bytes(), path).pieces, other_pages(path)


def test_every_word_stands_on_the_stated_page(read_twice):
    pieces, pages = read_twice
    passages = [(page, text) for page, text, _ in by_page(pieces) if page in pages]
    wrong = [
        (page, word, text)
        for page, text in passages
        for word in map(squeezed, text.split())
        if word and word not in squeezed(pages[page])
    ]
    assert passages
    assert len({text for _, _, text in wrong}) <= 0.01 * len(passages), wrong[:5]


def test_passages_stand_on_the_stated_page_word_after_word(read_twice):
    pieces, pages = read_twice
    running = [
        (page, squeezed(text)) for page, text, kind in by_page(pieces) if page in pages and kind in RUNNING
    ]
    apart = [(page, text) for page, text in running if text not in squeezed(pages[page])]
    # The other library puts a footnote's number, or a line beside a table, elsewhere.
    assert len(apart) <= max(0.15 * len(running), 3), apart[:5]


def test_no_word_of_a_page_is_lost(read_twice):
    pieces, pages = read_twice
    ours = dict.fromkeys(pages, "".join(squeezed(p.text) for p in pieces if p.kind is BlockKind.FURNITURE))
    for page, text, _ in by_page(pieces):
        if page in ours:
            ours[page] += squeezed(text)
    theirs = [(page, word) for page, text in pages.items() for word in map(squeezed, text.split())]
    lost = [(page, word) for page, word in theirs if word not in ours[page] and not word.isdecimal()]
    assert len(lost) <= max(0.005 * len(theirs), 1), lost[:9]


def test_the_other_files_are_read_or_refused_with_a_reason():
    folder = shared("data/documents/tika/testPDF_protected.pdf").parent
    refused = {}
    for path in sorted(folder.glob("*.pdf")):
        try:
            assert pdf.read(path.read_bytes(), path).pieces
        except UnreadableMemo as error:
            refused[path.stem] = type(error).__name__
    assert {name for name, error in refused.items() if error == "Encrypted"} == {
        "testPDF_no_extract_yes_accessibility_owner_user",
        "testPassword4Spaces",
    }
    assert set(refused.values()) <= {"Encrypted", "EmptyMemo", "Scanned"}
