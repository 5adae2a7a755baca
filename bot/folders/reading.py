"""What do the files say that changed, and what is to be known of each from now on?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.folders.comparing import Wishes, Work
from bot.reading import off_the_loop
from bot.storage import Given, KnownFile
from retrieval import (
    DuplicateId,
    Memo,
    NoSuchPath,
    ReadingLimits,
    ReadResult,
    Register,
    UnreadableMemo,
    printable,
    read_files,
)

OnResult = Callable[[ReadResult], object]


class Failure(NamedTuple):
    """A file that cannot be read, and why, in a sentence that names it."""

    path: str
    why: str


class Reading(NamedTuple):
    """What came of reading one file: memos, or the error that says why there are none (or not all)."""

    memos: tuple[Memo, ...]
    errors: tuple[UnreadableMemo, ...]


Readings = dict[tuple[Path, str], Reading]
"""What was read, by path and hash of the bytes."""


async def read(
    work: Sequence[Work],
    owners: Mapping[str, str],
    readings: Readings,
    limits: ReadingLimits,
    on_result: OnResult,
) -> list[Reading]:
    """Read the files, off the event loop, in order; one whose bytes were read before is taken from `readings`.

    `owners` maps the ids that are not free to their sources. What is read goes into `readings`.
    """
    had = [_had(each, owners, readings) for each in work]
    taken = {**owners, **{memo.id: memo.source for reading in had if reading for memo in reading.memos}}
    to_read = [each for each, reading in zip(work, had, strict=True) if reading is None]
    fresh = iter(await _read(to_read, taken, limits, on_result))
    together = [reading or next(fresh) for reading in had]
    readings |= {_key(each): reading for each, reading in zip(work, together, strict=True)}
    return together


async def _read(
    work: Sequence[Work], owners: Mapping[str, str], limits: ReadingLimits, on_result: OnResult
) -> list[Reading]:
    kept = {source: memo_id for each in work for source, memo_id in each.kept_ids.items()}
    results = read_files([each.sight.candidate for each in work], Register(owners, kept), limits)
    places = {each.sight.candidate.path: place for place, each in enumerate(work)}
    memos: list[list[Memo]] = [[] for _ in work]
    errors: list[list[UnreadableMemo]] = [[] for _ in work]
    async for result in off_the_loop(results):
        place = _place(result.path, places)
        if result.memo:
            memos[place].append(result.memo)
        elif result.error:
            errors[place].append(result.error)
        on_result(result)
    return [Reading(tuple(good), tuple(bad)) for good, bad in zip(memos, errors, strict=True)]


def _key(work: Work) -> tuple[Path, str]:
    return work.sight.candidate.path, work.sha256 or ""


def _had(work: Work, owners: Mapping[str, str], readings: Readings) -> Reading | None:
    """What was read of the same bytes before, unless an id that was given then is another's by now."""
    reading = readings.get(_key(work)) if work.sha256 else None
    return None if reading and any(memo.id in owners for memo in reading.memos) else reading


def known_file(work: Work, reading: Reading, wishes: Wishes, now: datetime) -> KnownFile | None:
    """What is known of a file that was read; None where there is nothing worth knowing.

    A file that could not be read keeps the memos from before.
    """
    before = work.before.gave if work.before else ()
    sha256 = _hash(work, reading)
    if sha256 is None and not before:
        return None
    gave = tuple(Given(memo.id, memo.source) for memo in reading.memos)
    file = work.sight.candidate.path
    failure = "\n".join(_without(file, error) for error in reading.errors) or None
    return KnownFile(
        work.path,
        work.sight.size,
        work.sight.mtime_ns,
        sha256,
        wishes.reader_of(failure),
        failure,
        now,
        gave or (before if reading.errors else ()),
    )


def told(error: UnreadableMemo) -> Failure:
    """A failure as it is told."""
    return Failure(error.path, str(error))


def remembered(file: KnownFile, path: Path) -> list[Failure]:
    """The failures of a file that was not tried again."""
    name = printable(str(path))
    return [
        Failure(str(path), f"{name}{line}" if line.startswith("/") else f"{name}: {line}")
        for line in (file.failure or "").splitlines()
    ]


def _hash(work: Work, reading: Reading) -> str | None:
    """The hash of the bytes that were read; None where the file is to be tried again each time.

    Whether an id is another's depends on other files, and a file that was not there may come back.
    """
    if any(isinstance(error, DuplicateId | NoSuchPath) for error in reading.errors):
        return None
    own = next((memo.sha256 for memo in reading.memos if memo.source == work.sight.candidate.source), None)
    return own or work.sha256


def _without(path: Path, error: UnreadableMemo) -> str:
    """Why, without the file's path, which may be written otherwise the next time; a part of a file is named."""
    return " ".join(str(error).removeprefix(printable(str(path))).removeprefix(": ").split())


def _place(path: Path, places: Mapping[Path, int]) -> int:
    """Which file a result belongs to: its path is the file's, or that of a part of it."""
    return next(places[each] for each in (path, *path.parents) if each in places)
