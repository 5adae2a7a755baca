"""Do the hits answer the question, or is there nothing to quote?

A score cannot decide that: it is high for any long question and means nothing in a library of two memos. What
decides is how much of what the question's words tell is met by the best quote (with the sentences that lead up to
it) and by its passage, and whether words stand nowhere. `confidence` is a logistic model of these.
"""

import math

import numpy as np

from retrieval.excerpts import excerpt
from retrieval.index import Index
from retrieval.models import Answer, Excerpt, Outcome
from retrieval.query import Query, understand
from retrieval.search import MAX_CHARS, Match, matches

SHIPPED_THRESHOLD = 0.5

# Fitted on public question sets (see tests/quality): the quote's and the passage's share of what the question's
# words tell, the share of words that stand nowhere, and a start.
_QUOTE_COVERS = 5.0
_PASSAGE_COVERS = 6.0
_UNKNOWN = -2.5
_START = -5.0


def answer(
    index: Index,
    question: str,
    *,
    at_most: int = 3,
    max_chars: int = MAX_CHARS,
    threshold: float | None = None,
) -> Answer:
    """Answer `question` with at most `at_most` quotes of at most `max_chars` characters, or with nothing.

    `threshold` (0 to 1) is the confidence below which nothing is quoted: None is the shipped one, 0 never refuses
    as long as any informative word of the question stands in a passage.
    """
    query = understand(index, question)
    found = matches(index, query, max_chars=max_chars)
    confidence = _confidence(query, found)
    refused = confidence < (SHIPPED_THRESHOLD if threshold is None else threshold)
    excerpts = () if refused else tuple(excerpt(index, query, match) for match in found[:at_most])
    return Answer(
        question=question,
        outcome=Outcome.FOUND if excerpts else Outcome.NOTHING,
        confidence=round(confidence, 4),
        excerpts=excerpts,
        matched=_matched(query, excerpts, found[:at_most]),
        missing=tuple(word.written for word in query.words if not word.known),
        closest=() if excerpts else _closest(index, found),
        index=index.info,
    )


def _confidence(query: Query, found: list[Match]) -> float:
    if not found or not query.words:
        return 0.0
    tells = np.array([word.idf for word in query.words]) / query.total
    unknown = float(tells @ np.array([not word.known for word in query.words]))
    top = found[0]
    evidence = (
        _START
        + _QUOTE_COVERS * float(top.covered @ tells)
        + _PASSAGE_COVERS * float(top.passage_covered @ tells)
        + _UNKNOWN * unknown
    )
    return 1 / (1 + math.exp(-evidence))


def _matched(query: Query, excerpts: tuple[Excerpt, ...], shown: list[Match]) -> tuple[str, ...]:
    """Words of the question that stand in a quoted passage."""
    if not excerpts:
        return ()
    met = np.any([match.passage_covered for match in shown], axis=0)
    return tuple(word.written for word, is_met in zip(query.words, met, strict=True) if is_met)


def _closest(index: Index, found: list[Match]) -> tuple[str, ...]:
    """Titles of the memos of the best matches, at most two."""
    titles = (index.memos[index.passages[match.passage].memo_id].title for match in found)
    return tuple(dict.fromkeys(title for title in titles if title))[:2]
