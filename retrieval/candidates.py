"""Where in the candidates do the question's words stand, and which stretches could be quoted?

All candidates' terms are laid side by side, so that one array operation serves them all. A stretch, a sentence and a
passage are then ranges of these terms.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Index
from retrieval.models import Passage, Span
from retrieval.query import RELATED_WEIGHT, Query
from retrieval.rows import Ids, Places, edges
from retrieval.windows import Window, Windows, window_in, windows_of

Floats = NDArray[np.float64]

NEAR = 100
NOTHING_QUOTED: Mapping[int, Sequence[Window]] = MappingProxyType({})


class Meanings(NamedTuple):
    """Which terms stand for a word of a question: `known`, ascending, each with its word's column and its weight."""

    words: int
    known: Ids
    columns: Places
    weights: Floats

    @classmethod
    def of_query(cls, query: Query) -> "Meanings":
        """Those of a question; a term that stands for several words does for the one that it is nearest to."""
        meant: dict[int, tuple[float, int]] = {}
        for column, word in enumerate(query.words):
            for term, weight in word.terms:
                if weight > meant.get(term, (0.0, 0))[0]:
                    meant[term] = weight, column
            for term in word.related:
                meant.setdefault(term, (RELATED_WEIGHT, column))
        known = sorted(meant)
        weights, columns = zip(*map(meant.__getitem__, known), strict=True) if known else ((), ())
        return cls(
            len(query.words),
            np.array(known, np.int32),
            np.array(columns, np.int64),
            np.array(weights, np.float64),
        )

    def of(self, terms: Ids) -> tuple[Places, Floats]:
        """For each of `terms` which word it stands for, and with what weight; 0 where for none."""
        if not len(self.known):
            return np.zeros(len(terms), int), np.zeros(len(terms))
        at = np.minimum(self.known.searchsorted(terms), len(self.known) - 1)
        return self.columns[at], np.where(self.known[at] == terms, self.weights[at], 0.0)


class Met:
    """Where words of a question stand in a row of terms.

    Ranges are half-open and given as two arrays of the same length n; the results have shape (n, words).
    """

    def __init__(self, meanings: "Meanings", terms: Ids, cells: Places) -> None:
        """`cells` numbers the passage of every term: two words of different passages stand side by side in none."""
        columns, weights = meanings.of(terms)
        self.places = np.flatnonzero(weights)
        self._columns = columns[self.places]
        self._weights = weights[self.places]
        self._single = _rows(self._columns, self._weights, meanings.words)
        first, second = self._columns[:-1], self._columns[1:]
        beside = (np.diff(self.places) == 1) & (second == first + 1)
        at = (
            np.flatnonzero(beside & (cells[self.places[:-1]] == cells[self.places[1:]]))
            if len(first)
            else np.zeros(0, int)
        )
        self._pair_places = self.places[at]
        pair_weights = np.minimum(self._weights[at], self._weights[at + 1]) if len(at) else np.zeros(0)
        self._pairs = _rows(self._columns[at], pair_weights, max(meanings.words - 1, 1))

    def covers(self, first: Places, last: Places) -> Floats:
        """How far each range covers each word, 0 to 1."""
        return _greatest(self._single, *self._edges(self.places, first, last))

    def pairs(self, first: Places, last: Places) -> Floats:
        """Which neighbouring words of the question stand side by side in each range; (n, words - 1)."""
        return _greatest(self._pairs, *self._edges(self._pair_places, first, last - 1))

    def counts(self, first: Places, last: Places) -> Floats:
        """How often each range holds each word; other forms count as much as they weigh."""
        sums = np.concatenate([np.zeros((1, self._single.shape[1])), np.cumsum(self._single, axis=0)])
        begin, end = self._edges(self.places, first, last)
        counts: Floats = sums[end] - sums[begin]
        return counts

    @staticmethod
    def _edges(places: Places, first: Places, last: Places) -> tuple[Places, Places]:
        begin, end = places.searchsorted(first), places.searchsorted(last)
        return begin, np.maximum(begin, end)


