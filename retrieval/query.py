"""What does a question ask for: which words, and how much does each tell?"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from itertools import repeat
from typing import NamedTuple

from retrieval.analysis import Term, analyzer
from retrieval.analysis.frequency import UNLISTED, rarity, zipf
from retrieval.analysis.language import detect
from retrieval.analysis.tokens import tokens
from retrieval.bm25 import idf
from retrieval.filters import Allowed, allowed
from retrieval.index import Index
from retrieval.models import Span
from retrieval.seeing import language_of
from retrieval.specific import Specific
from retrieval.syntax import Asked, parse
from retrieval.thesaurus import related
from retrieval.wording import Stems, stand_in
from retrieval.wordings import Standing

ASKING_WEIGHT = 0.25
FAMILY_WEIGHT = 0.6
ONLY_FAMILY_WEIGHT = 0.7
IDF_WEIGHT = 0.5
MOST_WORDS = 64
RARITY_WEIGHT = 0.6
RELATED_WEIGHT = 0.15
SPELLING_WEIGHT = 0.8
SYNONYM_WEIGHT = 0.8

_ALL_NAMES = frozenset({"de"})  # languages that write every noun as a name

_HOW = re.compile(
    r"\bhow\s+(long|many|much|old|far|often|large|tall|high|big|deep|wide|fast|soon|late)\b", re.IGNORECASE
)


class Word(NamedTuple):
    """One informative word of a question.

    `written` is the word as asked, in lower case; `terms` are its terms in the index with their weights (none where
    the word stands nowhere), `guesses` the words that it was taken for when it is only spelt like them; `tells` is how
    much meeting it tells of a passage, from its idf in the index and its rarity in the language; `rarity` is the latter
    alone; `asks` marks a word that tells how something is asked, not what, `names` one that is written as a name,
    `numbers` a number; `times` is how often it is asked; `related` are terms that say much the same: nothing is found
    by them, and among stretches they count `RELATED_WEIGHT`.
    """

    written: str
    terms: tuple[tuple[int, float], ...]
    tells: float
    rarity: float
    guesses: tuple[str, ...] = ()
    asks: bool = False
    names: bool = False
    numbers: bool = False
    times: int = 1
    related: tuple[int, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the word stands anywhere in the memos, in some form."""
        return bool(self.terms) and not self.guesses

    @property
    def specific(self) -> bool:
        """Whether it is a name or a number, which no other word says."""
        return self.names or self.numbers


class Wording(NamedTuple):
    """A wording of the question that others answer for, as it was written there."""

    written: str
    language: str
    stems: Stems


class MetOtherwise(NamedTuple):
    """A wording of the question, as it was written there, and the one that answers for it, and where that stands."""

    asked: str
    found: Stems
    span: Span


