"""Which stretches could be quoted: are they whole, long enough, and cut only between words?"""

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.models import Span
from retrieval.windows import cuts, windows, windows_of

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
    covered = {at for span in found for at in range(*span)}
    assert all(text[at].isspace() for at in set(range(len(text))) - covered)
    assert all(0 < end - start <= limit for start, end in found)
    assert [span.start for span in found] == sorted({span.start for span in found})


@given(lines, st.integers(20, 80))
def test_a_window_says_where_its_sentence_is_cut(text, limit):
    found = windows(text, [Span(0, len(text))], limit)
    assert [window.span for window in found] == cuts(text, Span(0, len(text)), limit)
    assert all(window.cut == (window.span.start > 0, window.span.end < len(text)) for window in found)


@given(lines, st.integers(20, 80))
def test_only_a_word_longer_than_the_limit_is_cut_inside(text, limit):
    longest = max(len(each) for each in text.split())
    if longest >= limit:
        return
    for start, end in cuts(text, Span(0, len(text)), limit):
        assert start == 0 or text[start - 1].isspace()
        assert end == len(text) or text[end].isspace()


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


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=12), st.integers(20, 80))
def test_around_closed_sentences_the_others_have_the_windows_that_each_stretch_has_alone(written, limit):
    text = " ".join("x" * length for length, _ in written)
    ends = np.cumsum([length + 1 for length, _ in written]) - 1
    spans = [Span(int(end) - length, int(end)) for (length, _), end in zip(written, ends, strict=True)]
    closed = [is_closed for _, is_closed in written]
    found = windows_of([text], np.array(spans), np.array([0, len(spans)]), limit, np.array(closed))
    alone = []
    for is_closed, numbers in groupby(range(len(spans)), key=closed.__getitem__):
        stretch = list(numbers)
        if not is_closed:
            alone += [
                (window.span, stretch[0] + window.first, stretch[0] + window.last)
                for window in windows(text, [spans[number] for number in stretch], limit)
            ]
    assert list(zip(map(tuple, found.spans.tolist()), found.first, found.last, strict=True)) == alone


sentences_of_passages = st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=8), min_size=1, max_size=5)


@given(sentences_of_passages, st.integers(20, 80))
def test_passages_together_have_the_windows_that_each_has_alone(lengths, limit):
    texts, spans, begins = [], [], [0]
    for some in lengths:
        texts.append(" ".join("x" * length for length in some))
        starts = [sum(some[:n]) + n for n in range(len(some))]
        spans.append([Span(start, start + length) for start, length in zip(starts, some, strict=True)])
        begins.append(begins[-1] + len(some))
    together = windows_of(texts, np.concatenate(spans), np.array(begins), limit)
    alone = [
        (window.span, begin + window.first, begin + window.last)
        for text, some, begin in zip(texts, spans, begins, strict=False)
        for window in windows(text, some, limit)
    ]
    assert list(zip(map(tuple, together.spans.tolist()), together.first, together.last, strict=True)) == alone
    assert all(end - start <= limit for (start, end), _, _ in alone)
