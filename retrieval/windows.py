"""Which stretches of a passage could be quoted?

Runs of whole sentences that fit the limit, each as long as it can be; a single longer sentence is offered in cut
stretches of words. `first` and `last` number the sentences of the passage that a window touches (half-open).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Span
from retrieval.rows import Ids, Places

CUTS_APART = 4  # the next cut of a long sentence begins so many parts of the limit further on


class Window(NamedTuple):
    """A stretch that could be quoted, the sentences it touches (half-open), and whether its sentence is cut."""

    span: Span
    first: int
    last: int
    cut: tuple[bool, bool] = (False, False)


class Windows(NamedTuple):
    """n windows: their `spans` (n, 2) in characters, and the sentences that each touches, half-open, (n,) each."""

    spans: Places
    first: Places
    last: Places


def windows(text: str, sentences: Sequence[Span], max_chars: int) -> list[Window]:
    """Every longest run of whole sentences of at most `max_chars` characters, and cuts of longer sentences."""
    known = np.array(sentences, np.int64).reshape(-1, 2)
    found = windows_of([text], known, np.array([0, len(known)]), max_chars)
    rows = zip(*(values.tolist() for values in found), strict=True)
    return [
        window_in(Span(*span), first, last, Span(sentences[first].start, sentences[last - 1].end))
        for span, first, last in rows
    ]


def window_in(span: Span, first: int, last: int, whole: Span) -> Window:
    """The window `span` of sentences that are `whole`."""
    return Window(span, first, last, (span.start > whole.start, span.end < whole.end))


def windows_of(
    texts: Sequence[str],
    sentences: Ids | Places,
    begins: Places,
    max_chars: int,
    closed: NDArray[np.bool_] | None = None,
) -> Windows:
    """The same for c passages at once, in their order.

    `texts` are their memos', `sentences` (s, 2) all their sentences, of which each's begin at `begins` (c + 1,). Those
    that are `closed` (s,) stand in no window.
    """
    starts, ends = sentences.T.astype(np.int64)
    passages = np.repeat(np.arange(len(texts)), np.diff(begins))
    if closed is None:
        closed = np.zeros(len(starts), np.bool_)
    # no run reaches over a closed sentence, nor into the next passage
    pieces = passages + np.cumsum(closed) + np.cumsum(np.append(False, closed)[:-1])
    apart = pieces * (ends.max(initial=0) + max_chars + 1)
    last = (ends + apart).searchsorted(starts + apart + max_chars, side="right")
    is_long = ends - starts > max_chars
    is_open = ~closed
    # a run inside the one before it would show less of the same
    runs = np.flatnonzero((np.diff(last, prepend=0) > 0) & ~is_long & is_open)
    spans, first, last = np.column_stack([starts[runs], ends[last[runs] - 1]]), runs, last[runs]
    parts = [
        (*span, number)
        for number in np.flatnonzero(is_long & is_open).tolist()
        for span in cuts(texts[passages[number]], Span(*sentences[number].tolist()), max_chars)
    ]
    if parts:
        cut = np.array(parts)
        spans, first = np.concatenate([spans, cut[:, :2]]), np.concatenate([first, cut[:, 2]])
        last = np.concatenate([last, cut[:, 2] + 1])
        order = np.argsort(first, kind="stable")
        spans, first, last = spans[order], first[order], last[order]
    return Windows(spans, first, last)


def cuts(text: str, sentence: Span, max_chars: int) -> list[Span]:
    """Overlapping stretches of whole words of one long sentence, each of at most `max_chars` characters."""
    found: list[Span] = []
    start = sentence.start
    while True:
        end = _last_break(text, start, sentence.end, max_chars)
        found.append(Span(start, end))
        if end >= sentence.end:
            return found
        start = _next_word(text, min(start + max_chars // CUTS_APART, end), end)


def _last_break(text: str, start: int, stop: int, max_chars: int) -> int:
    """Where the last word ends that fits; a word longer than the limit is the one thing cut inside."""
    if stop - start <= max_chars:
        return stop
    space = text.rfind(" ", start, start + max_chars + 1)
    end = start + len(text[start:space].rstrip()) if space > start else start
    return end if end > start else start + max_chars


def _next_word(text: str, wanted: int, end: int) -> int:
    """Where the first word begins after `wanted`; the cut itself where there is none before it."""
    space = text.find(" ", wanted, end)
    begin = space if space >= 0 else end
    return _after(text, begin)


def _after(text: str, at: int) -> int:
    """The first place from `at` on that is no space."""
    while text[at].isspace():
        at += 1
    return at
