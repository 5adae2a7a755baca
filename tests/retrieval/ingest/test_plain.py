"""How is plain text read? Wrapped lines, lists, tables, headings, torn pages, leftovers of markup."""

import pytest

from retrieval import BlockKind
from tests.retrieval.ingest.conftest import assert_sound, block, blocks

PROSE = "This paragraph is long enough to be body text, and it ends as a sentence does."


def test_lines_that_an_editor_wrapped_are_joined(reading):
    memo = reading(
        "The quick brown fox jumps over the lazy dog and goes on to the\nnext line. It ends here.\n"
    )
    assert (
        memo.text == "The quick brown fox jumps over the lazy dog and goes on to the next line. It ends here."
    )


def test_a_hyphen_at_a_line_end_takes_no_space(reading):
    text = "Both governments have agreed once more on a larger share of cost-\nsharing, and on pre-\nand post-war plans."
    assert reading(text).text == text.replace("-\nsharing", "-sharing").replace("-\nand", "- and")


def test_chinese_lines_are_joined_without_a_space(reading):
    line = "这是一个很长的段落用来测试行的连接" * 3
    assert reading(f"{line}\n{line}。").text == f"{line}{line}。"


def test_lines_as_the_writer_set_them_stay_lines(reading):
    memo = reading(f"{PROSE} {PROSE}\n\n123 Main Street\nSpringfield\n\n{PROSE}\n")
    assert "123 Main Street\nSpringfield" in blocks(memo)


def test_a_torn_paragraph_is_joined_over_a_wide_gap(reading):
    first = "The meeting decided after a long debate to hand the matter over to Vladimir"
    memo = reading(f"{PROSE}\n\n{PROSE}\n\n{PROSE}\n\n{first}\n\n\n\nPutin, who declined it.\n\n{PROSE}")
    assert f"{first} Putin, who declined it." in blocks(memo)


def test_a_paragraph_that_goes_on_with_a_small_letter_is_joined(reading):
    first = "The meeting decided after a long debate to hand the matter over"
    assert f"{first} to the council." in blocks(reading(f"{PROSE}\n\n{first}\n\nto the council.\n"))


def test_a_page_end_counts_as_a_gap_and_pages_are_numbered(reading):
    first = "The meeting decided after a long debate to hand the matter over to Vladimir"
    memo = reading(f"{PROSE}\n\n{PROSE}\n\n{PROSE}\n\n{first}\n\fPutin, who declined it.\n\n{PROSE} Indeed.")
    assert block(memo, first).span.of(memo.text).endswith("Putin, who declined it.")
    assert (block(memo, first).page, memo.blocks[-1].page) == (1, 2)


@pytest.mark.parametrize("second", ["A heading of its own", "- an item", "A new paragraph."])
def test_nothing_is_joined_that_may_be_its_own(reading, second):
    """After a finished sentence, whatever the gap."""
    memo = reading(f"{PROSE}\n\n\n\n{second}\n\n\n\n{PROSE}")
    assert second.removeprefix("- ") in blocks(memo)


def test_unfinished_lines_are_not_joined_where_that_is_the_writers_way(reading):
    lines = [f"A statement number {n} that carries no full stop at its end but is long" for n in "abc"]
    assert blocks(reading("\n\n\n".join(lines))) == lines


@pytest.mark.parametrize("mark", ["-", "*", "•", "–"])
def test_bullets_make_items_and_go(reading, mark):
    memo = reading(f"{PROSE}\n\n{mark} First thing\n{mark} Second thing\n")
    assert blocks(memo, BlockKind.LIST_ITEM) == ["First thing", "Second thing"]


def test_numbers_of_items_are_kept(reading):
    memo = reading(f"{PROSE}\n\n1. First thing\n2) Second thing\n(3) Third\n")
    assert blocks(memo, BlockKind.LIST_ITEM) == ["1. First thing", "2) Second thing", "(3) Third"]


def test_a_number_that_begins_a_wrapped_line_is_no_item(reading):
    text = "The share of the budget that goes to ships rose last year to some\n50. That is the most in a decade, says the report.\n"
    assert blocks(reading(text)) == [text.strip().replace("\n", " ")]


def test_an_items_wrapped_lines_belong_to_it(reading):
    memo = reading(
        "- The first item is so long that an editor wrapped it at the\n  end of the line.\n- Second.\n"
    )
    assert blocks(memo)[0].endswith("at the end of the line.")


def test_a_tabbed_table_has_rows_and_columns(reading):
    memo = reading(f"{PROSE}\n\nCountry\t2023\t2024\nJapan\t4.1\t5.2\nKorea\t3.0\t\n")
    cell = block(memo, "5.2")
    assert (cell.kind, cell.row, cell.column) == (BlockKind.CELL, "Japan", "2024")
    assert blocks(memo, BlockKind.FURNITURE) == ["Country", "2023", "2024", "Japan", "Korea"]


def test_figures_in_the_first_row_are_no_head(reading):
    memo = reading(f"{PROSE}\n\nRevenue\t4.2\nCost\t3.1\n")
    assert (block(memo, "4.2").row, block(memo, "4.2").column) == ("Revenue", None)


