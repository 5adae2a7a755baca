"""Which memo takes the place of which?

A memo names those that it supersedes in its front matter: by id, by file name or path, or by title. What names nothing
in the library says nothing. Memos that supersede each other in a circle contradict themselves: of them none is older.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from retrieval.models import Memo
from retrieval.order import newest_first
from retrieval.plain import folded

Edges = Mapping[str, Sequence[str]]
"""Ids of the memos that supersede each memo directly, by its id."""


class Succession:
    """Who supersedes whom among some memos, given in any order.

    `direct` and `stating` (the ids of the memos that name one) stand in for what the memos say, where that was found
    out before; `called`, for what they are called.
    """

    def __init__(
        self,
        memos: Iterable[Memo] | Mapping[str, Memo],
        direct: Edges | None = None,
        stating: Iterable[str] | None = None,
        called: "_Called | None" = None,
    ) -> None:
        self._memos = memos if isinstance(memos, Mapping) else {memo.id: memo for memo in memos}
        self._known, self._stating, self._names = direct, stating, called

    def changed(
        self, gone: Collection[str], news: Mapping[str, Memo], memos: Mapping[str, Memo]
    ) -> "Succession":
        """The same of the `memos` that there are without those `gone` (ids), and with `news`."""
        stating = [memo_id for memo_id in self.stating if memo_id not in gone]
        stating += [memo_id for memo_id, memo in news.items() if memo.supersedes]
        called = _Called(news.values(), self._called, gone) if stating else None
        return Succession(memos, stating=stating, called=called)

    def __bool__(self) -> bool:
        """Whether any memo takes another's place."""
        return bool(self.direct)

    def is_superseded(self, memo_id: str) -> bool:
        """Whether any memo takes the place of this one."""
        return memo_id in self.direct

    def all_after(self, memo_id: str) -> set[str]:
        """The ids of the memos that supersede this one, directly or one after another."""
        found: set[str] = set()
        waiting = [memo_id]
        while waiting:
            news = [each for each in self.direct.get(waiting.pop(), ()) if each not in found]
            found.update(news)
            waiting += news
        return found

    def latest(self, memo_id: str) -> list[str]:
        """Of those the ones that nothing supersedes: where a reader should look now. Newest first, then by id."""
        ends = [self._memos[each] for each in self.all_after(memo_id) if each not in self.direct]
        return [memo.id for memo in sorted(ends, key=newest_first)]

    @cached_property
    def direct(self) -> Edges:
        """Who supersedes each memo, itself."""
        return self._stated() if self._known is None else self._known

    @cached_property
    def stating(self) -> Collection[str]:
        """The ids of the memos that name others."""
        if self._stating is not None:
            return list(self._stating)
        return [memo_id for memo_id, memo in self._memos.items() if memo.supersedes]

    @cached_property
    def _called(self) -> "_Called":
        return self._names or _Called(self._memos.values())

    def _stated(self) -> Edges:
        stated = [self._memos[memo_id] for memo_id in self.stating]
        if not stated:
            return {}
        edges: defaultdict[str, dict[str, None]] = defaultdict(dict)
        called = self._called
        for memo in stated:
            for name in memo.supersedes:
                for older in called.by(name, memo):
                    edges[older.id][memo.id] = None
        circle_of = _circles({older: tuple(newer) for older, newer in edges.items()})
        straight = {
            older: tuple(each for each in newer if circle_of[each] != circle_of[older])
            for older, newer in edges.items()
        }
        return {older: newer for older, newer in straight.items() if newer}


class _Called:
    """Memos by what they may be called, the surest kind of name first; beside `others`, less those `gone` (ids)."""

    def __init__(
        self, memos: Iterable[Memo], others: "_Called | None" = None, gone: Collection[str] = ()
    ) -> None:
        self._others, self._gone = others, gone
        self._by: list[tuple[Callable[[str], str], dict[str, list[Memo]]]] = [
            (_as_it_is, {}), (str.casefold, {}), (str.casefold, {}), (str.casefold, {}), (folded, {}),
        ]  # fmt: skip
        for memo in memos:
            for (alike, known), names in zip(self._by, _names(memo), strict=True):
                for name in names:
                    known.setdefault(alike(name), []).append(memo)

    def by(self, name: str, successor: Memo) -> list[Memo]:
        """The other memos that `successor` means by `name`; of several with one name those that are not newer."""
        for kind in range(len(self._by)):
            others = [memo for memo in self._known(kind, name) if memo.id != successor.id]
            if len(others) > 1:
                others = [memo for memo in others if not _is_newer(memo, successor)]
            if others:
                return others
        return []

    def _known(self, kind: int, name: str) -> list[Memo]:
        """The memos that have `name` as a name of this kind."""
        alike, known = self._by[kind]
        others = self._others._known(kind, name) if self._others else ()  # noqa: SLF001 - another of its kind
        return [*(memo for memo in others if memo.id not in self._gone), *known.get(alike(name), ())]


def _names(memo: Memo) -> Iterator[set[str]]:
    """What a memo may be called: its id, that in other letters, its path, its file's name, its title."""
    path = PurePosixPath(memo.source)
    yield {memo.id}
    yield {memo.id}
    yield {memo.source, str(path.with_suffix("")) if path.name else ""} - {""}
    yield {path.name, path.stem} - {""}
    yield {memo.title} - {""}


def _as_it_is(name: str) -> str:
    return name


def _is_newer(memo: Memo, other: Memo) -> bool:
    return memo.published is not None and other.published is not None and memo.published > other.published


def _last_place(path: Sequence[str], wanted: str) -> int:
    return next(place for place in range(len(path) - 1, -1, -1) if path[place] == wanted)


def _circles(edges: Edges) -> dict[str, int]:
    """A number for each memo of `edges`, the same for those that supersede each other (Tarjan's components)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    circle_of: dict[str, int] = {}
    path: list[str] = []
    for start in sorted(edges):
        if start in order:
            continue
        order[start] = lowest[start] = len(order)
        path.append(start)
        walk = [(start, iter(edges.get(start, ())))]
        while walk:  # by hand: a chain may be longer than Python's stack
            here, further = walk[-1]
            there = next(further, None)
            if there is None:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[here])
                if lowest[here] == order[here]:
                    first = _last_place(path, here)
                    circle_of |= dict.fromkeys(path[first:], order[here])
                    del path[first:]
            elif there not in order:
                order[there] = lowest[there] = len(order)
                path.append(there)
                walk.append((there, iter(edges.get(there, ()))))
            elif there not in circle_of:
                lowest[here] = min(lowest[here], order[there])
    return circle_of
