"""How well does a passage match a term, and why?

rank_bm25's `BM25Okapi` is the definition of the score; only its idf is replaced, because the library's own is
negative or zero for terms in half of a small collection (Robertson and Zaragoza, 2009, section 3.4.1, name the
cause). What the postings compute (`retrieval.postings`) equals this class's `get_scores`; a property test says so.
"""

import math

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

K1 = 1.2
B = 0.75


def idf(passages: int, containing: int) -> float:
    """Lucene's inverse document frequency: positive, falling with `containing`. Natural logarithm."""
    return math.log(1 + (passages - containing + 0.5) / (containing + 0.5))


def term_frequency_weight(
    frequency: NDArray[np.float64],
    length: NDArray[np.float64],
    average_length: float,
    k1: float = K1,
    b: float = B,
) -> NDArray[np.float64]:
    """What `frequency` occurrences in a passage of `length` terms are worth, between 0 and k1 + 1."""
    weight: NDArray[np.float64] = (
        frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * length / average_length))
    )
    return weight


class BM25(BM25Okapi):
    """The score's definition: rank_bm25's BM25Okapi with Lucene's idf, over passages given as lists of terms."""

    def __init__(self, passages: list[list[str]], k1: float = K1, b: float = B) -> None:
        super().__init__(passages, k1=k1, b=b)

    def _calc_idf(self, containing: dict[str, int]) -> None:
        """Fill the table of idfs; called once by the library with each term's number of passages."""
        for term, count in containing.items():
            self.idf[term] = idf(self.corpus_size, count)
