"""Is the question about a memo itself, and what says so?

"Who wrote the memo on alliances?" is answered from what is known about the memos, by quoting the line that it was read
from. Where it was not read from the text, the memo's title line is quoted, and a note tells what the file says.
"""

from collections.abc import Sequence
from re import IGNORECASE, escape, search
from typing import NamedTuple

import numpy as np

from retrieval.excerpts import excerpt, superseded_by
from retrieval.gist import gist
from retrieval.index import Index
from retrieval.labels import label_of
from retrieval.memo_lines import told_by
from retrieval.memo_questions import MemoQuestion, Wanted, memo_question
from retrieval.models import Excerpt, Explanation, Memo
from retrieval.plain import forms, is_named
from retrieval.query import Query, Word, understand
from retrieval.search import Match, matches_of_words

CONFIDENCE = 0.95
"""A fixed one: what is asked for is known, and which memo is meant is told by all of the question's words."""
SEARCHED = 200  # passages
_CARRIES = "how much it says, for its length, of what the memo comes back to and others do not"


class Told(NamedTuple):
    """What is known of the memos that are asked about.

    `subject` are the words that told which memos; without excerpts `missing` are those that stand nowhere, and `near`
    is what some of them match.
    """

    subject: Query
    excerpts: tuple[Excerpt, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    near: tuple[Match, ...] = ()


class _Fit(NamedTuple):
    """The memos that are meant, by number, best first; those of `surest` are better told than the others."""

    memos: Sequence[int]
    surest: int


class _Asked(NamedTuple):
    """A question about memos, and what it finds."""

    over: Index
    question: MemoQuestion
    subject: Query
    found: tuple[Match, ...]  # by the subject's words

    @property
    def telling(self) -> tuple[Word, ...]:
        return tuple(word for word in self.subject.words if not word.asks)


def about(index: Index, query: Query, at_most: int, max_chars: int) -> Told | None:
    """What is known of the memos that `query` asks about; None where it is a question like any other."""
    question = memo_question(query.text)
    if question is None:
        return None
    subject = understand(index, question.subject)._replace(asked=query.asked, allowed=query.allowed)
    searching = question.noun and not (question.by_label and question.wanted is not Wanted.MENTIONS)
    found = (
        tuple(matches_of_words(index, subject, SEARCHED, max_chars)) if searching and subject.words else ()
    )
    asked = _Asked(index, question, subject, found)
    if question.wanted is Wanted.MENTIONS:
        excerpts = _mentions(asked, at_most)
        return Told(subject, excerpts) if excerpts else _unknown(asked)
    fit = _fit(asked)
    if not fit.memos:
        return _unknown(asked)
    if question.wanted is Wanted.GIST:
        return _gist(asked, fit, at_most, max_chars)
    return _told(asked, fit, at_most, max_chars)


def _told(asked: _Asked, fit: _Fit, at_most: int, max_chars: int) -> Told | None:
    """The lines to quote of the memos that are meant; None where it is too unsure that memos are meant."""
    question = asked.question
    what = "title" if question.wanted is Wanted.LIST else question.wanted.value
    memos = fit.memos if question.wanted is Wanted.LIST else fit.memos[: fit.surest]
    if question.newest:
        memos = [number for number in sorted(memos) if asked.over.memo_at(number).published][:1]
    known = {number for number in memos if getattr(asked.over.memo_at(number), what)}
    if not question.is_memo and (not known or (not asked.telling and len(memos) > at_most)):
        return None
    shown = sorted(memos, key=lambda number: number not in known)[:at_most]
    marked = asked.subject if question.wanted is Wanted.LIST else None
    lines = [told_by(asked.over, number, what, marked, max_chars) for number in shown]
    notes = [line.note(several=len(lines) > 1) for line in lines]
    if len(memos) > len(shown):
        count = (
            f"{len(shown)} of {len(memos)} memos" if not asked.telling else "the first of the memos that fit"
        )
        notes.append(f"Shown are {count}.")
    excerpts = tuple(line.excerpt for line in lines if line.excerpt)
    return Told(asked.subject, excerpts, tuple(filter(None, notes)))


def _gist(asked: _Asked, fit: _Fit, at_most: int, max_chars: int) -> Told | None:
    """What carries the memos that are meant, each in turn where several are; None where it is unsure that they are."""
    memos = fit.memos[: fit.surest]
    says_which = asked.telling or asked.question.author or asked.question.newest
    if not says_which and len(memos) > 1 and not (asked.question.is_memo and asked.question.is_plural):
        return None
    if asked.question.newest:
        memos = [number for number in sorted(memos) if asked.over.memo_at(number).published][:1]
    shown = [asked.over.memo_at(number) for number in memos[:at_most]]
    gists = [gist(asked.over, memo.id, at_most if len(shown) == 1 else 1, max_chars) for memo in shown]
    excerpts = tuple(
        each.model_copy(
            update={
                "superseded_by": superseded_by(asked.over, memo.id),
                "explanation": Explanation(value=each.score, what=_CARRIES),
            }
        )
        for memo, found in zip(shown, gists, strict=True)
        for each in found
    )
    if not excerpts:
        return None
    those = "memo comes" if len(shown) == 1 else "memos come"
    notes = [f"Quoted is what says most of what the {those} back to."]
    if len(memos) > len(shown):
        notes.append(f"Shown are {len(shown)} of {len(memos)} memos.")
    return Told(asked.subject, excerpts, tuple(notes))


def _unknown(asked: _Asked) -> Told | None:
    """Where no memo fits: what stands nowhere, if it is plain that a memo was meant."""
    question = asked.question
    if not question.is_memo:
        return None
    allowed = _allowed(asked)
    if question.author and not any(_is_by(question.author, asked.over.memo_at(number)) for number in allowed):
        return Told(asked.subject, (), (f"No memo names “{question.author}” as its author.",))
    unknown = [word for word in asked.telling if not word.known and not _labelled(asked, word, allowed)]
    return (
        Told(asked.subject, missing=tuple(word.written for word in unknown), near=asked.found)
        if unknown
        else None
    )


def _allowed(asked: _Asked) -> list[int]:
    """The memos that the question's filters let through, ascending; those without a passage have none to quote."""
    may_answer = asked.subject.allowed.passages
    numbers = asked.over.memo_of_passage
    return np.flatnonzero(np.bincount(numbers if may_answer is None else numbers[may_answer])).tolist()


def _fit(asked: _Asked) -> _Fit:
    """The memos whose labels hold every word; then those of which one passage does; then those that do as a whole."""
    question, telling = asked.question, asked.telling
    if not question.noun:
        titled = _titled(asked)
        return _Fit(titled, len(titled))
    allowed = _allowed(asked)
    if question.author:
        allowed = [number for number in allowed if _is_by(question.author, asked.over.memo_at(number))]
    if not telling:
        return _Fit(allowed, len(allowed))
    labelled = sorted(set.intersection(*(_labelled(asked, word, allowed) for word in telling)))
    labelled.sort(
        key=lambda number: (
            -sum(is_named(word.written, label_of(asked.over.memo_at(number))) for word in telling)
        )
    )
    levels = [labelled]
    if not question.by_label and not (
        question.wanted is not Wanted.LIST and not labelled and _of_another(asked)
    ):
        levels += _by_text(asked, set(allowed))
    memos = list(dict.fromkeys(number for level in levels for number in level))
    return _Fit(memos, next((len(set(level)) for level in levels if level), 0))


def _by_text(asked: _Asked, allowed: set[int]) -> tuple[list[int], list[int]]:
    """The memos of which one passage holds every word, and those that hold them together; as the search ranks them."""
    places = [place for place, word in enumerate(asked.subject.words) if not word.asks]
    whole: list[int] = []
    together: dict[int, np.ndarray[tuple[int], np.dtype[np.bool_]]] = {}
    for match in asked.found:
        number = int(asked.over.memo_of_passage[match.passage])
        if number in allowed:
            met = match.passage_covered[places] > 0
            whole += [number] if met.all() else []
            together[number] = together.get(number, met) | met
    return list(dict.fromkeys(whole)), [number for number, met in together.items() if met.all()]


def _of_another(asked: _Asked) -> bool:
    """Whether a passage that holds every word speaks of some other memo: "the Downing Street memo was written by"."""
    noun = rf"(?<!\bthis )(?<!\bour )\b{escape(asked.question.noun)}\b"
    return any(
        search(noun, asked.over.text_of(asked.over.passages[match.passage]), IGNORECASE)
        for match in asked.found
        if _covers(asked, match)
    )


def _covers(asked: _Asked, match: Match) -> bool:
    pairs = zip(asked.subject.words, match.passage_covered.tolist(), strict=True)
    return all(met for word, met in pairs if not word.asks)


def _mentions(asked: _Asked, at_most: int) -> tuple[Excerpt, ...]:
    """Where the words stand, once a memo: the memo's title would not show that it holds them."""
    best: dict[int, Match] = {}
    for match in asked.found:
        if asked.telling and _covers(asked, match):
            best.setdefault(int(asked.over.memo_of_passage[match.passage]), match)
    return tuple(
        excerpt(asked.over, asked.subject, match, explained=True) for match in list(best.values())[:at_most]
    )


def _is_by(author: str, memo: Memo) -> bool:
    return not author or is_named(author, memo.author or "")


def _titled(asked: _Asked) -> list[int]:
    """The memos that the question names by their whole title, of two words at least."""
    wanted = _forms(asked.question.subject)
    if len(wanted) < 2 or not asked.subject.words:
        return []
    headings = asked.over.headings
    named: set[int] | None = None
    for word in asked.subject.words:
        passages = [passage for term, _ in word.terms for passage in headings.of(term)[0].tolist()]
        memos = set(asked.over.memo_of_passage[passages].tolist())
        named = memos if named is None else named & memos
    named = {number for number in named or () if _forms(asked.over.memo_at(number).title) == wanted}
    return sorted(named.intersection(_allowed(asked))) if named else []


def _forms(title: str) -> tuple[str, ...]:
    """The words of a title, without an article before them, which a question leaves out or adds."""
    found = forms(title)
    return found[1:] if found[:1] in {("the",), ("a",), ("an",)} else found


def _labelled(asked: _Asked, word: Word, allowed: Sequence[int]) -> set[int]:
    """Those of `allowed` in whose title, author, tags or date a word stands, in some form or a little otherwise."""
    meant = {asked.over.term(number) for number, _ in word.terms}
    return asked.over.labels.with_word(word.written, meant).intersection(allowed)
