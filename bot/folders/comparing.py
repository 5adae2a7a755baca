"""What changed in a folder since its files were last read?"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from bot.folders.looking import Look, Sight, lies_in
from bot.storage import KnownFile, KnownFolder

TOO_RECENT = timedelta(seconds=2)
"""A file that was written less than this before it was read may have been written again without looking it."""


@dataclass(frozen=True)
class Wishes:
    """What is asked for beside what is always done.

    `check`: the bytes of every file are compared, and what failed is tried again. `restore`: a file is read again
    whose memo was taken out, or whose memo's place another file took. `reader`: the version of the readers;
    `limits`: what a file may cost, in words.
    """

    reader: str
    limits: str = ""
    check: bool = False
    restore: bool = False

    def reader_of(self, failure: str | None) -> str:
        """By whom a file is read: what failed may succeed within other limits."""
        return f"{self.reader} {self.limits}" if failure else self.reader


@dataclass(frozen=True)
class Work:
    """A file to read: how it looks, its bytes' hash, what it was before (under an earlier path, where it moved)."""

    path: str
    sight: Sight
    sha256: str | None
    before: KnownFile | None = None

    @property
    def kept_ids(self) -> dict[str, str]:
        """The ids that its memos had, by what their sources are now."""
        if self.before is None:
            return {}
        old, new = self.before.path, self.sight.candidate.source
        return {
            new + given.source[len(old) :] if given.source.startswith(old) else new: given.memo_id
            for given in self.before.gave
        }


@dataclass(frozen=True)
class Comparison:
    """A folder as it was known and as it looks, and what is to be done.

    `gone` are paths whose files are gone, and not moved. `is_partial`: some of it was left for later.
    """

    known: KnownFolder
    look: Look
    work: tuple[Work, ...] = ()
    unchanged: tuple[KnownFile, ...] = ()
    touched: tuple[KnownFile, ...] = ()
    gone: tuple[str, ...] = ()
    is_partial: bool = False

    @property
    def moved_from(self) -> frozenset[str]:
        """The earlier paths of files that moved."""
        return frozenset(
            each.before.path for each in self.work if each.before and each.before.path != each.path
        )

    def newest(self, files: int, size: int) -> "Comparison":
        """The same with at most so many files to read and so many bytes (but one file at least), the newest first."""
        work = sorted(self.work, key=lambda each: -each.sight.mtime_ns)
        total, count = 0, 0
        for each in work[:files]:
            total += max(0, each.sight.size)
            if count and total > size:
                break
            count += 1
        return replace(self, work=tuple(work[:count]), is_partial=self.is_partial or count < len(work))

    def without(self, waiting: Collection[str]) -> "Comparison":
        """The same with the paths in `waiting` left as they were."""
        return replace(
            self,
            work=tuple(each for each in self.work if each.path not in waiting),
            gone=tuple(path for path in self.gone if path not in waiting),
            is_partial=bool(waiting),
        )


def compare(
    known: KnownFolder,
    look: Look,
    wishes: Wishes,
    now: datetime,
    *,
    hash_of: Callable[[Sight], str | None],
) -> Comparison:
    """Compare what is known with a look; `hash_of` is asked only where size or time differ."""
    work: list[Work] = []
    unchanged: list[KnownFile] = []
    touched: list[KnownFile] = []
    for path, sight in look.files.items():
        file = known.files.get(path)
        looks_same = file is not None and not wishes.check and _looks_same(file, sight)
        sha256 = file.sha256 if file and looks_same else hash_of(sight)
        if file is None or sha256 is None or sha256 != file.sha256 or _is_wanted(file, wishes, known.absent):
            work.append(Work(path, sight, sha256, file))
        elif looks_same:
            unchanged.append(file)
        else:
            touched.append(file._replace(size=sight.size, mtime_ns=sight.mtime_ns, seen=now))
    gone = _gone(known, look) if look.whole else {}
    work = list(_with_moves(work, gone))
    moved = {each.before.path for each in work if each.before}
    return Comparison(
        known,
        look,
        tuple(work),
        tuple(unchanged),
        tuple(touched),
        tuple(path for path in gone if path not in moved),
    )


def unsettled(comparison: Comparison, earlier: Look | None) -> set[str]:
    """The paths of files to read, or gone, that looked otherwise in an `earlier` look: somebody is at work on them."""
    before = earlier.files if earlier else {}
    changing = {each.path for each in comparison.work if before.get(each.path) != each.sight}
    vanishing = {path for path in comparison.gone if earlier is None or path in before}
    return changing | vanishing


def _looks_same(file: KnownFile, sight: Sight) -> bool:
    written_at = sight.mtime_ns / 1e9
    settled = written_at < (file.seen - TOO_RECENT).timestamp()
    return settled and (file.size, file.mtime_ns) == (sight.size, sight.mtime_ns) and file.sha256 is not None


def _is_wanted(file: KnownFile, wishes: Wishes, absent: Collection[str]) -> bool:
    """Whether a file is to be read again though its bytes are the same."""
    if file.reader != wishes.reader_of(file.failure) or (wishes.check and file.failure):
        return True
    return wishes.restore and any(not given.owns or given.memo_id in absent for given in file.gave)


def _gone(known: KnownFolder, look: Look) -> Mapping[str, KnownFile]:
    return {
        path: file
        for path, file in known.files.items()
        if path not in look.files and not lies_in(path, look.hidden)
    }


def _with_moves(work: list[Work], gone: Mapping[str, KnownFile]) -> Iterator[Work]:
    """Tell which of the new files are files that went: those with the same bytes, best under the same name."""
    by_bytes: dict[str, list[KnownFile]] = defaultdict(list)
    for file in gone.values():
        if file.sha256 and file.gave:
            by_bytes[file.sha256].append(file)
    for each in work:
        same = by_bytes.get(each.sha256 or "", []) if each.before is None else []
        if not same:
            yield each
            continue
        name = PurePosixPath(each.path).name
        best = next((file for file in same if PurePosixPath(file.path).name == name), same[0])
        same.remove(best)
        yield replace(each, before=best)
