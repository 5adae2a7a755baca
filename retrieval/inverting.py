"""How do the terms of passages become postings?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.compiled import scoring
from retrieval.rows import Ids, Places, edges

Codes = NDArray[np.uint8]

REGION_BITS = 16  # a passage is a region and a place in it
BUCKETS = 32  # of lengths; the lower five bits of a code
_MOST_COUNTED = 255  # by the compiled part; what stands there as often is counted again
MOST = 7  # frequencies from here on share a code, and are kept beside it


class Rows(NamedTuple):
    """Postings of t terms, p postings in g groups: those of a term in one region of 65,536 passages.

    `groups` (t + 1,) are the places of each term's groups; `regions` (g,), ascending within a term; `begins` (g + 1,)
    are places among the postings; `places` (p,) are passages within their region; `codes` (p,) hold how often a term
    stands in a passage, up to `MOST`, times `BUCKETS`, plus the passage's bucket of lengths; `often_at` and `often`
    are the places, ascending, and frequencies of those that stand there `MOST` times and more.
    """

    groups: Places
    regions: NDArray[np.uint16]
    begins: Places
    places: NDArray[np.uint16]
    codes: Codes
    often_at: Places
    often: Ids


def inverted(flat: Ids, lengths: Ids, vocabulary_size: int, buckets: Codes) -> Rows:
    """The postings of passages of such `lengths`, in such buckets, whose terms lie one after the other."""
    if scoring is None:
        return _inverted(flat, lengths, vocabulary_size, buckets)
    flat, lengths = np.ascontiguousarray(flat, np.int32), np.ascontiguousarray(lengths, np.int32)
    starts, groups = np.empty(vocabulary_size + 1, np.int64), np.empty(vocabulary_size + 1, np.int64)
    scoring.count_postings(flat, lengths, starts, groups)
    regions, begins = np.empty(groups[-1], np.uint16), np.empty(groups[-1] + 1, np.int64)
    found = int(starts[-1])
    places, codes = np.empty(found, np.uint16), np.empty(found, np.uint8)
    frequencies = np.empty(found, np.uint8)
    scoring.fill_postings(flat, lengths, starts, groups, buckets, regions, begins, places, codes, frequencies)
    often_at = np.flatnonzero(frequencies >= MOST)
    often = frequencies[often_at].astype(np.int32)
    codes += np.minimum(frequencies, MOST, out=frequencies) * np.uint8(BUCKETS)
    rows = Rows(groups, regions, begins, places, codes, often_at.astype(np.int64), often)
    _count_again(flat, lengths, starts, rows)
    return rows


def _count_again(flat: Ids, lengths: Ids, starts: Places, rows: Rows) -> None:
    """Count what stands in a passage more often than fits a byte."""
    most = np.flatnonzero(rows.often == _MOST_COUNTED)
    if not len(most):
        return
    begins, at = edges(lengths), rows.often_at[most]
    terms = np.searchsorted(starts, at, side="right") - 1
    regions = rows.regions[np.searchsorted(rows.begins, at, side="right") - 1].astype(np.int64)
    passages = (regions << REGION_BITS) + rows.places[at]
    for place, term, passage in zip(most.tolist(), terms.tolist(), passages.tolist(), strict=True):
        rows.often[place] = np.count_nonzero(flat[begins[passage] : begins[passage + 1]] == term)


def _inverted(flat: Ids, lengths: Ids, vocabulary_size: int, buckets: Codes) -> Rows:
    count = max(len(lengths), 1)
    owners = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    keys, frequencies = np.unique(flat.astype(np.int64) * count + owners, return_counts=True)
    terms, passages = keys // count, keys % count
    regions = passages >> REGION_BITS
    begins = np.flatnonzero((np.diff(terms, prepend=-1) != 0) | (np.diff(regions, prepend=-1) != 0))
    often_at = np.flatnonzero(frequencies >= MOST)
    return Rows(
        groups=np.searchsorted(terms[begins], np.arange(vocabulary_size + 1)).astype(np.int64),
        regions=regions[begins].astype(np.uint16),
        begins=np.append(begins, len(keys)).astype(np.int64),
        places=(passages & ((1 << REGION_BITS) - 1)).astype(np.uint16),
        codes=np.minimum(frequencies, MOST).astype(np.uint8) * np.uint8(BUCKETS) + buckets[passages],
        often_at=often_at.astype(np.int64),
        often=frequencies[often_at].astype(np.int32),
    )
