"""What is an index of which a few memos have changed?

An index that stays as it is, and another beside it over what came since. Both answer as one (`retrieval.joined`).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.compiled import scoring
from retrieval.gathering import cuts_of, put_together
from retrieval.index import Index
from retrieval.joined import (
    JoinedForms,
    JoinedLabels,
    JoinedLexicon,
    JoinedMemos,
    JoinedPassages,
    JoinedPostings,
    JoinedVocabulary,
    Order,
    numbers_of,
    ordered,
)
from retrieval.labels import Labels
from retrieval.layout import SideBySide, interleaved
from retrieval.lexicon import Lexicon
from retrieval.models import Memo, Passage
from retrieval.order import newest_first
from retrieval.rows import Ids, edges, ranges
from retrieval.seeing import Seen
from retrieval.settling import Settled
from retrieval.succession import Succession
from retrieval.wording import is_stand_in

FEW, SHARE, MANY = 500, 0.02, 5_000
"""Passages, their share of those of the base, and passages again, between which a change takes some milliseconds."""
_BITS = 31  # of a term's number


class Gone(NamedTuple):
    """What no longer counts of an index: memos by id, and how often which terms and forms stand in them.

    `bodies` and `headings` count passages by term, `lengths` are the terms of both fields.
    """

    memos: frozenset[str]
    bodies: Counter[int]
    headings: Counter[int]
    lengths: tuple[int, int]
    forms: Counter[tuple[str, int]]

    def less(self, index: Index, memo_ids: Collection[str]) -> "Gone":
        """The same when these memos of `index` are gone too."""
        if not memo_ids:
            return self
        bodies, headings, forms = self.bodies.copy(), self.headings.copy(), self.forms.copy()
        numbers = [index.number_of(memo_id) for memo_id in memo_ids]
        passages = _passages_of(index, numbers)
        laid = index.side_by_side(passages)
        per_passage = np.diff(edges(laid.terms_in)[edges(laid.sentences_in)])
        bodies.update(_counted(laid.terms, per_passage))
        over = [index.headings_of(passage) for passage in passages.tolist()]
        headings.update(_counted(np.concatenate([np.zeros(0, np.int32), *over]), [len(row) for row in over]))
        forms.update((form.lower(), term) for each in numbers for form, term in index.columns.forms_of(each))
        lengths = (
            self.lengths[0] + int(index.bodies.lengths[passages].sum(dtype=np.int64)),
            self.lengths[1] + int(index.headings.lengths[passages].sum(dtype=np.int64)),
        )
        return Gone(self.memos.union(memo_ids), bodies, headings, lengths, forms)


NOTHING_GONE = Gone(frozenset(), Counter(), Counter(), (0, 0), Counter())


class ChangedIndex(Index):
    """A `base`, less what is `gone` of it, and an index `beside` it. Terms keep the numbers that the base gave them."""

    def __init__(self, base: Index, gone: Gone, beside: Index) -> None:
        self.base, self.gone, self.beside = base, gone, beside
        self.languages, self.wordings, self.synonyms = beside.languages, beside.wordings, beside.synonyms
        self.superseded = base.superseded
        self._memo_order, self._order = _orders(base, gone, beside)
        self.memos = JoinedMemos(base.memos, beside.memos, gone.memos, self._memo_order)
        self.succession = base.succession.changed(gone.memos, beside.memos, self.memos)
        self.passages = JoinedPassages(base.passages, beside.passages, self._order)
        numbers = numbers_of(beside.vocabulary, base.vocabulary)
        self._numbers_beside: Ids = np.fromiter(numbers.values(), np.int32, len(numbers))
        joined = partial(
            JoinedPostings, order=self._order, known=len(base.vocabulary), numbers=self._numbers_beside
        )
        bodies, headings = gone.lengths
        self.bodies = joined(base.bodies, beside.bodies, gone=gone.bodies, gone_length=bodies)
        self.headings = joined(base.headings, beside.headings, gone=gone.headings, gone_length=headings)
        self._words = JoinedVocabulary(base.vocabulary, numbers, self._lost())
        self.vocabulary = self._words

    @property
    def pieces(self) -> tuple[Index, ...]:
        """The indexes that lie in one piece each which it consists of."""
        return self.beside, self.base

    def seen(self, memo_id: str) -> Seen:
        """A memo as it was looked at. KeyError where there is none."""
        return self._piece_with(memo_id).seen(memo_id)

    def given(self, memo_id: str) -> Memo:
        """A memo as it was given. KeyError where there is none."""
        return self._piece_with(memo_id).given(memo_id)

    @property
    def read(self) -> Mapping[str, Memo]:
        """The memos that were read so far, by id, as they were given."""
        stays = {memo_id: memo for memo_id, memo in self.base.read.items() if memo_id not in self.gone.memos}
        return {**stays, **self.beside.read}

    def remember(self, memos: Mapping[str, Memo]) -> None:
        """Take these of its memos, as they were given, for read."""
        self.beside.remember(memos)
        self.base.remember(
            {memo_id: memo for memo_id, memo in memos.items() if memo_id not in self.gone.memos}
        )

    def place_of(self, memo_id: str) -> int | None:
        """The number of a memo; None where there is none."""
        return self.number_of(memo_id) if memo_id in self.memos else None

    def _piece_with(self, memo_id: str) -> Index:
        if memo_id in self.beside.memos:
            return self.beside
        if memo_id in self.gone.memos:
            raise KeyError(memo_id)
        return self.base

    def whole(self) -> Index:
        """The same index in one piece."""
        parts = self.base.columns, self.beside.columns
        placed = map(self._memo_order.of, range(len(self.memos)))
        columns = put_together(cuts_of((parts[part], number) for part, number in placed))
        succession = self.succession
        settled = Settled(
            self.languages, self.wordings, self.synonyms, self.superseded, succession, self.tally
        )
        index = Index(columns, settled, given=self.read)
        index.succession = Succession(index.memos, succession.direct, succession.stating)
        return index

    @property
    def is_loose(self) -> bool:
        """Whether so much lies beside the base, or is gone of it, that an index in one piece is worth making."""
        base, beside = len(self.base.passages), len(self.beside.passages)
        gone = base + beside - len(self.passages)
        return beside + gone > max(FEW, min(SHARE * base, MANY))

    def warm(self) -> None:
        """Make what is made at the first question, so that it does not wait for it."""
        self.lexicon.warm()
        _ = self.info, self.stand_ins, self.labels
        if scoring is not None:
            _ = self.bodies.parts, self.headings.parts

    def memo_at(self, number: int) -> Memo:
        """The memo with this number, in the order of `memos`."""
        part, own = self._memo_order.of(number)
        return (self.beside if part else self.base).memo_at(own)

    def number_of(self, memo_id: str) -> int:
        """The number of a memo. KeyError where there is none."""
        if memo_id in self.beside.memos:
            return int(self._memo_order.places[self._memo_order.first + self.beside.number_of(memo_id)])
        if memo_id in self.gone.memos:
            raise KeyError(memo_id)
        return int(self._memo_order.places[self.base.number_of(memo_id)])

    def passages_of(self, memo_id: str) -> Sequence[Passage]:
        """The passages of a memo, in order."""
        return self._piece_with(memo_id).passages_of(memo_id)

    @cached_property
    def memo_of_passage(self) -> Ids:
        """For each passage the number of its memo, in the order of `memos`."""
        beside = self.beside.memo_of_passage + np.int32(self._memo_order.first)
        memos: Ids = np.concatenate([self.base.memo_of_passage, beside])[self._order.source]
        return self._memo_order.places[memos]

    def term(self, number: int) -> str:
        """The term with this number."""
        known = len(self.base.vocabulary)
        return self.base.term(number) if number < known else self._news[number - known]

    def side_by_side(self, passages: Ids) -> SideBySide:
        """The sentences and terms of some passages."""
        source, first = self._order.source[passages], self._order.first
        is_beside = source >= first
        if not is_beside.any():
            return self.base.side_by_side(source)
        beside = self.beside.side_by_side(source[is_beside] - first)
        beside = beside._replace(
            sentences=beside.sentences + len(self.base.columns.spans),
            terms=self._numbers_beside[beside.terms],
        )
        return interleaved(self.base.side_by_side(source[~is_beside]), beside, is_beside)

    def term_starts(self, sentence: int) -> Ids:
        """Where in the memo each term of sentence number `sentence` begins, ascending."""
        known = len(self.base.columns.spans)
        return (
            self.base.term_starts(sentence) if sentence < known else self.beside.term_starts(sentence - known)
        )

    def headings_of(self, passage: int) -> Ids:
        """Term ids of the title and headings over passage number `passage`."""
        part, own = self._order.of(passage)
        return self._numbers_beside[self.beside.headings_of(own)] if part else self.base.headings_of(own)

    @cached_property
    def forms(self) -> JoinedForms:
        """Each word as the memos write it, in lower case, and the numbers of its terms."""
        return JoinedForms(self.base.forms, self.beside.forms, self.gone.forms, self._numbers_beside)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms by likeness."""
        return JoinedLexicon(self.base.lexicon, self._words, self.forms)

    @cached_property
    def labels(self) -> Labels:
        """What the memos go by."""
        return JoinedLabels(self.base.labels, self.beside.labels, self._memo_order)

    @cached_property
    def _news(self) -> list[str]:
        return list(self._words.news)

    @cached_property
    def stand_ins(self) -> NDArray[np.bool_]:
        """For each term whether it was read in no memo."""
        news = np.array([is_stand_in(term) for term in self._news], dtype=np.bool_)
        return np.concatenate([self.base.stand_ins, news])

    def _lost(self) -> set[int]:
        """The terms of the base that stand nowhere any more."""
        terms = self.gone.bodies.keys() | self.gone.headings.keys()
        return {
            term for term in terms if not (self.bodies.containing(term) or self.headings.containing(term))
        }


