"""How is HTML read?"""

from datetime import date

import pytest

from retrieval import BlockKind, UnreadableMemo
from tests.retrieval.ingest.conftest import assert_sound, block, blocks

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The plan | Example Site</title>
<meta name="author" content="Ann Lee"><meta property="article:published_time" content="2024-02-03T10:00:00Z">
<link rel="canonical" href="https://example.org/plan"><style>p{}</style></head><body>
<nav>Home</nav><header>Site name</header><main><h1>The plan</h1><noscript>no</noscript><template>no</template>
<p>First&nbsp;paragraph <b>of</b> the
page<br>and a line.</p><p hidden>unseen</p><p style="display: none">unseen</p><script>unseen()</script>
<ul><li>One <p>more of one</p></li><li>Two<ul><li>nested</li></ul></li></ul>
<h2>Data</h2><table><caption>Sales by quarter</caption>
<thead><tr><th></th><th colspan="2">2024</th></tr><tr><th>Region</th><th>Q1</th><th>Q2</th></tr></thead>
<tr><td rowspan="2">Asia</td><td>1.5</td><td>2.5</td></tr><tr><td>3.5</td><td>4.5<br>est.</td></tr></table>
<figure><img src="cat.png" alt="A cat"><figcaption>A cat</figcaption></figure>
<h3>Deeper</h3><pre>kept   as
text</pre><blockquote>Quoted.</blockquote><aside>Advert</aside><form><input value="x"><button>Send</button></form></main>
<footer>Imprint</footer></body></html>"""


@pytest.fixture
def memo(reading):
    return reading(PAGE, "plan.html")


def test_blocks_are_sound(memo):
    assert_sound(memo)


def test_the_page_says_its_details(memo):
    assert (memo.title, memo.author, memo.published) == ("The plan", "Ann Lee", date(2024, 2, 3))
    assert (memo.url, memo.language) == ("https://example.org/plan", "en")
    assert memo.read_from == {}


@pytest.mark.parametrize(
    "furniture", ["Home", "Site name", "unseen", "no", "Advert", "Send", "Imprint", "p{}"]
)
def test_furniture_and_hidden_parts_are_dropped(memo, furniture):
    assert furniture not in memo.text.split()


def test_text_is_tidied(memo):
    assert "First paragraph of the page\nand a line." in blocks(memo)
    assert blocks(memo, BlockKind.LIST_ITEM) == ["One", "more of one", "Two", "nested"]
    assert "kept as\ntext" in blocks(memo)


def test_headings_make_the_path(memo):
    assert block(memo, "kept as").section == ("Data", "Deeper")
    assert block(memo, "One").section == ()


def test_cells_know_row_and_column_over_spans(memo):
    assert [(b.span.of(memo.text), b.row, b.column) for b in memo.blocks if b.kind is BlockKind.CELL] == [
        ("1.5", "Asia", "2024 Q1"),
        ("2.5", "Asia", "2024 Q2"),
        ("3.5", "Asia", "2024 Q1"),
        ("4.5\nest.", "Asia", "2024 Q2"),
    ]


def test_captions_are_kept_and_doubles_dropped(memo):
    assert blocks(memo, BlockKind.CAPTION) == ["Sales by quarter", "A cat"]


def test_a_table_for_layout_is_read_as_text(reading):
    memo = reading(
        "<table><tr><td><h1>Plan</h1><p>Left text.</p></td><td>Right text.</td></tr></table>", "l.html"
    )
    assert blocks(memo) == ["Plan", "Left text.", "Right text."]


def test_a_page_that_is_one_form_is_read(reading):
    memo = reading("<body><form><h1>Plan</h1><p>Some text.</p><input></form></body>", "f.htm")
    assert blocks(memo) == ["Plan", "Some text."]


def test_a_header_that_holds_the_title_is_kept(reading):
    memo = reading("<body><header><h1>Plan</h1><p>By Ann Lee</p></header><p>Some text.</p></body>", "h.html")
    assert (memo.title, memo.author) == ("Plan", "Ann Lee")


def test_a_torn_paragraph_is_joined(reading):
    memo = reading(
        "<p>The meeting decided after a long debate to hand the matter</p><p>over to them.</p>", "t.html"
    )
    assert memo.text == "The meeting decided after a long debate to hand the matter over to them."


def test_a_page_nested_deeper_than_any_is_refused_at_once(reading):
    with pytest.raises(UnreadableMemo, match="nested too deep"):
        reading("<div>" * 200_000 + "x", "deep.html")


def test_a_long_legacy_page_without_end_tags_is_not_deep(reading):
    assert len(reading("<p>Some text" * 5000 + "<ul>" + "<li>item" * 5000, "flat.html").blocks) == 10_000
