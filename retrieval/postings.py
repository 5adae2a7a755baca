"""How are term counts kept?

Postings in compressed rows: for each term the passages that contain it, ascending, and a code of how often and in how
long a passage. What `scores` adds up is the definition in `retrieval.bm25`, term by term in the question's order,
touching only those passages; `retrieval.ranking` finds the best without scoring all of them.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import K1, B, idf, term_frequency_weight
from retrieval.compiled import scoring
from retrieval.inverting import BUCKETS, MOST, REGION_BITS, Codes, Rows, inverted
from retrieval.rows import Ids

if TYPE_CHECKING:
    from retrieval._scoring import Field

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
        self.lengths = np.ascontiguousarray(lengths if own is None else own, dtype=np.int32)
        self.count = len(lengths)
        self.average_length = self.total_length / self.count if self.count else 0.0
        self._idfs: dict[int, float] = {}
        buckets, self._least = _bucketed(self._norms(self.lengths))
        self._rows = inverted(flat, lengths, vocabulary_size, buckets)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What these postings consist of, with the usual k1 and b."""
        own = {"lengths": self.lengths, "least": self._least, "greatest": self._greatest}
        return {**self._rows._asdict(), **own}

    def of(self, term: int) -> tuple[Ids, Ids]:
        """Passages that contain `term`, ascending, and how often each does."""
        groups, regions, begins, places, codes, often_at, often = self._rows
        some = slice(*groups[term : term + 2])
        edges = begins[some.start : some.stop + 1]
        first, last = int(edges[0]), int(edges[-1])
        passages = np.repeat(regions[some].astype(np.int32) << REGION_BITS, np.diff(edges))
        passages += places[first:last]
        frequencies = (codes[first:last] // BUCKETS).astype(np.int32)
        begin, end = np.searchsorted(often_at, [first, last])
        frequencies[often_at[begin:end] - first] = often[begin:end]
        return passages, frequencies

    def containing(self, term: int) -> int:
        """How many passages contain `term`."""
        first, last = self._rows.begins[self._rows.groups[term : term + 2]].tolist()
        return int(last - first)

    def idf(self, term: int) -> float:
        """How much `term` tells: see `retrieval.bm25.idf`."""
        known = self._idfs.get(term)
        if known is None:
            known = self._idfs[term] = idf(self.count, self.containing(term))
        return known

    def weights(self, term: int) -> tuple[Ids, Floats]:
        """The passages that contain `term`, and the score it gives each."""
        passages, frequencies = self.of(term)
        weight = term_frequency_weight(
            frequencies.astype(np.float64),
            self.lengths[passages].astype(np.float64),
            self.average_length or 1.0,
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

    @cached_property
    def field(self) -> "Field":
        """These postings as the compiled part reads them. RuntimeError where it is not there."""
        return self.field_as_of(self.average_length)

    def field_as_of(self, average_length: float) -> "Field":
        """The same, as a part of more whose passages have `average_length` terms on average."""
        if scoring is None:
            raise RuntimeError("The compiled part is not there.")
        rows, bounds, greatest = self._rows, self._bounds(), self._greatest
        if average_length != self.average_length:
            before, bounds = bounds, self._bounds((self.average_length or 1.0) / (average_length or 1.0))
            most = np.divide(bounds, before, out=np.zeros_like(bounds), where=before > 0).max()
            greatest = greatest * np.nextafter(most, np.float32(np.inf))
        shape = average_length or 1.0, self.k1, self.b
        field: Field = scoring.field(
            rows.groups,
            rows.regions,
            rows.begins,
            rows.places,
            rows.codes,
            self.lengths,
            bounds,
            greatest,
            rows.often_at,
            rows.often,
            *shape,
        )
        return field

    @cached_property
    def _greatest(self) -> NDArray[np.float32]:
        """The greatest bound of each term's postings."""
        return _greatest_of(self._rows, self._bounds())

    def _norms(self, lengths: Ids) -> Floats:
        """What a length adds to the frequency below the line of the weight, see `term_frequency_weight`."""
        share = lengths.astype(np.float64) / (self.average_length or 1.0)
        return self.k1 * (1 - self.b + self.b * share)

    @cached_property
    def parts(self) -> "tuple[Part, ...]":
        """What these postings are ranked in: one piece. RuntimeError where the compiled part is not there."""
        return (Part(self.field, self.count, None, None),)

    def within(self, part: int, term: int) -> int | None:  # noqa: ARG002 - of several parts, each has its own
        """The number of a term in one of the parts; None where it does not know it."""
        return term

    @cached_property
    def total_length(self) -> int:
        """How many terms all passages have together."""
        return int(self.lengths.sum(dtype=np.int64))

    def _bounds(self, longer: float = 1.0) -> NDArray[np.float32]:
        """For each code a weight that no posting with it exceeds, where all lengths count `longer` times."""
        frequencies = np.arange(MOST + 1, dtype=np.float64)[:, None]
        fixed, least = self.k1 * (1 - self.b), self._least
        if longer != 1.0:
            least = fixed + np.maximum(least - fixed, 0.0) * longer
        bounds = frequencies * (self.k1 + 1) / (frequencies + least)
        bounds[0], bounds[MOST] = 0.0, self.k1 + 1
        return bounds.astype(np.float32).ravel()


class Part(NamedTuple):
    """Postings that the compiled part ranks at once.

    It is of so many `passages`. `numbers` (passages,) are what these are called outside, `there` (passages,) says which
    may be found; None: their own, and all.
    """

    field: "Field"
    passages: int
    numbers: Ids | None
    there: NDArray[np.bool_] | None

    def may_be_found(self, allowed: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """Which of its passages may be found, where those `allowed` may, by what they are called outside."""
        if allowed is None:
            return self.there
        if self.numbers is None:
            return allowed
        within: NDArray[np.bool_] = allowed[self.numbers]
        return within if self.there is None else within & self.there

    def called(self, passage: int) -> int:
        """What a passage is called outside."""
        return passage if self.numbers is None else int(self.numbers[passage])


class KeptPostings(Postings):
    """Postings again, of what `Postings.arrays` gave."""

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self.k1, self.b = K1, B
        self._idfs = {}
        self.lengths, self._least = arrays["lengths"], arrays["least"]
        self.count = len(self.lengths)
        self.average_length = self.total_length / self.count if self.count else 0.0
        self._rows = Rows(**{name: arrays[name] for name in Rows._fields})
        self.__dict__["_greatest"] = arrays["greatest"]  # what else would be worked out at the first question


def _bucketed(norms: Floats) -> tuple[Codes, Floats]:
    """The bucket of each norm, and the least norm in each bucket: as many between each two as between the next."""
    least = np.full(BUCKETS, np.inf)
    norms = np.maximum(norms, 1e-9)
    low, high = (norms.min(), norms.max()) if len(norms) else (1.0, 1.0)
    if high > low:
        place = BUCKETS * np.log(norms / low) / np.log(high / low)
        buckets = np.clip(place, 0, BUCKETS - 1).astype(np.uint8)
    else:
        buckets = np.zeros(len(norms), np.uint8)
    np.minimum.at(least, buckets, norms)
    return buckets, least


def _greatest_of(rows: Rows, bounds: NDArray[np.float32]) -> NDArray[np.float32]:
    """The greatest bound of each term's postings."""
    order = np.argsort(bounds, kind="stable")
    rank = np.empty(len(bounds), np.uint8)
    rank[order] = np.arange(len(bounds))
    starts = rows.begins[rows.groups]
    greatest = np.zeros(len(starts) - 1, np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        greatest[filled] = bounds[order[np.maximum.reduceat(rank[rows.codes], starts[filled])]]
    return greatest
