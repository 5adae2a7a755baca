"""Is an answer in a terminal exact, within its width, and unable to steer the terminal?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import terminal
from retrieval import Explanation, Memo
from tests.bot.rendering import reading
from tests.bot.rendering.answers import answers, excerpt, found, seed_answers, texts

KINDS = ("found_one", "found_three", "cut_quote", "table_quote", "superseded", "nothing")


@pytest.mark.parametrize("kind", KINDS)
def test_answer(kind, seed_memos, snapshot):
    answer = seed_answers(seed_memos)[kind].answer
    snapshot(terminal.answer(answer, colour=False, width=88).split("\n"))


def test_answer_in_colour(seed_memos, snapshot):
    answer = seed_answers(seed_memos)["cut_quote"].answer
    snapshot(terminal.answer(answer, colour=True, width=60).split("\n"))


def test_answer_explained(seed_memos, snapshot):
    one = seed_answers(seed_memos)["found_one"].answer.excerpts[0]
    why = Explanation(
        value=11.25,
        what="term 'squad'",
        parts=(Explanation(value=5.0, what="idf: 1 of 41 passages"), Explanation(value=2.25, what="tf: 1x")),
    )
    answer = found("What is the Squad?", one.model_copy(update={"explanation": why}))
    snapshot(terminal.answer(answer, colour=False, width=88, explain=True).split("\n"))


@given(answers(), st.booleans(), st.integers(0, 120), st.booleans())
def test_nothing_steers_the_terminal(answer, colour, width, explain):
    output = terminal.answer(answer, colour=colour, width=width, explain=explain)
    left = re.sub(r"\x1b\[(?:0|1|2|36|1;4)m", "", output) if colour else output
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066\u2067\ud800-\udfff]", left
    )
    for line in output.split("\n"):
        assert line.count("\x1b[0m") * 2 == line.count("\x1b["), "a style ends on its line"


@given(answers(), st.integers(0, 120))
def test_lines_of_letters_keep_to_the_width(answer, width):
    output = terminal.answer(answer, colour=False, width=width)
    for line in output.split("\n"):
        if line.isascii() or (line[:2] in ("│ ", "┊ ") and line[2:].isascii()):
            assert len(line) <= max(width, 24)


def test_wide_characters_count_twice():
    memo = Memo(id="m", title="t", text="漢字" * 20)
    lines = terminal.answer(found("?", excerpt(memo, memo.text)), colour=False, width=24).split("\n")
    assert lines[0] == "│ " + "漢字" * 5
    assert lines[1] == "┊ " + "漢字" * 5


def test_a_broken_word_a_line_break_and_a_space_are_told_apart():
    memo = Memo(id="m", title="t", text="x" * 25 + "\nabcdefghij klmnopqrstu\nend")
    output = terminal.answer(found("?", excerpt(memo, memo.text)), colour=False, width=24)
    assert output.split("\n")[:5] == ["│ " + "x" * 21, "┊ xxxx↵", "│ abcdefghij", "│ klmnopqrstu↵", "│ end"]
    assert reading.terminal_quotes(output) == [memo.text]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x7f\x9b", "␡⟨U+009B⟩"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("␛ ↵", "⟨U+241B⟩ ⟨U+21B5⟩"),
        ("⟨U+202E⟩ ⟨x⟩", "⟨U+27E8⟩U+202E⟩ ⟨x⟩"),
        ("a\u00a0b 👩\u200d👧", "a\u00a0b 👩\u200d👧"),
    ],
)
def test_what_would_steer_is_shown(text, shown):
    assert terminal.shown(text) == shown


@given(texts(), texts())
def test_different_texts_are_shown_differently(one, other):
    assert (terminal.shown(one) == terminal.shown(other)) == (one == other)


def test_only_a_quote_stands_behind_a_bar():
    posing = "│ not a quote ┊ nor this " * 9
    memo = Memo(id="m", title=posing, text="A quote.", source=posing)
    answer = found("?", excerpt(memo, memo.text), notes=(posing,), missing=(posing,), matched=(posing,))
    output = terminal.answer(answer, colour=False, width=30, explain=True)
    assert reading.terminal_quotes(output) == ["A quote."]
