"""Does every surface show every quote exactly, cite it, and stay within its limits, whatever a memo holds?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Reply
from bot.rendering import citations, discord, html, limits, remarks, slack, terminal, wording
from retrieval import Memo, Span
from tests.bot.rendering import reading
from tests.bot.rendering.answers import answers, link, no_link, nothing, reply, seed_answers, texts


@dataclass(frozen=True)
class Surface:
    """What a surface shows of a reply, and how that is read: the quotes, and everything."""

    show: Callable[[Reply], Any]
    quotes: Callable[[Any], list[str]]
    words: Callable[[Any], str]
    width: int = 0


def in_terminal(colour: bool, width: int) -> Callable[[Reply], str]:
    return lambda said: terminal.answer(said.answer, colour=colour, width=width)


SURFACES = {
    "slack": Surface(lambda said: slack.message(said, link), reading.slack_quotes, reading.slack_words),
    "slack, no links": Surface(
        lambda said: slack.message(said, no_link), reading.slack_quotes, reading.slack_words
    ),
    "discord": Surface(
        lambda said: discord.message(said, link), reading.discord_quotes, reading.discord_words
    ),
    "discord, no links": Surface(
        lambda said: discord.message(said, no_link), reading.discord_quotes, reading.discord_words
    ),
    "terminal": Surface(in_terminal(False, 80), reading.terminal_quotes, reading.unstyled),
    "terminal, colour": Surface(in_terminal(True, 80), reading.terminal_quotes, reading.unstyled),
    "terminal, narrow": Surface(in_terminal(True, 24), reading.terminal_quotes, reading.unstyled),
}
ALL = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)


@pytest.fixture
def replies(seed_memos: list[Memo]) -> dict[str, Reply]:
    return seed_answers(seed_memos)


@ALL
@pytest.mark.parametrize("kind", ["found_one", "found_three", "cut_quote", "table_quote", "superseded"])
def test_quotes_are_shown_and_cited(surface, kind, replies):
    shown = surface.show(replies[kind])
    excerpts = replies[kind].answer.excerpts
    assert surface.quotes(shown) == [excerpt.quote for excerpt in excerpts]
    words = " ".join(surface.words(shown).split())
    for excerpt in excerpts:
        for part in [citations.title(excerpt.citation), *citations.details(excerpt.citation)]:
            assert part in words


@ALL
def test_a_quote_from_a_superseded_memo_says_so_and_where_to_read_instead(surface, replies):
    words = " ".join(surface.words(surface.show(replies["superseded"])).split())
    [shown] = replies["superseded"].answer.excerpts
    assert wording.SUPERSEDED_BY in words
    for each in shown.superseded_by:
        assert citations.title_and_day(each.citation) in words
    assert "superseded" in citations.who_and_when(shown.citation)
    assert wording.as_of(replies["superseded"].answer.as_of) in words
    assert wording.SUPERSEDED_BY not in surface.words(surface.show(replies["found_one"]))


@ALL
def test_where_a_sentence_is_cut_is_said_outside_the_quote(surface, replies):
    shown = surface.show(replies["cut_quote"])
    assert wording.CUT_BEFORE in surface.words(shown)
    assert wording.CUT_AFTER in surface.words(shown)
    assert "…" not in "".join(surface.quotes(shown))
    assert "…" not in surface.words(surface.show(replies["found_one"]))


@ALL
def test_nothing_found_says_so_and_why(surface, replies):
    shown = surface.show(replies["nothing"])
    assert surface.quotes(shown) == []
    words = " ".join(surface.words(shown).split())
    for sentence in remarks.nothing(replies["nothing"].answer):
        assert sentence in words


@ALL
@settings(max_examples=60)
@given(answer=answers())
def test_quotes_are_exact_or_said_to_be_left_out(surface, answer):
    shown = surface.show(reply(answer))
    quoted, asked = surface.quotes(shown), [excerpt.quote for excerpt in answer.excerpts]
    remaining = iter(asked)
    assert all(any(quote == each for each in remaining) for quote in quoted), "exact, in order"
    left_out = len(asked) - len(quoted)
    if left_out:
        say = wording.did_not_fit if quoted else wording.too_long_to_quote
        assert say(left_out) in surface.words(shown)


@ALL
@given(question=texts(), words=st.lists(texts(3), max_size=12).map(tuple))
def test_the_same_answer_looks_the_same(surface, question, words):
    said = reply(nothing(question, missing=words, closest=words[:2], notes=words[2:]))
    assert surface.show(said) == surface.show(said)


@given(text=texts(), data=st.data())
def test_the_reading_room_shows_the_memo_and_marks_the_quote(text, data):
    memo = Memo(id="m", title="t", text=text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    body = html.memo_body(memo, Span(start, end))
    assert reading.html_text(body) == reading.kept_by_html(text)
    assert limits.utf16(body) >= limits.utf16(text)
