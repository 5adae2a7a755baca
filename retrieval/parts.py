"""What makes one stretch a better quote than another: which parts has its score, and what does each weigh?

Each part is a number between 0 and about 2 that does not depend on the collection's size: mostly the share of what
the question's words tell together (their idf) that is met in some place. The weights were fitted on public question
sets as a listwise logistic model (tests/quality/fit.py); they are few, so that each can be read.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Index
from retrieval.models import BlockKind, Passage, Span
from retrieval.postings import Ids
from retrieval.query import Query
from retrieval.shapes import shape_of
from retrieval.windows import Window, windows

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

SENTENCE_K1 = 0.9
SENTENCE_B = 0.5
AVERAGE_QUOTE = 25.0  # terms


class Part(NamedTuple):
    """One part of the score: its name, its weight, and what its number means."""

    name: str
    weight: float
    meaning: str


PARTS = (
    Part("passage covers", 4.5, "share of what the question's words tell that stands in the passage"),
    Part("passage pairs", 5.0, "neighbouring words of the question that stand side by side in the passage"),
    Part("passage length", -0.6, "natural logarithm of the passage's terms; long ones match by chance"),
    Part("quote covers", 2.7, "share of what the question's words tell that stands in the quote"),
    Part("quote weight", 2.4, "BM25 of the quote"),
    Part("quote pairs", 2.6, "neighbouring words of the question that stand side by side in the quote"),
    Part("leading up", 3.5, "share that stands in the quote or the two sentences before it"),
    Part("around", 1.6, "share that stands in the quote or a sentence beside it"),
    Part("headings", 3.0, "share that stands in the title or a heading over the passage, and not in it"),
    Part(
        "shape", 1.6, "the quote holds what such a question asks for: a number, date, name, place or reason"
    ),
    Part("not prose", -4.0, "a heading, a caption or a line about the memo"),
)
NOT_PROSE = [part.name for part in PARTS].index("not prose")
_KINDS_NOT_PROSE = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.FURNITURE})


class Candidates:
    """The chosen passages' sentences and stretches, and how far each covers each word of the question.

    Shapes, for c passages, s sentences, t stretches, w words: `covers` and `counts` (s + 1, w) with an empty last row,
    `pairs` (s + 1, w - 1), `owner` (t,) which passage a stretch belongs to, `leading` (t, w), `passage_covers` and
    `heading_covers` (c, w).
    """

    def __init__(self, index: Index, query: Query, passages: Ids, max_chars: int) -> None:
        self.index, self.query, self.passages = index, query, passages
        total = query.total or 1.0
        self.tells: Floats = np.array([word.tells for word in query.words]) / total
        self._gather(index, passages)
        self._meet()
        self._label_cells()
        self._open_windows(max_chars)
        self.passage_covers = np.maximum.reduceat(self.covers, self.edges[:-1], axis=0)
        self.leading = self.most(self.covers, self.before(2), self.last)
        self.heading_covers = np.array(
            [self._met_by(index.headings_of(number)) for number in passages.tolist()]
        )

    def passage(self, place: int) -> Passage:
        """The passage of candidate number `place`."""
        return self.index.passages[int(self.passages[place])]

    def before(self, count: int) -> Places:
        """The sentence `count` before each stretch's first, within its passage."""
        earlier: Places = np.maximum(self.first - count, self.edges[self.owner])
        return earlier

    def after(self, count: int) -> Places:
        """The sentence `count` after each stretch's last, within its passage; exclusive, as `last` is."""
        later: Places = np.minimum(self.last + count, self.edges[self.owner + 1])
        return later

    def most(self, rows: Floats, first: Places, last: Places) -> Floats:
        """The greatest of `rows[first:last]` for each pair of edges."""
        most: Floats = np.maximum.reduceat(rows, np.column_stack([first, last]).ravel(), axis=0)[::2]
        return most

    def _gather(self, index: Index, passages: Ids) -> None:
        """Lay the candidates' sentences and terms side by side."""
        table = index.sentences
        firsts, lasts = table.first_of_passage[passages], table.first_of_passage[passages + 1]
        self.edges = np.concatenate([[0], np.cumsum(lasts - firsts)])
        self.sentence_numbers = np.concatenate([np.arange(a, b) for a, b in zip(firsts, lasts, strict=True)])
        self.terms = np.concatenate(
            [
                index.terms[table.first_term[a] : table.first_term[b]]
                for a, b in zip(firsts, lasts, strict=True)
            ]
        )
        self.lengths = table.first_term[self.sentence_numbers + 1] - table.first_term[self.sentence_numbers]

    def _meet(self) -> None:
        """Find where the question's words stand."""
        sentences, words = len(self.sentence_numbers), len(self.query.words)
        self.covers = np.zeros((sentences + 1, words))
        self.counts = np.zeros((sentences + 1, words))
        self.pairs = np.zeros((sentences + 1, max(words - 1, 1)))
        places, columns, weights = _met(self.query, self.terms)
        rows = np.repeat(np.arange(sentences), self.lengths)[places]
        np.maximum.at(self.covers, (rows, columns), weights)
        np.add.at(self.counts, (rows, columns), weights)
        beside = np.flatnonzero((np.diff(places) == 1) & (np.diff(columns) == 1) & (np.diff(rows) == 0))
        np.maximum.at(
            self.pairs, (rows[beside], columns[beside]), np.minimum(weights[beside], weights[beside + 1])
        )

    def _label_cells(self) -> None:
        """A table's cell is read with its row's and its column's name: they count as words of the cell."""
        for place in range(len(self.passages)):
            passage = self.passage(place)
            if passage.row or passage.column:
                rows = self.covers[self.edges[place] : self.edges[place + 1]]
                np.maximum(rows, self._met_by(self.index.labels_of(passage)), out=rows)

    def _met_by(self, terms: Ids) -> Floats:
        """How far `terms` cover each word."""
        met = np.zeros(len(self.query.words))
        _, columns, weights = _met(self.query, terms)
        np.maximum.at(met, columns, weights)
        return met

    def _open_windows(self, max_chars: int) -> None:
        """Open the stretches of every candidate; those that cut a sentence get rows of their own."""
        self.windows: list[Window] = []
        owner, first, last = [], [], []
        for place in range(len(self.passages)):
            begin, end = self.edges[place], self.edges[place + 1]
            spans = [
                Span(*span) for span in self.index.sentences.spans[self.sentence_numbers[begin:end]].tolist()
            ]
            text = self.index.memos[self.passage(place).memo_id].text
            for window in windows(text, spans, max_chars):
                self.windows.append(window)
                owner.append(place)
                first.append(begin + window.first)
                last.append(begin + window.last)
        self.owner, self.first, self.last = np.array(owner), np.array(first), np.array(last)

    def inside(self) -> tuple[Floats, Floats, Floats, Floats]:
        """For each stretch: how far it covers each word, how often it holds it, which pairs, and its terms."""
        covers = self.most(self.covers, self.first, self.last)
        pairs = self.most(self.pairs, self.first, self.last)
        sums = np.concatenate([np.zeros((1, self.counts.shape[1])), np.cumsum(self.counts, axis=0)])
        counts = sums[self.last] - sums[self.first]
        lengths = np.concatenate([[0], np.cumsum(self.lengths)]).astype(float)
        terms = lengths[self.last] - lengths[self.first]
        for place, window in enumerate(self.windows):
            if any(window.cut):
                covers[place], counts[place], pairs[place], terms[place] = self._inside_cut(place, window)
        return covers, counts, pairs, terms

    def _inside_cut(self, place: int, window: Window) -> tuple[Floats, Floats, Floats, float]:
        ids = np.array(
            self.index.term_ids_in(self.passage(self.owner[place]).memo_id, window.span), dtype=np.int32
        )
        covers, counts = np.zeros(self.covers.shape[1]), np.zeros(self.counts.shape[1])
        pairs = np.zeros(self.pairs.shape[1])
        places, columns, weights = _met(self.query, ids)
        np.maximum.at(covers, columns, weights)
        np.add.at(counts, columns, weights)
        beside = np.flatnonzero((np.diff(places) == 1) & (np.diff(columns) == 1))
        np.maximum.at(pairs, columns[beside], np.minimum(weights[beside], weights[beside + 1]))
        return covers, counts, pairs, float(len(ids))


