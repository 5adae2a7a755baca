"""Do the postings compute exactly what rank_bm25 defines?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.bm25 import BM25, idf
from retrieval.postings import Postings

terms = st.integers(0, 12)
corpora = st.lists(st.lists(terms, max_size=30), min_size=1, max_size=25).filter(any)


def flatten(rows):
    """Lists of term ids as one array, and their lengths."""
    return (
        np.array([term for row in rows for term in row], dtype=np.int32),
        np.array([len(row) for row in rows], dtype=np.int32),
    )


@given(
    corpus=corpora, question=st.lists(terms, max_size=8), k1=st.floats(0.1, 3), b=st.floats(0, 0.99)
)  # at b = 1 the library divides by an empty passage
def test_postings_score_as_the_library_does(corpus, question, k1, b):
    library = BM25([[str(t) for t in passage] for passage in corpus], k1=k1, b=b)
    ours = Postings(*flatten(corpus), vocabulary_size=13, k1=k1, b=b)
    expected = library.get_scores([str(t) for t in question])
    assert ours.scores(question) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_only_the_idf_differs_from_the_library():
    corpus = [["squad", "japan"], ["quad", "india", "japan"], ["treaty"]]
    ours, library = BM25(corpus), BM25Okapi(corpus, k1=ours_k1(), b=0.75)
    library.idf = dict(ours.idf)
    assert ours.get_scores(["japan", "treaty"]).tolist() == library.get_scores(["japan", "treaty"]).tolist()


def ours_k1() -> float:
    return BM25([["a"]]).k1


@given(passages=st.integers(1, 10_000), containing=st.integers(1, 10_000))
def test_idf_is_positive_and_falls_with_the_number_of_passages(passages, containing):
    containing = min(containing, passages)
    assert 0 < idf(passages, containing) < idf(passages, containing - 1)


def test_no_passages_at_all_is_no_error():
    assert Postings(*flatten([]), vocabulary_size=0).scores([]).tolist() == []
    assert Postings(*flatten([[], []]), vocabulary_size=0).scores([]).tolist() == [0.0, 0.0]
