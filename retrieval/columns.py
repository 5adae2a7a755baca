"""How does all that was found out about memos lie side by side?

In columns: of each kind one array over all memos, whether it lies in memory or in a file. What stands there of a memo
depends on no other, but for the numbers of terms and of written words. So some memos' columns are cut out and put
together with others' as they are, without a look into a memo: an index is built in pieces, by several processes.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.abbreviations import Abbreviation
from retrieval.rows import Ids, Places
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
        return between(self.columns.forms.edges, self.memos)

    @property
    def long(self) -> slice:
        """Their long sentences, among all long ones."""
        return between(self.columns.long.edges, self.memos)

    @property
    def passages(self) -> slice:
        """Their passages."""
        return between(self.columns.passages, self.memos)

    @property
    def sentences(self) -> slice:
        """Their sentences."""
        return between(self.columns.sentences, self.passages)


def _nothing() -> Columns:
    texts, ends, ids = Texts.of(()), np.zeros(1, np.int64), np.zeros(0, np.int32)
    rows, digests, spans = Ragged(ids, ends), np.zeros((0, DIGEST_BYTES), np.uint8), ids.reshape(0, 2)
    by_memo = (texts, texts, digests, texts, texts, texts, texts, ends, rows, rows, ids)
    return Columns(*by_memo, rows, ends, spans, rows, rows, rows, texts, texts)


NOTHING = _nothing()
"""The columns of no memo."""


def between(edges: Places, some: slice) -> slice:
    """Where the rows of a slice begin and end."""
    return slice(int(edges[some.start]), int(edges[some.stop]))
