"""Which other words say much the same as one, in a language that has a list of them?

A quote may say "founded" where "established" was asked for. No passage is found by such a word; among the stretches
found it counts a little (`retrieval.query.RELATED_WEIGHT`). The list is made from WordNet: tests/quality/thesaurus.py.
"""

from bisect import bisect_left
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("english.txt")
_FILES = {"en": FILE}


def related(term: str, language: str) -> tuple[str, ...]:
    """The terms that are related to one, in alphabetical order; none in a language without a list."""
    lines = _lines(language)
    place = bisect_left(lines, f"{term} ")
    if place == len(lines) or not lines[place].startswith(f"{term} "):
        return ()
    return tuple(lines[place].split()[1:])


@cache
def _lines(language: str) -> list[str]:
    """The lines of a language's list, in order; each begins with its term."""
    file = _FILES.get(language)
    return file.read_text(encoding="utf-8").splitlines() if file else []