class Query(NamedTuple):
    """A question as the search sees it: its informative words, in order, each once; and which passages may answer.

    `text` is the question without filters and excluded words; `wordings` are those that synonyms or abbreviations
    answer for, `languages` those that the question is read in.
    """

    text: str
    words: tuple[Word, ...]
    asked: Asked
    allowed: Allowed
    wordings: tuple[Wording, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """What meeting every word would tell."""
        return sum(word.tells for word in self.words)

    @property
    def names_no_subject(self) -> bool:
        """Whether it only says which passages may answer: `author:gonawela`, `memos tag:budget`."""
        return not self.asked.plain and all(word.asks for word in self.words)


def understand(index: Index, question: str) -> Query:
    """Find the informative words of `question` and what each is worth in this index. Raises MalformedFilter."""
    asked = parse(question, partial(_stands, index))
    text = asked.text
    framing = {match.start(1) for match in _HOW.finditer(text)}
    specific = Specific(text)
    found: dict[str, Word] = {}
    stems: dict[str, list[str]] = {}
    wordings: list[Wording] = []
    languages = _read_in(text, index.languages)
    common = _common_in(text, languages)
    for language in languages:
        asking = asking_words(language)
        terms = [
            term
            for term in analyzer(language).terms(text)
            if text[term.start : term.end].lower() not in common
        ]
        standing = index.wordings[language].asked_in(terms, text)
        others = _stand_ins(index, terms, standing)
        wordings += (Wording(each.span.of(text), language, each.stems) for each in standing)
        for place, (term, start, end) in enumerate(terms):
            written = text[start:end].lower()
            rare = rarity(written, language)
            tells = IDF_WEIGHT * _idf(index, term, *others.get(place, ())) + RARITY_WEIGHT * rare
            asks = term in asking or start in framing
            if asks:
                tells, rare = tells * ASKING_WEIGHT, rare * ASKING_WEIGHT
            names = _ALL_NAMES.isdisjoint(languages) and specific.is_name(start, end)
            before = found.get(written, Word(written, (), tells, rare, asks=asks))
            forms = [*_forms(index, term), *_numbered(index, others.get(place, ()))]
            found[written] = before._replace(
                terms=tuple({**dict(forms), **dict(before.terms)}.items()),
                tells=min(tells, before.tells),
                rarity=min(rare, before.rarity),
                names=names or before.names,
                numbers=specific.is_number(start, end) or before.numbers,
            )
            stems.setdefault(written, []).append(term)
    words = _each_once(_weighed(_respelt(index, word, stems[word.written]), stems) for word in found.values())
    words = _with_related(index, _most_telling(words), languages)
    return Query(text, words, asked, allowed(index, asked), tuple(wordings), languages)


def asked_words(index: Index, question: str) -> frozenset[str]:
    """The terms of a question that tell what it asks about: the same for the same question in other words' forms."""
    query = understand(index, question)
    stem = analyzer(_read_in(query.text, index.languages)[0]).stem
    return frozenset(stem(word.written) for word in query.words if not word.asks)


def _read_in(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The language of a library that a question is asked in; where that is not plain, all of them."""
    asked_in = detect(text) if len(languages) > 1 else ""
    return (asked_in,) if asked_in in languages else languages


def _common_in(text: str, languages: Sequence[str]) -> frozenset[str]:
    """The stop words of the language that a question is most likely asked in, of those of a library.

    Each language leaves its own out; without these, an English "the" would be a word like any other to the German
    memos of a library in both.
    """
    if len(languages) == 1:
        return frozenset()
    words = [token.form for token in tokens(text)]
    lists = [analyzer(language).stop_words for language in languages]
    return max(lists, key=lambda listed: sum(word in listed for word in words))


def _most_telling(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Of a page pasted as a question the words that tell most, in order; time grows with their number."""
    if len(words) <= MOST_WORDS:
        return words
    chosen = sorted(range(len(words)), key=lambda place: -words[place].tells)[:MOST_WORDS]
    return tuple(words[place] for place in sorted(chosen))


def met_otherwise(index: Index, query: Query, memo_id: str, span: Span) -> list[MetOtherwise]:
    """The wordings in a stretch of a memo that answer for one of the question which does not stand there itself."""
    memo = index.memos[memo_id]
    text, language = span.of(memo.text), language_of(memo)
    return [
        MetOtherwise(
            wording.written, found.stems, Span(span.start + found.span.start, span.start + found.span.end)
        )
        for wording in query.wordings
        if wording.language == language
        for found in index.wordings[language].found_in(text, memo_id, wording.stems)
    ]


def _stands(index: Index, words: str) -> bool:
    """Whether `words` stand in a memo just as they are."""
    return any(words in memo.text for memo in index.memos.values())


def _stand_ins(index: Index, terms: list[Term], standing: list[Standing]) -> dict[int, list[str]]:
    """The stand-ins for each term of a question, by the term's place, where the index holds them."""
    found: dict[int, list[str]] = {}
    for wording in standing:
        for place in range(wording.first, wording.last):
            name = stand_in(wording.stems, terms[place].term)
            if name in index.vocabulary:
                found.setdefault(place, []).append(name)
    return found


def _numbered(index: Index, stand_ins: Iterable[str]) -> list[tuple[int, float]]:
    return [(index.vocabulary[name], SYNONYM_WEIGHT) for name in stand_ins]


def _forms(index: Index, term: str) -> list[tuple[int, float]]:
    """The term itself and the others of its family, with their weights; these are surer where it stands nowhere."""
    number = index.vocabulary.get(term)
    own = [] if number is None else [(number, 1.0)]
    weight = FAMILY_WEIGHT if own else ONLY_FAMILY_WEIGHT
    return [*own, *((other, weight) for other in index.lexicon.family(term))]


def _respelt(index: Index, word: Word, stems: list[str]) -> Word:
    """A word that no list and no memo knows is taken for the words of the memos that are spelt most like it."""
    known = any(stem in index.vocabulary for stem in stems) or any(
        weight == SYNONYM_WEIGHT for _, weight in word.terms
    )
    if known or any(zipf(word.written, language) > UNLISTED for language in index.languages):
        return word
    guesses = index.lexicon.spellings(word.written)
    if not guesses:
        return word
    numbers = sorted({number for form in guesses for number in index.forms.terms_of(form)}, key=index.term)
    rare = min(rarity(form, language) for form in guesses for language in index.languages)
    common = max(index.bodies.containing(number) for number in numbers)
    return word._replace(
        terms=tuple((number, SPELLING_WEIGHT) for number in numbers),
        tells=IDF_WEIGHT * idf(index.bodies.count, common) + RARITY_WEIGHT * rare,
        guesses=tuple(guesses),
    )


def _weighed(word: Word, stems: Mapping[str, list[str]]) -> Word:
    """A word asked for several times tells more, by the square root of how often."""
    times = len(stems[word.written])
    return word._replace(tells=word.tells * math.sqrt(times), times=times)


def _with_related(index: Index, words: tuple[Word, ...], languages: Sequence[str]) -> tuple[Word, ...]:
    """The words with the terms that say much the same, of those that the index holds; names and numbers have none."""
    own = {-1, *(term for word in words for term, _ in word.terms)}

    def of(word: Word) -> tuple[int, ...]:
        numbers: set[int] = set()
        for language in languages:
            others = related(analyzer(language).stem(word.written), language)
            numbers.update(map(index.vocabulary.get, others, repeat(-1)))
        return tuple(sorted(numbers - own))

    return tuple(word if word.specific else word._replace(related=of(word)) for word in words)


def _idf(index: Index, *terms: str) -> float:
    """The idf of the commonest of some terms; of those that stand nowhere it is the highest there is."""
    known = [index.bodies.containing(index.vocabulary[term]) for term in terms if term in index.vocabulary]
    return idf(index.bodies.count, max(known, default=0))


def _each_once(words: Iterable[Word]) -> tuple[Word, ...]:
    """Words with the same terms are one word ("treaty", "treaties")."""
    once: dict[object, Word] = {}
    for word in words:
        same = once.setdefault(word.terms or word.written, word)
        if same is not word:
            once[word.terms or word.written] = same._replace(times=same.times + word.times)
    return tuple(once.values())


@cache
def asking_words(language: str) -> frozenset[str]:
    """Terms that tell how something is asked, not what: "kind", "mention", "memo"."""
    listed = files("retrieval.analysis") / "asking_words" / f"{language}.txt"
    if not listed.is_file():
        return frozenset()
    stem = analyzer(language).stem
    return frozenset(stem(word) for word in listed.read_text(encoding="utf-8").split())
