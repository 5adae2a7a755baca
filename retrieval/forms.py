"""Which words do the memos write, for which terms, and how often?

A word is taken in lower case. Mostly it is written for one term; where memos are in several languages, or a word means
something else in capitals, for more.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from retrieval.rows import Ids, Places, edges


class Forms:
    """The words, each with its terms.

    For w words and p pairs of a word and a term: `words` (w,), `edges` (w + 1,) places among the pairs, `terms` (p,)
    the numbers of terms, `often` (p,) in how many memos a word is written for that term, each way of writing it in
    capitals counted by itself.
    """

    def __init__(self, words: Sequence[str], edges: Places, terms: Ids, often: Ids) -> None:
        self._words, self._edges, self._terms, self._often = words, edges, terms, often

    def arrays(self) -> dict[str, Ids | Places]:
        """What these consist of, beside the words."""
        return {"edges": self._edges, "terms": self._terms, "often": self._often}

    def terms_of(self, word: str) -> list[int]:
        """The numbers of the terms that `word` is written for; none where no memo writes it."""
        place = self._places.get(word)
        return [] if place is None else self._terms[slice(*self._edges[place : place + 2])].tolist()

    def often(self, word: str, term: int) -> int:
        """How often `word` is written for the term with this number."""
        place = self._places.get(word)
        if place is None:
            return 0
        pairs = slice(*self._edges[place : place + 2])
        return int(self._often[pairs][self._terms[pairs] == term].sum())

    def __contains__(self, word: object) -> bool:
        return word in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    @cached_property
    def _places(self) -> dict[str, int]:
        return dict(zip(self._words, range(len(self._words)), strict=True))


def counted(written: Sequence[str], some: Iterable[tuple[Ids, Ids]], vocabulary_size: int) -> Forms:
    """The forms of memos: numbers in `written`, each with the number of its term, those of some memos at once."""
    lower = {word: number for number, word in enumerate(dict.fromkeys(word.lower() for word in written))}
    word_of = np.fromiter((lower[word.lower()] for word in written), np.int64, len(written))
    kinds = max(vocabulary_size, 1)
    counts = [np.unique(word_of[numbers] * kinds + terms, return_counts=True) for numbers, terms in some]
    keys, places = np.unique(_joined(pairs for pairs, _ in counts), return_inverse=True)
    often = np.zeros(len(keys), np.int64)
    np.add.at(often, places, _joined(count for _, count in counts))
    return Forms(
        words=list(lower),
        edges=edges(np.bincount(keys // kinds, minlength=len(lower))),
        terms=(keys % kinds).astype(np.int32),
        often=often.astype(np.int32),
    )


def _joined(arrays: Iterable[Places]) -> Places:
    return np.concatenate([np.zeros(0, np.int64), *arrays])
