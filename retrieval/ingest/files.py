"""Which files of a folder are read, and what are their bytes?"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from retrieval.errors import (
    LeadsOutside,
    NoSuchPath,
    NotAFile,
    NotPermitted,
    OddName,
    TooLarge,
    UnknownFormat,
    UnreadableMemo,
)
from retrieval.ingest.formats import BINARY, TEXT

LARGEST = 20 * 1024 * 1024  # bytes
# Control characters, and the marks that turn the direction of what follows: "memo\u202etxt.exe" shows as "memoexe.txt".
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_WORD_LIST = "synonyms.txt"


class Candidate(NamedTuple):
    """A file to try: where it is, its path below what was given (posix), or why it cannot be tried."""

    path: Path
    source: str
    error: UnreadableMemo | None = None


def candidates(given: Path) -> Iterator[Candidate]:
    """Yield `given` itself, or the files in that folder and its folders, sorted by name, one folder after another.

    In a folder these are passed over: hidden files and folders, README files (they speak of the folder), `synonyms.txt`
    at the top (a list of words), and links to what lies in the folder anyway. A link that leads out is an error.
    """
    if not os.path.isdir(given):  # noqa: PTH112 - Path.is_dir raises where looking is not permitted
        yield _alone(given)
        return
    refused: list[OSError] = []
    root = real(given)
    for folder, folders, files in os.walk(given, onerror=refused.append):
        yield from (_refused(refused.pop(0), given) for _ in list(refused))
        folders[:] = sorted(name for name in folders if _is_shown(name))
        for name in folders:
            path = Path(folder, name)
            if path.is_symlink() and not real(path).is_relative_to(root):
                yield Candidate(path, _below(path, given), LeadsOutside(path))
        for name in sorted(files):
            path = Path(folder, name)
            if _is_memo(name) and not (path.parent == given and name.casefold() == _WORD_LIST):
                yield from _file(path, given, root)
    yield from (_refused(error, given) for error in refused)


def real(path: Path) -> Path:
    """Return where a path leads, links followed; a path that cannot be followed leads to itself."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # a NUL in the path
        return path.absolute()


def refuse_unknown(path: Path) -> None:
    """Raise UnknownFormat where no reader is there for files so named, or NoSuchPath where there is no such file."""
    if path.suffix.lower() not in TEXT.keys() | BINARY.keys():
        raise UnknownFormat(path) if os.path.exists(path) else NoSuchPath(path)  # noqa: PTH110 - Path.exists may raise


def load(path: Path) -> bytes:
    """Return the bytes of a file; UnreadableMemo (a subclass) where there is none to be had or it is too large."""
    try:
        _refuse_odd(path, path.stat())  # opening a device may do something, opening a pipe wait for ever
        with open(path, "rb", opener=_without_waiting) as file:
            _refuse_odd(
                path, os.fstat(file.fileno())
            )  # what stood there a moment ago may have been exchanged
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as trouble:
        raise _told(path, trouble) from None
    if len(data) > LARGEST:
        raise _too_large(path, len(data))
    return data


def _refuse_odd(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotAFile(path)
    if status.st_size > LARGEST:
        raise _too_large(path, status.st_size)


def _too_large(path: Path, size: int) -> TooLarge:
    return TooLarge(path, f"it has {size:,} bytes; at most {LARGEST:,} are read.")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _alone(given: Path) -> Candidate:
    source = _posix(Path(given.name))
    is_odd = _ODD.search(source) and os.path.lexists(given)
    return Candidate(given, source, OddName(given) if is_odd else None)


def _file(path: Path, given: Path, root: Path) -> Iterator[Candidate]:
    """Yield a file of a folder, unless it is a link to what lies there anyway; a link to nothing is tried, and told."""
    source = _below(path, given)
    if _ODD.search(source):
        yield Candidate(path, source, OddName(path))
    elif not path.is_symlink() or not os.path.exists(path):  # noqa: PTH110 - as above
        yield Candidate(path, source)
    elif not real(path).is_relative_to(root):
        yield Candidate(path, source, LeadsOutside(path))


def _told(path: Path, trouble: OSError | ValueError) -> UnreadableMemo:
    if isinstance(trouble, PermissionError):
        return NotPermitted(path)
    if isinstance(
        trouble, FileNotFoundError | NotADirectoryError | ValueError
    ):  # ValueError: a NUL in the path
        return NoSuchPath(path)
    return UnreadableMemo(path, f"the system refuses it: {trouble.strerror}.")


def _refused(error: OSError, given: Path) -> Candidate:
    path = Path(error.filename or given)
    return Candidate(path, _below(path, given), _told(path, error))


def _is_shown(name: str) -> bool:
    return not name.startswith(".")


def _is_memo(name: str) -> bool:
    return _is_shown(name) and name.casefold().partition(".")[0] != "readme"


def _below(path: Path, given: Path) -> str:
    return _posix(path.relative_to(given)) or path.name


def _posix(path: Path) -> str:
    """Return the path as text, a byte that is no character shown as such; a name may hold any byte."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")