class Stretches(NamedTuple):
    """n stretches of candidates: the passage of each (n,), and its sentences and its terms, both half-open (n,)."""

    owner: Places
    first_sentence: Places
    last_sentence: Places
    first: Places
    last: Places

    def at(self, places: Sequence[int]) -> "Stretches":
        """Some of them."""
        return Stretches(*(values[places] for values in self))


class Candidates:
    """The chosen passages' terms, sentences and stretches; none of what is `quoted` of a passage already.

    `chosen` are the passages, `texts` those of their memos. For c passages and s sentences: `passage_edges` (c + 1,)
    and `sentence_edges` (s + 1,) are places among the terms, `begins` (c + 1,) each passage's first sentence.
    `spans` (t, 2) could be quoted, `stretches` says where they stand. `single` are the sentences one by one, and after
    them the spans that are part of a longer one; `members` says which of these make up each span, half-open.
    """

    def __init__(
        self,
        index: Index,
        query: Query,
        passages: Ids,
        max_chars: int,
        quoted: Mapping[int, Sequence[Window]] = NOTHING_QUOTED,
    ) -> None:
        self.index, self.query, self.passages = index, query, passages
        laid = index.side_by_side(passages)
        self.begins = edges(laid.sentences_in)
        self.sentences, self._sentence_spans = laid.sentences, laid.spans
        self.sentence_edges = edges(laid.terms_in)
        self.passage_edges = self.sentence_edges[self.begins]
        terms = laid.terms
        self._meanings = Meanings.of_query(query)
        self.met = Met(
            self._meanings, terms, np.repeat(np.arange(len(passages)), np.diff(self.passage_edges))
        )
        self._own = edges(index.is_own(terms))
        self.chosen = [index.passages[number] for number in passages.tolist()]
        self.texts = [index.memos[passage.memo_id].text for passage in self.chosen]
        self._open_windows(self._windows(max_chars, quoted))
        self._part_windows()

    def lengths(self, first: Places, last: Places) -> Places:
        """How many terms each range has; stand-ins for synonyms do not count."""
        lengths: Places = self._own[last] - self._own[first]
        return lengths

    def with_sentences(self, some: Stretches, before: int, after: int) -> tuple[Places, Places]:
        """Stretches with sentences of their passages before and after them, as ranges of terms.

        At most `NEAR` terms on either side: a sentence without end is not read again for each of its stretches.
        """
        first = np.maximum(some.first_sentence - before, self.begins[some.owner])
        last = np.minimum(some.last_sentence + after, self.begins[some.owner + 1])
        begin = self.sentence_edges[first] if before else some.first
        end = self.sentence_edges[last] if after else some.last
        return np.maximum(begin, some.first - NEAR), np.minimum(end, some.last + NEAR)

    def quotes(self) -> Iterator[str]:
        """What each stretch would quote."""
        return map(self._text, self.stretches.owner.tolist(), self.spans.tolist())

    def sayings(self) -> Iterator[str]:
        """The text of each of `single`."""
        spans = chain(self._sentence_spans.tolist(), self.spans[self._cut].tolist())
        return map(self._text, self.single.owner.tolist(), spans)

    def window(self, place: int) -> Window:
        """A stretch, its sentences counted from the first of its passage."""
        owner, first, last, *_ = (int(values[place]) for values in self.stretches)
        span = Span(*self.spans[place].tolist())
        start, end = int(self._sentence_spans[first, 0]), int(self._sentence_spans[last - 1, 1])
        begin = int(self.begins[owner])
        return window_in(span, first - begin, last - begin, Span(start, end))

    @cached_property
    def labels(self) -> Floats:
        """How far the names of a table cell's row and column cover each word; (c, words), 0 outside tables."""
        return np.array([self._labels_of(passage) for passage in self.chosen])

    @cached_property
    def headings(self) -> Floats:
        """How far the title and the headings over each passage cover each word; (c, words)."""
        rows = [self.index.headings_of(number) for number in self.passages.tolist()]
        ends = edges([len(row) for row in rows])
        met = Met(self._meanings, np.concatenate(rows), np.zeros(ends[-1], int))
        return met.covers(ends[:-1], ends[1:])

    def _text(self, owner: int, span: Sequence[int]) -> str:
        start, end = span
        return self.texts[owner][start:end]

    def _labels_of(self, passage: Passage) -> Floats:
        if not (passage.row or passage.column):
            return np.zeros(len(self.query.words))
        terms = self.index.labels_of(passage)
        met = Met(self._meanings, terms, np.zeros(len(terms), int))
        covers: Floats = met.covers(np.array([0]), np.array([len(terms)]))[0]
        return covers

    def _windows(self, max_chars: int, quoted: Mapping[int, Sequence[Window]]) -> Windows:
        """The windows of all passages that share no character with what is quoted of theirs."""
        if not quoted:
            return windows_of(self.texts, self._sentence_spans, self.begins, max_chars)
        closed = np.zeros(len(self.sentences), np.bool_)
        taken = [quoted.get(passage, ()) for passage in self.passages.tolist()]
        for begin, some in zip(self.begins.tolist(), taken, strict=False):
            for window in some:
                if not any(window.cut):
                    closed[begin + window.first : begin + window.last] = True
        found = windows_of(self.texts, self._sentence_spans, self.begins, max_chars, closed)
        owners = (self.begins.searchsorted(found.first, side="right") - 1).tolist()
        free = [
            all(end <= window.span.start or window.span.end <= start for window in taken[owner])
            for owner, (start, end) in zip(owners, found.spans.tolist(), strict=True)
        ]
        return Windows(*(values[free] for values in found))

    def _open_windows(self, found: Windows) -> None:
        self.spans, firsts, lasts = found
        owners = self.begins.searchsorted(firsts, side="right") - 1
        first, last = self.sentence_edges[firsts], self.sentence_edges[lasts]
        shown = self._sentence_spans[firsts, 0], self._sentence_spans[lasts - 1, 1]
        self._cut = np.flatnonzero((self.spans != np.column_stack(shown)).any(axis=1))
        # those of a sentence lie side by side
        for sentence, cuts in groupby(self._cut.tolist(), key=firsts.__getitem__):
            places = list(cuts)
            inside = self.index.term_starts(int(self.sentences[sentence])).searchsorted(self.spans[places])
            first[places], last[places] = (first[places[0]] + inside).T
        self.stretches = Stretches(owners, firsts, lasts, first, last)

    def _part_windows(self) -> None:
        """Say which sentences make up each stretch; a part of a longer one is one by itself."""
        count, cut = len(self.sentences), self._cut
        sentences = np.arange(count)
        owner = np.repeat(np.arange(len(self.texts)), np.diff(self.begins))
        whole = owner, sentences, sentences + 1, self.sentence_edges[:-1], self.sentence_edges[1:]
        parts = (values[cut] for values in self.stretches)
        self.single = Stretches(*map(np.concatenate, zip(whole, parts, strict=True)))
        first, last = self.stretches.first_sentence.copy(), self.stretches.last_sentence.copy()
        first[cut] = count + np.arange(len(cut))
        last[cut] = first[cut] + 1
        self.members = first, last


def _rows(columns: Places, weights: Floats, width: int) -> Floats:
    """One row a place, its weight in its column."""
    rows = np.zeros((len(columns), width))
    rows[np.arange(len(columns)), columns] = weights
    return rows


def _greatest(rows: Floats, begin: Places, end: Places) -> Floats:
    """The greatest of `rows[begin:end]` for each pair of edges, column by column; 0 where it is empty."""
    padded = np.concatenate([rows, np.zeros((1, rows.shape[1]))])
    greatest: Floats = np.maximum.reduceat(padded, np.column_stack([begin, end]).ravel(), axis=0)[::2]
    greatest[begin == end] = 0.0
    return greatest
