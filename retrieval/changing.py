"""How does an index carry on when a few of its memos change?

What was indexed stays where it is; what is new is indexed beside it, and both answer as one (`retrieval.changed`), as
if all had been indexed together, at the price of what changed. A change that reaches many memos (their language, what
an abbreviation in them means) is left to a new index.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from retrieval.abbreviations import Meanings, explanations, rules_of
from retrieval.analysed import Analysed, Known, Seen, language_of
from retrieval.analysis.language import DEFAULT, Tally
from retrieval.changed import NOTHING_GONE, ChangedIndex, Gone
from retrieval.index import Index
from retrieval.models import Memo, Superseded
from retrieval.order import newest_first
from retrieval.settling import Differing, Settled, differing_of, in_terms, look_at, settled, wordings_of
from retrieval.succession import Succession
from retrieval.wordings import Wordings

MOST_BESIDE = 0.25
"""The share of text that may lie beside the other; with more a new index is made as soon."""
MOST_REACHED = 200
"""Memos that are looked at again because a wording in them means something else."""


def carry_on(
    index: Index,
    news: Iterable[Memo],
    gone: Collection[str] = (),
    known: Index | None = None,
    most_beside: float = MOST_BESIDE,
) -> Index | None:
    """The index over the memos of `index`, less those `gone` (ids), with `news` in place of those with their ids.

    The same as a new one would be. None where the change reaches too much of it, or what is new would be more than the
    share `most_beside` of its text: then `build_index` is to be asked. What `known` found out about the news is used
    again.
    """
    came = {memo.id: memo for memo in news}
    left = {memo_id for memo_id in {*gone, *came} if memo_id in index.memos}
    if index.superseded is Superseded.HIDE and (came or gone) and _hides(index, came.values()):
        return None  # what is hidden may come back
    if not came and not left:
        return index
    if _is_much(index, came.values(), most_beside):
        return None
    before, others = index.known_about(left), [known.known_about(came)] if known else []
    others = [each for each in others if each.synonyms == index.synonyms]
    change = _Change(
        came=look_at(came.values(), before, *others),
        left={memo_id: before.seen[memo_id] for memo_id in left},
        analysed={memo_id: before.analysed[memo_id] for memo_id in left},
    )
    tally = _tally_after(index, change)
    languages, were = tally.languages(), index.tally.languages()
    if any(languages[code] != were[code] for code in languages.keys() & were.keys()):
        return None
    return _carried_on(index, change, tally, languages, others)


def _is_much(index: Index, came: Iterable[Memo], most_beside: float) -> bool:
    """Whether what lies beside the base would be more than that share of it."""
    base, _, beside = _parts(index)
    given = [*(each.given for each in beside.seen.values()), *came]
    return sum(len(memo.text) for memo in given) > most_beside * base.tally.characters


def _hides(index: Index, came: Iterable[Memo]) -> bool:
    """Whether some memo may hide another."""
    return bool(index.succession.stating) or any(memo.supersedes for memo in came)


class _Change(NamedTuple):
    """The memos that came and those that left, by id; an altered one did both. `analysed` are those that left."""

    came: Mapping[str, Seen]
    left: Mapping[str, Seen]
    analysed: Mapping[str, Analysed]


def _carried_on(
    index: Index, change: _Change, tally: Tally, languages: Mapping[str, str], others: Sequence[Known]
) -> Index | None:
    """`carry_on`, where no memo that stays is in another language."""
    base, gone, beside = _parts(index)
    where = _explanations_after(index, change)
    wordings = _wordings_after(index, where, tuple(sorted(set(languages.values()))) or (DEFAULT,))
    reached = _reached(base, gone, differing_of(wordings, index.wordings))
    if reached is None:
        return None
    known = Known(beside.seen, beside.analysed, index.wordings, index.synonyms)
    again = base.known_about(reached)
    seen = {memo_id: each for memo_id, each in known.seen.items() if memo_id not in change.left}
    seen |= {memo_id: again.seen[memo_id] for memo_id in reached if memo_id not in change.left}
    seen |= change.came
    ordered = sorted((settled(each, languages, known) for each in seen.values()), key=newest_first)
    new = Index(
        Settled(
            seen=seen,
            analysed=list(in_terms(ordered, wordings, known, *others)),
            languages=tuple(wordings),
            wordings=wordings,
            synonyms=index.synonyms,
            superseded=index.superseded,
            succession=Succession(()),
        )
    )
    left = {memo_id: each for memo_id, each in change.analysed.items() if memo_id not in known.seen}
    left |= {memo_id: again.analysed[memo_id] for memo_id in reached}
    found = ChangedIndex(base, gone.less(base, left), new)
    found.tally, found.explanations = tally, where
    found.digest = index.digest + sum(
        (+1 if came else -1) * int.from_bytes(analysed.digest, "big")
        for came, some, of in ((True, change.came, new.known.analysed), (False, change.left, change.analysed))
        for analysed in map(of.__getitem__, some)
    )
    return found


def _parts(index: Index) -> tuple[Index, Gone, Known]:
    """What a change is laid beside, what is gone of it already, and what was laid beside it."""
    if isinstance(index, ChangedIndex):
        return index.base, index.gone, index.beside.known
    return index, NOTHING_GONE, Known({}, {}, {}, ())


def _tally_after(index: Index, change: _Change) -> Tally:
    tally = Tally(index.tally.counted)
    for seen, times in ((change.left, -1), (change.came, 1)):
        for each in seen.values():
            tally.count(each.given.language, each.detected, len(each.given.text), times)
    return tally


def _explanations_after(index: Index, change: _Change) -> Mapping[str, Meanings]:
    """The abbreviations that are explained after a change."""
    came, left = (
        explanations((memo_id, each.abbreviations) for memo_id, each in some.items())
        for some in (change.came, change.left)
    )
    where = dict(index.explanations)
    for short in came.keys() | left.keys():
        before, less, more = (some.get(short, {}) for some in (index.explanations, left, came))
        meanings = {
            long: (before.get(long, frozenset()) - less.get(long, frozenset())) | more.get(long, frozenset())
            for long in before.keys() | more.keys()
        }
        where[short] = {long: ids for long, ids in meanings.items() if ids}
        if not where[short]:
            del where[short]
    return where


def _wordings_after(
    index: Index, where: Mapping[str, Meanings], languages: Sequence[str]
) -> Mapping[str, Wordings]:
    """The wordings of some languages; the same ones where nothing that they are made of is another."""
    before = index.explanations
    shorts = [short for short in where.keys() | before.keys() if where.get(short) is not before.get(short)]
    after = {short: rules_of(short, where.get(short, {})) for short in shorts}
    others = {
        short: rules for short, rules in after.items() if rules != rules_of(short, before.get(short, {}))
    }
    known = {language: index.wordings[language] for language in languages if language in index.wordings}
    if others:
        known = {language: wordings.changed(others) for language, wordings in known.items()}
    new = [language for language in languages if language not in known]
    known |= wordings_of(new, index.synonyms, where) if new else {}
    return {language: known[language] for language in languages}


def _reached(base: Index, gone: Gone, differing: Differing) -> set[str] | None:
    """The memos of the base that hold wordings which are not what they were; None where they are too many."""
    found: set[int] = set()
    for language, some in differing.items():
        for stems in (stems for of_a_word in some.values() for stems in of_a_word):
            holding = set.intersection(*(_memos_with(base, term) for term in stems))
            if len(holding) > MOST_REACHED:
                return None
            found |= {number for number in holding if language_of(base.memo_at(number)) == language}
    return {base.memo_at(number).id for number in found} - gone.memos


def _memos_with(index: Index, term: str) -> set[int]:
    """The numbers of the memos in whose passages, or over them, a term stands."""
    number = index.vocabulary.get(term)
    if number is None:
        return set()
    passages = np.concatenate([field.of(number)[0] for field in (index.bodies, index.headings)])
    return set(index.memo_of_passage[passages].tolist())
