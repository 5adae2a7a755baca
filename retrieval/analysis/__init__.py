"""How does a stretch of text become terms?"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import Stemmer

from retrieval.analysis.tokens import tokens

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "it": "italian",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
_LONGEST_WORD = 64  # longer runs are data, not words; stemming them buys nothing


class Term(NamedTuple):
    """A word as the index knows it, and its half-open place in the text."""

    term: str
    start: int
    end: int


class Analyzer:
    """Turns text of one language into terms: plain forms, stemmed; stop words are left out."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.stop_words = stop_words(language)
        name = _STEMMERS.get(language)
        self._stem_word = Stemmer.Stemmer(name).stemWord if name else str
        self._known: dict[str, str] = {}

    def stem(self, form: str) -> str:
        """The term of a plain form."""
        known = self._known.get(form)
        if known is None:
            known = self._stem_word(form) if len(form) <= _LONGEST_WORD else form[:_LONGEST_WORD]
            if len(self._known) < 1_000_000:
                self._known[form] = known
        return known

    def terms(self, text: str) -> Iterator[Term]:
        """The terms of `text`, in order, without stop words."""
        stop, stem = self.stop_words, self.stem
        for form, start, end in tokens(text):
            if form not in stop or (form in _ACRONYMS and text[start:end].isupper()):
                yield Term(stem(form), start, end)


# Words of the stop list that are names when they are written in capitals.
_ACRONYMS = frozenset({"it", "who", "is", "am"})


@cache
def analyzer(language: str) -> Analyzer:
    """The analyzer for an ISO 639-1 language code; an unknown one is analysed without stemming."""
    return Analyzer(language)


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words too common to ask for; a language without a list has none."""
    listed = files(__package__) / "stop_words" / f"{language}.txt"
    return frozenset(listed.read_text(encoding="utf-8").split()) if listed.is_file() else frozenset()
