"""Which title, author and date are found in a text?"""

from datetime import date

import pytest

from retrieval import BlockKind
from tests.retrieval.ingest.conftest import block, blocks

BODY = "Some text stands here for a body, and it is a whole sentence that ends.\n"
DAY = date(2024, 10, 3)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("OCTOBER 3, 2024", DAY),
        ("October 3rd, 2024", DAY),
        ("3 October 2024", DAY),
        ("3. Oktober 2024", DAY),
        ("2024-10-03", DAY),
        ("Thursday, October 3, 2024", DAY),
        ("Published: Oct 03, 2024 12:43 AM", DAY),
        ("Published on 3 Oct. 2024 at 12:43 GMT", DAY),
        ("Date: 2024/10/03", DAY),
        ("Last updated: October 3, 2024", DAY),
        ("Washington, 3 October 2024", DAY),
        ("2024年10月3日", DAY),
        ("03/10/2024", None),
        ("February 30, 2024", None),
        ("Meeting of October 3, 2024 in the great hall", None),
    ],
)
def test_a_line_that_is_a_date_dates_the_memo(reading, line, day):
    memo = reading(f"The plan\n\n{line}\n\n{BODY}\n{BODY}")
    assert memo.published == day
    assert (block(memo, line).kind is BlockKind.FURNITURE) == (day is not None)


def test_the_day_of_publication_wins_over_an_update(reading):
    memo = reading(f"The plan\n\nUpdated: 5 May 2025\nPublished: 3 October 2024\n\n{BODY}")
    assert memo.published == DAY


def test_a_date_inside_a_sentence_is_not_the_memos(reading):
    assert reading(f"The plan\n\nIt was decided on October 3, 2024. {BODY}").published is None


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("BY ANN LEE", "ANN LEE"),
        ("By Ann Lee and Bob van der Berg", "Ann Lee and Bob van der Berg"),
        ("Author: Ann", "Ann"),
        ("Prepared by: The Asia Desk", "The Asia Desk"),
        ("This report was prepared by Ann Lee.", "Ann Lee"),
        ("This policy memo was written by [Ann Lee](#).", "Ann Lee"),
        ("By Ann Lee | October 3, 2024", "Ann Lee"),
        ("By Ann Lee, October 3, 2024", "Ann Lee"),
        ("Von Änne Müller", "Änne Müller"),
        ("By using less fuel", None),
        ("By 2030 Everything Changes", None),
    ],
)
def test_a_byline_names_the_author(reading, line, author):
    memo = reading(f"The plan\n\n{line}\n\n{BODY}\n{BODY}")
    assert memo.author == author
    if author:
        assert memo.read_from["author"].of(memo.text) == author
        assert block(memo, line[:6]).kind is BlockKind.FURNITURE


def test_a_byline_may_date_too_and_may_stand_last(reading):
    assert reading(f"The plan\n\nBy Ann Lee | October 3, 2024\n\n{BODY}").published == DAY
    assert reading(f"The plan\n\n{BODY}\n{BODY}\nThis memo was drafted by Ann Lee.").author == "Ann Lee"


def test_a_memos_header_is_read(reading):
    memo = reading(
        "MEMORANDUM\n\nTO:      Jane Doe\nFROM:    John Roe <john@example.org>\nDATE:    October 3, 2024\n"
        f"SUBJECT: Budget for next year\n\n{BODY}"
    )
    assert (memo.title, memo.author, memo.published) == ("Budget for next year", "John Roe", DAY)
    assert block(memo, "SUBJECT").kind is BlockKind.TITLE
    assert memo.read_from["title"].of(memo.text) == "Budget for next year"
    assert blocks(memo, BlockKind.PARAGRAPH) == [BODY.strip()]


def test_a_tabbed_header_is_no_table(reading):
    memo = reading(f"TO:\tJane Doe\nFROM:\tJohn Roe\nRE:\tBudget\n\n{BODY}")
    assert (memo.title, memo.author) == ("Budget", "John Roe")


def test_a_column_signs_with_its_publisher_where_the_text_tells_who_that_is(reading):
    text = "COMMENT | THE OUTLOOK\nShips are late\nPhoto: Ann Lee/DN\n\n" + BODY
    assert (
        reading(text + "\nShe told the Daily News. He told the Daily News.").author
        == "Daily News, The Outlook"
    )
    assert reading(text + "\nShe told the Daily News once, and no more.").author == "The Outlook"


def test_a_kicker_that_is_no_opinion_names_nobody(reading):
    memo = reading(f"WORLD / ASIA\nShips are late\n\n{BODY}")
    assert (memo.title, memo.author) == ("Ships are late", None)
    assert block(memo, "WORLD").kind is BlockKind.FURNITURE


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"The plan\n\n{BODY}", "The plan"),
        (f"WHAT WILL IT COST?\n\n{BODY}", "WHAT WILL IT COST?"),
        (f"{BODY}\nA heading\n\n{BODY}", "A heading"),
        ("One short line", "One short line"),
        (BODY, "memo"),
    ],
)
def test_the_title_is_the_first_line_or_heading_else_the_files_name(reading, text, title):
    assert reading(text).title == title


def test_a_text_that_is_one_line_can_be_quoted(reading):
    assert blocks(reading("One short line"), BlockKind.PARAGRAPH) == ["One short line"]


def test_a_stated_title_makes_only_its_own_line_the_title(reading):
    same = reading(f"---\ntitle: The Plan\n---\nThe plan\n\n{BODY}\n{BODY}")
    assert block(same, "The plan").kind is BlockKind.TITLE
    other = reading(f"---\ntitle: Something else\n---\nThe plan\n\n{BODY}\n{BODY}")
    assert (other.title, block(other, "The plan").kind) == ("Something else", BlockKind.HEADING)
