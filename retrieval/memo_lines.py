"""Which line of a memo says who wrote it, when, or what it is called?"""

from pathlib import PurePath
from typing import NamedTuple

import numpy as np

from retrieval.excerpts import highlights, superseded_by
from retrieval.index import Index
from retrieval.labels import written_of
from retrieval.models import BlockKind, Citation, Excerpt, Explanation, Memo, Passage, Span
from retrieval.query import Query
from retrieval.seeing import sentences_of
from retrieval.windows import Window, windows

_WITH_FRONT_MATTER = frozenset({".md", ".markdown", ".txt"})
_CALLED = {"author": "Author", "published": "Date", "title": "Title"}
_ABSENT = {"author": "names no author", "published": "has no date", "title": "has no title"}


class Line(NamedTuple):
    """What is known of a memo, and the line to quote for it: None in a memo without text.

    `stands` says whether the line is the one that it was read from.
    """

    memo: Memo
    what: str
    excerpt: Excerpt | None
    stands: bool

    def note(self, *, several: bool) -> str:
        """What must be told beside the quote: what stands in the file only, or nowhere; "" where the quote tells it."""
        value = written_of(self.memo, self.what)
        if not value:
            return f"“{self.memo.title}” {_ABSENT[self.what]}."
        if self.stands:
            return ""
        front = PurePath(self.memo.source).suffix.lower() in _WITH_FRONT_MATTER
        of = f" of “{self.memo.title}”" if several and self.what != "title" else ""
        return (
            f"{_CALLED[self.what]}{of}: {value} (from the file's {'front matter' if front else 'metadata'})."
        )


def told_by(index: Index, number: int, what: str, subject: Query | None, max_chars: int) -> Line:
    """The line that tells `what` ("author", "published", "title") of memo number `number`, which has a passage.

    Where it was not read from the text that is the line of its title, or else the first. Highlighted is what was read;
    or the words of `subject`, where there is one.
    """
    passages = _passages_of(index, number)
    memo = index.memos[passages[0].memo_id]
    if not written_of(memo, what):
        return Line(memo, what, None, stands=False)
    read = memo.read_from.get(what)
    holding = _holding(passages, read)
    if read is None or holding is None:
        place = memo.read_from.get("title")
        titles = (passage for passage in passages if passage.kind is BlockKind.TITLE)
        passage = _holding(passages, place) or next(titles, passages[0])
        place = (
            place if place and _holding(passages, place) else Span(passage.span.start, passage.span.start + 1)
        )
        stands = False
    else:
        passage, place, stands = holding, read, True
    window = _window(memo, passage, place, max_chars)
    marked = (
        highlights(index, subject, memo, window.span)
        if subject
        else _within(place, window.span)
        if stands
        else ()
    )
    said = f"not scored: the line that tells the memo's {'date' if what == 'published' else what}"
    quoted = Excerpt(
        quote=window.span.of(memo.text),
        span=window.span,
        cut=window.cut,
        highlights=marked,
        score=0.0,
        citation=Citation.of(memo, passage, window.span),
        explanation=Explanation(value=0.0, what=said if stands else "not scored: the memo's title line"),
        superseded_by=superseded_by(index, memo.id),
    )
    return Line(memo, what, quoted, stands=stands)


def _passages_of(index: Index, number: int) -> list[Passage]:
    first, last = np.searchsorted(index.memo_of_passage, [number, number + 1]).tolist()
    return list(index.passages[first:last])


def _holding(passages: list[Passage], place: Span | None) -> Passage | None:
    """The passage that holds the whole of `place`."""
    if place is None or place.start >= place.end:
        return None
    holding = (each for each in passages if each.span.start <= place.start and place.end <= each.span.end)
    return next(holding, None)


def _window(memo: Memo, passage: Passage, place: Span, max_chars: int) -> Window:
    """The line of `passage` with `place`; of a longer one the whole sentences or, failing that, words around it."""
    line = _line(memo.text, passage.span, place)
    if line.end - line.start <= max_chars:
        return Window(line, 0, 0)
    offered = windows(memo.text, sentences_of(memo, passage), max_chars)
    return max(offered, key=lambda window: sum(b - a for a, b in _within(place, window.span)))


def _line(text: str, within: Span, place: Span) -> Span:
    """The line or lines of `within` that `place` touches, without the space around them."""
    start = max(text.rfind("\n", within.start, place.start) + 1, within.start)
    newline = text.find("\n", place.end, within.end)
    end = within.end if newline < 0 else newline
    line = text[start:end]
    return Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))


def _within(place: Span, outer: Span) -> tuple[Span, ...]:
    """The part of `place` inside `outer`, if there is any."""
    start, end = max(place.start, outer.start), min(place.end, outer.end)
    return (Span(start, end),) if start < end else ()
