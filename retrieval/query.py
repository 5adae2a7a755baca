"""What does a question ask for: which words, and how much does each tell?"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from retrieval.analysis import analyzer
from retrieval.analysis.frequency import rarity
from retrieval.bm25 import idf
from retrieval.index import Index

ASKING_WEIGHT = 0.25
FAMILY_WEIGHT = 0.6
IDF_WEIGHT = 0.5
RARITY_WEIGHT = 0.6
SPELLING_WEIGHT = 0.8


class Word(NamedTuple):
    """One informative word of a question.

    `written` is the word as asked, in lower case; `terms` are its terms in the index with their weights (none where
    the word stands nowhere), `guessed` when they are only spelt like it; `tells` is how much meeting it tells of a
    passage, from its idf in the index and its rarity in the language; `rarity` is the latter alone; `asks` marks a word
    that tells how something is asked, not what.
    """

    written: str
    terms: tuple[tuple[int, float], ...]
    tells: float
    rarity: float
    guessed: bool = False
    asks: bool = False

    @property
    def known(self) -> bool:
        """Whether the word stands anywhere in the memos, in some form."""
        return bool(self.terms) and not self.guessed


class Query(NamedTuple):
    """A question as the search sees it: its informative words, in order, each once."""

    text: str
    words: tuple[Word, ...]

    @property
    def total(self) -> float:
        """What meeting every word would tell."""
        return sum(word.tells for word in self.words)


def understand(index: Index, question: str) -> Query:
    """Find the informative words of `question` and what each is worth in this index."""
    found: dict[str, Word] = {}
    stems: dict[str, list[str]] = {}
    for language in index.languages:
        asking = asking_words(language)
        for term, start, end in analyzer(language).terms(question):
            written = question[start:end].lower()
            rare = rarity(written, language)
            tells = IDF_WEIGHT * _idf(index, term) + RARITY_WEIGHT * rare
            asks = term in asking
            if asks:
                tells, rare = tells * ASKING_WEIGHT, rare * ASKING_WEIGHT
            before = found.get(written, Word(written, (), tells, rare, asks=asks))
            found[written] = before._replace(
                terms=tuple({**dict(_forms(index, term)), **dict(before.terms)}.items()),
                tells=min(tells, before.tells),
                rarity=min(rare, before.rarity),
            )
            stems.setdefault(written, []).append(term)
    return Query(question, _each_once(_respelt(index, word, stems[word.written]) for word in found.values()))


def _forms(index: Index, term: str) -> list[tuple[int, float]]:
    """The term itself and the others of its family, with their weights."""
    number = index.vocabulary.get(term)
    own = [] if number is None else [(number, 1.0)]
    return [*own, *((other, FAMILY_WEIGHT) for other in index.lexicon.family(term))]


def _respelt(index: Index, word: Word, stems: list[str]) -> Word:
    """A word that stands nowhere in any form is taken for the terms that are spelt most like it."""
    if word.terms:
        return word
    alike = dict.fromkeys(number for stem in stems for number in index.lexicon.spellings(stem))
    return word._replace(terms=tuple((number, SPELLING_WEIGHT) for number in alike), guessed=bool(alike))


def _idf(index: Index, term: str) -> float:
    """The idf of a term; one that stands nowhere has the highest."""
    number = index.vocabulary.get(term)
    return idf(index.bodies.count, index.bodies.containing(number) if number is not None else 0)


def _each_once(words: Iterable[Word]) -> tuple[Word, ...]:
    """Words with the same terms are one word ("treaty", "treaties")."""
    once: dict[object, Word] = {}
    for word in words:
        once.setdefault(word.terms or word.written, word)
    return tuple(once.values())


@cache
def asking_words(language: str) -> frozenset[str]:
    """Terms that tell how something is asked, not what: "kind", "mention", "memo"."""
    listed = files("retrieval.analysis") / "asking_words" / f"{language}.txt"
    if not listed.is_file():
        return frozenset()
    stem = analyzer(language).stem
    return frozenset(stem(word) for word in listed.read_text(encoding="utf-8").split())
