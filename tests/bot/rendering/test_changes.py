"""Is what became of a quoted passage told rightly, and in bounded time, whatever the versions hold?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.changes import MOST_CHARACTERS, MOST_WORDS, Fate, change, in_short
from retrieval import Block, BlockKind, Memo, Span

THE_START = Span(0, 3)


def memo_of(text, **known):
    return Memo(id="m", title="T", text=text, **known)


def changed(old, new, quoted=THE_START):
    return change(memo_of(old), quoted, memo_of(new))


def marked(found):
    return " ".join(
        {"kept": "{}", "added": "+{}", "removed": "-{}"}[s.fate].format(s.words) for s in found.stretches
    )


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Two submarines sail.", "Three submarines sail.", "-Two +Three submarines sail."),
        (
            "We meet on Mondays.",
            "We meet on Mondays and Fridays.",
            "We meet on -Mondays. +Mondays and Fridays.",
        ),
        ("We often meet there.", "We meet there.", "We -often meet there."),
    ],
)
def test_words_that_came_and_went_are_told_apart(old, new, shown):
    assert marked(changed(old, new)) == shown


def test_the_likest_passage_of_the_newer_version_is_compared():
    new = "A preface.\n\nThree submarines are built.\n\nSubmarines in general."
    found = changed("Two submarines are built.", new)
    assert found.place.of(new) == "Three submarines are built."


def test_a_passage_that_moved_unchanged_is_the_same():
    new = "More.\n\nTwo\nsubmarines  sail."
    found = changed("Two submarines sail.", new)
    assert (found.fate, found.place.of(new), found.stretches) == (Fate.SAME, "Two\nsubmarines  sail.", ())


def test_a_passage_without_a_like_is_gone():
    assert changed("Two submarines sail.", "Nothing of the kind.").fate is Fate.GONE
    assert changed("Two submarines sail.", "").fate is Fate.GONE


def test_what_is_shown_of_a_long_passage_is_what_stands_beside_a_change():
    old = [f"w{n}" for n in range(200)]
    new = [*old[:100], "new", *old[101:]]
    found = changed(" ".join(old), " ".join(new))
    shown = [stretch.words for stretch in in_short(found.stretches)]
    assert shown == [" ".join(["…", *old[88:100]]), "w100", "new", " ".join([*old[101:113], "…"])]
    assert in_short(found.stretches[1:3]) == list(found.stretches[1:3])


def test_a_table_cell_is_compared_with_the_one_of_its_row_and_column():
    def table(*values):
        text, blocks = "", []
        for row, value in enumerate(values):
            blocks.append(
                Block(
                    span=Span(len(text), len(text) + len(value)),
                    kind=BlockKind.CELL,
                    row=f"r{row}",
                    column="c",
                )
            )
            text += f"{value}\n\n"
        return memo_of(text.rstrip(), blocks=tuple(blocks))

    found = change(table("100", "200"), Span(5, 8), table("900", "250"))
    assert marked(found) == "-200 +250"


def test_a_passage_that_is_too_long_is_compared_around_the_quote():
    words = [f"w{n}" for n in range(3 * MOST_WORDS)]
    old = " ".join(words)
    at = old.index("w50 ")
    found = changed(old, old.replace("w50 ", "x50 "), Span(at, at + 3))
    assert "-w50 +x50" in marked(found) or found.fate is Fate.UNKNOWN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * MOST_WORDS, "a b " * (MOST_WORDS // 2)),
        ("a b " * (MOST_WORDS // 2), "b a " * (MOST_WORDS // 2)),
        ("a " * 500_000, "a " * 600_000 + "b"),
        ("x\n\n" * 100_000, "y\n\n" * 300_000),
        ("x" * MOST_CHARACTERS, "y" * MOST_CHARACTERS),
        ("x", "y" * (MOST_CHARACTERS + 1)),
    ],
)
def test_hostile_sizes_are_compared_in_bounded_time_or_not(old, new):
    began = time.monotonic()
    changed(old, new)
    assert time.monotonic() - began < 30


@given(
    st.lists(st.sampled_from(["a", "b", "c d", "e\n\nf"]), max_size=12),
    st.lists(st.sampled_from(["a", "b", "x", "c d"]), max_size=12),
)
def test_what_is_shown_is_both_versions_and_nothing_else(old_words, new_words):
    old, new = " ".join(old_words), " ".join(new_words)
    found = changed(old, new, Span(0, 1))
    if found.fate is Fate.CHANGED:
        shown = found.stretches
        before = " ".join(s.words for s in shown if s.fate != "added").split()
        after = " ".join(s.words for s in shown if s.fate != "removed").split()
        assert after == found.place.of(new).split()
        assert " ".join(before) in " ".join(old.split())
