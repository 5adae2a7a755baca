"""Is every broken or hostile Office file refused in one sentence, and nothing else?"""

import copy
import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import BinaryMemo, EmptyMemo, RetrievalError, UnreadableMemo
from retrieval.errors import Damaged, Encrypted, Misnamed, TooLarge
from tests.conftest import shared
from tests.retrieval.ingest.formats.office_files import (
    deck,
    memo_of,
    packed,
    paragraph,
    reading_of,
    relations,
    root,
    row,
    saved,
    table,
    word,
    word_parts,
)

TEXT = "This paragraph is long enough to be text, and it ends as sentences do."


def refused(data: bytes, name: str = "memo.docx") -> UnreadableMemo:
    """The error that reading ends in; its sentence names the file, and is one line."""
    with pytest.raises(UnreadableMemo) as caught:
        reading_of(data, name)
    sentence = str(caught.value)
    assert sentence.startswith(f"{name}: ")
    assert "\n" not in sentence
    assert caught.value.remedy
    return caught.value


def is_read_or_refused(data: bytes, name: str) -> bool:
    """Whether bytes become a memo, or an error that names the file; anything else that is raised is a mistake of ours."""
    try:
        reading = reading_of(data, name)
    except RetrievalError as error:
        return str(error).startswith(name)
    return reading.memo is not None or isinstance(reading.error, EmptyMemo)


def document(xml: str | bytes) -> bytes:
    return packed(word_parts("") | {"word/document.xml": xml})


def test_a_password_is_told():
    for name in ("protected_normal_case.docx", "protected_upper_case.docx"):
        path = shared(f"data/documents/tika/{name}")
        assert isinstance(refused(path.read_bytes(), name), Encrypted)


def test_an_old_document_under_a_new_name_is_told():
    assert isinstance(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)), BinaryMemo)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<!doctype html><html><p>Words.</p></html>", "HTML"),
        (b"{\\rtf1 Words.}", "RTF"),
        (b"%PDF-1.7\n", "PDF"),
        (saved(deck()), "PowerPoint"),
    ],
    ids=["html", "rtf", "pdf", "pptx"],
)
def test_a_file_of_another_kind_is_told(data, says):
    error = refused(data)
    assert isinstance(error, Misnamed)
    assert says in str(error)


def test_a_word_file_under_the_name_of_a_presentation_is_told():
    assert isinstance(refused(word(paragraph(TEXT)), "plan.pptx"), Misnamed)


def test_plain_bytes_and_other_archives_are_refused():
    assert isinstance(refused(b"These are words and no Word file."), Damaged)
    assert isinstance(refused(packed({"notes.txt": "words"})), Damaged)


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.9, 0.999])
def test_a_file_that_is_cut_short_is_refused(kept):
    data = word(paragraph(TEXT * 50))
    assert isinstance(refused(data[: int(len(data) * kept)]), Damaged)


def test_a_bomb_is_refused_by_what_it_states():
    bomb = b"<w:p/>" * 4_000_000
    assert isinstance(refused(document(bomb)), TooLarge)