def test_a_table_drawn_with_pipes_is_read(reading):
    memo = reading(f"{PROSE}\n\n| Name | Task |\n|---|---|\n| Ann | Ships |\n")
    assert (block(memo, "Ships").row, block(memo, "Ships").column) == ("Ann", "Task")


def test_marked_items_in_a_cell_are_lines(reading):
    memo = reading(f'{PROSE}\n\nView\tAnn\nAims\t<ul class="x"><li>One thing</li><li>Another</li></ul>\n')
    assert block(memo, "One thing").span.of(memo.text) == "One thing\nAnother"


def test_underlined_and_hashed_lines_are_headings_with_a_rank(reading):
    memo = reading(
        f"Report\n======\n\n{PROSE}\n\nPart one\n--------\n\n{PROSE} a.\n\n### Detail\n\n{PROSE} b.\n"
    )
    assert memo.title == "Report"
    assert memo.blocks[-1].section == ("Part one", "Detail")
    assert "===" not in memo.text


def test_capitals_rank_above_small_letters_and_numbers_by_depth(reading):
    capitals = reading(
        f"My report\n\nBACKGROUND\n\n{PROSE}\n\nEarly years\n\n{PROSE} a.\n\nNEXT STEPS\n\n{PROSE} b."
    )
    assert [b.section for b in capitals.blocks if b.kind is BlockKind.PARAGRAPH] == [
        ("BACKGROUND",),
        ("BACKGROUND", "Early years"),
        ("NEXT STEPS",),
    ]
    numbers = reading(f"My report\n\n1. Scope\n\n{PROSE}\n\n1.1 Ships\n\n{PROSE} a.\n\n2. Cost\n\n{PROSE} b.")
    assert [b.section for b in numbers.blocks if b.kind is BlockKind.PARAGRAPH] == [
        ("1. Scope",),
        ("1. Scope", "1.1 Ships"),
        ("2. Cost",),
    ]


def test_notes_without_full_stops_are_not_all_headings(reading):
    notes = [
        "Sales rose four percent",
        "Marketing was flat",
        "Hiring is frozen",
        "Rent goes up in May",
        "Ann leads",
    ]
    memo = reading("\n\n".join(["Weekly notes", *notes]))
    assert blocks(memo, BlockKind.PARAGRAPH) == notes


def test_a_lead_in_above_a_list_is_no_heading(reading):
    memo = reading(f"My report\n\n{PROSE}\n\nThe countries are:\n- Japan\n- Korea\n")
    assert block(memo, "The countries are").kind is BlockKind.PARAGRAPH


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("see [the paper](https://example.org/a_(b)) now", "see the paper now"),
        ("call list[i](now) again", "call list[i](now) again"),
        ("**Cost:** it *really* rose", "Cost: it really rose"),
        ("5 * 3 * 2 and a*b*c", "5 * 3 * 2 and a*b*c"),
        (
            "the _Foreign Affairs_ essay on __init__ and snake_case_names",
            "the Foreign Affairs essay on __init__ and snake_case_names",
        ),
        ("one<br>two <b>three</b> &amp; four&nbsp;five", "one\ntwo three & four five"),
        ("if a <b and c> d then x < y", "if a <b and c> d then x < y"),
        ("mail <ann@example.org> soon", "mail <ann@example.org> soon"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("wide\u2003space\u00a0and\u3000more", "wide space and more"),
        ("‘curly’ “quotes” stay — 'straight' too…", "‘curly’ “quotes” stay — 'straight' too…"),
        ("family 👨‍👩‍👧 and می‌خواهم stay, a\u200db goes", "family 👨‍👩‍👧 and می‌خواهم stay, ab goes"),
        ("\u202eevil\u202c order", "evil order"),
    ],
)
def test_leftovers_are_tidied_and_nothing_else(reading, written, read):
    assert reading(f"{PROSE}\n\n{written} indeed.\n").text.split("\n\n", 1)[1] == f"{read} indeed."


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_all_line_ends_are_the_same(reading, newline):
    memo = reading(f"Title\n\n{PROSE}\n\n{PROSE}".replace("\n", newline))
    assert blocks(memo) == ["Title", PROSE, PROSE]


def test_only_doubled_captions_that_touch_are_dropped(reading):
    memo = reading(f"My report\n\nPhoto: Ann\n\nPhoto: Ann\n\n{PROSE}\n\n{PROSE}\n\nPhoto: Ann\n")
    assert blocks(memo)[1:] == ["Photo: Ann", PROSE, PROSE, "Photo: Ann"]


def test_a_file_that_is_html_in_truth_is_read_as_html(reading):
    memo = reading(
        "<!DOCTYPE html><html><body><h1>Plan</h1><p>Some text.</p><script>x</script></body></html>"
    )
    assert (memo.title, blocks(memo)) == ("Plan", ["Plan", "Some text."])


def test_rules_of_dashes_are_no_words(reading):
    memo = reading(f"{PROSE}\n\n-----\n\n* * *\n\n{PROSE}")
    assert blocks(memo) == [PROSE, PROSE]
    assert_sound(memo)
