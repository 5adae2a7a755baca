"""What must be decided about memos together before they can be indexed?

A memo's language, where neither it nor its text tells; the wordings that answer for each other; who supersedes whom.
What is known from before is used again where it would come out the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from retrieval.abbreviations import Meanings, explanations, rules_of
from retrieval.analysed import Analysed, Known, Seen, analyse, language_of, see
from retrieval.analysis import analyzer
from retrieval.analysis.language import DEFAULT, Tally
from retrieval.models import Memo, Superseded
from retrieval.order import newest_first
from retrieval.succession import Succession
from retrieval.synonyms import Synonyms
from retrieval.wording import Stems
from retrieval.wordings import MemoTerms, Rules, Wordings


class Settled(NamedTuple):
    """Memos in terms, in the order of an index, and what was decided about them.

    `seen` holds them by id as they were given; `wordings` are by language, those of all `languages`.
    """

    seen: Mapping[str, Seen]
    analysed: Sequence[Analysed]
    languages: tuple[str, ...]
    wordings: Mapping[str, Wordings]
    synonyms: tuple[Synonyms, ...]
    superseded: Superseded
    succession: Succession


def settle(
    memos: Iterable[Memo],
    synonyms: Iterable[Synonyms],
    known: Known | None,
    superseded: Superseded,
    on_memo: Callable[[], object] = lambda: None,
) -> Settled:
    """Decide what must be decided about `memos`, and take them to their terms; of two with one id the later counts.

    `on_memo` is called for each that `known` does not hold as it is wanted.
    """
    given = {memo.id: memo for memo in memos}
    succession = Succession(given)
    if superseded is Superseded.HIDE:
        given = {memo_id: memo for memo_id, memo in given.items() if not succession.is_superseded(memo_id)}
    rules = tuple(synonyms)
    if known and known.synonyms != rules:
        known = None  # another list of synonyms makes other terms
    before = [known] if known else []
    seen = look_at(given.values(), *before)
    taken_for = tally(seen.values()).languages()
    ordered = sorted((settled(each, taken_for, known) for each in seen.values()), key=newest_first)
    languages = tuple(sorted(set(map(language_of, ordered)))) or (DEFAULT,)
    where = explanations((memo.id, seen[memo.id].abbreviations) for memo in ordered)
    wordings = wordings_of(languages, rules, where)
    analysed = list(in_terms(ordered, wordings, *before, on_memo=on_memo))
    return Settled(seen, analysed, languages, wordings, rules, superseded, succession)


def look_at(memos: Iterable[Memo], *known: Known) -> dict[str, Seen]:
    """Each memo by its id, looked at once: again only where none of `known` holds it."""
    found = {}
    for memo in memos:
        before = (seen for each in known if (seen := each.seen.get(memo.id)) and _same(seen.given, memo))
        found[memo.id] = next(before, None) or see(memo)
    return found


def tally(seen: Iterable[Seen]) -> Tally:
    """Which languages memos are in."""
    found = Tally()
    for each in seen:
        found.count(each.given.language, each.detected, len(each.given.text))
    return found


def settled(seen: Seen, languages: Mapping[str, str], known: Known | None = None) -> Memo:
    """A memo with its language: its own word for it, or what its text and the others' tell."""
    told = seen.given.language or languages[seen.detected]
    found = known.analysed.get(seen.given.id) if known else None
    if found and found.memo.language == told and known and known.seen[seen.given.id] is seen:
        return found.memo
    return seen.given.model_copy(update={"language": told})


def wordings_of(
    languages: Iterable[str], synonyms: Sequence[Synonyms], where: Mapping[str, Meanings]
) -> dict[str, Wordings]:
    """The wordings of a list of synonyms and of what memos explain, by language."""
    rules = rules_in_groups(synonyms, where)
    return {language: Wordings(rules, analyzer(language)) for language in languages}


def rules_in_groups(synonyms: Sequence[Synonyms], where: Mapping[str, Meanings]) -> Rules:
    """The list, and the rules for each short form that memos explain."""
    return {"": synonyms, **{short: rules_of(short, meanings) for short, meanings in where.items()}}


def in_terms(
    memos: Iterable[Memo],
    wordings: Mapping[str, Wordings],
    *known: Known,
    on_memo: Callable[[], object] = lambda: None,
) -> Iterator[Analysed]:
    """Every memo in terms, in order; what one of `known` holds of it is used again where it would come out the same."""
    differing = [(each.analysed, differing_of(wordings, each.wordings)) for each in known]
    for memo in memos:
        before = (
            found
            for analysed, others in differing
            if (found := analysed.get(memo.id)) and _still_holds(found, memo, others)
        )
        again = next(before, None)
        if again is None:
            again = analyse(memo, MemoTerms(memo.id, wordings[language_of(memo)]))
            on_memo()
        yield again


Differing = Mapping[str, Mapping[str, Sequence[Stems]]]
"""Wordings that are not what they were, by language and by their first word."""


def differing_of(wordings: Mapping[str, Wordings], before: Mapping[str, Wordings]) -> Differing:
    """Which wordings are not what they were `before`, in languages that there were."""
    return {
        language: some.differing(before[language])
        for language, some in wordings.items()
        if language in before
    }


def _same(one: Memo, other: Memo) -> bool:
    return one is other or one == other


def _still_holds(found: Analysed, memo: Memo, differing: Differing) -> bool:
    """Whether a memo would come out the same: it is the same, and no wording that stands in it is another."""
    language = language_of(memo)
    return _same(found.memo, memo) and language in differing and not found.holds_any(differing[language])
