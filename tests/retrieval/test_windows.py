"""Which stretches could be quoted: are they whole, long enough, and cut only between words?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.models import Span
from retrieval.windows import cuts, windows

word = st.text(st.characters(blacklist_categories=("Zs", "Zl", "Zp", "Cc")), min_size=1, max_size=12)
lines = (
    st.lists(st.one_of(word, st.just("x" * 90)), min_size=1, max_size=60)
    .map(" ".join)
    .map(str.strip)
    .filter(bool)
)


@given(lines, st.integers(20, 80))
def test_cuts_cover_the_sentence_and_stay_inside_the_limit(text, limit):
    found = cuts(text, Span(0, len(text)), limit)
    covered = {at for window in found for at in range(*window.span)}
    assert all(text[at].isspace() for at in set(range(len(text))) - covered)
    assert all(0 < window.span.end - window.span.start <= limit for window in found)
    assert [window.span.start for window in found] == sorted({window.span.start for window in found})
    assert all(window.cut == (window.span.start > 0, window.span.end < len(text)) for window in found)


@given(lines, st.integers(20, 80))
def test_only_a_word_longer_than_the_limit_is_cut_inside(text, limit):
    longest = max(len(each) for each in text.split())
    if longest >= limit:
        return
    for window in cuts(text, Span(0, len(text)), limit):
        assert window.span.start == 0 or text[window.span.start - 1].isspace()
        assert window.span.end == len(text) or text[window.span.end].isspace()


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (100, ["One. Two two. Three three three."]),
        (20, ["One. Two two.", "Three three three."]),
        (13, ["One. Two two.", "Three three", "three three."]),
    ],
)
def test_runs_of_whole_sentences_are_as_long_as_they_can_be(limit, expected):
    text = "One. Two two. Three three three."
    sentences = [Span(0, 4), Span(5, 13), Span(14, 32)]
    assert [window.span.of(text) for window in windows(text, sentences, limit)] == expected


def test_a_run_inside_another_is_not_offered():
    text = "Aa. Bb. Cc. Dd."
    sentences = [Span(0, 3), Span(4, 7), Span(8, 11), Span(12, 15)]
    assert [(w.first, w.last) for w in windows(text, sentences, 11)] == [(0, 3), (1, 4)]
