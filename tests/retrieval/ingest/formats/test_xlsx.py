"""How are workbooks read? Made by openpyxl, another program than the one that reads them."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from openpyxl.comments import Comment

from retrieval import BlockKind, EmptyMemo, read_memo
from retrieval.errors import BinaryMemo, Damaged, Encrypted, Misnamed, TooLarge, UnreadableMemo
from retrieval.ingest.formats import BINARY
from tests.conftest import SHARED, shared
from tests.retrieval.ingest.conftest import assert_sound, blocks

FOLDER = SHARED / "data" / "documents" / "tika"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WITHOUT_WORDS = {  # pictures, charts and files that are packed in them
    "pic.xlsx",
    "testEXCEL_embeddedPDF_windows.xlsx",
    "testMSChart-govdocs-428996.xlsx",
    "testWPSAttachment.xlsx",
}
PROTECTED = {"protect.xlsx", "testEXCEL_protected_passtika.xlsx"}


def saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def book_of(*rows, **cells):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, value in cells.items():
        book.active[place] = value
    return book


def replaced(data: bytes, **parts: bytes) -> bytes:
    """The same file with other parts; `sheet1` is the one whose name ends so. Shared strings are put in."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            own = next((part for key, part in parts.items() if name.endswith(f"{key}.xml")), None)
            new.writestr(name, old.read(name) if own is None else own)
        if "sharedStrings" in parts:  # openpyxl writes strings into the cells
            new.writestr("xl/sharedStrings.xml", parts["sharedStrings"])
    return out.getvalue()


def sheet_of(body: str) -> bytes:
    return f'<worksheet xmlns="{NAMESPACE}">{body}</worksheet>'.encode()


def draft_of(data: bytes, tmp_path, name="book.xlsx"):
    return BINARY[".xlsx"](data, tmp_path / name)


def cells(memo):
    return [(b.span.of(memo.text), b.row, b.column) for b in memo.blocks if b.kind is BlockKind.CELL]


def test_figures_are_cells_with_row_and_column(reading):
    book = book_of(
        ["Travel costs 2024"], [], ["Team", "Plan", "Actual"], ["Sales", 1200, 1350.5], ["Research", 800, 640]
    )
    memo = reading(saved(book), "costs.xlsx")
    assert_sound(memo)
    assert memo.title == "Travel costs 2024"
    assert cells(memo) == [
        ("1200", "Sales", "Plan"),
        ("1350.5", "Sales", "Actual"),
        ("800", "Research", "Plan"),
        ("640", "Research", "Actual"),
    ]


def test_values_are_read_as_they_are_shown(tmp_path):
    book = openpyxl.Workbook()
    shown = [
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00 €", "1,234.50 €"),
        (date(2024, 3, 4), "dd/mm/yyyy", "04/03/2024"),
        (datetime(2024, 3, 4, 17, 30), "yyyy-mm-dd hh:mm", "2024-03-04 17:30"),
        (time(7, 5), "hh:mm", "07:05"),
        (timedelta(hours=30), "[h]:mm", "30:00"),
        (True, "General", "TRUE"),
        ("#N/A", "General", "#N/A"),
        (" two \n lines ", "General", "two\nlines"),
    ]
    for number, (value, number_format, _) in enumerate(shown, 1):
        book.active.cell(number, 1, value).number_format = number_format
    draft = draft_of(saved(book), tmp_path)
    assert [piece.text for piece in draft.pieces] == [text for _, _, text in shown]


def test_each_sheet_is_a_section(reading):
    book = book_of(["Item", "Price"], ["Bolt", 1], ["Nut", 2])
    book.active.title = "Prices"
    other = book.create_sheet("Stock")
    for row in (["Item", "Count"], ["Bolt", 300], ["Nut", 20]):
        other.append(row)
    book.create_sheet("Empty")
    memo = reading(saved(book), "shop list.xlsx")
    assert memo.title == "shop list"
    assert [(b.section, b.span.of(memo.text)) for b in memo.blocks if b.kind is BlockKind.CELL] == [
        (("Prices",), "1"),
        (("Prices",), "2"),
        (("Stock",), "300"),
        (("Stock",), "20"),
    ]
    assert "Empty" not in memo.text


