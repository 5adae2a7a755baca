"""How sure is it that a match holds what was asked?

A score cannot say that: it is high for any long question and means nothing in a library of two memos. What says it is
how much of what the question says, word by word and weighed by how rare the words are in their language, is met by the
quote and by its passage, whether a name is among what is not, and whether words stand nowhere. A logistic model of it.
"""

import math
from typing import NamedTuple

import numpy as np

from retrieval.parts import PARTS
from retrieval.query import Query
from retrieval.search import Match


class Evidence(NamedTuple):
    """What speaks for a match.

    Shares are of the rarity in their language of the question's words, without those that tell how it is asked.
    """

    leading: float  # share met by the quote, the two sentences before it, or a title or heading over it
    passage: float  # share met by its passage
    unmet: float  # how many of the names and numbers in the question the passage does not hold
    met: float  # 1 where there are names, and it holds more than half of each
    unknown: float  # share of words that stand nowhere
    guessed: float  # share of words that were only taken for others spelt like them
    words: float  # natural logarithm of their number
    topical: (
        float  # BM25 of the passage for all words alike (at most 0.8), by the share that it does not meet
    )
    quote: float  # share met by the quote alone, by how much each word tells in these memos
    pairs: float  # neighbouring words side by side in it
    topic: float  # 1 where a topic is asked for


# Fitted on public question sets, half of them asked of memos on other subjects (tests/quality/fit.py).
WEIGHTS = Evidence(
    leading=3.7,
    passage=11.5,
    unmet=-1.1,
    met=1.3,
    unknown=-0.8,
    guessed=1.5,
    words=2.0,
    topical=13.0,
    quote=3.3,
    pairs=2.5,
    topic=1.2,
)
START = -17.4
_PAIRS = [part.name for part in PARTS].index("quote pairs")


_MOST_TOPICAL = 0.8  # so that to meet one word more is never worth less


class Confidence:
    """How sure the matches of one question are."""

    def __init__(self, query: Query) -> None:
        words = query.words
        rarity = np.array([word.rarity for word in words])
        telling = np.array([not word.asks for word in words], np.bool_)
        if telling.any():  # "reports on the elevator" is answered by what is said of the elevator
            rarity *= telling
        self._share = rarity / (rarity.sum() or 1.0)
        self._names = np.array([word.names for word in words], np.bool_)
        self._specific = np.array([word.specific for word in words], np.float64)
        self._unknown = float(self._share @ [not word.known for word in words])
        self._guessed = float(self._share @ [bool(word.guesses) for word in words])
        self._words = math.log(len(words) or 1)

    def of(self, match: Match) -> float:
        """The estimated share, 0 to 1, of such matches that hold what was asked."""
        log_odds = START + sum(
            weight * value for weight, value in zip(WEIGHTS, self.evidence(match), strict=True)
        )
        return 1 / (1 + math.exp(-log_odds))

    def evidence(self, match: Match) -> Evidence:
        """What speaks for a match."""
        covered = match.passage_covered
        passage = float(covered @ self._share)
        names = covered[self._names]
        return Evidence(
            leading=float(match.covered @ self._share),
            passage=passage,
            unmet=float((1 - covered) @ self._specific),
            met=float(len(names) > 0 and bool((names > 0.5).all())),
            unknown=self._unknown,
            guessed=self._guessed,
            words=self._words,
            topical=(1 - passage) * min(match.topical, _MOST_TOPICAL),
            quote=match.quote,
            pairs=float(match.parts[_PAIRS]),
            topic=float(match.topic is not None),
        )
