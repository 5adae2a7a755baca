"""How does a stretch of text become terms?"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

import Stemmer

from retrieval.analysis import compounds
from retrieval.analysis.folding import fold
from retrieval.analysis.frequency import accented
from retrieval.analysis.tokens import PREFIXES, is_plain, mixed, tokens, written_places, written_words
from retrieval.analysis.words import irregular_forms, stop_words
from retrieval.compiled import reader

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "it": "italian",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
# A later release of the stemmers adds these; without them the words stay whole.
_NEWER_STEMMERS = {"cs": "czech", "fa": "persian", "pl": "polish"}
_MOST_KNOWN = 200_000  # words whose terms are remembered
_LONGEST_WORD = 64  # longer runs are data, not words; stemming them buys nothing
_MARKS_TELL = frozenset({"vi"})  # a mark makes another word of it, and nobody leaves it out
_UMLAUTS_TELL = frozenset({"da", "de", "fi", "no", "sv", *_MARKS_TELL})  # "für" is common, "fur" is not
# Endings differ in their accents, and are often written without.
_ACCENTED = frozenset({"ca", "cs", "el", "es", "fr", "hu", "it", "pl", "pt", "ro", "tr"})
# French, Italian and Catalan write a short word and the next one together: "l'homme", "dell'arte".
_ELIDED = {
    language: re.compile(rf"(?:{short})'(?=\w)")
    for language, short in {
        "ca": "[dlmnst]",
        "fr": "[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu",
        "it": "[cdlmnstv]|un|all|dall|dell|nell|sull|coll|quell|quest|sant",
    }.items()
}


class Term(NamedTuple):
    """A word as the index knows it, and its half-open place in the text."""

    term: str
    start: int
    end: int


class Piece(NamedTuple):
    """A word as the index knows it, what is written for it, and where in the run of letters that it is part of."""

    term: str
    written: str
    at: int


class Analyzer:
    """Turns text of one language into terms: plain forms, stemmed, without accents; stop words are left out.

    An irregular form is taken for its word ("grew" for "grow"). A compound is taken for its parts: neither a question
    nor a memo need write them together.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.stop_words = _stop_words(language)
        self._stem_word = _stemmer(language)
        self._irregular = irregular_forms(language)
        self._elided = _ELIDED.get(language)
        self._compounds = language in compounds.COMPOUNDING
        self._known: dict[str, str] = {}
        self._parts: dict[str, tuple[tuple[int, int], ...]] = {}
        self._pieces: dict[str, tuple[Piece, ...]] = {}
        self.numbered: list[Piece] = []
        # What the compiled part remembers: the pieces of words, and those of words that are joined.
        self._memories = (reader.memory(self.numbered), reader.memory(self.numbered)) if reader else None
        self._numbers_of: dict[str, list[int]] = {}
        self._filed = 0  # of `numbered`

    def stem(self, form: str) -> str:
        """The term of a plain form."""
        known = self._known.get(form)
        if known is None:
            known = self._stem_of(form) if len(form) <= _LONGEST_WORD else form[:_LONGEST_WORD]
            if len(self._known) < _MOST_KNOWN and len(form) <= _LONGEST_WORD:
                self._known[form] = known
        return known

    def _stem_of(self, form: str) -> str:
        """Stem as the language writes the word: stemmers know its accents, an asker may leave them out."""
        form = self._irregular.get(form, form)
        if self.language in _MARKS_TELL:
            return self._stem_word(form)
        if self.language in _ACCENTED:
            form = accented(form, self.language)
        elif self.language not in _UMLAUTS_TELL:
            form = fold(form)
        return fold(self._stem_word(form))

    def terms(self, text: str) -> list[Term]:
        """The terms of `text`, in order, without stop words."""
        pieces, starts = self.placed(text)
        found = zip(pieces, starts, strict=True)
        return [Term(term, start, start + len(written)) for (term, written, _), start in found]

    def _terms(self, text: str) -> Iterator[Term]:
        """The same, token by token: what the shorter ways to them are measured by."""
        stem = self.stem
        for form, start, end in self._forms(text):
            if self._counts(form, text[start:end]):
                if self._compounds and (parts := self._parts_of(form, end - start)):
                    for begin, until in parts:
                        yield Term(stem(form[begin:until]), start + begin, start + until)
                else:
                    yield Term(stem(form), start, end)

    def pieces(self, text: str) -> list[Piece]:
        """The terms of `text` without their places, and so sooner."""
        found = self._read(text, None)
        if found is not None:
            return found
        if not is_plain(text):
            return self.placed(text)[0]
        found = []
        known = self._pieces
        for word in written_words(text):
            pieces = known.get(word)
            found += self._pieces_of(word) if pieces is None else pieces
        return found

    def numbers(self, text: str) -> list[int] | None:
        """The same as their numbers in `numbered`; None where there is none for a word, or no compiled part."""
        if reader is None or self._memories is None:
            return None
        words, joined = self._memories
        found = reader.numbers(text, words, self._made_of, joined, self._joined_of, PREFIXES)
        return None if found is None else memoryview(found).cast("i").tolist()

    def numbers_of(self, terms: Iterable[str]) -> set[int]:
        """The numbers, of those given so far, of the pieces with these terms."""
        for number in range(self._filed, len(self.numbered)):
            self._numbers_of.setdefault(self.numbered[number].term, []).append(number)
            self._filed = number + 1
        return {number for term in terms for number in self._numbers_of.get(term, ())}

    def placed(self, text: str) -> tuple[list[Piece], list[int]]:
        """The same terms, and where in `text` each begins."""
        starts: list[int] = []
        found = self._read(text, starts)
        if found is not None:
            return found, starts
        if not is_plain(text):
            terms = list(self._terms(text))
            return [Piece(term, text[start:end], 0) for term, start, end in terms], [
                each.start for each in terms
            ]
        found, starts = [], []
        known = self._pieces
        for match in written_places(text):
            pieces = known.get(match[0])
            for piece in self._pieces_of(match[0]) if pieces is None else pieces:
                found.append(piece)
                starts.append(piece.at + match.start())
        return found, starts

    def _read(self, text: str, starts: list[int] | None) -> list[Piece] | None:
        """The terms by the compiled part, which also fills `starts`; None where it leaves a text to the others."""
        if reader is None or self._memories is None:
            return None
        words, joined = self._memories
        found: list[Piece] | None = reader.pieces(
            text, words, self._made_of, joined, self._joined_of, PREFIXES, starts
        )
        return found

    def _pieces_of(self, word: str) -> tuple[Piece, ...]:
        """The terms of one word, their places in the word."""
        pieces = self._made_of(word)
        if len(self._pieces) < _MOST_KNOWN and len(word) <= _LONGEST_WORD:
            self._pieces[word] = pieces
        return pieces

    def _made_of(self, word: str) -> tuple[Piece, ...]:
        if word.isascii() and not self._compounds:  # most are: the same, sooner
            form = word.removesuffix("'s")
            if form.isalpha() or word.isdigit():
                return self._alone(form.lower(), word)
            if word.isalnum():
                parts = [(form, word[start:end], start) for form, start, end in mixed(word, 0)]
                return tuple(
                    Piece(self.stem(form), part, at) for form, part, at in parts if self._counts(form, part)
                )
        return tuple(Piece(term, word[start:end], start) for term, start, end in self._terms(word))

    def _alone(self, form: str, written: str) -> tuple[Piece, ...]:
        """What a word of this form is by itself: none is part of it."""
        return (Piece(self.stem(form), written, 0),) if self._counts(form, written) else ()

    def _counts(self, form: str, written: str) -> bool:
        """Whether a word is none of the stop words."""
        return form not in self.stop_words or (form in _ACRONYMS and written.isupper())

    def _joined_of(self, written: str) -> tuple[Piece, ...]:
        """What a prefix and the word that it is joined to are together."""
        if written.isascii() and not self._compounds:
            prefix, _, word = written.partition("-")
            if prefix.isalpha() and word.isalpha():
                return self._alone((prefix + word).lower(), written)
        whole = 0, len(written)
        return tuple(
            Piece(term, written, 0) for term, *place in self._terms(written) if tuple(place) == whole
        )

    def _forms(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Plain forms and their places, a short word that is written together with the next one cut off."""
        if self._elided is None:
            yield from tokens(text)
            return
        for form, start, end in tokens(text):
            short = self._elided.match(form) if end - start == len(form) else None
            cut = short.end() if short else 0
            yield form[cut:], start + cut, end

    def _parts_of(self, form: str, length: int) -> tuple[tuple[int, int], ...]:
        """The parts of a compound; none for other words, and none where the form is not as long as what is written."""
        if len(form) < compounds.SHORTEST or len(form) != length or len(form) > _LONGEST_WORD:
            return ()
        parts = self._parts.get(form)
        if parts is None:
            parts = compounds.parts(form, self.language, self.stop_words)
            if len(self._parts) < _MOST_KNOWN:
                self._parts[form] = parts
        return parts


# Words of the stop list that are names when they are written in capitals.
_ACRONYMS = frozenset({"it", "who", "is", "am"})


def _stop_words(language: str) -> frozenset[str]:
    """The stop words, also as an asker writes them who leaves accents out."""
    listed = stop_words(language)
    return listed if language in _UMLAUTS_TELL else listed | {fold(word) for word in listed}


def _stemmer(language: str) -> Callable[[str], str]:
    name = _STEMMERS.get(language) or _NEWER_STEMMERS.get(language)
    if name is None or name not in Stemmer.algorithms():
        return str
    # The analyzer remembers each word's term itself; the stemmer's own memory would double what a new word costs.
    stem: Callable[[str], str] = Stemmer.Stemmer(name, 0).stemWord
    return stem


@cache
def analyzer(language: str) -> Analyzer:
    """The analyzer for an ISO 639-1 language code; an unknown one is analysed without stemming."""
    return Analyzer(language)
