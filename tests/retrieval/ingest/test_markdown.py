"""How is Markdown read?"""

from datetime import date

import pytest

from retrieval import BlockKind
from tests.retrieval.ingest.conftest import assert_sound, block, blocks

DOCUMENT = """\
# The plan

**To:** Jane Doe
**From:** John Roe <john@example.org>
**Date:** 3 October 2024

Intro with a [link](http://example.org), `code`, ~~struck~~ and *stressed* words.[^1] Caf&eacute; &amp; bar

## Background

A hard break here\x20\x20
and a second line that
the editor wrapped.

### Detail

1. First
2. Second
   - nested

   more of the second

![A chart of sales](chart.png)

| Name | Role |
|------|:----:|
| Ann | CEO |
| Bob | CFO<br>and COO |

> Quoted words.

<div>Html <b>block</b></div>

```python
print("kept   as text")
```

**A line all bold**

Under the bold line.

[^1]: The note itself.
"""


@pytest.fixture
def memo(reading):
    return reading(DOCUMENT, "plan.md")


def test_blocks_are_sound(memo):
    assert_sound(memo)


def test_the_only_first_heading_is_the_title_and_in_no_section(memo):
    assert memo.title == "The plan"
    assert block(memo, "Intro with").section == ()
    assert block(memo, "A hard break").section == ("Background",)
    assert block(memo, "1. First").section == ("Background", "Detail")


def test_a_memos_header_is_read_line_by_line(memo):
    assert (memo.author, memo.published) == ("John Roe", date(2024, 10, 3))
    assert block(memo, "To: Jane Doe").kind is BlockKind.FURNITURE


def test_inline_markup_goes_and_words_stay(memo):
    assert "Intro with a link, code, struck and stressed words. Café & bar" in memo.text
    assert "A hard break here\nand a second line that the editor wrapped." in blocks(memo)


def test_items_keep_their_numbers(memo):
    assert blocks(memo, BlockKind.LIST_ITEM) == ["1. First", "2. Second", "nested", "more of the second"]


def test_a_pictures_words_are_a_caption(memo):
    assert blocks(memo, BlockKind.CAPTION) == ["A chart of sales"]


def test_cells_know_row_and_column(memo):
    cell = block(memo, "CFO")
    assert (cell.span.of(memo.text), cell.row, cell.column) == ("CFO\nand COO", "Bob", "Role")


@pytest.mark.parametrize("kept", ["Quoted words.", "Html block", 'print("kept as text")', "The note itself."])
def test_everything_else_is_kept_as_text(memo, kept):
    assert kept in blocks(memo)


def test_a_line_all_bold_is_a_heading_below_the_last(memo):
    assert block(memo, "Under the bold").section == ("Background", "Detail", "A line all bold")


def test_several_first_headings_are_sections(reading):
    memo = reading("# One\n\nText one.\n\n# Two\n\nText two.\n", "two.md")
    assert block(memo, "Text two").section == ("Two",)


def test_a_torn_item_is_joined(reading):
    first = "- It could raise doubts about leaders like Kim Jong Un and Vladimir"
    memo = reading(
        f"# T\n\nSome finished sentence stands here, and it is long enough.\n\nAnother one that is as long stands here too, finished.\n\nA third of them, to be sure of the way that it is written.\n\n{first}\n\n\n\nPutin could too.\n",
        "torn.md",
    )
    assert f"{first[2:]} Putin could too." in blocks(memo, BlockKind.LIST_ITEM)


def test_more_brackets_than_anyone_sets_are_text(reading):
    memo = reading("word [" * 5000, "brackets.md")
    assert memo.text.count("[") == 5000
