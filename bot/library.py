"""Which memos does the bot know, and what index stands over them?"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, overload

from bot.errors import UnknownMemo
from bot.keeping import keep_index, known_of, opened_of
from bot.observability import MEMOS, PASSAGES, log
from bot.past import Past
from bot.reading import off_the_loop
from bot.storage import Changes, Difference, Store
from bot.views import Views, built
from retrieval import (
    Answer,
    Index,
    Known,
    Memo,
    OpenedIndex,
    ReadingLimits,
    ReadResult,
    Superseded,
    Synonyms,
    UnreadableMemo,
    build_index,
    read_memos,
)

_USUAL_LIMITS = ReadingLimits()


Held = Mapping[str, tuple[str, Memo]]
"""Memos by id, in order, each with its digest."""


class Addition(NamedTuple):
    """What adding files did: the memos that changed by id, and the files that could not be read."""

    changes: Changes
    failed: tuple[UnreadableMemo, ...]


def utc_now() -> datetime:
    """The time, by the machine's clock."""
    return datetime.now(UTC)


class Library:
    """The memos in the store, and an index over them that is replaced when they change, never altered.

    A question that began on one index ends on it. `refresh` must run once before the index holds anything, and
    now and then for what other processes add. `synonyms` are wordings that answer for each other; `superseded` says
    what becomes of memos that another one supersedes; `limits`, what reading a file may cost.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime] = utc_now,
        synonyms: Sequence[Synonyms] = (),
        superseded: Superseded = Superseded.DEMOTE,
        limits: ReadingLimits = _USUAL_LIMITS,
    ) -> None:
        self._store, self._now = store, now
        self._synonyms, self._superseded = tuple(synonyms), superseded
        self._index = build_index(())
        self._held: Held = {}
        self._version: str | None = None
        self._refreshing = asyncio.Lock()
        self._views = Views(synonyms, superseded)
        self._past = Past(store, now)
        self._limits = limits
        self._unkept = False

    @property
    def index(self) -> Index:
        """The index over all memos as it stands now. Keep it for as long as one question takes."""
        return self._index

    @property
    def limits(self) -> ReadingLimits:
        """What reading a file for this library may cost."""
        return self._limits

    @property
    def memos(self) -> Sequence[Memo]:
        """The memos that `index` is over, as they were read, by id."""
        return _Memos(self._held)

    async def over(self, memos: Sequence[Memo]) -> Index:
        """An index over just these memos (of `memos`, or earlier versions of them): it knows nothing of any other."""
        return await self._views.over(memos, self._index)

    async def memos_at(self, day: date) -> Sequence[Memo]:
        """The memos as they stood at the end of `day`, UTC (of a day to come: as they stand), by id."""
        return await self._past.memos_at(day)

    async def remarked(self, answer: Answer) -> Answer:
        """`answer`, with what must be said where it was asked of the past: that day is not over, or has gaps."""
        return await self._past.remarked(answer)

    async def refresh(self) -> bool:
        """Rebuild the index, off the event loop, where the memos changed since; whether they did."""
        async with self._refreshing:
            # The version first: what changes between the two reads is then found the next time.
            version = await self._store.memos.version()
            if version == self._version:
                return False
            opened = await self._opened(version) if self._version is None else None
            self._held, self._index = opened or await self._current()
            self._version = version
            self._report()
            return True

    async def add(
        self, paths: Iterable[Path | str], on_result: Callable[[ReadResult], object] | None = None
    ) -> Addition:
        """Read files and folders, keep every memo among them (all at once), and refresh the index.

        `on_result` is told of each file as it was read. A file that cannot be read does not hold up the others.
        """
        memos: list[Memo] = []
        failed: list[UnreadableMemo] = []
        async for result in off_the_loop(read_memos(list(paths), self._limits)):
            if result.memo:
                memos.append(result.memo)
            elif result.error:
                failed.append(result.error)
            if on_result:
                on_result(result)
        changes = await self._store.memos.add(memos, self._now())
        _report_addition(changes, failed)
        await self.refresh()
        return Addition(changes, tuple(failed))

    async def remove(self, memo_id: str) -> None:
        """Take a memo out; UnknownMemo where there is none of that id."""
        if not await self._store.memos.remove(memo_id, self._now()):
            raise UnknownMemo(memo_id)
        log.info("memo_removed", memo=memo_id)
        await self.refresh()

    async def _opened(self, version: str) -> "tuple[Held, Index] | None":
        """The memos of this version and the index over them, out of what an earlier run kept; None where it did not."""
        index = await opened_of(self._store, version, self._synonyms, self._superseded)
        if index is None:
            return None
        await asyncio.to_thread(index.warm)
        return _Kept(index), index

    async def _current(self) -> "tuple[Held, Index]":
        """The current memos with their digests, by id, and an index over them; only what changed is read again."""
        before = self._held
        difference = await self._store.memos.difference(_digests(before))
        kept = None if before else await known_of(self._store, difference.news)
        held, index = await asyncio.to_thread(self._changed, before, difference, kept or self._index)
        self._unkept = True
        return held, index

    def _changed(self, before: "Held", difference: Difference, known: Index | Known) -> "tuple[Held, Index]":
        """What is held after a change, and an index over it, made from what is `known`."""
        held = {key: one for key, one in before.items() if key not in difference.gone} | difference.news
        held = dict(sorted(held.items()))
        memos = [memo for _, memo in held.values()]
        return held, built(memos, self._synonyms, known, self._superseded)

    async def keep(self) -> None:
        """Keep what was found out about the memos for the next run, if that is more than what is kept."""
        async with self._refreshing:
            if self._unkept:
                self._unkept = not await keep_index(self._store, self._index, _digests(self._held))

    def _report(self) -> None:
        info = self._index.info
        MEMOS.set(info.memos)
        PASSAGES.set(info.passages)
        log.info("index_rebuilt", memos=info.memos, passages=info.passages, version=info.version)


class _Memos(Sequence[Memo]):
    """The memos that are held, each read when it is asked for."""

    def __init__(self, held: Held) -> None:
        self._held = held

    @cached_property
    def _ids(self) -> list[str]:
        return list(self._held)

    def __len__(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, place: int) -> Memo: ...
    @overload
    def __getitem__(self, place: slice) -> list[Memo]: ...
    def __getitem__(self, place: int | slice) -> Memo | list[Memo]:
        if isinstance(place, slice):
            return [self._held[memo_id][1] for memo_id in self._ids[place]]
        return self._held[self._ids[place]][1]


class _Kept(Mapping[str, tuple[str, Memo]]):
    """What a kept index holds, by id, each memo read when it is asked for."""

    def __init__(self, index: OpenedIndex) -> None:
        self._index = index

    def __getitem__(self, memo_id: str) -> tuple[str, Memo]:
        return self._index.keys[memo_id], self._index.given(memo_id)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._index.keys))

    def __len__(self) -> int:
        return len(self._index.memos)

    @property
    def digests(self) -> Mapping[str, str]:
        return self._index.keys


def _digests(held: Held) -> Mapping[str, str]:
    if isinstance(held, _Kept):
        return held.digests
    return {memo_id: digest for memo_id, (digest, _) in held.items()}


def _report_addition(changes: Changes, failed: Sequence[UnreadableMemo]) -> None:
    log.info(
        "memos_added",
        added=len(changes.added),
        changed=len(changes.changed),
        unchanged=len(changes.unchanged),
        failed=len(failed),
    )
