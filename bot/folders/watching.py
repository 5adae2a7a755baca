"""How do changes in folders go live by themselves?"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import NamedTuple
from uuid import uuid4

from bot.errors import BotError
from bot.folders.comparing import TOO_RECENT, Comparison, compare, unsettled
from bot.folders.keeping import Outcome, TakingIn, utc_now, wishes_of
from bot.folders.looking import Look, Sight, hash_of, look_at, written
from bot.folders.noticing import stirs
from bot.folders.reading import Failure
from bot.folders.removals import Removals
from bot.observability import log
from bot.storage import ChangedMeanwhile, Store
from retrieval import ReadingLimits

SETTLE = 0.25
"""Seconds between two looks at a file that changed: it is read when both see the same."""

PATIENCE = 10.0
"""Seconds after which a file is read that never stands still."""

LOOK_AGAIN = 30.0
"""Seconds after which a folder is looked at though nothing stirred."""

LEASE = timedelta(seconds=10)
RENEW = 3.0
TRY_AGAIN = 1.0

MOST_FILES, MOST_BYTES = 40, 4_000_000
"""What is read at a time, newest first: a change does not wait for a thousand files that came before it."""


class Manner(NamedTuple):
    """How folders are watched: see the settings `WATCH__...` and `READING__...`."""

    confirm_above: float
    polling: str
    limits: ReadingLimits = ReadingLimits()


OnChange = Callable[[], Awaitable[object]]


async def watch(store: Store, folders: Iterable[Path], manner: Manner, on_change: OnChange) -> None:
    """Keep the library as the folders are, until cancelled; `on_change` is awaited after each change.

    Of several processes that watch a folder one does the work; another takes over when it is gone.
    """
    async with asyncio.TaskGroup() as group:
        for folder in dict.fromkeys(folders):
            group.create_task(_Watcher(store, folder, manner, on_change).run())


class _Watcher:
    """Watches one folder."""

    def __init__(self, store: Store, folder: Path, manner: Manner, on_change: OnChange) -> None:
        self._store, self._folder, self._manner, self._on_change = store, folder, manner, on_change
        self._root = written(os.path.realpath(folder))
        self._name = f"{socket.gethostname()} {os.getpid()} {uuid4().hex[:8]}"
        self._wishes = wishes_of(manner.limits)
        self._removals = Removals(manner.confirm_above)
        self._stirred = asyncio.Event()
        self._is_mine = False
        self._is_there = True
        self._held = 0
        self._told: frozenset[Failure] = frozenset()
        self._waiting_since: dict[str, float] = {}
        self._hashes: dict[Sight, str | None] = {}

    async def run(self) -> None:
        """Watch until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for work in (self._hold(), self._notice(), self._keep()):
                    group.create_task(work)
        finally:
            with suppress(BotError):  # the claim runs out by itself
                await self._store.folders.release(self._root, self._name)

    async def _hold(self) -> None:
        """Claim the folder, and renew that."""
        before: bool | None = None
        while True:
            now = utc_now()
            try:
                self._is_mine = await self._store.folders.claim(self._root, self._name, now, now + LEASE)
            except BotError as trouble:
                self._is_mine = False
                log.warning("folder_not_claimed", folder=self._root, why=str(trouble))
            if self._is_mine and not before:
                log.info("folder_watched", folder=self._root)
                self._stirred.set()
            elif before is not False and not self._is_mine:
                log.info("folder_left", folder=self._root, why="another process watches it")
            before = self._is_mine
            await asyncio.sleep(RENEW)

    async def _notice(self) -> None:
        async for _ in stirs(self._folder, self._manner.polling):
            self._stirred.set()

    async def _keep(self) -> None:
        """Take in what changed, whenever something stirred."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), LOOK_AGAIN)
            self._stirred.clear()
            try:
                await self._until_settled()
            except ChangedMeanwhile:
                self._stirred.set()
            except BotError as trouble:
                log.error("folder_not_read", folder=self._root, why=str(trouble))
                await self._later()
            except Exception:  # noqa: BLE001 - logged; a folder is tried again for ever
                log.exception("folder_not_read", folder=self._root)
                await self._later()

    async def _later(self) -> None:
        await asyncio.sleep(TRY_AGAIN)
        self._stirred.set()

    async def _until_settled(self) -> None:
        """Look, and take in what stands still, until all of it does."""
        earlier, looked = None, 0.0
        tried: dict[str, Sight] = {}
        while self._is_mine:
            began = monotonic()
            look = await asyncio.to_thread(self._look)
            if look is None:
                return
            comparison = await self._compared(look)
            waiting = self._patiently(unsettled(comparison, earlier))
            in_vain = {each.path for each in comparison.work if tried.get(each.path) == each.sight}
            still = comparison.without(waiting | in_vain)
            part = still.newest(MOST_FILES, MOST_BYTES)
            failed = await self._take_in(part)
            for each in part.work:
                tried[each.path] = each.sight
                self._waiting_since.pop(each.path, None)
            rest = len(still.work) - len(part.work)
            if not (waiting or rest):
                self._hashes.clear()
                self._tell(failed)
                return
            if monotonic() - looked >= SETTLE:
                earlier, looked = look, monotonic()
            if not rest:
                await asyncio.sleep(max(SETTLE, monotonic() - began))  # a large folder takes its time

    async def _compared(self, look: Look) -> Comparison:
        known = await self._store.files.known(look.root)
        return await asyncio.to_thread(compare, known, look, self._wishes, utc_now(), hash_of=self._hash_of)

    def _look(self) -> Look | None:
        """The folder as it is; None where it is not there, or cannot be looked into: then nothing is changed."""
        look = next(iter(look_at([self._folder])), None)
        is_there = look is not None and look.whole and "." not in look.hidden
        if is_there != self._is_there:
            self._is_there = is_there
            if is_there:
                log.info("folder_back", folder=self._root)
            else:
                log.warning("folder_gone", folder=self._root, said="Its memos stay as they are.")
        return look if is_there else None

    def _hash_of(self, sight: Sight) -> str | None:
        """The hash of a file's bytes; not computed again for a file that waits for its turn."""
        if sight in self._hashes:
            return self._hashes[sight]
        sha256 = hash_of(sight)
        if sight.mtime_ns / 1e9 < (utc_now() - TOO_RECENT).timestamp():
            self._hashes[sight] = sha256
        return sha256

    def _patiently(self, waiting: set[str]) -> set[str]:
        """Those that are still waited for."""
        now = monotonic()
        self._waiting_since = {path: self._waiting_since.get(path, now) for path in waiting}
        return {path for path, since in self._waiting_since.items() if now - since < PATIENCE}

    async def _take_in(self, comparison: Comparison) -> tuple[Failure, ...]:
        """Take in what was found; the files that cannot be read."""
        taking = TakingIn(
            self._store, self._wishes, self._manner.limits, self._removals, lambda _result: None, utc_now
        )
        outcome = await taking.take_in([comparison])
        self._report(outcome, comparison)
        if any((outcome.changes.added, outcome.changes.changed, outcome.changes.removed)):
            await self._on_change()
        return outcome.failed

    def _tell(self, failed: Iterable[Failure]) -> None:
        """Name the files that cannot be read, each once."""
        told, self._told = self._told, frozenset(failed)
        for failure in sorted(self._told - told):
            log.warning("file_refused", folder=self._root, why=failure.why)

    def _report(self, outcome: Outcome, comparison: Comparison) -> None:
        changes = outcome.changes
        counts = {"added": changes.added, "changed": changes.changed, "removed": changes.removed}
        if any(counts.values()):
            log.info(
                "folder_read",
                folder=self._root,
                moved=outcome.moved,
                failed=len(outcome.failed),
                **{fate: len(ids) for fate, ids in counts.items()},
            )
        held = outcome.held.get(comparison.known.root, 0)
        if held != self._held:
            self._held = held
            _report_held(comparison.known.root, held)


def _report_held(root: str, held: int) -> None:
    if held:
        log.warning(
            "removal_held",
            folder=root,
            memos=held,
            said="Bring the files back, or let the memos go with: quoth memos confirm.",
        )
    else:
        log.info("removal_settled", folder=root)
