"""Which passages score highest for some weighed terms?

BM25 in several fields, each term with a weight of its own. Where the compiled part is there, upper bounds are added
up in blocks that fit the processor's cache; lists whose terms tell little are only looked into for passages that the
others lift high enough (MaxScore: Turtle and Flood, 1995), and only what can be among the best is scored. The result
is that of scoring everything.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.compiled import scoring
from retrieval.postings import Floats, Postings
from retrieval.rows import Ids

_ITS_OWN = -1.0  # idf: that of the field, which the compiled part finds sooner
_MOST_LISTS = 1024  # that the compiled part takes; a question has some dozens


class Pruning(IntEnum):
    """Whether lists of common terms are only looked into; the result is the same."""

    NEVER = 0
    WHERE_IT_PAYS = 1
    ALWAYS = 2


class TermWeight(NamedTuple):
    """A term of a field, and the weight that its score is multiplied with, above zero."""

    postings: Postings
    term: int
    weight: float


Ranked = tuple[int, float]
"""A passage's number and its score."""


def ranked(
    terms: Sequence[TermWeight],
    k: int,
    allowed: NDArray[np.bool_] | None = None,
    pruning: Pruning = Pruning.WHERE_IT_PAYS,
) -> list[Ranked]:
    """The `k` passages that score highest above zero, best first; equals in passage order.

    All fields must be of the same passages; `allowed` (passages,) says which may be found. A passage's score is the
    sum, in the order of `terms`, of weight times idf times frequency weight.
    """
    if not terms or k <= 0:
        return []
    if scoring is None or len(terms) > _MOST_LISTS:
        return added_up(terms, k, allowed)
    parts = terms[0].postings.parts
    if len(parts) == 1:  # a question takes some microseconds, and a call is one of them
        lists = [(postings.field, term, weight, _ITS_OWN) for postings, term, weight in terms]
        return scoring.best(lists, min(k, parts[0].passages), parts[0].passages, allowed, pruning)  # type: ignore[no-any-return]
    found: list[Ranked] = []
    for number, part in enumerate(parts):
        may, lists = part.may_be_found(allowed), _lists(number, terms)
        some = scoring.best(lists, min(k, part.passages), part.passages, may, pruning)
        found += [(part.called(passage), score) for passage, score in some]
    return sorted(found, key=lambda each: (-each[1], each[0]))[:k]


def _lists(part: int, terms: Sequence[TermWeight]) -> list[tuple[Any, int, float, float]]:
    """The postings of one part as the compiled part takes them; terms that stand nowhere in it give nothing to any."""
    return [
        (postings.parts[part].field, local, weight, postings.idf(term))
        for postings, term, weight in terms
        if (local := postings.within(part, term)) is not None
    ]


def added_up(terms: Sequence[TermWeight], k: int, allowed: NDArray[np.bool_] | None = None) -> list[Ranked]:
    """The same by scoring every passage that holds a term."""
    scores = np.zeros(terms[0].postings.count if terms else 0)
    for postings, term, weight in terms:
        passages, scored = postings.weights(term)
        scores[passages] += weight * scored
    if allowed is not None:
        scores[~allowed] = 0.0
    chosen = best(scores, k)
    return list(zip(chosen.tolist(), scores[chosen].tolist(), strict=True))


def best(scores: Floats, k: int) -> Ids:
    """The `k` passages with the highest scores above zero, best first; equals in passage order."""
    matching = np.flatnonzero(scores > 0)
    if len(matching) > k:
        threshold = np.partition(scores[matching], len(matching) - k)[len(matching) - k]
        matching = matching[scores[matching] >= threshold]
    chosen: Ids = matching[np.argsort(-scores[matching], kind="stable")][:k].astype(np.int32)
    return chosen
