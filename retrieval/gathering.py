"""How are memos of some columns cut out, and put together as columns of their own?"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, islice
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.columns import NOTHING, Columns, Cut, Ragged, between
from retrieval.rows import Ids, edges
from retrieval.texts import Texts

T = TypeVar("T")


def put_together(cuts: Iterable[Cut]) -> Columns:
    """Memos of some columns as columns of their own, in the order of `cuts`.

    Of columns that nobody else holds each is let go of as soon as it is copied: so all never lie in memory twice.
    """
    cuts = iter(cuts)
    some = list(islice(cuts, 2))
    if not some:
        return NOTHING
    if len(some) == 1 and (some[0].first, some[0].last) == (0, len(some[0].columns.ids)):
        return some[0].columns
    terms, words = _United("vocabulary", "own"), _United("written", "forms")
    united = {"own": terms, "headings": terms, "terms": terms, "forms": words}
    rows: dict[str, list[_Rows]] = {name: [] for name in _ROWS_FOR}
    for cut in chain(_let_go(some), cuts):
        terms.take(cut)
        words.take(cut)
        for name, level in _ROWS_FOR.items():
            rows[name].append(_rows(cut, name, level))
    numbers = {each: each.numbers() for each in (terms, words)}
    columns = {}
    for name in _ROWS_FOR:
        renumbered = (
            [numbers[united[name]][source] for source in united[name].sources] if name in united else None
        )
        columns[name] = _column(name, rows.pop(name), renumbered)
    return Columns(**columns, vocabulary=terms.texts(), written=words.texts())


def cuts_of(places: Iterable[tuple[Columns, int]]) -> Iterator[Cut]:
    """Memos, each given by its columns and its number in them, as stretches of as many as stand in a row."""
    last: Cut | None = None
    for columns, number in places:
        if last and last.columns is columns and last.last == number:
            last = Cut(columns, last.first, number + 1)
            continue
        if last:
            yield last
        last = Cut(columns, number, number + 1)
    if last:
        yield last


_ROWS_FOR = {
    **dict.fromkeys(("ids", "memos", "digests", "detected", "settled", "labels", "abbreviations"), "memos"),
    **dict.fromkeys(("passages", "own", "forms", "long"), "memos"),
    "form_terms": "forms",
    **dict.fromkeys(("headings", "sentences"), "passages"),
    **dict.fromkeys(("spans", "terms"), "sentences"),
    "starts": "long",
}  # what each column has a row for: a property of `Cut`
_EDGES = ("passages", "sentences")


class _Rows(NamedTuple):
    """What a cut has of a column `of` some type: the values, and for rows of different lengths how long each is."""

    of: type
    values: Any
    lengths: Any


def _rows(cut: Cut, name: str, level: str) -> _Rows:
    column, at = getattr(cut.columns, name), getattr(cut, level)
    if name in _EDGES:
        return _Rows(np.ndarray, None, np.diff(column[at.start : at.stop + 1]))
    if isinstance(column, np.ndarray):
        return _Rows(np.ndarray, column[at], None)
    return _Rows(
        type(column), column.values[between(column.edges, at)], np.diff(column.edges[at.start : at.stop + 1])
    )


def _column(name: str, rows: list[_Rows], numbers: Sequence[Ids] | None) -> Any:
    """A column of all of `rows`; `numbers` are those that the numbers in each become."""
    ends = None if rows[0].lengths is None else edges(np.concatenate([each.lengths for each in rows]))
    if name in _EDGES:
        return ends
    values = [each.values for each in rows]
    if numbers:
        values = [became[some] for became, some in zip(numbers, values, strict=True)]
    joined = np.concatenate(values)
    return joined if ends is None else rows[0].of(joined, ends)


def _let_go(some: list[T]) -> Iterator[T]:
    """What is in a list, which does not hold it any longer then."""
    while some:
        yield some.pop(0)


class _United:
    """The words of some columns, each once; those of memos that are left out are not among them."""

    def __init__(self, name: str, used_in: str) -> None:
        self._name, self._used_in = name, used_in
        self._words: dict[int, Texts] = {}
        self._used: dict[int, NDArray[np.bool_]] = {}
        self._all: dict[str, int] = {}
        self.sources: list[int] = []
        """Of each cut the words that it is written with."""

    def take(self, cut: Cut) -> None:
        """Take the words of a cut."""
        words: Texts = getattr(cut.columns, self._name)
        source = id(words)
        self._words[source] = words  # held, so that no other gets its id
        self.sources.append(source)
        if source not in self._used:
            self._used[source] = np.zeros(len(words), np.bool_)
        column: Ragged = getattr(cut.columns, self._used_in)
        self._used[source][column.values[between(column.edges, cut.memos)]] = True

    def numbers(self) -> dict[int, Ids]:
        """The numbers that those of each source become."""
        return {
            source: self._became(texts.all(), self._used[source]) for source, texts in self._words.items()
        }

    def _became(self, words: Sequence[str], used: NDArray[np.bool_]) -> Ids:
        found = np.full(len(words), -1, np.int32)
        found[used] = _taken(list(compress(words, used.tolist())), self._all)
        return found

    def texts(self) -> Texts:
        """All of them."""
        return Texts.of(self._all)


def _taken(words: Sequence[str], numbers: dict[str, int]) -> Ids:
    """The number of each of `words`; new ones get the next."""
    return np.fromiter((numbers.setdefault(word, len(numbers)) for word in words), np.int32, len(words))
