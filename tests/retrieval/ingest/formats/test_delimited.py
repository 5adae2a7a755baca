"""How are CSV and TSV files read?"""

import pytest

from retrieval import BlockKind, UnreadableMemo
from retrieval.errors import BadlyEncoded, TooLarge
from retrieval.ingest.formats import BINARY
from tests.conftest import shared
from tests.retrieval.ingest.conftest import assert_sound, blocks

BUDGET = "Annual budget\nin thousand EUR\n\nDepartment;2023;2024\nTravel;13,5;14,0\nOffice rent;96,0;99,5\n"
PEOPLE = 'Name,Role,City\nAnn Lee,"Head of\nFinance",Oslo\n"Carter, Bob",Analyst,Lyon\n'


def cells(memo):
    return [
        (b.span.of(memo.text), b.row, b.column)
        for b in memo.blocks
        if b.row is not None and b.kind is BlockKind.CELL
    ]


def test_a_table_of_figures_is_a_passage_a_cell(reading):
    memo = reading(BUDGET, "budget.csv")
    assert_sound(memo)
    assert memo.title == "Annual budget"
    assert "in thousand EUR" in blocks(memo, BlockKind.PARAGRAPH)
    assert cells(memo) == [
        ("13,5", "Travel", "2023"),
        ("14,0", "Travel", "2024"),
        ("96,0", "Office rent", "2023"),
        ("99,5", "Office rent", "2024"),
    ]


def test_a_table_of_records_is_a_passage_a_row(reading):
    memo = reading(PEOPLE, "people.csv")
    assert_sound(memo)
    assert memo.title == "people"
    assert cells(memo) == [
        ("Ann Lee\nHead of\nFinance\nOslo", "Ann Lee", "Name | Role | City"),
        ("Carter, Bob\nAnalyst\nLyon", "Carter, Bob", "Name | Role | City"),
    ]


def test_the_columns_of_a_record_are_those_that_it_fills(reading):
    memo = reading("Name,Role,City\nAnn,,Oslo\nBob,Analyst,\nCarl,Clerk,Rome\n", "p.csv")
    assert [column for _, _, column in cells(memo)] == ["Name | City", "Name | Role", "Name | Role | City"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Item,Price\nBolt,1.50\nNut,2.50\n", "a.csv"),
        ("Item;Price\nBolt;1,50\nNut;2,50\n", "a.csv"),
        ("Item\tPrice\nBolt\t1,50\nNut\t2,50\n", "a.tsv"),
        ("Item|Price\nBolt|1,50\nNut|2,50\n", "a.csv"),
        ("sep=;\nItem;Price\nBolt;1,50\nNut;2,50\n", "a.csv"),
        ('"sep=~"\nItem~Price\nBolt~1,50\nNut~2,50\n', "a.csv"),
        ('"Item","Price"\r\n"Bolt","1,50"\r\n"Nut","2,50"\r\n', "a.csv"),
        ("Item, Price\nBolt, 1.50\nNut, 2.50\n", "a.csv"),
    ],
)
def test_the_delimiter_is_found(reading, text, name):
    memo = reading(text, name)
    assert [(row, column) for _, row, column in cells(memo)] == [("Bolt", "Price"), ("Nut", "Price")]


def test_columns_under_two_heads_are_named_by_both(reading):
    memo = reading("Region,2023,,2024,\n,Plan,Actual,Plan,Actual\nAsia,1,2,3,4\nEurope,5,6,7,8\n", "a.csv")
    assert ("7", "Europe", "2024 Plan") in cells(memo)
    assert ("6", "Europe", "2023 Actual") in cells(memo)


def test_a_group_names_the_rows_below_it(reading):
    memo = reading(
        "Region,Country,2023,2024\nEurope,France,1,2\n,Spain,3,4\nAsia,Japan,5,6\n,India,7,8\n", "a.csv"
    )
    assert ("3", "Europe, Spain", "2023") in cells(memo)
    assert ("8", "Asia, India", "2024") in cells(memo)


