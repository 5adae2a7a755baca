"""How are term counts kept, and scored fast?

Postings in compressed rows: for each term the passages that contain it, ascending, and how often. What `scores`
adds up is the definition in `retrieval.bm25`, term by term in the question's order, touching only those passages.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import K1, B, idf, term_frequency_weight

Ids = NDArray[np.int32]
Floats = NDArray[np.float64]


class Postings:
    """Postings of one field over `passages` passages.

    `flat` holds the term ids of all passages one after the other, `lengths` how many each passage has. `own` is how
    many of these count as its length (all): stand-ins for synonyms do not, as in Lucene (`discountOverlaps`).
    """

    def __init__(  # noqa: PLR0913 - the definition's own parameters
        self,
        flat: Ids,
        lengths: Ids,
        vocabulary_size: int,
        k1: float = K1,
        b: float = B,
        *,
        own: Ids | None = None,
    ) -> None:
        self.k1, self.b = k1, b
        self.lengths = lengths if own is None else own
        self.count = len(lengths)
        self.average_length = float(self.lengths.mean()) if self.count else 0.0
        owners = np.repeat(np.arange(self.count, dtype=np.int64), lengths)
        keys, frequencies = np.unique(flat.astype(np.int64) * max(self.count, 1) + owners, return_counts=True)
        self._passages = (keys % max(self.count, 1)).astype(np.int32)
        self._frequencies = frequencies.astype(np.int32)
        self._starts = np.searchsorted(keys // max(self.count, 1), np.arange(vocabulary_size + 1))

    def of(self, term: int) -> tuple[Ids, Ids]:
        """Passages that contain `term`, ascending, and how often each does."""
        rows = slice(self._starts[term], self._starts[term + 1])
        return self._passages[rows], self._frequencies[rows]

    def containing(self, term: int) -> int:
        """How many passages contain `term`."""
        return int(self._starts[term + 1] - self._starts[term])

    def idf(self, term: int) -> float:
        """How much `term` tells: see `retrieval.bm25.idf`."""
        return idf(self.count, self.containing(term))

    def weights(self, term: int) -> tuple[Ids, Floats]:
        """The passages that contain `term`, and the score it gives each."""
        passages, frequencies = self.of(term)
        weight = term_frequency_weight(
            frequencies.astype(np.float64),
            self.lengths[passages].astype(np.float64),
            self.average_length,
            self.k1,
            self.b,
        )
        return passages, self.idf(term) * weight

    def scores(self, terms: Iterable[int]) -> Floats:
        """BM25 of every passage for `terms` (a repeated term counts again, as in rank_bm25)."""
        total = np.zeros(self.count)
        for term in terms:
            passages, weight = self.weights(term)
            total[passages] += weight
        return total


def best(scores: Floats, k: int) -> Ids:
    """The `k` passages with the highest scores above zero, best first; equals in passage order."""
    matching = np.flatnonzero(scores > 0)
    if len(matching) > k:
        threshold = np.partition(scores[matching], len(matching) - k)[len(matching) - k]
        matching = matching[scores[matching] >= threshold]
    ranked: Ids = matching[np.argsort(-scores[matching], kind="stable")][:k].astype(np.int32)
    return ranked
