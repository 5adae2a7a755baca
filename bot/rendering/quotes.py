"""Which stretches of a quote are words that the question asks for?"""

from collections.abc import Iterable
from typing import NamedTuple

from retrieval import Excerpt, Span


class Stretch(NamedTuple):
    """A part of a quote, `quote[start:end]`, and whether it matched."""

    start: int
    end: int
    matched: bool


def stretches(excerpt: Excerpt) -> list[Stretch]:
    """The quote of `excerpt` from end to end, matched and other parts in turn, none of them empty.

    Highlights may lie anywhere and overlap: what is outside the quote is left out, what touches is one.
    """
    parts, at = [], 0
    for start, end in _within(excerpt):
        if at < start:
            parts.append(Stretch(at, start, matched=False))
        parts.append(Stretch(start, end, matched=True))
        at = end
    if at < len(excerpt.quote):
        parts.append(Stretch(at, len(excerpt.quote), matched=False))
    return parts


def _within(excerpt: Excerpt) -> list[Span]:
    first, length = excerpt.span.start, len(excerpt.quote)
    moved = (Span(max(0, a - first), min(length, b - first)) for a, b in excerpt.highlights)
    return _merged(sorted(span for span in moved if span.start < span.end))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
