"""Is text cut between words, visibly, and never through a visible character?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import limits
from bot.rendering.graphemes import is_joined, safe_cut
from tests.bot.rendering.answers import texts


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("one two three", 7, "one…"),
        ("onetwothree", 6, "onetw…"),
        ("a onetwothree", 8, "a…"),
        ("a " + "x" * 99, 50, "a " + "x" * 47 + "…"),
        ("", 5, ""),
    ],
)
def test_a_text_is_cut_between_words_and_says_so(text, limit, cut):
    assert limits.shortened(text, limit) == cut


@pytest.mark.parametrize(
    "whole",
    [
        "e\u0301",
        "👩\u200d👩\u200d👧",
        "🇩🇪",
        "👍🏽",
        "❤\ufe0f",
        "각",
        "กำ",
        "क्ष",
        "\r\n",
        "🏴\U000e0067\U000e007f",
    ],
)
def test_a_visible_character_stays_whole(whole):
    text = f"x{whole}y"
    cuts = {safe_cut(text, at) for at in range(len(text) + 1)}
    assert cuts == {0, 1, 1 + len(whole), len(text)}


def test_neighbouring_flags_are_cut_between_flags():
    assert [at for at in range(1, 6) if not is_joined("🇩🇪🇫🇷🇮🇹", at)] == [2, 4]


@given(texts(), st.integers(1, 60))
def test_what_is_shortened_fits_and_begins_like_the_text(text, limit):
    short = limits.shortened(text, limit)
    assert len(short) <= limit
    assert text.startswith(short.removesuffix("…").rstrip())
    if short != text:
        kept = len(short) - 1
        assert short.endswith("…")
        assert kept == 0 or not is_joined(text, kept)


@given(texts(), st.integers(1, 200))
def test_what_is_shortened_fits_as_the_surface_measures_it(text, limit):
    assert limits.utf16(limits.shortened(text, limit, limits.utf16)) <= limit


@given(texts())
def test_utf16_is_counted_as_javascript_counts(text):
    assert limits.utf16(text) * 2 == len(text.encode("utf-16-le", "surrogatepass"))


def test_json_is_measured_as_text():
    assert limits.json_size({"a": "é😀\n"}) == len('{"a": "é') + 2 + len('\\n"}')
    assert json.loads('{"a": "é😀\\n"}') == {"a": "é😀\n"}


@given(st.lists(st.integers(0, 50), max_size=20), st.integers(0, 200))
def test_whole_things_are_chosen_in_order_while_they_fit(sizes, room):
    chosen = limits.fitting(sizes, room)
    assert chosen == sorted(set(chosen))
    assert sum(sizes[i] for i in chosen) <= room
    for left_out in set(range(len(sizes))) - set(chosen):
        assert sum(sizes[i] for i in chosen if i < left_out) + sizes[left_out] > room
