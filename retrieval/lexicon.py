"""Which terms of the index are forms or spellings of a word?

A question's word may stand in the memos in another form that stemming does not reach ("invaded", "invasion"), or the
asker may have mistyped it. Terms of the same family share a long beginning; a misspelling is at most one edit away
(two in words of eight letters and more) from a word as the memos write it, counting a swap of neighbours as one
(optimal string alignment).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from rapidfuzz.distance import OSA, Prefix

_KEY = 4
_SHORTEST_STEM = 5
_SHARED = 0.7
_SHORTEST_GUESS = 4
_LONG_WORD = 8


class Lexicon:
    """The terms of an index, looked up by likeness.

    `vocabulary` maps a term to its number, `forms` are the words as the memos write them, in lower case.
    """

    def __init__(self, vocabulary: Mapping[str, int], forms: Collection[str]) -> None:
        self._vocabulary = vocabulary
        self._forms = forms

    def warm(self) -> None:
        """Group the words, which the first look-up does otherwise."""
        _ = self._by_beginning, self._by_letter

    def family(self, term: str) -> list[int]:
        """Numbers of other terms with the same beginning as `term`, in the order of the alphabet."""
        if len(term) < _SHORTEST_STEM or not term.isalpha():
            return []
        return [
            self._vocabulary[other]
            for other in sorted(self.beginning_with(term[:_KEY]))
            if other != term and _are_family(term, other)
        ]

    def spellings(self, written: str) -> list[str]:
        """The forms nearest to `written` (in lower case) within the allowed edits, sorted; none for a short word."""
        if len(written) < _SHORTEST_GUESS or not written.isalpha():
            return []
        allowed = 2 if len(written) >= _LONG_WORD else 1
        nearest = allowed
        found: list[str] = []
        for other in self._alike(written, allowed):
            distance = OSA.distance(written, other, score_cutoff=nearest)
            if distance < nearest:
                nearest, found = distance, [other]
            elif distance == nearest:
                found.append(other)
        return sorted(found)

    def beginning_with(self, letters: str) -> Iterable[str]:
        """The terms, long enough for a family, that begin with these four letters."""
        return self._by_beginning.get(letters, ())

    def with_letter(self, length: int, place: int, letter: str) -> Iterable[str]:
        """The forms of a length with `letter` in this place (0 or 1)."""
        return self._by_letter.get((length, place, letter), ())

    def _alike(self, written: str, allowed: int) -> Iterable[str]:
        """Forms of about the same length that agree in the first or second letter."""
        for length in range(len(written) - allowed, len(written) + allowed + 1):
            yield from self.with_letter(length, 0, written[0])
            for other in self.with_letter(length, 1, written[1]):
                if other[0] != written[0]:
                    yield other

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        groups = defaultdict(list)
        for term in self._vocabulary:
            if len(term) >= _SHORTEST_STEM and term.isalpha():
                groups[term[:_KEY]].append(term)
        return groups

    @cached_property
    def _by_letter(self) -> dict[tuple[int, int, str], list[str]]:
        groups = defaultdict(list)
        for form in self._forms:
            if len(form) >= _SHORTEST_GUESS - 1 and form.isalpha():
                for place in (0, 1):
                    groups[len(form), place, form[place]].append(form)
        return groups


def _are_family(one: str, other: str) -> bool:
    shared = Prefix.similarity(one, other)
    return shared >= _SHORTEST_STEM and shared >= _SHARED * max(len(one), len(other))
