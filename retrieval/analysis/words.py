"""Which words of a language are too common to search for?"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words too common to ask for, in lower case; a language without a list has none."""
    listed = _lists() / f"{language}.txt"
    return frozenset(listed.read_text(encoding="utf-8").split()) if listed.is_file() else frozenset()


@cache
def languages_with_stop_words() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages that have a list of stop words, in order."""
    return tuple(sorted(listed.name.removesuffix(".txt") for listed in _lists().iterdir()))


def _lists() -> Traversable:
    return files(__package__ or "") / "stop_words"
