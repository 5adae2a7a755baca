"""How does all that was found out about memos lie side by side?

In columns: of each kind one array over all memos, whether it lies in memory or in a file. What stands there of a memo
depends on no other, but for the numbers of terms and of written words. So some memos' columns are cut out and put
together with others' as they are, without a look into a memo: an index is built in pieces, by several processes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.abbreviations import Abbreviation
from retrieval.rows import Ids, Places, edges
from retrieval.texts import Bytes, Texts

Array = NDArray[Any]
DIGEST_BYTES = 32


class Ragged(NamedTuple):
    """Rows of different lengths: row n is `values[edges[n]:edges[n + 1]]`."""

    values: Ids
    edges: Places

    def row(self, number: int) -> Ids:
        """The row with this number."""
        return self.values[self.edges[number] : self.edges[number + 1]]


class Columns(NamedTuple):
    """Memos in terms, in the order of an index: m memos, their p passages, and s sentences of these.

    A row for each memo: its `ids`; `memos`, as it was given, in JSON, and the `digests` (m, 32) of that; `detected` and
    `settled` languages; `labels` (`label_of`); `abbreviations`, in JSON; `own`, the terms that stand in it, each once;
    `forms`, words as it writes them, numbers in `written`, and `form_terms`, the places of their terms in the row of
    `own`; `long`, its long sentences, counted from its first. A row for each passage: `headings`, the terms of the
    title and headings over it. For each sentence: `spans` (s, 2), characters of its memo, and `terms`. For each long
    sentence: `starts`, where in the memo its terms begin. `passages` (m + 1,) and `sentences` (p + 1,) are edges.
    Terms are numbers in `vocabulary`; each stands in some memo.
    """

    ids: Texts
    memos: Texts
    digests: Bytes
    detected: Texts
    settled: Texts
    labels: Texts
    abbreviations: Texts
    passages: Places
    own: Ragged
    forms: Ragged
    form_terms: Ids
    headings: Ragged
    sentences: Places
    spans: Ids
    terms: Ragged
    long: Ragged
    starts: Ragged
    vocabulary: Texts
    written: Texts

    @property
    def whole(self) -> "Cut":
        """All memos of these columns."""
        return Cut(self, 0, len(self.ids))

    def abbreviations_of(self, number: int) -> tuple[Abbreviation, ...]:
        """What a memo abbreviates."""
        return tuple(Abbreviation(*pair) for pair in json.loads(self.abbreviations[number] or "[]"))

    def forms_of(self, number: int) -> Iterable[tuple[str, int]]:
        """The words that a memo writes, each with the number of its term."""
        some = slice(*self.forms.edges[number : number + 2].tolist())
        terms = self.own.row(number)[self.form_terms[some]].tolist()
        return zip((self.written[each] for each in self.forms.values[some].tolist()), terms, strict=True)

    def arrays(self) -> dict[str, Array]:
        """All of it as arrays by name."""
        found: dict[str, Array] = {}
        for name, column in self._asdict().items():
            if isinstance(column, Texts):
                found |= {f"{name}.text": column.values, f"{name}.edges": column.edges}
            elif isinstance(column, Ragged):
                found |= {f"{name}.values": column.values, f"{name}.edges": column.edges}
            else:
                found[name] = column
        return found

    @staticmethod
    def of(arrays: Mapping[str, Array]) -> "Columns":
        """The columns again, of what `arrays` gave."""

        def column(name: str) -> Any:
            if f"{name}.text" in arrays:
                return Texts(arrays[f"{name}.text"], arrays[f"{name}.edges"])
            if f"{name}.values" in arrays:
                return Ragged(arrays[f"{name}.values"], arrays[f"{name}.edges"])
            return arrays[name]

        return Columns(**{name: column(name) for name in Columns._fields})


class Cut(NamedTuple):
    """The memos from number `first` up to number `last` of some columns."""

    columns: Columns
    first: int
    last: int

    @property
    def memos(self) -> slice:
        """These memos."""
        return slice(self.first, self.last)

    @property
    def forms(self) -> slice:
        """The words that they write."""
        return _between(self.columns.forms.edges, self.memos)

    @property
    def long(self) -> slice:
        """Their long sentences, among all long ones."""
        return _between(self.columns.long.edges, self.memos)

    @property
    def passages(self) -> slice:
        """Their passages."""
        return _between(self.columns.passages, self.memos)

    @property
    def sentences(self) -> slice:
        """Their sentences."""
        return _between(self.columns.sentences, self.passages)


def _nothing() -> Columns:
    texts, ends, ids = Texts.of(()), np.zeros(1, np.int64), np.zeros(0, np.int32)
    rows, digests, spans = Ragged(ids, ends), np.zeros((0, DIGEST_BYTES), np.uint8), ids.reshape(0, 2)
    by_memo = (texts, texts, digests, texts, texts, texts, texts, ends, rows, rows, ids)
    return Columns(*by_memo, rows, ends, spans, rows, rows, rows, texts, texts)


NOTHING = _nothing()
"""The columns of no memo."""


def put_together(cuts: Sequence[Cut]) -> Columns:
    """Memos of some columns as columns of their own, in the order of `cuts`."""
    if not cuts:
        return NOTHING
    first = cuts[0]
    if len(cuts) == 1 and (first.first, first.last) == (0, len(first.columns.ids)):
        return first.columns
    vocabulary, terms = _united(cuts, "vocabulary", "own")
    written, words = _united(cuts, "written", "forms")
    numbers = {"own": terms, "headings": terms, "terms": terms, "forms": words}
    return Columns(
        **{name: _one_column(cuts, name, level, numbers.get(name)) for name, level in _ROWS_FOR.items()},
        vocabulary=vocabulary,
        written=written,
    )


_ROWS_FOR = {
    **dict.fromkeys(("ids", "memos", "digests", "detected", "settled", "labels", "abbreviations"), "memos"),
    **dict.fromkeys(("passages", "own", "forms", "long"), "memos"),
    "form_terms": "forms",
    **dict.fromkeys(("headings", "sentences"), "passages"),
    **dict.fromkeys(("spans", "terms"), "sentences"),
    "starts": "long",
}  # what each column has a row for: a property of `Cut`
_EDGES = ("passages", "sentences")


def _one_column(cuts: Sequence[Cut], name: str, level: str, numbers: Mapping[int, Ids] | None) -> Any:
    """One column of `put_together`; `numbers` are those that the numbers in it become, by their columns' id."""
    columns = [getattr(cut.columns, name) for cut in cuts]
    places: list[slice] = [getattr(cut, level) for cut in cuts]
    if isinstance(columns[0], np.ndarray) and name not in _EDGES:
        return np.concatenate([column[some] for column, some in zip(columns, places, strict=True)])
    ends = [column if name in _EDGES else column.edges for column in columns]
    lengths = [np.diff(some[at.start : at.stop + 1]) for some, at in zip(ends, places, strict=True)]
    if name in _EDGES:
        return edges(np.concatenate(lengths))
    values = [column.values[_between(column.edges, at)] for column, at in zip(columns, places, strict=True)]
    if numbers:
        values = [numbers[id(cut.columns)][some] for cut, some in zip(cuts, values, strict=True)]
    return type(columns[0])(np.concatenate(values), edges(np.concatenate(lengths)))


