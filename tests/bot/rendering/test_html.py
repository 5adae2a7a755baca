"""Is a memo in the reading room complete, safe, and marked where it is quoted?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import html
from bot.rendering.tables import Cell, cells
from retrieval import Block, BlockKind, Memo, Span, split
from tests.bot.rendering import reading
from tests.bot.rendering.answers import texts

KINDS = st.sampled_from(list(BlockKind))


def memo_of(*pieces: tuple[str, dict], between: str = "\n\n") -> Memo:
    """A memo of blocks with these texts."""
    blocks, text = [], ""
    for words, known in pieces:
        text += between if text else ""
        blocks.append(Block(span=Span(len(text), len(text) + len(words)), **known))
        text += words
    return Memo(id="m", title="t", text=text, blocks=tuple(blocks))


def kind(name: str, **known) -> dict:
    return {"kind": BlockKind(name), **known}


SHAPES = memo_of(
    ("Alliances", kind("title")),
    ("By A. & B.", kind("furniture")),
    ("Key Takeaways", kind("heading", section=("Key Takeaways",))),
    ("One <b>bold</b> paragraph.", kind("paragraph")),
    ("Trump", kind("heading", section=("Key Takeaways", "Trump"))),
    ("first", kind("list_item")),
    ("second\nline", kind("list_item")),
    ("Views", kind("furniture", column="Views")),
    ("Trump", kind("furniture", column="Trump")),
    ("Biden", kind("furniture", column="Biden")),
    ("Motivations", kind("furniture", row="Motivations", column="Views")),
    ("cut costs", kind("cell", row="Motivations", column="Trump")),
    ("deepen ties", kind("cell", row="Motivations", column="Biden")),
    ("Means", kind("furniture", row="Means", column="Views")),
    ("summits", kind("cell", row="Means", column="Biden")),
    ("Illustration", kind("caption")),
)


def test_each_kind_of_block_has_its_element(snapshot):
    place = SHAPES.text.index("deepen")
    snapshot(html.memo_body(SHAPES, Span(place, place + len("deepen ties"))).split("\n"))


def test_an_item_that_brings_its_number_gets_no_bullet():
    items = ["1. Who pays?", "(a) Nobody.", "iv) Four.", "All. Of them.", "2026 is next.", "Mr. Abe."]
    body = html.memo_body(memo_of(*((item, kind("list_item")) for item in items)), None)
    assert re.findall(r' class="marked"[^>]*>([^<]*)<', body) == items[:3]


def test_a_seed_memo_is_complete_and_marked(seed_memos):
    memo = next(memo for memo in seed_memos if "Squad" in memo.text)
    quote = 'A newer "mini-lateral" is the "Squad" with Australia, Japan, and the Philippines.'
    start = memo.text.index(quote)
    body = html.memo_body(memo, Span(start, start + len(quote)))
    assert reading.html_text(body) == memo.text
    assert reading.html_marked(body) == [quote]


@st.composite
def memos(draw) -> Memo:
    """Blocks of any kind and any text, with any white space or stray words around them."""
    names = st.none() | st.sampled_from(["A", "B", "C<"])
    text, blocks = draw(texts(2)), []
    for _ in range(draw(st.integers(0, 8))):
        words = draw(texts(4))
        span = Span(len(text), len(text) + len(words))
        section = tuple(draw(st.lists(texts(2), max_size=2)))
        blocks.append(
            Block(span=span, kind=draw(KINDS), row=draw(names), column=draw(names), section=section)
        )
        text += words + draw(st.sampled_from(["\n\n", "\n", " ", "", "\t", " stray ", "\u00a0", "\r\n"]))
    return Memo(id="m", title="t", text=text, blocks=tuple(blocks))


@given(memos(), st.data())
def test_every_word_stands_once_and_the_quote_is_marked(memo, data):
    start = data.draw(st.integers(0, len(memo.text)))
    quoted = Span(start, data.draw(st.integers(start, len(memo.text))))
    body = html.memo_body(memo, quoted)
    assert reading.html_text(body) == reading.kept_by_html(memo.text)
    marked = reading.html_marked(body)
    assert "".join("".join(marked).split()) == "".join(reading.kept_by_html(quoted.of(memo.text)).split())
    page = reading.html_page(body)
    assert len(page.css("#quote")) == bool(marked)
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))


@given(memos())
def test_only_our_own_elements_stand_on_the_page(memo):
    page = reading.html_page(html.memo_body(memo, Span(0, len(memo.text))))
    ours = {
        "html",
        "head",
        "body",
        "article",
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "li",
        "div",
        "table",
        "tbody",
        "tr",
        "th",
        "td",
        "mark",
        "br",
        "span",
    }
    for node in page.css("*"):
        assert node.tag in ours
        assert set(node.attributes) <= {"id", "class", "dir", "scope"}


@given(memos())
def test_each_passage_with_words_can_be_linked_to(memo):
    page = reading.html_page(html.memo_body(memo, None))
    for passage in split(memo):
        if passage.span.of(memo.text).strip():
            assert page.css_first(f"#p{passage.ordinal}") is not None


def test_a_quote_over_two_blocks_is_marked_in_both():
    body = html.memo_body(SHAPES, Span(SHAPES.text.index("first"), SHAPES.text.index("line")))
    assert reading.html_marked(body) == ["first", "second\n"]
    assert body.count('id="quote"') == 1


def test_a_quote_opens_at_its_passage():
    page = reading.html_page(html.memo_body(SHAPES, None))
    assert page.css_first("#p4").text() == "One <b>bold</b> paragraph."
    assert page.css_first("#p13").text() == "deepen ties"


def test_without_blocks_a_memo_is_paragraphs():
    body = html.memo_body(Memo(id="m", title="t", text=" one\n\n<two>\n"), None)
    assert body == ' <p id="p1" dir="auto">one</p>\n\n<p id="p2" dir="auto">&lt;two&gt;</p>\n'


def test_an_empty_memo_is_empty():
    assert html.memo_body(Memo(id="m", title="t", text=""), Span(0, 0)) == ""


@pytest.mark.parametrize(
    ("labels", "places"),
    [
        ([(None, None), (None, None)], [(0, 0), (1, 0)]),
        ([("r", None), ("r", None), ("s", None)], [(0, 0), (0, 1), (1, 0)]),
        ([(None, "A"), (None, "B"), (None, "A"), (None, "B")], [(0, 0), (0, 1), (1, 0), (1, 1)]),
        ([(None, "A"), (None, "B"), ("r", None), ("r", "B")], [(0, 1), (0, 2), (1, 0), (1, 2)]),
        ([(None, "A | B"), ("r", "A | B"), ("s", "B")], [(0, 0), (1, 0), (2, 0)]),
    ],
)
def test_cells_are_placed_by_their_labels(labels, places):
    blocks = [Block(span=Span(0, 1), kind=BlockKind.CELL, row=row, column=column) for row, column in labels]
    assert cells(blocks) == [Cell(row, column, "") for row, column in places]
