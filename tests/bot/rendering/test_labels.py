"""Is a name from a memo harmless in one of our lines?"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.labels import label, one_line
from tests.bot.rendering.answers import texts


@given(texts(), st.integers(1, 80))
def test_a_label_is_one_line_of_seen_characters(text, limit):
    made = label(text, limit)
    assert len(made) <= limit + 2
    assert "\n" not in made
    assert not {unicodedata.category(c) for c in made} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(made) & set(map(chr, (*range(0x202A, 0x202F), 0x2066, 0x2067, 0x200B, 0xFEFF)))
    assert made.count("\u2068") == made.count("\u2069") <= 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Two\n lines\there ", "Two lines here"),
        ("a\x1b[31mb", "a [31mb"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("שלום", "\u2068שלום\u2069"),
        ("👩\u200d👧 می\u200cخواهم", "\u2068👩\u200d👧 می\u200cخواهم\u2069"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_steering_characters_go_and_spelling_ones_stay(given, shown):
    assert label(given, 80) == shown


@given(texts())
def test_one_line_is_settled_at_once(text):
    assert one_line(one_line(text)) == one_line(text)
