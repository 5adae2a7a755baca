"""Which memos does the library hold, and under which digests?"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import overload

from bot.storage import Difference
from retrieval import Memo, OpenedIndex

Keyed = Mapping[str, tuple[str, Memo]]
"""Memos by id, each with its digest."""

NONE: Keyed = MappingProxyType({})


class Held:
    """Memos with their digests: those of a `kept` index, less those `gone` (ids), and `news` in place of them.

    Never altered: a change makes another. A memo of the kept index is read when somebody asks for it.
    """

    def __init__(
        self, kept: OpenedIndex | None = None, news: Keyed = NONE, gone: frozenset[str] = frozenset()
    ) -> None:
        self._kept, self._news, self._gone = kept, news, gone

    def digest_of(self, memo_id: str) -> str | None:
        """The digest of a memo; None where it is not held."""
        if memo_id in self._news:
            return self._news[memo_id][0]
        return None if self._kept is None or memo_id in self._gone else self._kept.keys.get(memo_id)

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """Of every memo, by id."""
        known = self._kept.keys if self._kept else {}
        left = {memo_id: digest for memo_id, digest in known.items() if memo_id not in self._gone}
        return left | {memo_id: digest for memo_id, (digest, _) in self._news.items()}

    def memo(self, memo_id: str) -> Memo:
        """A memo as it was read. KeyError where it is not held."""
        if memo_id in self._news:
            return self._news[memo_id][1]
        if self._kept is None or memo_id in self._gone or memo_id not in self._kept.keys:
            raise KeyError(memo_id)
        return self._kept.given(memo_id)

    @cached_property
    def memos(self) -> Sequence[Memo]:
        """All of them by id, each read when it is asked for."""
        return _Memos(self, sorted(self.digests))

    @property
    def read(self) -> Mapping[str, Memo]:
        """The memos that are in memory already, by id."""
        kept = dict(self._kept.read) if self._kept else {}
        read = {memo_id: memo for memo_id, memo in kept.items() if memo_id not in self._gone}
        return read | {memo_id: memo for memo_id, (_, memo) in self._news.items()}

    def changed(self, difference: Difference) -> "Held":
        """The same after a change."""
        news = {memo_id: one for memo_id, one in self._news.items() if memo_id not in difference.gone}
        return Held(self._kept, news | difference.news, self._gone.union(difference.gone))

    def since(self, before: "Held") -> Difference:
        """How these differ from those held `before`."""
        digests, were = self.digests, before.digests
        news = [memo_id for memo_id, digest in digests.items() if were.get(memo_id) != digest]
        return Difference(
            {memo_id: (digests[memo_id], self.memo(memo_id)) for memo_id in news},
            tuple(memo_id for memo_id in were if memo_id not in digests),
        )


class _Memos(Sequence[Memo]):
    """The memos that are held, each read when it is asked for."""

    def __init__(self, held: Held, ids: Sequence[str]) -> None:
        self._held, self._ids = held, ids

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, place: int) -> Memo: ...
    @overload
    def __getitem__(self, place: slice) -> list[Memo]: ...
    def __getitem__(self, place: int | slice) -> Memo | list[Memo]:
        if isinstance(place, slice):
            return [self._held.memo(memo_id) for memo_id in self._ids[place]]
        return self._held.memo(self._ids[place])

    def __iter__(self) -> Iterator[Memo]:
        return map(self._held.memo, self._ids)
