"""Which memos does the bot know, and what index stands over them?"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from bot.errors import UnknownMemo
from bot.keeping import Keyed, keep_index, known_of
from bot.observability import MEMOS, PASSAGES, log
from bot.past import Past
from bot.reading import off_the_loop
from bot.storage import Changes, Store
from bot.views import Views, built
from retrieval import (
    Answer,
    Index,
    Known,
    Memo,
    ReadingLimits,
    ReadResult,
    Superseded,
    Synonyms,
    UnreadableMemo,
    build_index,
    read_memos,
)

_USUAL_LIMITS = ReadingLimits()


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
        self._store, self._now, self._synonyms, self._superseded = store, now, synonyms, superseded
        self._index = build_index(())
        self._held: dict[str, tuple[str, Memo]] = {}
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
        return [memo for _, memo in self._held.values()]

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
            held, index = await self._current()
            self._held, self._index = held, index
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

    async def _current(self) -> tuple[dict[str, tuple[str, Memo]], Index]:
        """The current memos with their digests, by id, and an index over them; only what changed is read again."""
        difference = await self._store.memos.difference(
            {memo_id: digest for memo_id, (digest, _) in self._held.items()}
        )
        held = {key: one for key, one in self._held.items() if key not in difference.gone} | difference.news
        held = dict(sorted(held.items()))
        memos = [memo for _, memo in held.values()]
        known = await self._known(difference.news)
        index = await asyncio.to_thread(built, memos, self._synonyms, known, self._superseded)
        self._unkept = self._unkept or bool(self._held) or not known.analysed.keys() >= index.memos.keys()
        return held, index

    async def _known(self, news: Keyed) -> Known:
        """What is known of the memos so far: at the beginning, what an earlier run found out."""
        return (None if self._held else await known_of(self._store, news)) or self._index.known

    async def keep(self) -> None:
        """Keep what was found out about the memos for the next run, if that is more than what is kept."""
        async with self._refreshing:
            if self._unkept:
                self._unkept = False
                digests = {memo_id: digest for memo_id, (digest, _) in self._held.items()}
                await keep_index(self._store, self._index, digests)

    def _report(self) -> None:
        info = self._index.info
        MEMOS.set(info.memos)
        PASSAGES.set(info.passages)
        log.info("index_rebuilt", memos=info.memos, passages=info.passages, version=info.version)


def _report_addition(changes: Changes, failed: Sequence[UnreadableMemo]) -> None:
    log.info(
        "memos_added",
        added=len(changes.added),
        changed=len(changes.changed),
        unchanged=len(changes.unchanged),
        failed=len(failed),
    )
