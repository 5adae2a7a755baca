"""Which words of a changed passage differ, and which stretch of it shows that?"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.digests.rows import differing
from retrieval import Excerpt, Memo, Passage, Span, quoted

_WORD = re.compile(r"\S+")


class Place(NamedTuple):
    """A passage, and the memo that it stands in."""

    memo: Memo
    passage: Passage


class Shown(NamedTuple):
    """A passage before and after, quoted where it changed; `gone` and `come` are places in the quotes."""

    before: Excerpt | None
    after: Excerpt | None
    gone: tuple[Span, ...]
    come: tuple[Span, ...]


class _Difference(NamedTuple):
    """Where two passages differ first, and the words of each that the other has not, as places in the memos."""

    at: tuple[Span | None, Span | None] = (None, None)
    gone: tuple[Span, ...] = ()
    come: tuple[Span, ...] = ()


def shown(before: Place | None, after: Place | None, max_chars: int) -> Shown:
    """Quote both where the first words differ; the words that differ are marked within what is quoted."""
    found = _difference(before, after) if before and after else _Difference()
    one = _quoted(before, found.at[0], max_chars)
    other = _quoted(after, found.at[1], max_chars)
    return Shown(one, other, _within(one, found.gone), _within(other, found.come))


def _difference(before: Place, after: Place) -> _Difference:
    one, other = _words(before), _words(after)
    runs = list(
        differing([span.of(before.memo.text) for span in one], [span.of(after.memo.text) for span in other])
    )
    if not runs or not one or not other:
        return _Difference()
    first = runs[0]
    gone = [place for run in runs for place in run[0]]
    come = [place for run in runs for place in run[1]]
    return _Difference(
        at=(one[min(first[0].start, len(one) - 1)], other[min(first[1].start, len(other) - 1)]),
        gone=tuple(_joined(one, gone)),
        come=tuple(_joined(other, come)),
    )


def _words(place: Place) -> list[Span]:
    span = place.passage.span
    return [Span(*word.span()) for word in _WORD.finditer(place.memo.text, span.start, span.end)]


def _joined(words: Sequence[Span], places: Sequence[int]) -> Iterator[Span]:
    start: int | None = None
    for number, place in enumerate(places):
        start = words[place].start if start is None else start
        if number + 1 == len(places) or places[number + 1] != place + 1:
            yield Span(start, words[place].end)
            start = None


def _quoted(place: Place | None, at: Span | None, max_chars: int) -> Excerpt | None:
    return quoted(place.memo, place.passage, at, max_chars) if place else None


def _within(excerpt: Excerpt | None, differing: Sequence[Span]) -> tuple[Span, ...]:
    """The places that lie in the quote, counted from its beginning."""
    if excerpt is None:
        return ()
    start, end = excerpt.span
    return tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start)
        for span in differing
        if span.start < end and span.end > start
    )
