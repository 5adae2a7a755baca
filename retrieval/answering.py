"""Do the hits answer the question, or is there nothing to quote?

A score cannot decide that: it is high for any long question and means nothing in a library of two memos. What
decides is how much of what the question says, word by word and weighed by how rare the words are in their language,
is met by the best quote and by its passage, and whether words stand nowhere. `confidence` is a logistic model of it.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from retrieval.about import CONFIDENCE, Told, about
from retrieval.excerpts import excerpt
from retrieval.index import Index
from retrieval.leading import leading
from retrieval.models import Answer, Outcome
from retrieval.notes import notes
from retrieval.parts import PARTS
from retrieval.query import Query, understand
from retrieval.search import MAX_CHARS, Match, matches
from retrieval.selection import newsworthy, successors_first

SHIPPED_THRESHOLD = 0.5
FURTHER = 0.5  # a second or third quote need not be the answer, but must speak of it


class _Evidence(NamedTuple):
    """What speaks for an answer; shares are of the rarity of the question's words in their language."""

    leading: float  # share met by the best quote and the two sentences before it
    passage: float  # share met by its passage
    unmet: float  # how many of the names and numbers in the question the passage does not hold
    met: float  # 1 where there are names, and it holds more than half of each
    unknown: float  # share of words that stand nowhere
    guessed: float  # share of words that were only taken for others spelt like them
    words: float  # natural logarithm of their number
    topical: float  # BM25 of the passage for all words alike, by the share that it does not meet
    quote: float  # share met by the quote alone, by how much each word tells in these memos
    pairs: float  # neighbouring words side by side in it
    topic: float  # 1 where a topic is asked for


# Fitted on public question sets, half of them asked of memos on other subjects (tests/quality/fit.py).
_WEIGHTS = _Evidence(
    leading=4.0,
    passage=9.5,
    unmet=-1.2,
    met=1.3,
    unknown=-1.3,
    guessed=1.7,
    words=2.1,
    topical=11.5,
    quote=2.9,
    pairs=2.4,
    topic=1.1,
)
_START = -15.4


def answer(  # noqa: PLR0913 - what can be asked of an answer
    index: Index,
    question: str,
    *,
    at_most: int = 3,
    max_chars: int = MAX_CHARS,
    threshold: float | None = None,
    further: float = FURTHER,
) -> Answer:
    """Answer `question` with at most `at_most` quotes of at most `max_chars` characters, or with nothing.

    `threshold` (0 to 1) is the confidence below which nothing is quoted: None is the shipped one, 0 never refuses
    as long as any informative word of the question stands in a passage that its filters and exact phrases let through.
    A second or third quote needs `further` times as much.
    Raises MalformedFilter.
    """
    query = understand(index, question)
    threshold = SHIPPED_THRESHOLD if threshold is None else threshold
    told = about(index, query, at_most, max_chars) if threshold <= CONFIDENCE else None
    if told and (told.excerpts or threshold > 0):
        return _told(index, question, told)
    if query.names_no_subject:
        found = leading(index, query, at_most, max_chars)
        shown = list(successors_first(index, found))
        confidence = float(bool(found))
    else:
        found = matches(index, query, max_chars=max_chars)
        confidence = _confidence(query, found[0]) if found else 0.0
        sure = _sure_enough(query, found, threshold, further)
        speaks = max(threshold, SHIPPED_THRESHOLD) * FURTHER
        ordered = successors_first(index, sure, lambda match: _confidence(query, match) >= speaks)
        shown = newsworthy(index, ordered, at_most)
    excerpts = tuple(excerpt(index, query, match) for match in shown)
    return Answer(
        question=question,
        outcome=Outcome.FOUND if excerpts else Outcome.NOTHING,
        confidence=round(confidence, 4),
        excerpts=excerpts,
        matched=_matched(query, shown),
        missing=(
            *query.allowed.missing,
            *(word.written for word in query.words if not word.known and not word.asks),
        ),
        notes=notes(index, query, excerpts),
        closest=() if excerpts else _closest(index, found),
        as_of=query.asked.as_of,
        index=index.info,
    )


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


def _sure_enough(query: Query, found: list[Match], threshold: float, further: float) -> Iterator[Match]:
    """The matches to quote: none where the best is not sure enough, and after it those that are half as sure."""
    if not found or _confidence(query, found[0]) < threshold:
        return
    best, *others = found
    yield best
    for match in others:
        if match.prose and _confidence(query, match) >= threshold * further:
            yield match


def _confidence(query: Query, match: Match) -> float:
    """The estimated share, 0 to 1, of such matches that hold what was asked."""
    evidence = np.array(_evidence(query, match)) @ np.array(_WEIGHTS) + _START
    return float(1 / (1 + math.exp(-evidence)))


def _evidence(query: Query, top: Match) -> _Evidence:
    rarity = np.array([word.rarity for word in query.words])
    share = rarity / rarity.sum()
    passage = float(top.passage_covered @ share)
    names = np.array([word.names for word in query.words])
    parts = dict(zip((part.name for part in PARTS), top.parts.tolist(), strict=True))
    return _Evidence(
        leading=float(top.covered @ share),
        passage=passage,
        unmet=float((1 - top.passage_covered) @ [word.specific for word in query.words]),
        met=float(names.any() and bool((top.passage_covered[names] > 0.5).all())),
        unknown=float(share @ [not word.known for word in query.words]),
        guessed=float(share @ [bool(word.guesses) for word in query.words]),
        words=math.log(len(query.words)),
        topical=(1 - passage) * top.topical,
        quote=parts["quote covers"],
        pairs=parts["quote pairs"],
        topic=float(top.topic is not None),
    )


def _matched(query: Query, shown: list[Match]) -> tuple[str, ...]:
    """Words of the question that stand in a quoted passage or over it."""
    met = np.any([match.passage_covered for match in shown], axis=0) if shown else [False] * len(query.words)
    return tuple(word.written for word, is_met in zip(query.words, met, strict=True) if is_met)


def _closest(index: Index, found: list[Match]) -> tuple[str, ...]:
    """Titles of the memos of the best matches, at most two."""
    titles = (index.memos[index.passages[match.passage].memo_id].title for match in found)
    return tuple(dict.fromkeys(title for title in titles if title))[:2]
