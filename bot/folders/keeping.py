"""How does the library take in what changed in a folder, all of it or nothing?"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import DatabaseTrouble
from bot.folders.comparing import Comparison, Wishes, compare
from bot.folders.looking import Look, hash_of, look_at
from bot.folders.reading import Failure, OnResult, Reading, Readings, known_file, read, remembered, told
from bot.folders.removals import Removals
from bot.storage import Batch, ChangedMeanwhile, Changes, Given, KnownFile, Store
from retrieval import ReadingLimits, reader_version

TRIES = 20
"""Times that a folder is looked at anew because somebody else changed what is known of it."""


def utc_now() -> datetime:
    """The time, by the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Outcome:
    """What taking folders in did: memos by id, failures (old ones too), files by count.

    `read` files were read, `passed` ones were as before, `moved` ones are among those read. `held` says how many
    memos wait for a yes to their removal, by folder.
    """

    changes: Changes
    failed: tuple[Failure, ...]
    read: int
    passed: int
    moved: int
    held: Mapping[str, int]


@dataclass(frozen=True)
class Progress:
    """Who is told how far it is: of how many files there are to read, and of each one as it was read."""

    found: Callable[[int], object] = lambda _files: None
    result: OnResult = lambda _result: None


SILENT = Progress()
USUAL_LIMITS = ReadingLimits()


async def add(  # noqa: PLR0913 - what the command line offers
    store: Store,
    paths: Sequence[Path | str],
    *,
    check: bool = False,
    restore: bool = True,
    removals: Removals | None = None,
    limits: ReadingLimits = USUAL_LIMITS,
    progress: Progress = SILENT,
    now: Callable[[], datetime] = utc_now,
) -> Outcome:
    """Take in what changed in files and folders, in one transaction; what looks as it did is not read again.

    `check` compares the bytes of every file; `restore` reads those again whose memos were taken out. With `removals`
    the memos go whose files are gone, as far as those let them. DatabaseTrouble where others change the same folders
    without end.
    """
    wishes = wishes_of(limits, check=check, restore=restore)
    readings: Readings = {}
    for _ in range(TRIES):
        looks = await asyncio.to_thread(look_at, paths)
        comparisons = [await compared(store, look, wishes, now()) for look in looks]
        progress.found(sum(len(each.work) for each in comparisons))
        taking = TakingIn(store, wishes, limits, removals, progress.result, now, readings)
        try:
            return await taking.take_in(comparisons)
        except ChangedMeanwhile:
            continue
    raise DatabaseTrouble(
        "Other processes change what is known of this folder all the time.", "Stop the others, and try again."
    )


def wishes_of(limits: ReadingLimits, *, check: bool = False, restore: bool = False) -> Wishes:
    """What is wished for, with today's readers and these limits."""
    said = f"{limits.seconds:g} s {limits.memory} bytes {limits.characters} characters"
    return Wishes(reader_version(), said, check=check, restore=restore)


async def compared(store: Store, look: Look, wishes: Wishes, now: datetime) -> Comparison:
    """Compare a look with what the library knows."""
    known = await store.files.known(look.root)
    return await asyncio.to_thread(compare, known, look, wishes, now, hash_of=hash_of)


@dataclass(frozen=True)
class TakingIn:
    """Reads what comparisons ask for, and writes all of it down at once.

    `readings` keeps what was read, so that a second try reads only what changed since the first.
    """

    store: Store
    wishes: Wishes
    limits: ReadingLimits
    removals: Removals | None
    on_result: OnResult
    now: Callable[[], datetime]
    readings: Readings = field(default_factory=dict)

    async def take_in(self, comparisons: Sequence[Comparison]) -> Outcome:
        """Take in what the comparisons found. Raises ChangedMeanwhile where they are out of date by now."""
        owners = {given.memo_id: given.source for each in comparisons for given in _staying(each)}
        batches: list[Batch] = []
        failed: list[Failure] = []
        for comparison in comparisons:
            readings = await read(comparison.work, owners, self.readings, self.limits, self.on_result)
            owners |= {memo.id: memo.source for reading in readings for memo in reading.memos}
            batches.append(self._batch(comparison, readings))
            failed += _failed(comparison, readings)
        changes = await self.store.files.apply(batches, self.now())
        if self.removals:
            self.removals.made(len(changes.removed), self.now())
        passed = [file for each in comparisons for file in (*each.unchanged, *each.touched)]
        unchanged = {given.memo_id for file in passed for given in file.gave if given.owns}
        return Outcome(
            changes._replace(unchanged=tuple(sorted({*changes.unchanged, *unchanged}))),
            tuple(failed),
            read=sum(len(each.work) for each in comparisons),
            passed=len(passed),
            moved=sum(len(each.moved_from) for each in comparisons),
            held={batch.known.root: batch.held for batch in batches if batch.held},
        )

    def _batch(self, comparison: Comparison, readings: Sequence[Reading]) -> Batch:
        """What is to be written of one folder."""
        now, known = self.now(), comparison.known
        read_now = [
            known_file(work, reading, self.wishes, now)
            for work, reading in zip(comparison.work, readings, strict=True)
        ]
        files = [file for file in read_now if file and not _is_known(file, known.files.get(file.path))]
        held = self.removals.held(comparison, now) if self.removals else known.held
        gone = comparison.gone if self.removals and not held else ()
        return Batch(
            known,
            files=(*files, *comparison.touched),
            gone=(*gone, *comparison.moved_from),
            memos=tuple(memo for reading in readings for memo in reading.memos),
            held=held,
        )


def _staying(comparison: Comparison) -> Iterator[Given]:
    """The memos of the files that are there and are not read: nobody else gets their ids."""
    away = {*comparison.gone, *comparison.moved_from, *(work.path for work in comparison.work)}
    files = comparison.known.files.values()
    return (given for file in files if file.path not in away for given in file.gave if given.owns)


def _failed(comparison: Comparison, readings: Sequence[Reading]) -> list[Failure]:
    """What could not be tried, what failed just now, and what failed before and was not tried again."""
    sights = comparison.look.files
    return [
        *(told(error) for error in comparison.look.failed),
        *(told(error) for reading in readings for error in reading.errors),
        *(
            failure
            for file in (*comparison.unchanged, *comparison.touched)
            for failure in remembered(file, sights[file.path].candidate.path)
        ),
    ]


def _is_known(file: KnownFile, known: KnownFile | None) -> bool:
    """Whether a file failed just as it did before."""
    return known is not None and file.failure is not None and file == known._replace(seen=file.seen)
