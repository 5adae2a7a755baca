"""How is PowerPoint read?"""

import pptx
import pytest
from pptx.util import Inches

from retrieval import BlockKind, read_memo
from tests.retrieval.ingest.conftest import assert_sound, block, blocks
from tests.retrieval.ingest.formats.office_files import cells_of, deck, memo_of, reading_of, saved


@pytest.fixture(scope="module")
def written():
    return saved(deck())


@pytest.fixture(scope="module")
def memo(written):
    return memo_of(written, "plan.pptx")


def one_slide(layout=6):
    made = pptx.Presentation()
    return made, made.slides.add_slide(made.slide_layouts[layout])


def add_box(slide, text):
    box = slide.shapes.add_textbox(0, 0, Inches(4), Inches(1))
    box.text_frame.text = text
    return box


def test_blocks_are_sound(memo):
    assert_sound(memo)


def test_a_presentation_is_read_through_the_door(written, tmp_path):
    path = tmp_path / "plan.pptx"
    path.write_bytes(written)
    assert read_memo(path).title == "The northern plan"


def test_the_title_slide_gives_title_and_author(memo):
    assert (memo.title, memo.author, memo.published) == ("The northern plan", "Ann Lee", None)


def test_a_page_is_a_slide_and_a_section_its_title(memo):
    one = block(memo, "Demand doubles")
    assert (one.page, one.section, one.kind) == (2, ("Why now",), BlockKind.LIST_ITEM)


def test_notes_are_cited_as_notes(memo):
    one = block(memo, "Say that")
    assert (one.page, one.section) == (2, ("Why now", "Notes"))


def test_cells_and_chart_values_know_row_and_column(memo):
    assert cells_of(memo) == [
        ("12", "Oslo", "2023"),
        ("14", "Oslo", "2024"),
        ("7", "Bergen", "2023"),
        ("9", "Bergen", "2024"),
        ("4.3", "Oslo", "Ships"),
        ("2.5", "Bergen", "Ships"),
    ]
    assert blocks(memo, BlockKind.CAPTION) == ["Ships in port"]


def test_a_slide_without_a_title_is_not_cited_under_the_one_before(memo):
    assert block(memo, "The first box").section == ()
    assert block(memo, "The first box").page == 4


def test_boxes_are_never_joined_and_groups_are_read(memo):
    assert "the second box begins small and goes on" in blocks(memo)


def test_hidden_slides_are_read_and_told(written):
    reading = reading_of(written, "plan.pptx")
    assert "The ferry costs four million." in blocks(reading.memo)
    assert reading.notes == ("Hidden slides are read like the others: 5.",)


def test_what_the_program_fills_in_is_left_out():
    made, slide = one_slide(5)
    slide.shapes.title.text = "Now"
    paragraph = add_box(slide, "Printed on ").text_frame.paragraphs[0]
    field = paragraph._p.makeelement(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}fld", {"type": "datetime1"}
    )
    text = field.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}t", {})
    text.text = "3 October 2024"
    field.append(text)
    paragraph._p.append(field)
    memo = memo_of(saved(made), "now.pptx")
    assert (blocks(memo), memo.published) == (["Now", "Printed on"], None)


def test_a_first_short_line_titles_a_slide_that_has_no_title():
    made, slide = one_slide()
    add_box(slide, "Costs of the ferry")
    add_box(slide, "It costs four million a year, and half of that is fuel.")
    add_box(
        made.slides.add_slide(made.slide_layouts[6]), "Nothing else is known about what the ferry costs us."
    )
    memo = memo_of(saved(made), "x.pptx")
    assert block(memo, "It costs").section == ("Costs of the ferry",)
    assert block(memo, "Nothing else").section == ()


def test_lines_of_a_frame_are_lines_of_one_block():
    made, slide = one_slide()
    add_box(slide, "Write to us when you know how many ships you need.")
    add_box(slide, "Acme Shipping\nHarbour Street 4\nOslo")
    assert blocks(memo_of(saved(made), "x.pptx"))[1:] == ["Acme Shipping\nHarbour Street 4\nOslo"]


def test_merged_cells_label_all_that_they_span():
    made, slide = one_slide()
    grid = slide.shapes.add_table(3, 3, 0, 0, Inches(6), Inches(2)).table
    for place, text in enumerate(("Region", "Q1", "Q2", "Asia", "1.5", "2.5", "", "3.5", "4.5")):
        grid.cell(place // 3, place % 3).text = text
    grid.cell(1, 0).merge(grid.cell(2, 0))
    assert cells_of(memo_of(saved(made), "x.pptx")) == [
        ("1.5", "Asia", "Q1"),
        ("2.5", "Asia", "Q2"),
        ("3.5", "Asia", "Q1"),
        ("4.5", "Asia", "Q2"),
    ]


def test_a_slide_that_is_listed_many_times_is_read_once():
    made, slide = one_slide(5)
    slide.shapes.title.text = "Once"
    add_box(slide, "It is said once.")
    listed = made.slides._sldIdLst
    for number in range(500):
        again = listed.makeelement(listed[0].tag, dict(listed[0].attrib) | {"id": str(300 + number)})
        listed.append(again)
    assert blocks(memo_of(saved(made), "x.pptx")) == ["Once", "It is said once."]