def cuts_of(places: Iterable[tuple[Columns, int]]) -> list[Cut]:
    """Memos, each given by its columns and its number in them, as stretches of as many as stand in a row."""
    found: list[Cut] = []
    for columns, number in places:
        last = found[-1] if found else None
        if last and last.columns is columns and last.last == number:
            found[-1] = Cut(columns, last.first, number + 1)
        else:
            found.append(Cut(columns, number, number + 1))
    return found


def _united(cuts: Sequence[Cut], name: str, used_in: str) -> tuple[Texts, Mapping[int, Ids]]:
    """The words of some columns, each once, and the numbers that each's own become; those of left out memos are not."""
    numbers: dict[str, int] = {}
    became = {}
    for columns in {id(cut.columns): cut.columns for cut in cuts}.values():
        words: list[str] = getattr(columns, name).all()
        own = [cut for cut in cuts if cut.columns is columns]
        if sum(cut.last - cut.first for cut in own) == len(columns.ids):
            became[id(columns)] = _taken(words, numbers)
            continue
        column: Ragged = getattr(columns, used_in)
        used = np.zeros(len(words), np.bool_)
        for cut in own:
            used[column.values[_between(column.edges, cut.memos)]] = True
        found = np.full(len(words), -1, np.int32)
        found[used] = _taken([words[number] for number in np.flatnonzero(used).tolist()], numbers)
        became[id(columns)] = found
    return Texts.of(numbers), became


def _taken(words: Sequence[str], numbers: dict[str, int]) -> Ids:
    """The number of each of `words`; new ones get the next."""
    return np.fromiter((numbers.setdefault(word, len(numbers)) for word in words), np.int32, len(words))


def _between(edges: Places, some: slice) -> slice:
    """Where the rows of a slice begin and end."""
    return slice(int(edges[some.start]), int(edges[some.stop]))
