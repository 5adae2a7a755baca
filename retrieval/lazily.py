"""How do memos, passages and wordings come out of a file when they are asked for, and not before?"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar, overload

import numpy as np

from retrieval.abbreviations import Meanings
from retrieval.analysis import analyzer
from retrieval.arrays import Array, Texts
from retrieval.models import Memo, Passage
from retrieval.passages import split
from retrieval.rows import Ids
from retrieval.settling import rules_in_groups
from retrieval.synonyms import Synonyms
from retrieval.wordings import Rules, Wordings

T = TypeVar("T")


class Memos(Mapping[str, Memo]):
    """Memos by id, in order, each read when it is asked for."""

    def __init__(self, ids: Texts, texts: Texts) -> None:
        self._ids, self._texts = ids, texts
        self._read: dict[str, Memo] = {}

    def at(self, number: int) -> Memo:
        """The memo with this number."""
        return self._read.get(self._ids[number]) or self._made(number)

    def number(self, memo_id: str) -> int:
        """The number of a memo. KeyError where there is none."""
        return self._numbers[memo_id]

    def _made(self, number: int) -> Memo:
        memo = Memo.model_validate_json(self._texts[number])
        return self._read.setdefault(memo.id, memo)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {memo_id: number for number, memo_id in enumerate(self._ids.all())}

    def __getitem__(self, memo_id: str) -> Memo:
        return self._read.get(memo_id) or self._made(self._numbers[memo_id])

    def __contains__(self, memo_id: object) -> bool:
        return memo_id in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._ids)


class Lazy(Sequence[T]):
    """Things by number, each made when it is asked for."""

    @abstractmethod
    def _at(self, place: int) -> T:
        """What stands in a place that there is."""

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self._at(each) for each in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._at(place)


class Passages(Lazy[Passage]):
    """The passages of memos one after the other, those of a memo made when one of them is asked for."""

    def __init__(self, memos: Memos, edges: Array) -> None:
        self._memos, self._edges = memos, edges
        self._made: dict[int, list[Passage]] = {}

    def __len__(self) -> int:
        return int(self._edges[-1])

    def _at(self, place: int) -> Passage:
        number = int(np.searchsorted(self._edges, place, side="right")) - 1
        passages = self._made.get(number)
        if passages is None:
            passages = self._made[number] = split(self._memos.at(number))
        return passages[place - int(self._edges[number])]


class Rows(Mapping[int, Ids]):
    """Arrays by number: those of ascending `numbers`, one after the other."""

    def __init__(self, numbers: Array, edges: Array, joined: Array) -> None:
        self._numbers, self._edges, self._joined = numbers, edges, joined

    def __getitem__(self, number: int) -> Ids:
        at = int(np.searchsorted(self._numbers, number))
        if at == len(self._numbers) or self._numbers[at] != number:
            raise KeyError(number)
        row: Ids = self._joined[self._edges[at] : self._edges[at + 1]]
        return row

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers.tolist())

    def __len__(self) -> int:
        return len(self._numbers)


class WordingsOf(Mapping[str, Wordings]):
    """Wordings by language, each made when it is asked for."""

    def __init__(
        self,
        languages: Sequence[str],
        synonyms: Sequence[Synonyms],
        explanations: Callable[[], Mapping[str, Meanings]],
    ) -> None:
        self._languages, self._synonyms, self._explanations = languages, synonyms, explanations
        self._made: dict[str, Wordings] = {}

    def __getitem__(self, language: str) -> Wordings:
        if language not in self._languages:
            raise KeyError(language)
        if language not in self._made:
            self._made[language] = Wordings(self._rules, analyzer(language))
        return self._made[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._languages)

    def __len__(self) -> int:
        return len(self._languages)

    @cached_property
    def _rules(self) -> Rules:
        return rules_in_groups(self._synonyms, self._explanations())
