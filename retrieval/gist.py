"""Which sentences carry a memo?

Those that say most of what the memo keeps coming back to and other memos do not: every term weighs by how often it
stands in the memo (logarithm) and by what it tells (its idf in the library and its rarity in the language, as in a
question); a stretch counts its terms once, against its length as BM25 counts it. The title's words count double, and
an early place counts a little, because authors begin with what matters (Luhn, 1958; Edmundson, 1969, name all four).
Boilerplate, a sentence that stands in another memo too, is never taken.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from retrieval.analysis import analyzer
from retrieval.analysis.frequency import rarity
from retrieval.index import Index
from retrieval.models import BlockKind, Excerpt, Memo, Passage, Span
from retrieval.parts import LEANS
from retrieval.query import IDF_WEIGHT, RARITY_WEIGHT
from retrieval.quoting import MAX_CHARS, whole
from retrieval.seeing import language_of, sentences_of

_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_TITLE_COUNTS = 2.0
_LENGTH_NORM = 12.0  # terms at which a stretch's weight is halved
_EARLY = 0.35  # what the first stretch gains, as a share
_FADES = 6  # passages over which that fades
_LEANING = 0.6
_FEWEST_TERMS = 4


class _Stretch(NamedTuple):
    passage: Passage
    span: Span
    score: float


def gist(index: Index, memo_id: str, at_most: int = 1, max_chars: int = MAX_CHARS) -> tuple[Excerpt, ...]:
    """The stretches of one or two whole sentences that carry a memo of the index, best first.

    At most `at_most`, of at most `max_chars` characters, each of another passage; fewer where a memo holds no prose.
    """
    memo = index.memos[memo_id]
    found: list[_Stretch] = []
    for stretch in sorted(_stretches(index, memo, max_chars), key=lambda each: (-each.score, each.span)):
        if len(found) == at_most:
            break
        if any(stretch.passage is each.passage for each in found):
            continue
        if not _is_boilerplate(index, memo, stretch.span):
            found.append(stretch)
    return tuple(whole(memo, each.passage, each.span, each.score) for each in found)


def _stretches(index: Index, memo: Memo, max_chars: int) -> Iterator[_Stretch]:
    weights = _weights(index, memo)
    terms = analyzer(language_of(memo)).terms
    prose = [passage for passage in index.passages_of(memo.id) if passage.kind in _PROSE]
    for place, passage in enumerate(prose):
        early = 1 + _EARLY * math.exp(-place / _FADES)
        for span in _runs(sentences_of(memo, passage), max_chars):
            quote = span.of(memo.text)
            held = [term.term for term in terms(quote)]
            if len(held) < _FEWEST_TERMS or quote.endswith(("?", ":")):
                continue
            told = sum(weights.get(term, 0.0) for term in set(held)) / (len(held) + _LENGTH_NORM)
            leaning = _LEANING if LEANS.match(quote) and span.start > passage.span.start else 1.0
            yield _Stretch(passage, span, told * early * leaning)


def _runs(sentences: list[Span], max_chars: int) -> Iterator[Span]:
    """Single sentences and neighbouring pairs that fit."""
    yield from (each for each in sentences if each.end - each.start <= max_chars)
    for first, second in pairwise(sentences):
        if second.end - first.start <= max_chars:
            yield Span(first.start, second.end)


def _weights(index: Index, memo: Memo) -> Mapping[str, float]:
    """What each term of the memo weighs; terms that stand there once only weigh little."""
    language = language_of(memo)
    analyze = analyzer(language)
    counts: Counter[str] = Counter()
    rare: dict[str, float] = {}
    for passage in index.passages_of(memo.id):
        text = passage.span.of(memo.text)
        for term, start, end in analyze.terms(text):
            counts[term] += 1
            rare[term] = min(rare.get(term, math.inf), rarity(text[start:end].lower(), language))
    title = {term.term for term in analyze.terms(memo.title)}
    return {
        term: math.log(count)
        * (IDF_WEIGHT * index.bodies.idf(index.vocabulary[term]) + RARITY_WEIGHT * rare[term])
        * (_TITLE_COUNTS if term in title else 1.0)
        for term, count in counts.items()
        if count > 1 and term in index.vocabulary
    }


def _is_boilerplate(index: Index, memo: Memo, span: Span) -> bool:
    quote = span.of(memo.text)
    return any(quote in other.text for other in index.memos.values() if other.id != memo.id)
