"""Are real Office files read, and do their quotes stand in them, on the stated page, for other programs too?"""

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import docx2txt
import pptx
import pytest

from retrieval import EmptyMemo, Memo, answer, build_index, read_memos
from retrieval.errors import Encrypted, UnreadableMemo
from tests.conftest import SHARED
from tests.retrieval.ingest.conftest import assert_sound
from tests.retrieval.ingest.formats.office_files import (
    deck,
    memo_of,
    packed,
    paragraph,
    reading_of,
    row,
    saved,
    table,
    word,
)

FOLDER = SHARED / "data" / "documents" / "tika"
FILES = sorted([*FOLDER.glob("*.docx"), *FOLDER.glob("*.pptx")])
EMPTY = {  # pictures or files that are packed in them, and no words
    "2exe.docx",
    "testAltChunkMHT.docx",
    "testWORD_missing_ooxml_bean1.docx",
    "testWPSAttachment.docx",
    "testPPT_EmbeddedPDF.pptx",
    "testPPT_masterText.pptx",
    "testPPT_masterText2.pptx",
    "testWPSAttachment.pptx",
}
LOCKED = {"protected_normal_case.docx", "protected_upper_case.docx"}
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def one(path: Path):
    """What became of a real file: the memo, or the error."""
    try:
        reading = reading_of(path.read_bytes(), path.name)
    except UnreadableMemo as error:
        return None, error
    return reading.memo, reading.error


REAL = {path.name: path for path in FILES}
READ = [name for name in REAL if name not in EMPTY | LOCKED]
each_read = pytest.mark.parametrize("name", READ)
if not FILES:
    pytestmark = pytest.mark.skip(
        reason=f"{FOLDER} is not on this machine. It is kept beside the repository, not in it."
    )


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_is_read_or_refused_for_its_reason(name):
    memo, error = one(REAL[name])
    if name in LOCKED:
        assert isinstance(error, Encrypted)
    elif name in EMPTY:
        assert isinstance(error, EmptyMemo)
    else:
        assert memo, error
        assert_sound(memo)


def squeezed(text: str) -> str:
    """The letters and digits alone: what white space and hyphens are is each program's own affair."""
    return re.sub(r"[\W_]+", "", text.replace("\xad", ""))


def words_of_word(data: bytes) -> str:
    """All words of a Word file, as docx2txt takes them out; of its notes and diagrams, as they stand in the XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        beside = [
            name
            for name in archive.namelist()
            if re.match(r"word/(footnotes|endnotes|diagrams/data\d*)\.xml", name)
        ]
        texts = [text_in(archive.read(name)) for name in beside]
    return squeezed("\n".join([docx2txt.process(io.BytesIO(as_it_is_shown(data))), *texts]))


def as_it_is_shown(data: bytes) -> bytes:
    """The file without what moved away and what is hidden, which docx2txt shows all the same."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    shown = re.sub(rb"(?s)<w:moveFrom[ >].*?</w:moveFrom>", b"", parts["word/document.xml"])
    shown = re.sub(rb"(?s)<w:r(?: [^>]*)?>(?:(?!</w:r>).)*?<w:vanish/>.*?</w:r>", b"", shown)
    return packed(parts | {"word/document.xml": shown})


def text_in(xml: bytes) -> str:
    root = ET.fromstring(xml)  # not the parser that the reader uses
    return "".join(node.text or "" for node in root.iter() if node.tag in {f"{_W}t", f"{_A}t"})


def words_of_slides(data: bytes) -> dict[int, str]:
    """The words of each slide and its notes as python-pptx takes them out, diagrams as they stand in the XML."""
    words = {}
    for number, slide in enumerate(pptx.Presentation(io.BytesIO(data)).slides, 1):
        texts = [text for shape in slide.shapes for text in texts_of(shape)]
        if slide.has_notes_slide:
            texts += [text for shape in slide.notes_slide.shapes for text in texts_of(shape)]
        for related in slide.part.rels.values():
            if not related.is_external and "diagramData" in related.reltype:
                texts.append(text_in(related.target_part.blob))
        texts += [node.text or "" for node in slide._element.iter(f"{_A}t")]
        words[number] = "\n".join(map(squeezed, texts))
    return words


