"""Which matches are shown beside the best one: which speak of the question, and which say something new?"""

import re
from collections.abc import Callable, Iterable

from retrieval.index import Index
from retrieval.models import BlockKind, Passage, Span, Superseded
from retrieval.search import Match

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SAME = 0.85  # share of words that two stretches have in common


def newsworthy(index: Index, found: Iterable[Match], at_most: int) -> list[Match]:
    """The first `at_most` matches that repeat none before them.

    A near-copy of a quote with other numbers is no copy: memos that disagree are shown side by side.
    """
    shown: list[tuple[Match, frozenset[str]]] = []
    for match in found:
        if len(shown) == at_most:
            break
        words = _words(index, match)
        if any(_repeats(words, said) or _beside(index, match, before) for before, said in shown):
            continue
        shown.append((match, words))
    return [match for match, _ in shown]


def successors_first(
    index: Index, found: Iterable[Match], speaks: Callable[[Match], bool] = lambda _: True
) -> Iterable[Match]:
    """The matches in their order, but those of a superseded memo only after the best of each that supersedes it.

    A successor counts where one of its matches `speaks` of the question: an older memo that alone does stays in front.
    """
    if index.superseded is not Superseded.DEMOTE or not index.succession:
        return found
    waiting = list(found)
    best = {_memo_id(index, match): _place(match) for match in reversed(waiting) if speaks(match)}
    after = {_memo_id(index, match): index.succession.all_after(_memo_id(index, match)) for match in waiting}
    ordered: list[Match] = []
    while waiting:
        places = set(map(_place, waiting))
        to_come = {memo_id for memo_id, place in best.items() if place in places}
        first = next(n for n, match in enumerate(waiting) if not after[_memo_id(index, match)] & to_come)
        ordered.append(waiting.pop(first))
    return ordered


def _place(match: Match) -> tuple[int, Span]:
    return match.passage, match.window.span


def _memo_id(index: Index, match: Match) -> str:
    return index.passages[match.passage].memo_id


def _repeats(one: frozenset[str], other: frozenset[str]) -> bool:
    alike = len(one & other) >= _SAME * len(one | other)
    return alike and _numbers(one) == _numbers(other)


def _beside(index: Index, match: Match, before: Match) -> bool:
    """Whether it is a cell beside one that its row and column name more fully what the question asks for."""
    cell, named = index.passages[match.passage], index.passages[before.passage]
    if not (cell.kind is named.kind is BlockKind.CELL and _table_of(cell) == _table_of(named)):
        return False
    in_line = cell.row == named.row or cell.column == named.column
    return in_line and bool(match.passage_covered.sum() < before.passage_covered.sum())


def _table_of(cell: Passage) -> tuple[object, ...]:
    return cell.memo_id, cell.section, cell.page


def _words(index: Index, match: Match) -> frozenset[str]:
    text = index.memos[index.passages[match.passage].memo_id].text
    return frozenset(match.window.span.of(text).casefold().split())


def _numbers(words: frozenset[str]) -> set[str]:
    return {number for word in words for number in _NUMBER.findall(word)}
