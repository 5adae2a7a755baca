"""Which files of a folder are read, and what are their bytes?"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from retrieval.errors import LeadsOutside, NoSuchPath, NotAFile, NotPermitted, TooLarge, UnreadableMemo

LARGEST = 20 * 1024 * 1024  # bytes
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
        yield Candidate(given, _posix(Path(given.name)))
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


def load(path: Path) -> bytes:
    """Return the bytes of a file; UnreadableMemo (a subclass) where there is none to be had or it is too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            raise NotAFile(path)
        if status.st_size > LARGEST:
            raise TooLarge(path, f"it has {status.st_size:,} bytes; at most {LARGEST:,} are read.")
        return path.read_bytes()
    except (OSError, ValueError) as trouble:
        raise _told(path, trouble) from None


def _file(path: Path, given: Path, root: Path) -> Iterator[Candidate]:
    """Yield a file of a folder, unless it is a link to what lies there anyway; a link to nothing is tried, and told."""
    if not path.is_symlink() or not os.path.exists(path):  # noqa: PTH110 - as above
        yield Candidate(path, _below(path, given))
    elif not real(path).is_relative_to(root):
        yield Candidate(path, _below(path, given), LeadsOutside(path))


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