def test_properties_are_taken_where_the_text_says_nothing(reading):
    book = book_of(["Item", "Price"], ["Bolt", 1], ["Nut", 2])
    book.properties.title, book.properties.creator = "Price list of spring", "Ann Lee"
    memo = reading(saved(book), "p.xlsx")
    assert (memo.title, memo.author) == ("Price list of spring", "Ann Lee")


def test_merged_heads_name_all_their_columns(reading):
    book = book_of(
        ["Region", "Plan", None, "Actual"],
        [None, 2023, 2024, 2023, 2024],
        ["Asia", 1, 2, 3, 4],
        ["Europe", 5, 6, 7, 8],
    )
    book.active.merge_cells("B1:C1")
    book.active.merge_cells("D1:E1")
    memo = reading(saved(book), "b.xlsx")
    assert ("2", "Asia", "Plan 2024") in cells(memo)
    assert ("7", "Europe", "Actual 2023") in cells(memo)
    assert memo.text.split().count("Plan") == 1


def test_merged_labels_name_all_their_rows(reading):
    book = book_of(
        ["Area", "Country", "Sales"],
        ["Asia", "Japan", 1],
        [None, "India", 2],
        ["Europe", "France", 3],
        [None, "Spain", 4],
    )
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("A4:A5")
    assert ("4", "Europe, Spain", "Sales") in cells(reading(saved(book), "b.xlsx"))


def test_what_is_hidden_is_left_out_and_that_is_said(tmp_path):
    book = book_of(
        ["Item", "Price", "Margin"], ["Bolt", 1, 11], ["Nut", 2, 12], ["Pin", 3, 13], ["Nail", 4, 14]
    )
    book.active.title = "Prices"
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.create_sheet("Secret").append(["hush", "hush"])
    book["Secret"].sheet_state = "veryHidden"
    draft = draft_of(saved(book), tmp_path)
    assert [piece.text for piece in draft.pieces] == ["Item", "Price", "Bolt", "1", "Pin", "3", "Nail", "4"]
    assert draft.notes == (
        "Hidden sheets were left out: “Secret”.",
        "Cells in hidden rows or columns of the sheet “Prices” were left out: 7.",
    )


def test_what_an_outline_folds_is_read(tmp_path):
    book = book_of(["Item", "Price"], ["Bolt", 1], ["Nut", 2], ["Pin", 3])
    book.active.row_dimensions.group(3, 3, hidden=True)
    draft = draft_of(saved(book), tmp_path)
    assert "Nut" in [piece.text for piece in draft.pieces]
    assert draft.notes == ()


def test_what_a_filter_hides_is_read(tmp_path):
    body = '<sheetPr filterMode="1"/><sheetData><row r="1" hidden="1"><c r="A1" t="str"><v>kept</v></c></row></sheetData>'
    draft = draft_of(replaced(saved(book_of(["x"])), sheet1=sheet_of(body)), tmp_path)
    assert [piece.text for piece in draft.pieces] == ["kept"]


def test_a_formula_is_its_stored_value_and_without_one_that_is_said(tmp_path):
    body = (
        '<sheetData><row><c t="str"><v>Total</v></c><c><f>SUM(B2:B3)</f><v>42</v></c></row>'
        '<row><c t="str"><v>Rest</v></c><c><f>B1-40</f></c></row></sheetData>'
    )
    draft = draft_of(replaced(saved(book_of(["x"])), sheet1=sheet_of(body)), tmp_path)
    assert [piece.text for piece in draft.pieces] == ["Total\n42", "Rest"]
    assert "without a stored value: 1." in draft.notes[0]


def test_notes_on_cells_are_read(tmp_path):
    book = book_of(["Item", "Price"], ["Bolt", 1], ["Nut", 2])
    book.active["B2"].comment = Comment("Ask for a rebate.", "Ann")
    assert draft_of(saved(book), tmp_path).pieces[-1].text == "Ask for a rebate."


def test_what_is_no_text_is_told(tmp_path):
    path = shared("data/documents/tika/testEXCEL_embeded.xlsx")
    (note,) = draft_of(path.read_bytes(), tmp_path).notes
    assert note.startswith("Not read: pictures (")
    assert "enclosed files (" in note


def test_reading_aids_of_japanese_are_no_words(tmp_path):
    strings = f'<sst xmlns="{NAMESPACE}"><si><t>豊田</t><rPh sb="0" eb="2"><t>とよた</t></rPh></si></sst>'
    body = '<sheetData><row><c t="s"><v>0</v></c></row></sheetData>'
    data = replaced(saved(book_of(["x"])), sharedStrings=strings.encode(), sheet1=sheet_of(body))
    assert [piece.text for piece in draft_of(data, tmp_path).pieces] == ["豊田"]


