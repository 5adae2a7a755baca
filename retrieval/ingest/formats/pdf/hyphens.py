"""Is a hyphen at the end of a line part of the word?

It is where the file writes the word with one elsewhere, or a capital or a figure follows; it is not where the file, or
the language, knows the word without. The joined word is always one that the source has.
"""

import re
from collections.abc import Iterable

from retrieval.analysis.frequency import UNLISTED, zipf
from retrieval.ingest.formats.pdf.runs import WRAPPED

HYPHENS = (WRAPPED, "-", "\u2010", "\u00ad")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_PLAIN = re.compile(r"[^\W\d_]+")
_LAST = re.compile(r"([^\W\d_]+)$")
_LETTERS = 3
_SUSPENDED = re.compile(r"(?:and|or|to|und|oder|bis|et|ou|y|o)\b")


class Spelling:
    """How the file spells its words: those that stand in the middle of its lines."""

    def __init__(self, lines: Iterable[str], language: str = "en") -> None:
        self._lines = lines
        self._language = language
        self._known: tuple[set[str], set[str]] | None = None

    def join(self, first: str, second: str) -> str:
        """Join two lines of a paragraph."""
        if not first.endswith(HYPHENS):
            return f"{first} {second}"
        stem, hyphen = first[:-1], first[-1]
        left, right = _LAST.search(stem), _PLAIN.match(second)
        if not left or not right:
            return f"{stem}-{' ' if stem.endswith(' ') or not stem else ''}{second}"
        if hyphen == "\u00ad":
            return stem + second
        if _SUSPENDED.match(second) and not self._knows((left[1] + right[0]).lower()):
            return f"{stem}- {second}"
        return stem + ("-" if self._is_compound(left[1], right[0]) else "") + second

    def _is_compound(self, left: str, right: str) -> bool:
        if right[0].isupper() and not left.isupper():
            return True
        whole, hyphened = (left + right).lower(), f"{left}-{right}".lower()
        plain, compounds = self._words()
        if (whole in plain) != (hyphened in compounds):
            return hyphened in compounds
        commonness = zipf(whole, self._language)
        if commonness > UNLISTED:
            return False
        halves = (left.lower(), right.lower())
        return all(len(half) >= _LETTERS and zipf(half, self._language) > UNLISTED for half in halves)

    def _knows(self, word: str) -> bool:
        return word in self._words()[0] or zipf(word, self._language) > UNLISTED

    def _words(self) -> tuple[set[str], set[str]]:
        if self._known is None:
            text = "\n".join(self._lines).lower()
            self._known = set(_PLAIN.findall(text)), set(_COMPOUND.findall(text))
        return self._known
