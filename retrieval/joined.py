"""How do an index and what came after it look like one?

The passages of both stand in one order, as they would if they had been indexed together; terms keep the numbers of the
first part, and those that it does not know get the next. What is counted is counted over both, without what is gone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from retrieval.forms import Forms
from retrieval.labels import Labels
from retrieval.lazily import Lazy
from retrieval.lexicon import Lexicon
from retrieval.models import Memo, Passage
from retrieval.postings import Part, Postings
from retrieval.rows import Ids, Places

Pairs = Counter[tuple[str, int]]
"""Words and the terms that they are written for, with how often."""


class Order(NamedTuple):
    """What stands where, of n things: `first` of them at most are of the first part, the others of the second.

    `source` (n,) is what stands in each place: a number of the first part, or `first` plus one of the second. `places`
    (first + second,) turns that around; -1 is gone.
    """

    first: int
    source: Ids
    places: Ids

    def of(self, number: int) -> tuple[int, int]:
        """In which part (0 or 1) is what stands in a place, and which number has it there?"""
        source = int(self.source[number])
        return (0, source) if source < self.first else (1, source - self.first)


def ordered(first: int, gone: Ids, before: Places) -> Order:
    """The order of `first` things less those `gone`, and others of which each stands just `before` one of them."""
    stays = np.ones(first, dtype=np.bool_)
    stays[gone] = False
    kept = np.flatnonzero(stays).astype(np.int32)
    second = np.arange(first, first + len(before), dtype=np.int32)
    source: Ids = np.insert(kept, np.searchsorted(kept, before), second)
    places = np.full(first + len(before), -1, dtype=np.int32)
    places[source] = np.arange(len(source), dtype=np.int32)
    return Order(first, source, places)


class JoinedPostings(Postings):
    """Postings of two parts.

    `known` is how many terms the first has numbered, `numbers` (terms,) the numbers of the second's own; `gone` counts
    for each term the passages of the first part that are no longer there, `gone_length` their terms.
    """

    def __init__(  # noqa: PLR0913 - two parts, and how they fit together
        self,
        first: Postings,
        second: Postings,
        *,
        order: Order,
        known: int,
        numbers: Ids,
        gone: Mapping[int, int],
        gone_length: int,
    ) -> None:
        self.k1, self.b = first.k1, first.b
        self._first, self._second, self._order = first, second, order
        self._known, self._gone = known, gone
        self._idfs = {}
        self.count = len(order.source)
        self.total_length = first.total_length - gone_length + second.total_length
        self.average_length = self.total_length / self.count if self.count else 0.0
        self._local = {number: local for local, number in enumerate(numbers.tolist())}

    @cached_property
    def lengths(self) -> Ids:  # type: ignore[override]  # made when it is asked for
        """The length of each passage in terms."""
        return np.concatenate([self._first.lengths, self._second.lengths])[self._order.source]

    def of(self, term: int) -> tuple[Ids, Ids]:
        """Passages that contain `term`, ascending, and how often each does."""
        found = []
        for number, (part, begin) in enumerate(((self._first, 0), (self._second, self._order.first))):
            local = self.within(number, term)
            if local is not None:
                passages, frequencies = part.of(local)
                found.append((self._order.places[passages + begin], frequencies))
        if not found:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        passages, frequencies = (np.concatenate(some) for some in zip(*found, strict=True))
        order = np.argsort(passages, kind="stable")
        order = order[np.searchsorted(passages, 0, sorter=order) :]  # without what is gone
        return passages[order], frequencies[order]

    def containing(self, term: int) -> int:
        """How many passages contain `term`."""
        local = self._local.get(term)
        there = self._first.containing(term) - self._gone.get(term, 0) if term < self._known else 0
        return there + (self._second.containing(local) if local is not None else 0)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Both parts, scored as if they were one."""
        first, places = self._order.first, self._order.places
        return (
            Part(self._first.field_as_of(self.average_length), first, places[:first], places[:first] >= 0),
            Part(self._second.field_as_of(self.average_length), len(places) - first, places[first:], None),
        )

    def within(self, part: int, term: int) -> int | None:
        """The number of a term in one of the parts; None where it does not know it."""
        if part:
            return self._local.get(term)
        return term if term < self._known else None


class JoinedMemos(Mapping[str, Memo]):
    """The memos of two parts; `gone` are ids of the first that no longer count."""

    def __init__(
        self, first: Mapping[str, Memo], second: Mapping[str, Memo], gone: Collection[str], order: Order
    ) -> None:
        self._first, self._second, self._gone, self._order = first, second, gone, order

    def __getitem__(self, memo_id: str) -> Memo:
        if memo_id in self._second:
            return self._second[memo_id]
        if memo_id in self._gone:
            raise KeyError(memo_id)
        return self._first[memo_id]

    def __contains__(self, memo_id: object) -> bool:
        return memo_id in self._second or (memo_id in self._first and memo_id not in self._gone)

    def __iter__(self) -> Iterator[str]:
        ids = [*self._first, *self._second]
        return (ids[source] for source in self._order.source.tolist())

    def __len__(self) -> int:
        return len(self._order.source)