def test_a_bomb_that_states_too_little_is_refused():
    data = bytearray(document(root("w:document", f"<w:body>{paragraph('bomb ' * 2_000_000)}</w:body>")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = struct.pack("<I", archive.getinfo("word/document.xml").file_size)
    assert data.count(size) == 2
    assert isinstance(refused(bytes(data.replace(size, struct.pack("<I", 1000)))), Damaged)


ENTITIES = (
    '<?xml version="1.0"{}?><!DOCTYPE x [<!ENTITY a "bombbombbomb"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp037"])
def test_declared_entities_are_refused_in_any_encoding(encoding):
    xml = ENTITIES.format(f' encoding="{encoding}"').encode(encoding)
    assert isinstance(refused(document(xml)), Damaged)


def test_a_file_of_this_machine_is_never_shown(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    xml = ENTITIES.format("").replace('"bombbombbomb"', f'SYSTEM "file://{secret}"')
    assert "secret words" not in str(refused(document(xml)))


def test_elements_nested_without_end_are_refused():
    for tag in ("w:sdt", "w:ins", "w:tbl"):
        body = f"<{tag}>" * 5_000 + f"</{tag}>" * 5_000
        assert isinstance(refused(word(body)), TooLarge)


def test_tables_as_deep_as_the_parser_allows_are_read():
    inner = paragraph(TEXT)
    for _ in range(60):
        inner = table(f"<w:tr><w:tc>{inner}</w:tc></w:tr>")
    assert memo_of(word(inner)).text == TEXT


def test_a_paragraph_without_end_is_refused():
    assert isinstance(refused(word(paragraph("x" * 10_100_000))), TooLarge)


def test_broken_xml_is_refused():
    assert isinstance(refused(document("<w:document><w:body>")), Damaged)


def test_a_document_without_its_main_part_is_refused():
    parts = word_parts(paragraph(TEXT))
    del parts["word/document.xml"]
    assert isinstance(refused(packed(parts)), Damaged)
    parts = word_parts(paragraph(TEXT))
    del parts["_rels/.rels"]
    assert isinstance(refused(packed(parts)), Damaged)


@pytest.mark.parametrize("missing", ["styles", "numbering", "footnotes", "core", "app"])
def test_parts_that_are_named_and_missing_are_done_without(missing):
    parts = word_parts(paragraph(TEXT))
    parts["word/_rels/document.xml.rels"] = relations(**{missing: f"{missing}.xml"})
    assert memo_of(packed(parts)).text == TEXT


def test_parts_that_name_each_other_in_a_circle_are_read_once():
    parts = word_parts(paragraph(TEXT) + '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>')
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>A note on itself.</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p></w:footnote>'
    parts["word/footnotes.xml"] = root("w:footnotes", note)
    parts["word/_rels/document.xml.rels"] = relations(
        footnotes="footnotes.xml", officeDocument="document.xml"
    )
    parts["word/_rels/footnotes.xml.rels"] = relations(footnotes="footnotes.xml")
    assert memo_of(packed(parts)).text == f"{TEXT}\n\nA note on itself."


def test_a_name_that_climbs_out_of_the_file_leads_nowhere():
    parts = word_parts(paragraph(TEXT))
    parts["word/_rels/document.xml.rels"] = relations(
        styles="../../../../etc/passwd", footnotes="file:///etc/passwd"
    )
    assert memo_of(packed(parts)).text == TEXT


@pytest.mark.parametrize("span", ["999999999999999999999", "-4", "0", "x", "65000"])
def test_a_cell_that_claims_to_span_everything_is_a_cell(span):
    wide = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{paragraph("Wide")}'
    body = table(*[row(wide, wide, "x")] * 50)
    memo = memo_of(word(body + paragraph(TEXT)))
    assert memo.text.count("Wide") == 100


def test_counts_that_are_no_numbers_are_done_without():
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="x"/><w:lvl w:ilvl="0"><w:start w:val="9999999999999"/>'
        '<w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1%9"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="-1"/></w:lvlOverride></w:num>'
    )
    item = '<w:outlineLvl w:val="0"/><w:numPr><w:ilvl w:val="77"/><w:numId w:val="1"/></w:numPr>'
    assert (
        memo_of(word(paragraph("Scope", item) + paragraph(TEXT), numbering=numbering)).text
        == f"Scope\n\n{TEXT}"
    )


def test_a_file_without_words_is_told():
    reading = reading_of(word("<w:p/>"))
    assert isinstance(reading.error, EmptyMemo)


WORD, SLIDES = (
    word(paragraph(TEXT) + table(row("A", "1"), row("B", "2")), styles="", footnotes=""),
    saved(deck()),
)


@settings(max_examples=150)
@given(
    which=st.sampled_from([("memo.docx", WORD), ("memo.pptx", SLIDES)]),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)),
        min_size=1,
        max_size=6,
    ),
)
def test_bytes_changed_anywhere_are_read_or_refused(which, changes):
    name, data = which
    changed = bytearray(data)
    for place, new in changes:
        at = int(place * len(changed))
        changed[at : at + len(new)] = new
    assert is_read_or_refused(bytes(changed), name)


@settings(max_examples=150)
@given(
    which=st.sampled_from(
        [("memo.docx", WORD, "word/document.xml"), ("memo.pptx", SLIDES, "ppt/slides/slide3.xml")]
    ),
    changes=st.lists(
        st.tuples(
            st.floats(0, 1, exclude_max=True),
            st.sampled_from([b"", b"0", b"-1", b"9" * 30, b"\xf0\x9f\x9a\xa2", b"&#0;", b"w:p", b"/"]),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_xml_changed_anywhere_is_read_or_refused(which, changes):
    name, data, part = which
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    xml = bytearray(parts[part])
    for place, new in changes:
        at = int(place * len(xml))
        xml[at : at + 2] = new
    assert is_read_or_refused(packed(parts | {part: bytes(xml)}), name)


def test_styles_that_lean_on_each_other_without_end_are_read_in_time():
    names = range(20_000)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:name w:val="s{n}"/><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in names
    )
    body = "".join(paragraph("Words.", f'<w:pStyle w:val="s{n}"/>') for n in reversed(names))
    assert len(memo_of(word(body, styles=styles)).blocks) == len(names)


def test_a_paragraph_of_page_ends_is_read_in_time():
    ends = "<w:r><w:t xml:space='preserve'>One word and </w:t><w:lastRenderedPageBreak/></w:r>" * 20_000
    data = word(f"<w:p>{ends}</w:p>", app="<Pages>20001</Pages><Characters>300000</Characters>")
    turns = memo_of(data).blocks[0].turns
    assert (len(turns), turns[0], turns[-1].page) == (19_999, (13, 2), 20_000)


def test_a_part_that_is_shown_a_thousand_times_is_read_once():
    made = deck()
    slide = made.slides[2]
    frame = next(shape for shape in slide.shapes if shape.has_chart)
    for _ in range(1000):
        frame._element.addnext(copy.deepcopy(frame._element))
    assert memo_of(saved(made), "x.pptx").text.count("Ships in port") == 1