def _counted(terms: Ids, lengths: Iterable[int]) -> Counter[int]:
    """In how many of some passages, whose terms lie one after the other, each term stands."""
    lengths = np.fromiter(lengths, np.int64)
    owners = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    pairs = np.unique((owners << _BITS) | terms)
    return Counter((pairs & ((1 << _BITS) - 1)).tolist())


def _passages_of(index: Index, memos: Sequence[int]) -> Ids:
    """The numbers of the passages of some memos."""
    numbers = np.array(memos, dtype=np.int64)
    return ranges(index.columns.passages[numbers], index.columns.passages[numbers + 1]).astype(np.int32)


def _orders(base: Index, gone: Gone, beside: Index) -> tuple[Order, Order]:
    """Of the memos and of the passages of both."""
    memos = range(len(base.memos))
    before = np.array(
        [
            bisect_left(memos, newest_first(memo), key=lambda number: newest_first(base.memo_at(number)))
            for memo in beside.memos.values()
        ],
        dtype=np.int64,
    )
    left = [base.number_of(memo_id) for memo_id in gone.memos]
    passages_before = np.repeat(base.columns.passages[before], np.diff(beside.columns.passages))
    return (
        ordered(len(memos), np.array(left, dtype=np.int32), before),
        ordered(len(base.passages), _passages_of(base, left), passages_before),
    )
