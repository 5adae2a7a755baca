"""What does a question ask for: which words, and how much does each tell?"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from retrieval.analysis import analyzer
from retrieval.bm25 import idf
from retrieval.index import Index

ASKING_WEIGHT = 0.25


class Word(NamedTuple):
    """One informative word of a question.

    `written` is the word as asked, in lower case; `terms` are its terms in the index with their weights (none where
    the word stands nowhere); `idf` is what meeting it tells, already lowered for words that only do the asking.
    """

    written: str
    terms: tuple[tuple[int, float], ...]
    idf: float

    @property
    def known(self) -> bool:
        """Whether the word stands anywhere in the memos."""
        return bool(self.terms)


class Query(NamedTuple):
    """A question as the search sees it: its informative words, in order, each once."""

    text: str
    words: tuple[Word, ...]

    @property
    def total(self) -> float:
        """What meeting every word would tell."""
        return sum(word.idf for word in self.words)


def understand(index: Index, question: str) -> Query:
    """Find the informative words of `question` and what each is worth in this index."""
    found: dict[str, Word] = {}
    for language in index.languages:
        asking = asking_words(language)
        analyze = analyzer(language)
        for term, start, end in analyze.terms(question):
            written = question[start:end].lower()
            number = index.vocabulary.get(term)
            before = found.get(written)
            terms = before.terms if before else ()
            if number is not None and number not in dict(terms):
                terms = (*terms, (number, 1.0))
            factor = ASKING_WEIGHT if term in asking else 1.0
            found[written] = Word(written, terms, factor * _idf(index, terms))
    return Query(question, _each_once(found.values()))


def _idf(index: Index, terms: tuple[tuple[int, float], ...]) -> float:
    """What a word with these terms tells; of several terms the most common one decides."""
    return min((index.bodies.idf(term) for term, _ in terms), default=idf(index.bodies.count, 0))


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
