"""Which memos does the bot know, and what index stands over them?"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from time import time
from typing import NamedTuple

from bot.errors import UnknownMemo
from bot.held import Held
from bot.keeping import found_of, keep_index, kept_at
from bot.observability import MEMOS, PASSAGES, log
from bot.past import Past
from bot.reading import off_the_loop
from bot.storage import Changes, Difference, Mark, Store
from bot.views import Views
from retrieval import (
    Answer,
    ChangedIndex,
    Index,
    Memo,
    ReadingLimits,
    ReadResult,
    Superseded,
    Synonyms,
    UnreadableMemo,
    build_index,
    carry_on,
    cores,
    read_memos,
)

_USUAL_LIMITS = ReadingLimits()


AT_LATEST = 3600.0
"""Seconds after which a changed index is made one piece and kept anyway, so that a next run finds it so."""


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
        self._held = Held()
        self._mark: Mark | None = None
        self._refreshing, self._keeping = asyncio.Lock(), asyncio.Lock()
        self._views = Views(synonyms, superseded)
        self._past = Past(store, now)
        self._limits = limits
        self._unkept_since: float | None = None
        self._unwritten, self._lasting = False, True

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
        return self._held.memos

    async def over(self, memos: Sequence[Memo]) -> Index:
        """An index over just these memos (of `memos`, or earlier versions of them): it knows nothing of any other."""
        return await self._views.over(memos, self._index)

    async def memos_at(self, day: date) -> Sequence[Memo]:
        """The memos as they stood at the end of `day`, UTC (of a day to come: as they stand), by id."""
        return await self._past.memos_at(day)

    async def remarked(self, answer: Answer) -> Answer:
        """`answer`, with what must be said where it was asked of the past: that day is not over, or has gaps."""
        return await self._past.remarked(answer)

    async def refresh(
        self,
        on_reading: Callable[[int], object] = lambda _: None,
        on_memo: Callable[[], object] = lambda: None,
        *,
        lasting: bool = True,
    ) -> bool:
        """Bring the index up to date, off the event loop, where the memos changed since; whether they did.

        The first time `on_reading` is told how many memos must be indexed that no earlier run did, and `on_memo` is
        called for each, in a thread of its own. For a library that is `lasting` what a first question needs is made
        beforehand.
        """
        async with self._refreshing:
            self._lasting = lasting
            if self._mark and await self._store.memos.version() == self._mark.version:
                return False
            mark = await self._store.memos.mark()
            # The mark is older than what is read: what changes between the two is then found the next time.
            first = self._mark is None
            held, index, mark = await (self._first(mark, on_reading, on_memo) if first else self._next(mark))
            self._held, self._index, self._mark = held, index, mark
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

    async def _first(
        self, mark: Mark, on_reading: Callable[[int], object], on_memo: Callable[[], object]
    ) -> tuple[Held, Index, Mark]:
        """The memos, and the index over them: out of what an earlier run kept, and what changed since."""
        memos, kept = self._store.memos, await found_of(self._store)
        if (
            kept
            and self._fits(kept)
            and kept.corpus == mark.version
            and len(kept.memos) == await memos.count()
        ):
            await asyncio.to_thread(kept.warm)
            return Held(kept), kept, mark
        before = Held(kept) if kept else Held()
        difference = await memos.difference(before.digests)
        on_reading(len(difference.news))
        if kept and self._lasting:
            await asyncio.to_thread(kept.warm)
        if kept:
            self._unkept_since = kept_at(self._store)
        carried = await asyncio.to_thread(self._carried, before, kept or self._index, difference, on_memo)
        return *carried, mark

    async def _next(self, now: Mark) -> tuple[Held, Index, Mark]:
        """The memos and the index over them after a change; only what changed is read."""
        since = self._mark and await self._store.memos.since(self._mark, self._held.digest_of)
        mark, difference = since or (now, await self._store.memos.difference(self._held.digests))
        return *await asyncio.to_thread(self._carried, self._held, self._index, difference), mark

    def _carried(
        self,
        held: Held,
        index: Index,
        difference: Difference,
        on_memo: Callable[[], object] = lambda: None,
    ) -> tuple[Held, Index]:
        """What is held after a change, and an index over it."""
        news = [memo for _, memo in difference.news.values()]
        after = held.changed(difference)
        carried = carry_on(index, news, difference.gone) if self._fits(index) else None
        if carried is None:
            carried = build_index(
                after.memos, self._synonyms, index, self._superseded, workers=cores(), on_memo=on_memo
            )
        if self._lasting:
            carried.warm()
        if self._unkept_since is None:
            self._unkept_since = time()
        return after, carried

    def _fits(self, index: Index) -> bool:
        return index.synonyms == self._synonyms and index.superseded is self._superseded

    async def keep(self) -> None:
        """Keep what was found out about the memos for the next run, if it is worth it; the index is one piece then.

        Meanwhile the library goes on: what changes is carried over to what was kept.
        """
        async with self._keeping:
            held, index = self._held, self._index
            if self._unkept_since is None or not self._is_worth_keeping(held, index):
                return
            digests = await asyncio.to_thread(getattr, held, "digests")
            whole = await asyncio.to_thread(index.whole)
            since, self._unwritten = self._unkept_since, True
            if await keep_index(self._store, whole, digests):
                self._unkept_since, self._unwritten = None, False
            try:
                await self._go_on_from(held, whole)
            except BaseException:
                self._unkept_since = since
                raise

    def _is_worth_keeping(self, held: Held, index: Index) -> bool:
        """Whether an index is to be made one piece now: it is large, or old, or the kept one holds what is gone."""
        if not isinstance(index, ChangedIndex) or self._unkept_since is None or self._unwritten:
            return True
        too_old = time() - self._unkept_since > AT_LATEST
        return (
            index.is_loose or too_old or any(held.digest_of(memo_id) is None for memo_id in index.gone.memos)
        )

    async def _go_on_from(self, held: Held, whole: Index) -> None:
        """Take `whole`, over what was `held`, for the index, with what changed since."""
        kept = await found_of(self._store)
        if kept and self._fits(kept) and await asyncio.to_thread(lambda: kept.keys == held.digests):
            await asyncio.to_thread(lambda: kept.remember(held.read))
            whole, base = kept, Held(kept)
        else:  # there is no place to keep it in, or hidden memos are not in it
            base = held
        await asyncio.to_thread(whole.warm)
        async with self._refreshing:
            difference = await asyncio.to_thread(self._held.since, held)
            if not (difference.news or difference.gone):
                self._held, self._index = base, whole
                return
            self._held, self._index = await asyncio.to_thread(self._carried, base, whole, difference)

    def _report(self) -> None:
        info = self._index.info
        MEMOS.set(info.memos)
        PASSAGES.set(info.passages)
        event = "index_changed" if isinstance(self._index, ChangedIndex) else "index_rebuilt"
        log.info(event, memos=info.memos, passages=info.passages, version=info.version)


def _report_addition(changes: Changes, failed: Sequence[UnreadableMemo]) -> None:
    log.info(
        "memos_added",
        added=len(changes.added),
        changed=len(changes.changed),
        unchanged=len(changes.unchanged),
        failed=len(failed),
    )