def test_three_cells_in_the_corners_of_a_million_rows_are_three_cells(tmp_path):
    book = book_of(A1="Corner", XFD1="Right", A1048576="Below")
    assert [piece.text for piece in draft_of(saved(book), tmp_path).pieces] == ["Corner\nRight", "Below"]


def test_a_protected_sheet_is_readable(tmp_path):
    book = book_of(["Item", "Price"], ["Bolt", 1], ["Nut", 2])
    book.active.protection.set_password("x")
    assert len(draft_of(saved(book), tmp_path).pieces) == 6


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<worksheet xmlns="{NAMESPACE}"><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)
WHOLE_SHEET = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
FAR_APART = "".join(
    f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 500)
)
ROW_OF_CELLS = f"<row>{'<c><v>1</v></c>' * 1000}</row>"
HOSTILE = {
    "entities": (BOMB.encode(), Damaged, "document type"),
    "entities in UTF-16": (BOMB.encode("utf-16"), Damaged, "document type"),
    "nested": (sheet_of("<a>" * 100_000), TooLarge, "nested too deep"),
    "zeros": (sheet_of("<row/>" * 6_000_000), TooLarge, "unpacks to"),
    "cells": (sheet_of(f"<sheetData>{ROW_OF_CELLS * 501}</sheetData>"), TooLarge, "filled cells"),
    "merged": (sheet_of(f"<sheetData>{FAR_APART}</sheetData>{WHOLE_SHEET}"), TooLarge, "too far apart"),
    "torn": (sheet_of("<sheetData><row>")[:-20], Damaged, "well-formed"),
}


@pytest.mark.parametrize(("part", "error", "why"), HOSTILE.values(), ids=HOSTILE)
def test_files_made_to_harm_are_refused(tmp_path, part, error, why):
    with pytest.raises(error, match=why):
        draft_of(replaced(saved(book_of(["x"])), sheet1=part), tmp_path)


@pytest.mark.parametrize(
    "reference", ["A0", "ZZZZ1", "A99999999999", "", "1A", "B2:C3", "\u0661"], ids=lambda text: text or "none"
)
def test_a_cell_of_no_place_does_no_harm(tmp_path, reference):
    body = f'<sheetData><row r="1"><c r="{reference}" t="str" s="99999"><v>text</v></c></row></sheetData>'
    draft = draft_of(replaced(saved(book_of(["x"])), sheet1=sheet_of(body)), tmp_path)
    assert [piece.text for piece in draft.pieces] == ["text"]


def test_a_file_cut_short_is_damaged(reading):
    with pytest.raises(UnreadableMemo, match="cut short or damaged"):
        reading(saved(book_of(["x"]))[:-200], "b.xlsx")


def test_a_packed_file_that_is_no_workbook_is_told(reading):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("hello.txt", "hello")
    with pytest.raises((Misnamed, Damaged)):
        reading(stream.getvalue(), "b.xlsx")


@pytest.mark.parametrize("name", ["old.xls", "binary.xlsb"])
def test_old_workbooks_are_refused_with_advice(tmp_path, name):
    with pytest.raises(BinaryMemo, match=r"Save it as \.xlsx"):
        BINARY[name[name.index(".") :]](b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, tmp_path / name)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.xlsx")), ids=lambda path: path.name)
def test_real_workbooks_hold_what_openpyxl_reads(path):
    if path.name in PROTECTED:
        with pytest.raises(Encrypted, match="password"):
            read_memo(path)
        return
    if path.name in WITHOUT_WORDS:
        with pytest.raises(EmptyMemo):
            read_memo(path)
        return
    memo = read_memo(path)
    assert_sound(memo)
    said = set(memo.text.split())
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        for row in sheet.iter_rows(values_only=True):
            for value in row:
                if isinstance(value, str | int) and not isinstance(value, bool):
                    assert set(str(value).split()) <= said


def test_a_real_table_is_read_by_its_head():
    memo = read_memo(shared("data/documents/tika/testEXCEL.xlsx"))
    assert memo.title == "Sample Excel Worksheet - Numbers and their Squares"
    assert ("144", "12", "Square") in cells(memo)
    assert blocks(memo, BlockKind.FURNITURE)[:2] == ["Number", "Square"]
