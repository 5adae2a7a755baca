"""Which passages score highest in the text and in the headings over it?"""

from collections.abc import Iterable

from retrieval.filters import Allowed
from retrieval.index import Index
from retrieval.ranking import Ranked, TermWeight, ranked

HEADING_WEIGHT = 0.3


def ranked_in_fields(
    index: Index, weights: Iterable[tuple[int, float]], k: int, allowed: Allowed
) -> list[Ranked]:
    """The `k` passages with the highest BM25 for terms, each with its weight; title and headings count a little."""
    terms = [
        TermWeight(postings, term, field * weight)
        for term, weight in weights
        for postings, field in ((index.bodies, 1.0), (index.headings, HEADING_WEIGHT))
    ]
    return ranked(terms, k, allowed.passages)
