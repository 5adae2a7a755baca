"""Which passages score highest for some weighed terms?

BM25 in several fields, each term with a weight of its own. Where the compiled part is there, upper bounds are added
up in blocks that fit the processor's cache; lists whose terms tell little are only looked into for passages that the
others lift high enough (MaxScore: Turtle and Flood, 1995), and only what can be among the best is scored. The result
is that of scoring everything.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.compiled import scoring
from retrieval.postings import Floats, Ids, Postings


class TermWeight(NamedTuple):
    """A term of a field, and the weight that its score is multiplied with, above zero."""

    postings: Postings
    term: int
    weight: float


class Ranked(NamedTuple):
    """A passage's number and its score."""

    passage: int
    score: float


def ranked(
    terms: Sequence[TermWeight], k: int, allowed: NDArray[np.bool_] | None = None, *, prune: bool = True
) -> list[Ranked]:
    """The `k` passages that score highest above zero, best first; equals in passage order.

    All fields must be of the same passages; `allowed` (passages,) says which may be found. A passage's score is the
    sum, in the order of `terms`, of weight times idf times frequency weight. `prune` is for comparing.
    """
    terms = [each for each in terms if each.postings.containing(each.term)]
    if not terms or k <= 0:
        return []
    if scoring is None:
        return added_up(terms, k, allowed)
    lists = [(each.postings.field, each.term, each.weight, each.postings.idf(each.term)) for each in terms]
    found = scoring.best(lists, k, terms[0].postings.count, allowed, prune)
    return [Ranked(*each) for each in found]


def added_up(terms: Sequence[TermWeight], k: int, allowed: NDArray[np.bool_] | None = None) -> list[Ranked]:
    """The same by scoring every passage that holds a term."""
    scores = np.zeros(terms[0].postings.count if terms else 0)
    for postings, term, weight in terms:
        passages, scored = postings.weights(term)
        scores[passages] += weight * scored
    if allowed is not None:
        scores[~allowed] = 0.0
    chosen = best(scores, k)
    return [Ranked(*each) for each in zip(chosen.tolist(), scores[chosen].tolist(), strict=True)]


def best(scores: Floats, k: int) -> Ids:
    """The `k` passages with the highest scores above zero, best first; equals in passage order."""
    matching = np.flatnonzero(scores > 0)
    if len(matching) > k:
        threshold = np.partition(scores[matching], len(matching) - k)[len(matching) - k]
        matching = matching[scores[matching] >= threshold]
    chosen: Ids = matching[np.argsort(-scores[matching], kind="stable")][:k].astype(np.int32)
    return chosen
