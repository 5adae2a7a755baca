"""Which words of a question are names or numbers, that no other word can stand for?"""

import re

_BEGINNING = re.compile(r"(?:^|[.?!:;]\s|\n)\W*")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


class Specific:
    """Looks at the words of one question, given by where they stand in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._beginnings = {match.end() for match in _BEGINNING.finditer(text)}
        inside = [found for found in _LONG_WORD.finditer(text) if found.start() not in self._beginnings]
        self._is_a_title = len(inside) > 1 and all(found[0][0].isupper() for found in inside)

    def is_name(self, start: int, end: int) -> bool:
        """Whether a word is written as a name, or as a short form where it begins a sentence.

        In A Question Written Like This nothing shows that, NOR IN THIS ONE.
        """
        word = self._text[start:end]
        if self._is_a_title or not word[:1].isupper():
            return False
        return start not in self._beginnings or (len(word) > 1 and word.isupper())

    def is_number(self, start: int, end: int) -> bool:
        """Whether a word begins with a digit; the number of an item in a list tells nothing."""
        lists = start in self._beginnings and self._text[end : end + 1] in {".", ")"}
        return self._text[start : start + 1].isdigit() and not lists
