"""Which words of a language are too common to search for, and which forms of a word does no stemmer know?"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words too common to ask for, in lower case; a language without a list has none."""
    return frozenset(_list("stop_words", language).split())


@cache
def irregular_forms(language: str) -> Mapping[str, str]:
    """Irregular forms, each with the word that it is a form of: "grew" with "grow"; none where there is no list."""
    lines = (line.split() for line in _list("irregular", language).splitlines())
    return {form: word for word, *forms in lines for form in forms}


@cache
def languages_with_stop_words() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages that have a list of stop words, in order."""
    return tuple(sorted(listed.name.removesuffix(".txt") for listed in _folder("stop_words").iterdir()))


def _list(kind: str, language: str) -> str:
    listed = _folder(kind) / f"{language}.txt"
    return listed.read_text(encoding="utf-8") if listed.is_file() else ""


def _folder(kind: str) -> Traversable:
    return files(__package__ or "") / kind
