"""Are the two sample memos read as a person reads them? Every trap in them has its test."""

from datetime import date

import pytest

from retrieval import BlockKind, Memo, read_memo
from tests.conftest import SEEDS
from tests.retrieval.ingest.conftest import assert_sound, block, blocks


@pytest.fixture(scope="module")
def tag() -> Memo:
    return read_memo(SEEDS / "000_fda723d3293bac72.txt")


@pytest.fixture(scope="module")
def observer() -> Memo:
    return read_memo(SEEDS / "003_5e006fa00fd930bc.txt")


def test_the_tag_memo_says_its_title_author_and_date(tag):
    assert (tag.id, tag.source) == ("000_fda723d3293bac72", "000_fda723d3293bac72.txt")
    assert (tag.title, tag.author) == ("Harris vs. Trump: Indo-Pacific Alliances", "A'ndre Gonawela")
    assert tag.published == date(2024, 10, 3)
    places = {what: span.of(tag.text) for what, span in tag.read_from.items()}
    assert places == {"title": tag.title, "author": "A'ndre Gonawela", "published": "OCTOBER 3, 2024"}


def test_the_column_is_signed_by_its_publisher_and_name(observer):
    assert observer.title == "The US-Japan-South Korea alliance unstable, ‘strange bedfellows’"
    assert observer.author == "Global Times, Observer"
    assert observer.published == date(2025, 1, 7)
    assert observer.read_from["published"].of(observer.text) == "Jan 07, 2025"
    assert observer.read_from["author"].of(observer.text) == "OBSERVER"


def test_blocks_cover_both_texts(tag, observer):
    assert_sound(tag)
    assert_sound(observer)


@pytest.mark.parametrize(
    "seam",
    [
        "increased military exercises to address issues relating to China's regional influence",
        "authoritarian leaders like North Korea’s Kim Jong Un and Russia’s Vladimir Putin could also raise doubts",
    ],
)
def test_torn_paragraphs_are_joined(tag, seam):
    assert seam in tag.text


def test_the_item_that_was_torn_is_one_item(tag):
    items = blocks(tag, BlockKind.LIST_ITEM)
    assert [item.split(":")[0] for item in items] == [
        "General Uncertainty Around Trump",
        "Trump's Relationship with China",
        "Presidential Personnel Choices",
    ]
    assert items[0].endswith("on key geopolitical challenges.")


def test_paragraphs_that_only_stand_far_apart_stay_apart(tag):
    assert blocks(tag, BlockKind.PARAGRAPH)[-3].startswith("Biden worked to significantly strengthen")


@pytest.mark.parametrize("left_over", ["](", "#)", "**", "*Foreign", "<ul", "style="])
def test_markup_is_gone(tag, left_over):
    assert left_over not in tag.text


@pytest.mark.parametrize(
    "kept",
    [
        "Trump expressed frustration that Seoul",
        'he will not "protect" NATO allies',
        "writing in a Foreign Affairs editorial, asserted",
    ],
)
def test_linked_and_stressed_words_are_kept(tag, kept):
    assert kept in tag.text


@pytest.mark.parametrize(
    ("start", "row", "column"),
    [
        ("Aimed for economic “fairness”", "Motivations", "Trump"),
        ("Deepened ties with allies", "Motivations", "Biden-Harris"),
        ("Pressured Seoul and Tokyo", "Implementation", "Trump"),
        ("Refrained from public criticism", "Implementation", "Biden-Harris"),
    ],
)
def test_a_cell_knows_its_row_column_and_section(tag, start, row, column):
    cell = block(tag, start)
    assert (cell.kind, cell.row, cell.column) == (BlockKind.CELL, row, column)
    assert cell.section == ("Key Takeaways",)


def test_labels_of_the_table_stand_in_the_text_but_are_no_cells(tag):
    labels = [b for b in tag.blocks if b.kind is BlockKind.FURNITURE and b.section == ("Key Takeaways",)]
    assert [b.span.of(tag.text) for b in labels] == [
        "Views on Alliances",
        "Trump",
        "Biden-Harris",
        "Motivations",
        "Implementation",
    ]


@pytest.mark.parametrize(
    ("start", "section"),
    [
        ("This is the latest", ()),
        ("The United States has formal", ("U.S. Defense and Security Alliances in the Indo-Pacific",)),
        ("President Trump's approach", ("The Candidates in Comparison", "Trump")),
        ("Intense engagement", ("The Candidates in Comparison", "Biden-Harris")),
        ("Kamala Harris is likely", ("The Candidates in Comparison", "Biden-Harris")),
        ("Trump's Relationship with", ("What Businesses Should Watch",)),
    ],
)
def test_short_lines_are_headings_with_a_path(tag, start, section):
    assert block(tag, start).section == section


def test_a_heading_is_in_its_own_section(tag):
    assert block(tag, "What Businesses Should Watch").section == ("What Businesses Should Watch",)


def test_lines_about_the_memo_are_furniture(tag, observer):
    assert block(tag, "This report was prepared by").kind is BlockKind.FURNITURE
    assert block(tag, "OCTOBER 3").kind is BlockKind.FURNITURE
    assert block(observer, "OPINION / OBSERVER").kind is BlockKind.FURNITURE
    assert block(observer, "Published: Jan 07").kind is BlockKind.FURNITURE


def test_a_caption_that_stands_twice_is_kept_once(observer):
    assert blocks(observer, BlockKind.CAPTION) == ["Illustration: Chen Xia/GT"]


def test_quotes_stay_curly_or_straight_and_hard_spaces_become_plain(tag, observer):
    assert "“fairness”" in tag.text
    assert '"fairness."' in tag.text
    assert "\u00a0" not in observer.text
    assert "they're 'strange bedfellows.' They seem" in observer.text
    assert observer.text.endswith("said Li.")