def texts_of(shape):
    if shape.shape_type == 6:  # a group
        for inner in shape.shapes:
            yield from texts_of(inner)
    elif getattr(shape, "has_table", False) and shape.has_table:
        yield from (cell.text for line in shape.table.rows for cell in line.cells)
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        chart = shape.chart
        yield chart.chart_title.text_frame.text if chart.has_title else ""
        for plot in chart.plots:
            yield from map(str, plot.categories)
            for series in plot.series:
                yield series.name
                yield from (f"{value:g}" for value in series.values)
    elif shape.has_text_frame:
        yield shape.text_frame.text


def quotes(memo: Memo):
    """Everything that can be quoted: each block of the memo, with its page."""
    for one_block in memo.blocks:
        yield one_block.span.of(memo.text), one_block.page


def made_documents() -> dict[str, bytes]:
    """Files with what the real ones lack, to be checked like them."""
    with_python = docx.Document()
    with_python.add_heading("The northern plan", 0)
    with_python.add_paragraph("Costs fall every year,\tas the board “hoped”.")
    with_python.add_paragraph("Oslo first", style="List Number")
    grid = with_python.add_table(2, 2)
    for place, text in enumerate(("Harbour", "Ships", "Oslo", "12")):
        grid.cell(place // 2, place % 2).text = text
    changed = (
        "<w:p><w:r><w:t xml:space='preserve'>We </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>always pay.</w:t></w:r></w:ins><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    )
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>See the treaty of 1951.</w:t></w:r></w:p></w:footnote>'
    body = changed + table(row("Harbour", "Ships"), row("Oslo", "12")) + paragraph("The end of the text.")
    return {
        "python.docx": saved(with_python),
        "parts.docx": word(body, footnotes=note),
        "deck.pptx": saved(deck()),
    }


DATA = {name: REAL[name].read_bytes() for name in READ} | made_documents()


@pytest.mark.parametrize("name", [name for name in DATA if name.endswith(".docx")])
def test_every_quote_of_a_word_file_stands_in_it_for_another_library(name):
    words = words_of_word(DATA[name])
    missing = [text for text, _ in quotes(memo_of(DATA[name], name)) if squeezed(text) not in words]
    assert not missing


@pytest.mark.parametrize("name", [name for name in DATA if name.endswith(".pptx")])
def test_every_quote_of_a_presentation_stands_on_its_slide_for_another_library(name):
    slides = words_of_slides(DATA[name])
    missing = [
        (text, page)
        for text, page in quotes(memo_of(DATA[name], name))
        if not all(squeezed(line) in slides[page] for line in text.split("\n"))
    ]
    assert not missing


def pages_of(data: bytes) -> dict[int, str]:
    """The words of each page of a Word file, its XML cut where Word says that a page ended."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("word/document.xml").decode()
    cut = re.split(r"<w:lastRenderedPageBreak\s*/>", xml)
    return {
        number: squeezed("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", page)))
        for number, page in enumerate(cut, 1)
    }


@pytest.mark.parametrize(
    "name", ["testWORD_endnote_table.docx", "testWORD_formattingFlipUnderlineOrder.docx"]
)
def test_every_quote_stands_on_its_stated_page(name):
    if name not in DATA:
        pytest.skip(f"{name} is not on this machine.")
    pages, memo = pages_of(DATA[name]), memo_of(DATA[name], name)
    checked = 0
    for one_block in memo.blocks:
        if one_block.page is None:
            continue
        edges = [(one_block.span.start, one_block.page), *((turn.at, turn.page) for turn in one_block.turns)]
        ends = [*(at for at, _ in edges[1:]), one_block.span.end]
        for (start, page), end in zip(edges, ends, strict=True):
            assert squeezed(memo.text[start:end].replace("&", "")) in pages[page].replace("amp", "")
            checked += 1
    assert checked > len(pages)


def test_questions_are_answered_from_real_office_files():
    memos = [result.memo for result in read_memos(REAL.values()) if result.memo]
    assert len(memos) == len(READ)
    found = answer(
        build_index(memos), "How many people have been killed in protests in the Yemeni city of Taiz?"
    )
    assert "At least 12 people" in found.excerpts[0].quote
    assert found.excerpts[0].citation.source == "NullHeader.docx"
