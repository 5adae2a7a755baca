"""How do the sentences and terms of passages lie one after the other?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.columns import Columns
from retrieval.rows import Ids, Places, edges, ranges


class SideBySide(NamedTuple):
    """The sentences and terms of some passages, laid one after the other.

    For c passages with s sentences and n terms in all: `sentences_in` (c,) and `terms_in` (s,) count; `sentences` (s,)
    are what `Index.term_starts` takes; `spans` (s, 2) are characters of each's memo; `terms` (n,).
    """

    sentences_in: Places
    sentences: Places
    spans: Ids
    terms_in: Places
    terms: Ids


def laid_out(columns: Columns, passages: Ids) -> SideBySide:
    """Some passages, out of the columns of all."""
    firsts, lasts = columns.sentences[passages], columns.sentences[passages + 1]
    sentences = ranges(firsts, lasts)
    terms, ends = columns.terms
    starts, stops = ends[firsts], ends[lasts]
    some = [terms[begin:end] for begin, end in zip(starts, stops, strict=True)]
    return SideBySide(
        sentences_in=lasts - firsts,
        sentences=sentences,
        spans=columns.spans[sentences],
        terms_in=ends[sentences + 1] - ends[sentences],
        terms=np.concatenate([np.zeros(0, np.int32), *some]),
    )


def interleaved(first: SideBySide, second: SideBySide, is_second: NDArray[np.bool_]) -> SideBySide:
    """The passages of both, in each place the next of the second where it says so, else the next of the first."""
    turn = np.argsort(np.argsort(is_second, kind="stable"), kind="stable")  # its place in first + second
    both = SideBySide(*(np.concatenate([one, other]) for one, other in zip(first, second, strict=True)))
    sentences_in, sentences, spans, terms_in, terms = both
    of_passage = edges(sentences_in)
    chosen = ranges(of_passage[turn], of_passage[turn + 1])
    of_sentence = edges(terms_in)
    return SideBySide(
        sentences_in=sentences_in[turn],
        sentences=sentences[chosen],
        spans=spans[chosen],
        terms_in=terms_in[chosen],
        terms=terms[ranges(of_sentence[chosen], of_sentence[chosen + 1])],
    )