def test_without_a_head_columns_have_their_letters(reading):
    memo = reading("Bolts,12,15\nNuts,7,8\nPins,3,4\n", "a.csv")
    assert cells(memo)[:2] == [("12", "Bolts", "B"), ("15", "Bolts", "C")]


def test_a_table_goes_on_below_an_empty_line(reading):
    memo = reading("Item,2023,2024\nBolts,12,15\nNuts,7,8\n\nPins,3,4\nNails,5,6\n", "a.csv")
    assert ("4", "Pins", "2024") in cells(memo)


def test_tables_side_by_side_are_two(reading):
    memo = reading("Item,Price,,City,Staff\nBolt,1,,Oslo,20\nNut,2,,Rome,30\n", "a.csv")
    assert cells(memo) == [
        ("1", "Bolt", "Price"),
        ("2", "Nut", "Price"),
        ("20", "Oslo", "Staff"),
        ("30", "Rome", "Staff"),
    ]


def test_windows_characters_are_read_and_that_is_said(tmp_path):
    data = "Ort;Zahl\nMünchen;1\nKöln;2\n".encode("cp1252")
    draft = BINARY[".csv"](data, tmp_path / "a.csv")
    assert [piece.row for piece in draft.pieces if piece.kind is BlockKind.CELL] == ["München", "Köln"]
    assert draft.notes == ("It is not UTF-8 and was read as windows-1252.",)


def test_utf_16_with_its_mark_is_read(reading):
    memo = reading("Ort\tZahl\nMünchen\t1\nKöln\t2\n".encode("utf-16"), "a.csv")
    assert cells(memo)[0] == ("1", "München", "Zahl")


def test_bytes_that_are_no_characters_are_refused(reading):
    with pytest.raises(BadlyEncoded):
        reading(b"a,b\n\x81\x8d,\xff\xfe\n" * 3, "a.csv")


def test_a_quotation_mark_that_never_closes_swallows_nothing(reading):
    memo = reading('Item,Size\n"Pipe,5\nBolt,6\nNut,7\n', "a.csv")
    assert len(cells(memo)) == 3


def test_a_first_line_that_only_looks_like_a_statement_is_words(reading):
    memo = reading('sep="\nItem,Price\nBolt,1\nNut,2\n', "a.csv")
    assert memo.text.startswith('sep="')


def test_words_of_html_in_a_cell_stand_without_their_tags(reading):
    memo = reading("Ticket,Text\nT1,<p>Server <b>down</b></p>\nT2,a < b and c > d\n", "a.csv")
    assert [text for text, _, _ in cells(memo)] == ["T1\nServer down", "T2\na < b and c > d"]


@pytest.mark.parametrize(
    "data",
    [b"a,b\n" * 300_000, b"\n".join(b"," * i + b"x" for i in range(3000))],
    ids=["many cells", "cells far apart"],
)
def test_more_than_a_memo_holds_is_refused(tmp_path, data):
    with pytest.raises(TooLarge):
        BINARY[".csv"](data, tmp_path / "a.csv")


@pytest.mark.parametrize("text", [",,,\n,,\n", ";\n;\n", "\n\n"])
def test_a_table_without_a_value_is_empty(reading, text):
    with pytest.raises(UnreadableMemo, match="no words"):
        reading(text, "a.csv")


def test_a_list_in_one_column_is_read_as_lines(reading):
    memo = reading("Apples\nPears\nPlums\n", "list.csv")
    assert blocks(memo)[-3:] == ["Apples", "Pears", "Plums"]


def test_a_real_table_keeps_every_value():
    path = shared("data/documents/tika/test-columnar.csv")
    draft = BINARY[".csv"](path.read_bytes(), path)
    rows = [piece for piece in draft.pieces if piece.kind is BlockKind.CELL]
    assert len(rows) == 11
    assert rows[3].row == "3, This is row 3 of 10"
    assert rows[3].text.split("\n") == [
        "3", "9", "This is row 3 of 10", "30%", "66.7%", "22-03-1960", "01JAN60:00:16:40", "0:00:27",
    ]  # fmt: skip
    assert rows[3].column.startswith("Record Number | Square of the Record Number | ")
