"""How does a file become a memo?"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from retrieval.errors import NotAFile
from retrieval.ingest.edition import reader_version
from retrieval.ingest.files import Candidate, candidates, real, refuse_unknown
from retrieval.ingest.identity import Register
from retrieval.ingest.order import ReadResult, Results, read_one
from retrieval.ingest.sandbox import ReadingLimits, limits_memory
from retrieval.models import Memo

__all__ = [
    "Candidate",
    "ReadResult",
    "ReadingLimits",
    "Register",
    "Results",
    "find_files",
    "limits_memory",
    "read_files",
    "read_memo",
    "read_memos",
    "reader_version",
    "refuse_unknown",
]


USUAL_LIMITS = ReadingLimits()


def read_memo(path: Path | str, limits: ReadingLimits = USUAL_LIMITS) -> Memo:
    """Read one file as a memo, without what it encloses; UnreadableMemo (a subclass) where it cannot be."""
    path = Path(path)
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where looking is not permitted
        raise NotAFile(path, "this is a folder.")
    return read_one(next(candidates(path)), limits)


def read_memos(paths: Iterable[Path | str], limits: ReadingLimits = USUAL_LIMITS) -> Results:
    """Read files and folders (with their folders, sorted), each file once; a bad file is a result with its error.

    `source` and id come from a file's path below the folder given. Which files of a folder are passed over
    stands in `files.candidates`. Each file is read in a child process, within `limits`. Never raises for a file.
    """
    return read_files(find_files(paths), limits=limits)


def find_files(paths: Iterable[Path | str]) -> Iterator[Candidate]:
    """Find what `read_memos` reads, each file once, without opening any."""
    seen: set[Path] = set()
    for given in map(Path, paths):
        for candidate in candidates(given):
            place = candidate.path.absolute() if candidate.error else real(candidate.path)
            if place not in seen:
                seen.add(place)
                yield candidate


def read_files(
    files: Iterable[Candidate], register: Register | None = None, limits: ReadingLimits = USUAL_LIMITS
) -> Results:
    """Read `files` side by side, the results in their order, what a file encloses behind it.

    `register` gives out the ids, and knows those that other files have. The results can be closed from another thread.
    """
    return Results(files, register or Register(), limits)