class JoinedPassages(Lazy[Passage]):
    """The passages of two parts."""

    def __init__(self, first: Sequence[Passage], second: Sequence[Passage], order: Order) -> None:
        self._parts, self._order = (first, second), order

    def __len__(self) -> int:
        return len(self._order.source)

    def _at(self, place: int) -> Passage:
        part, number = self._order.of(place)
        return self._parts[part][number]


class JoinedVocabulary(Mapping[str, int]):
    """The terms of two parts, and their numbers; `second` are those of the second, as `numbers_of` gives them.

    `gone` are numbers of the first that stand nowhere any more.
    """

    def __init__(self, first: Mapping[str, int], second: Mapping[str, int], gone: Collection[int]) -> None:
        self._first, self._gone = first, gone
        self.news = {term: number for term, number in second.items() if number >= len(first)}

    def __getitem__(self, term: str) -> int:
        number = self._first.get(term)
        if number is None:
            return self.news[term]
        if number in self._gone:
            raise KeyError(term)
        return number

    def __iter__(self) -> Iterator[str]:
        yield from (term for term, number in self._first.items() if number not in self._gone)
        yield from self.news

    def __len__(self) -> int:
        return len(self._first) - len(self._gone) + len(self.news)


def numbers_of(terms: Iterable[str], first: Mapping[str, int]) -> dict[str, int]:
    """The numbers of the terms of a second part: those of the first where it knows them, else the next."""
    numbers: dict[str, int] = {}
    following = len(first)
    for term in terms:
        number = first.get(term)
        if number is None:
            number, following = following, following + 1
        numbers[term] = number
    return numbers


class JoinedForms(Forms):
    """The words of two parts.

    `gone` counts what is no longer written in the first, `numbers` are the second's terms.
    """

    def __init__(self, first: Forms, second: Forms, gone: Pairs, numbers: Ids) -> None:
        self._first, self._second, self._gone, self._numbers = first, second, gone, numbers
        self._less = {word for word, _ in gone}
        self._lost = {word for word in self._less if not self.terms_of(word)}
        self.news = [word for word in second if word not in first]

    def terms_of(self, word: str) -> list[int]:
        """The numbers of the terms that `word` is written for; none where no memo writes it."""
        terms = self._first.terms_of(word)
        if word in self._less:
            terms = [each for each in terms if self._first.often(word, each) > self._gone[word, each]]
        others = self._numbers[self._second.terms_of(word)].tolist()
        return [*terms, *(each for each in others if each not in terms)]

    def __contains__(self, word: object) -> bool:
        return (word in self._first and word not in self._lost) or word in self._second

    def __iter__(self) -> Iterator[str]:
        return (word for word in chain(self._first, self.news) if word in self)

    def __len__(self) -> int:
        return len(self._first) + len(self.news) - len(self._lost)


class JoinedLexicon(Lexicon):
    """The terms and forms of two parts by likeness; the first has grouped its own."""

    def __init__(self, first: Lexicon, vocabulary: JoinedVocabulary, forms: JoinedForms) -> None:
        super().__init__(vocabulary, forms)
        self._first, self._news = first, Lexicon(vocabulary.news, forms.news)

    def warm(self) -> None:
        """Group the words, which the first look-up does otherwise."""
        self._first.warm()
        self._news.warm()

    def beginning_with(self, letters: str) -> Iterable[str]:
        """The terms, long enough for a family, that begin with these four letters."""
        known = (term for term in self._first.beginning_with(letters) if term in self._vocabulary)
        return chain(known, self._news.beginning_with(letters))

    def with_letter(self, length: int, place: int, letter: str) -> Iterable[str]:
        """The forms of a length with `letter` in this place (0 or 1)."""
        known = (form for form in self._first.with_letter(length, place, letter) if form in self._forms)
        return chain(known, self._news.with_letter(length, place, letter))


class JoinedLabels(Labels):
    """What the memos of two parts go by."""

    def __init__(self, first: Labels, second: Labels, order: Order) -> None:
        self._parts, self._order = ((first, 0), (second, order.first)), order

    def with_word(self, written: str, terms: Collection[str]) -> set[int]:
        """The memos whose label holds a word: in its language's form, or as one of `terms`."""
        found = [begin + number for part, begin in self._parts for number in part.with_word(written, terms)]
        places = self._order.places[found]
        return set(places[places >= 0].tolist())
