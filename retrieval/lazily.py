"""How do memos, passages and wordings come out of a file when they are asked for, and not before?"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar, overload

from retrieval.abbreviations import Meanings
from retrieval.analysis import analyzer
from retrieval.columns import Columns
from retrieval.models import Memo, Passage
from retrieval.passages import split
from retrieval.rows import Places
from retrieval.rulebook import rules_in_groups
from retrieval.seeing import settled
from retrieval.synonyms import Synonyms
from retrieval.wordings import Rules, Wordings

T = TypeVar("T")


class Memos(Mapping[str, Memo]):
    """Memos by id, in order, in the language that they are taken to be in, each read when it is asked for.

    `given` are some that were read already, by id, as they were given.
    """

    def __init__(self, columns: Columns, given: Mapping[str, Memo] = MappingProxyType({})) -> None:
        self._columns = columns
        self.read = {memo_id: memo for memo_id, memo in given.items() if memo_id in self.numbers}
        """Those that were read so far, by id, as they were given; none that is not among them."""
        self._settled: dict[int, Memo] = {}
        self._by_id: dict[str, Memo] = {}  # the same; whoever has a passage of one need not number all

    def at(self, number: int) -> Memo:
        """The memo with this number."""
        memo = self._settled.get(number)
        if memo is None:
            memo = settled(self.given(number), self._columns.settled[number])
            self._settled[number] = self._by_id[memo.id] = memo
        return memo

    def given(self, number: int) -> Memo:
        """The memo with this number as it was given; whoever asks again gets the same one."""
        memo_id = self._columns.ids[number]
        memo = self.read.get(memo_id)
        return memo or self.read.setdefault(
            memo_id, Memo.model_validate_json(self._columns.memos.bytes_at(number))
        )

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each memo, by its id."""
        return {memo_id: number for number, memo_id in enumerate(self._columns.ids.all())}

    def __getitem__(self, memo_id: str) -> Memo:
        return self._by_id.get(memo_id) or self.at(self.numbers[memo_id])

    def __contains__(self, memo_id: object) -> bool:
        return memo_id in self.numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self._columns.ids)


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

    def __init__(self, memos: Memos, edges: Places) -> None:
        self._memos, self._edges = memos, edges
        self._made: dict[int, list[Passage]] = {}

    def __len__(self) -> int:
        return int(self._edges[-1])

    def _at(self, place: int) -> Passage:
        number = int(self._edges.searchsorted(place, side="right")) - 1
        passages = self._made.get(number)
        if passages is None:
            passages = self._made[number] = split(self._memos.at(number))
        return passages[place - int(self._edges[number])]


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
