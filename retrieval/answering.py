"""What is quoted to answer a question, if anything is?

The best match, where it is sure enough (`retrieval.confidence`), and others that say something new.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from retrieval.about import CONFIDENCE, Told, about
from retrieval.attributed import by_its_author
from retrieval.confidence import Confidence
from retrieval.excerpts import excerpt
from retrieval.index import Index
from retrieval.leading import leading
from retrieval.models import Answer, Outcome
from retrieval.notes import notes, under
from retrieval.query import Query, understand
from retrieval.search import MAX_CHARS, Match, by_topic, matches_of_words, several_of_each
from retrieval.sections import text_first, under_headings
from retrieval.selection import newsworthy, successors_first

SHIPPED_THRESHOLD = 0.5
FURTHER = 0.5  # a second or third quote need not be the answer, but must speak of it


def answer(  # noqa: PLR0913 - what can be asked of an answer
    index: Index,
    question: str,
    *,
    at_most: int = 3,
    per_passage: int = 1,
    max_chars: int = MAX_CHARS,
    threshold: float | None = None,
    further: float = FURTHER,
    explain: bool = False,
) -> Answer:
    """Answer `question` with at most `at_most` quotes of at most `max_chars` characters, or with nothing.

    At most `per_passage` of them are of the same passage: by default each is of another.

    `threshold` (0 to 1) is the confidence below which nothing is quoted: None is the shipped one, 0 never refuses
    as long as any informative word of the question stands in a passage that its filters and exact phrases let through.
    A second or third quote needs `further` times as much. Where asked to `explain`, each quote says what its score is
    made of.
    Raises MalformedFilter.
    """
    query = understand(index, question)
    threshold = SHIPPED_THRESHOLD if threshold is None else threshold
    told = about(index, query, at_most, max_chars) if threshold <= CONFIDENCE else None
    if told and (told.excerpts or threshold > 0):
        return _told(index, question, told)
    limits = _Limits(at_most, per_passage, max_chars, threshold, further)
    chosen = _chosen(index, query, limits)
    if theirs := by_its_author(index, query, _matched(query, chosen.shown[:1])):
        of_theirs = _chosen(index, theirs, limits)
        if of_theirs.shown:
            query, chosen = theirs, of_theirs
    excerpts = tuple(excerpt(index, query, match, explained=explain) for match in chosen.shown)
    return Answer(
        question=question,
        outcome=Outcome.FOUND if excerpts else Outcome.NOTHING,
        confidence=round(chosen.confidence, 4),
        excerpts=excerpts,
        matched=_matched(query, chosen.shown),
        missing=(
            *query.allowed.missing,
            *(word.written for word in query.words if not word.known and not word.asks),
        ),
        notes=(*notes(index, query, excerpts), *chosen.notes),
        closest=() if excerpts else _closest(index, chosen.found),
        as_of=query.asked.as_of,
        index=index.info,
    )


class _Limits(NamedTuple):
    """How many quotes, how long, and how sure: as `answer` is given them."""

    at_most: int
    per_passage: int
    max_chars: int
    threshold: float
    further: float


class _Chosen(NamedTuple):
    """The matches to show, out of those found, and how sure the best of these is; and what to say of them."""

    shown: list[Match]
    found: list[Match]
    confidence: float
    notes: tuple[str, ...] = ()


def _chosen(index: Index, query: Query, limits: _Limits) -> _Chosen:
    """What is quoted for a question that is not about the memos themselves."""
    at_most, per_passage, max_chars, threshold, further = limits
    if query.names_no_subject:
        found = leading(index, query, at_most, max_chars)
        return _Chosen(list(successors_first(index, found)), found, float(bool(found)))
    judge = Confidence(query)
    found = matches_to_answer(index, query, judge, max_chars)
    found = text_first(index, found, lambda match: judge.of(match) >= SHIPPED_THRESHOLD)
    confidence = judge.of(found[0]) if found else 0.0
    if per_passage > 1:
        found = several_of_each(index, query, found, min(per_passage, at_most), max_chars)
    sections, headings = under_headings(index, query, found, at_most, max_chars)
    sure = _sure_enough(judge, sections, threshold, further)
    speaks = max(threshold, SHIPPED_THRESHOLD) * FURTHER
    ordered = successors_first(index, sure, lambda match: judge.of(match) >= speaks)
    shown = newsworthy(index, ordered, at_most)
    return _Chosen(shown, found, confidence, under(headings) if shown else ())


def matches_to_answer(index: Index, query: Query, judge: Confidence, max_chars: int) -> list[Match]:
    """The matches, best first: in a topic's order, unless its first is no answer and that of the words is surer."""
    by_words = matches_of_words(index, query, max_chars=max_chars)
    found = by_topic(index, query, by_words, max_chars)
    if found is by_words:
        return found
    sure = judge.of(found[0])
    return by_words if sure < SHIPPED_THRESHOLD and sure < judge.of(by_words[0]) else found


def _told(index: Index, question: str, told: Told) -> Answer:
    """What is known about memos, as an answer."""
    words = told.subject.words
    return Answer(
        question=question,
        outcome=Outcome.FOUND if told.excerpts else Outcome.NOTHING,
        confidence=CONFIDENCE if told.excerpts else 0.0,
        excerpts=told.excerpts,
        matched=tuple(word.written for word in words if not word.asks) if told.excerpts else (),
        missing=(*told.subject.allowed.missing, *told.missing),
        notes=(*notes(index, told.subject, told.excerpts), *told.notes),
        closest=() if told.excerpts else _closest(index, list(told.near)),
        as_of=told.subject.asked.as_of,
        index=index.info,
    )


def _sure_enough(judge: Confidence, found: list[Match], threshold: float, further: float) -> Iterator[Match]:
    """The matches to quote: none where the best is not sure enough, and after it those that are half as sure."""
    if not found or judge.of(found[0]) < threshold:
        return
    best, *others = found
    yield best
    for match in others:
        if match.prose and match.passage_covered.any() and judge.of(match) >= threshold * further:
            yield match


def _matched(query: Query, shown: list[Match]) -> tuple[str, ...]:
    """Words of the question that stand in a quoted passage or over it."""
    met = np.any([match.passage_covered for match in shown], axis=0) if shown else [False] * len(query.words)
    return tuple(word.written for word, is_met in zip(query.words, met, strict=True) if is_met)


def _closest(index: Index, found: list[Match]) -> tuple[str, ...]:
    """Titles of the memos of the best matches, at most two."""
    titles = (index.memos[index.passages[match.passage].memo_id].title for match in found)
    return tuple(dict.fromkeys(title for title in titles if title))[:2]
