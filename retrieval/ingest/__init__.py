"""How does a file become a memo?"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import NotAFile, UnreadableMemo
from retrieval.ingest.edition import reader_version
from retrieval.ingest.files import Candidate, candidates, real
from retrieval.ingest.identity import Register
from retrieval.ingest.reading import read
from retrieval.models import Memo

__all__ = [
    "Candidate",
    "ReadResult",
    "Register",
    "find_files",
    "read_files",
    "read_memo",
    "read_memos",
    "reader_version",
]


@dataclass(frozen=True, slots=True)
class ReadResult:
    """One file that was tried: either the memo, or the error that says why there is none."""

    path: Path
    memo: Memo | None = None
    error: UnreadableMemo | None = None


def read_memo(path: Path | str) -> Memo:
    """Read one file (.txt, .md, .markdown, .html, .htm) as a memo; UnreadableMemo (a subclass) where it cannot be."""
    path = Path(path)
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where looking is not permitted
        raise NotAFile(path, "this is a folder.")
    return _read(next(candidates(path)), Register())


def read_memos(paths: Iterable[Path | str]) -> Iterator[ReadResult]:
    """Read files and folders (with their folders, sorted), each file once; a bad file is a result with its error.

    `source` and id come from a file's path below the folder given. Which files of a folder are passed over
    stands in `files.candidates`. Never raises for a file.
    """
    return read_files(find_files(paths))


def find_files(paths: Iterable[Path | str]) -> Iterator[Candidate]:
    """Find what `read_memos` reads, each file once, without opening any."""
    seen: set[Path] = set()
    for given in map(Path, paths):
        for candidate in candidates(given):
            place = candidate.path.absolute() if candidate.error else real(candidate.path)
            if place not in seen:
                seen.add(place)
                yield candidate


def read_files(files: Iterable[Candidate], register: Register | None = None) -> Iterator[ReadResult]:
    """Read `files` in order; `register` gives out the ids, and knows those that other files have."""
    register = register or Register()
    for candidate in files:
        yield _result(candidate, register)


def _result(candidate: Candidate, register: Register) -> ReadResult:
    try:
        return ReadResult(candidate.path, memo=_read(candidate, register))
    except UnreadableMemo as error:
        return ReadResult(candidate.path, error=error)


def _read(candidate: Candidate, register: Register) -> Memo:
    if candidate.error:
        raise candidate.error
    return read(candidate.path, candidate.source, register)
