"""How does an index carry on when a few of its memos change?

What was indexed stays where it is; what is new is indexed beside it, and both answer as one (`retrieval.changed`), as
if all had been indexed together, at the price of what changed. A change that reaches many memos (their language, what
an abbreviation in them means) is left to a new index.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from retrieval.abbreviations import Meanings, explanations, rules_of
from retrieval.analysis.language import DEFAULT, Tally
from retrieval.changed import NOTHING_GONE, ChangedIndex, Gone
from retrieval.columns import Columns
from retrieval.crew import Crew
from retrieval.drafting import drafted
from retrieval.gathering import cuts_of, put_together
from retrieval.index import Index
from retrieval.models import Memo, Superseded
from retrieval.order import newest_first
from retrieval.rulebook import RuleBook
from retrieval.seeing import Seen
from retrieval.settling import Differing, Settled, differing_of, in_columns, in_languages, look_at
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
    others = [each for each in known.pieces if each.synonyms == index.synonyms] if known else []
    came_as = look_at(came.values(), [*index.pieces, *others], Crew())
    change = _Change(
        came={each.given.id: each for each in came_as},
        left={memo_id: index.seen(memo_id) for memo_id in left},
    )
    tally = _tally_after(index, change)
    languages, were = tally.languages(), index.tally.languages()
    if any(languages[code] != were[code] for code in languages.keys() & were.keys()):
        return None
    return _carried_on(index, change, tally, languages, others)


def _is_much(index: Index, came: Iterable[Memo], most_beside: float) -> bool:
    """Whether what lies beside the base would be more than that share of it."""
    base, _, beside = _parts(index)
    there = map(beside.given, beside.memos) if beside else ()
    return sum(len(memo.text) for memo in [*there, *came]) > most_beside * base.tally.characters


def _hides(index: Index, came: Iterable[Memo]) -> bool:
    """Whether some memo may hide another."""
    return bool(index.succession.stating) or any(memo.supersedes for memo in came)


class _Change(NamedTuple):
    """The memos that came and those that left, by id; an altered one did both."""

    came: Mapping[str, Seen]
    left: Mapping[str, Seen]


def _carried_on(
    index: Index, change: _Change, tally: Tally, languages: Mapping[str, str], others: Sequence[Index]
) -> Index | None:
    """`carry_on`, where no memo that stays is in another language."""
    base, gone, beside = _parts(index)
    where = _explanations_after(index, change)
    wordings = _wordings_after(index, where, tuple(sorted(set(languages.values()))) or (DEFAULT,))
    differing = differing_of(wordings, index.wordings)
    reached = {base.memo_at(number).id for number in base.holding(differing)} - gone.memos
    if len(reached) > MOST_REACHED:
        return None
    stays, again = _beside_after(beside, differing, change) if beside else ([], [])
    seen = [*change.came.values(), *again, *(base.seen(memo_id) for memo_id in reached - change.left.keys())]
    columns, given = _beside(stays, _taken(seen, languages, wordings, others))
    settled = Settled(tuple(wordings), wordings, index.synonyms, index.superseded, Succession(()), Tally())
    gone_too = {memo_id for memo_id in change.left if beside is None or memo_id not in beside.memos} | reached
    found = ChangedIndex(base, gone.less(base, gone_too), Index(columns, settled, given=given))
    found.tally, found.explanations = tally, where
    found.digest = index.digest + sum(
        sign * int.from_bytes(each.digest, "big")
        for sign, some in ((1, change.came), (-1, change.left))
        for each in some.values()
    )
    return found


_Placed = tuple[Memo, tuple[Columns, int]]
"""A memo, and where it is in terms."""


def _beside_after(beside: Index, differing: Differing, change: _Change) -> tuple[list[_Placed], list[Seen]]:
    """What stays of what was laid beside, and what is looked at again because a wording in it is another."""
    reached = beside.holding(differing)
    stays, again = [], []
    for number, memo_id in enumerate(beside.memos):
        if memo_id in change.left:
            continue
        if number in reached:
            again.append(beside.seen(memo_id))
        else:
            stays.append((beside.given(memo_id), (beside.columns, number)))
    return stays, again


def _taken(
    seen: Sequence[Seen],
    languages: Mapping[str, str],
    wordings: Mapping[str, Wordings],
    others: Sequence[Index],
) -> list[_Placed]:
    """Memos that came, in terms."""
    news = in_columns(
        in_languages(seen, languages), wordings, others, lambda: None, lambda some: [drafted(some, wordings)]
    )
    return [(each.given, (news, number)) for number, each in enumerate(seen)]


def _beside(stays: Sequence[_Placed], news: Sequence[_Placed]) -> tuple[Columns, dict[str, Memo]]:
    """What lies beside from now on, and its memos as they were given."""
    placed = sorted([*stays, *news], key=lambda each: newest_first(each[0]))
    return put_together(cuts_of(place for _, place in placed)), {memo.id: memo for memo, _ in placed}


def _parts(index: Index) -> tuple[Index, Gone, Index | None]:
    """What a change is laid beside, what is gone of it already, and what was laid beside it."""
    if isinstance(index, ChangedIndex):
        return index.base, index.gone, index.beside
    return index, NOTHING_GONE, None


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
    known |= RuleBook(tuple(new), index.synonyms, where).wordings() if new else {}
    return {language: known[language] for language in languages}
