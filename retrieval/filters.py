"""Which memos, and which passages of them, may answer?"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from retrieval.analysis import analyzer
from retrieval.days import Days, days_of
from retrieval.errors import MalformedFilter
from retrieval.index import Index
from retrieval.models import Memo
from retrieval.plain import Phrase, folded, forms, hold, is_named
from retrieval.seeing import language_of
from retrieval.syntax import EXAMPLES, Asked, Excluded, Filter

Mask = NDArray[np.bool_]
Passing = tuple[Filter, Mask]
_NAMED = 3  # values that are named where a filter lets nothing through


class Allowed(NamedTuple):
    """The passages that may answer (None: all), what the asker must be told, and which phrases stand nowhere."""

    passages: Mask | None = None
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def allowed(index: Index, asked: Asked) -> Allowed:
    """Find the passages that hold what `asked` demands. Raises MalformedFilter for a date or an id that is none."""
    if asked.plain:
        return Allowed()
    passages = np.ones(len(index.passages), dtype=np.bool_)
    notes: list[str] = []
    if asked.filters:
        passing = [(each, _passing(index, each)) for each in asked.filters]
        memos = _memos(passing)
        passages &= memos[index.memo_of_passage]
        notes += _about_filters(index, passing, memos)
    for excluded in (each for each in asked.excluded if forms(each.words)):
        passages &= ~_holding(index, excluded, np.ones_like(passages))
        notes.append(f"Left out: passages with “{excluded.words}”.")
    missing = []
    for phrase in filter(forms, asked.phrases):
        holding = _holding(index, Excluded(phrase, exact=True), passages)
        if not holding.any():
            holding = _holding_other_forms(index, phrase, passages)
            notes += _about_phrase(phrase, stands=bool(holding.any()), whole=bool(passages.all()))
            missing += [] if holding.any() else [phrase.lower()]
        passages = holding
    return Allowed(passages, tuple(notes), tuple(missing))


def _memos(passing: Iterable[Passing]) -> Mask:
    """Which memos pass: of filters with the same name any, of different names all, of those turned around none."""
    of_a_kind: dict[tuple[str, bool], list[Mask]] = {}
    for asked, memos in passing:
        of_a_kind.setdefault((asked.name, asked.negated), []).append(memos)
    each_kind = [np.any(masks, axis=0) != negated for (_, negated), masks in of_a_kind.items()]
    together: Mask = np.all(each_kind, axis=0)
    return together


def _passing(index: Index, asked: Filter) -> Mask:
    passes = _test(index, asked)
    return np.array([passes(memo) for memo in index.memos.values()], dtype=np.bool_)


def _test(index: Index, asked: Filter) -> Callable[[Memo], bool]:
    """What tells whether a memo passes this filter."""
    match asked.name:
        case "before":
            first = _days(asked).first
            return lambda memo: memo.published is not None and memo.published < first
        case "after":
            last = _days(asked).last
            return lambda memo: memo.published is not None and memo.published > last
        case "in":
            wanted = _id(index, asked)
            return lambda memo: memo.id == wanted
        case "author":
            return lambda memo: is_named(asked.value, memo.author or "")
        case "title":
            return lambda memo: is_named(asked.value, memo.title)
        case _:
            return lambda memo: folded(asked.value) in map(folded, _labels(memo, asked.name))


def _labels(memo: Memo, name: str) -> tuple[str, ...]:
    """The values that a memo has for `tag:`, `status:` or `author:`."""
    values = {"tag": memo.tags, "status": (memo.status,), "author": (memo.author,)}.get(name, ())
    return tuple(value for value in values if value)


def _days(asked: Filter) -> Days:
    return days_of(asked.value, asked.given, EXAMPLES[asked.name])


def _id(index: Index, asked: Filter) -> str:
    """The id that is meant, whatever its case; MalformedFilter names the nearest ones where there is none."""
    if asked.value in index.memos:
        return asked.value
    same = [memo_id for memo_id in index.memos if memo_id.casefold() == asked.value.casefold()]
    if len(same) == 1:
        return same[0]
    nearest = _nearest(asked.value, index.memos)
    right = " or ".join(f"in:{_quoted(memo_id)}" for memo_id in nearest) or EXAMPLES["in"]
    raise MalformedFilter(asked.given, right)


def _nearest(value: str, known: Iterable[str]) -> list[str]:
    """The values most like `value`, at most three; equals by name."""
    distance = partial(Indel.normalized_distance, folded(value))
    return sorted(set(known), key=lambda each: (round(distance(folded(each)), 6), each))[:_NAMED]


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"\s", value) else value


def _holding(index: Index, wanted: Excluded, within: Mask) -> Mask:
    """Which passages of `within` hold these words: in just these forms, or a single word in any form that it takes."""
    phrase = Phrase(wanted.words)
    holding = _with_terms(index, wanted.words) & within
    if wanted.exact or len(phrase.forms) > 1 or not all(_terms(index, wanted.words)):
        for passage in np.flatnonzero(holding).tolist():
            holding[passage] = phrase.stands_in(index.text_of(index.passages[passage]))
    return holding


def _holding_other_forms(index: Index, phrase: str, within: Mask) -> Mask:
    """Which passages of `within` hold the words of `phrase` one after the other, in any forms that they take."""
    holding = _with_terms(index, phrase) & within
    for passage in np.flatnonzero(holding).tolist():
        place = index.passages[passage]
        analyze = analyzer(language_of(index.memos[place.memo_id]))
        wanted, there = (
            tuple(term.term for term in analyze.terms(text)) for text in (phrase, index.text_of(place))
        )
        holding[passage] = bool(wanted) and hold(there, wanted)
    return holding


def _with_terms(index: Index, wanted: str) -> Mask:
    """The passages that hold every informative word of `wanted` in some form, in the analysis of some language."""
    found = np.zeros(len(index.passages), dtype=np.bool_)
    for terms in _terms(index, wanted):
        here = np.ones(len(index.passages), dtype=np.bool_)
        for term in terms:
            with_term = np.zeros_like(here)
            if term in index.vocabulary:
                with_term[index.bodies.of(index.vocabulary[term])[0]] = True
            here &= with_term
        found |= here
    return found


def _terms(index: Index, wanted: str) -> Iterator[list[str]]:
    for language in index.languages:
        yield [term.term for term in analyzer(language).terms(wanted)]


def _about_filters(index: Index, passing: Sequence[Passing], memos: Mask) -> Iterator[str]:
    """What is to be said about filters: which let nothing through, and which memos have no date to compare."""
    filters = [asked for asked, _ in passing]
    barren = [asked for asked, fitting in passing if not asked.negated and not fitting.any()]
    for each in barren:
        known = {label for memo in index.memos.values() for label in _labels(memo, each.name)}
        named = ", ".join(_nearest(each.value, known))
        yield f"No memo fits {each.given}{f'; the nearest there is: {named}' if named else ''}."
    if not barren and not memos.any():
        yield f"No memo fits all of these together: {' '.join(each.given for each in filters)}."
    undated = sum(memo.published is None for memo in index.memos.values())
    if undated and any(each.name in {"before", "after"} for each in filters):
        yield f"Left out: {undated} {'memo' if undated == 1 else 'memos'} without a date."


def _about_phrase(phrase: str, *, stands: bool, whole: bool) -> Iterator[str]:
    if stands:
        yield f"“{phrase}” stands in the memos in other forms only."
    else:
        where = "No passage holds" if whole else "No passage that may answer holds"
        yield f"{where} “{phrase}” just like that. Without the quotation marks I look for its words one by one."


def phrases_in(phrases: Iterable[str], texts: Iterable[str]) -> NDArray[np.int64]:
    """How many of the exact `phrases` each of `texts` holds."""
    wanted = [phrase for phrase in map(Phrase, phrases) if phrase.forms]
    return np.array([sum(phrase.stands_in(text) for phrase in wanted) for text in texts], dtype=np.int64)