def _met(query: Query, terms: Ids) -> tuple[Places, Places, Floats]:
    """Where in `terms` words of the question stand: places ascending, which word, and its weight."""
    meant: dict[int, tuple[int, float]] = {}
    for column, word in enumerate(query.words):
        for term, weight in word.terms:
            if weight > meant.get(term, (0, 0.0))[1]:
                meant[term] = (column, weight)
    if not meant:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    known = np.array(sorted(meant), dtype=np.int32)
    columns = np.array([meant[term][0] for term in known.tolist()])
    weights = np.array([meant[term][1] for term in known.tolist()])
    at = np.minimum(np.searchsorted(known, terms), len(known) - 1)
    places = np.flatnonzero(known[at] == terms)
    return places, columns[at[places]], weights[at[places]]


def weigh(gathered: Candidates) -> Floats:
    """The parts of every stretch's score: (stretches, parts), in the order of `PARTS`."""
    tells = gathered.tells
    pair_tells = np.minimum(tells[:-1], tells[1:]) if len(tells) > 1 else np.zeros(gathered.pairs.shape[1])
    covers, counts, pairs, terms = gathered.inside()
    passage_pairs = np.maximum.reduceat(gathered.pairs, gathered.edges[:-1], axis=0)
    passage_terms = np.add.reduceat(gathered.lengths, gathered.edges[:-1])
    length_norm = SENTENCE_K1 * (1 - SENTENCE_B + SENTENCE_B * terms / AVERAGE_QUOTE)
    weight = counts * (SENTENCE_K1 + 1) / (counts + length_norm[:, None])
    around = gathered.most(gathered.covers, gathered.before(1), gathered.after(1))
    owner = gathered.owner
    return np.column_stack([
        (gathered.passage_covers @ tells)[owner],
        (passage_pairs @ pair_tells)[owner],
        np.log1p(passage_terms)[owner],
        covers @ tells,
        weight @ tells,
        pairs @ pair_tells,
        gathered.leading @ tells,
        around @ tells,
        ((np.maximum(gathered.heading_covers, gathered.passage_covers) - gathered.passage_covers) @ tells)[owner],
        _shapes(gathered),
        _not_prose(gathered)[owner],
    ])  # fmt: skip


def _not_prose(gathered: Candidates) -> Floats:
    """1 for each candidate that is a heading, a caption or a line about the memo."""
    passages = (gathered.passage(place) for place in range(len(gathered.passages)))
    return np.array([float(passage.kind in _KINDS_NOT_PROSE) for passage in passages])


def _shapes(gathered: Candidates) -> Floats:
    """For each stretch whether it holds what the question's shape asks for."""
    shape = shape_of(gathered.query.text)
    if not shape.wants:
        return np.zeros(len(gathered.windows))
    texts = [
        gathered.index.memos[gathered.passage(place).memo_id].text for place in range(len(gathered.passages))
    ]
    return np.array(
        [
            shape.part(window.span.of(texts[owner]))
            for window, owner in zip(gathered.windows, gathered.owner, strict=True)
        ]
    )
