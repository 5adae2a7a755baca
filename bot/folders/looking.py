"""Which files stand in a folder just now, and how do they look from outside?"""

import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from bot.storage import READ_AGAIN
from retrieval import Candidate, LeadsOutside, UnreadableMemo, find_files, refuse_unknown

LARGEST_HASHED = 256 * 1024 * 1024
"""Bytes. A larger file is no memo: it is refused by its size each time, without being read."""

_PASSING = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp", "~")
"""How the names of files end that programs make while they write others."""

_ESCAPE = re.compile(rb"\\(?:\\|x([0-9a-f]{2}))")
_LOCK = "~$"
"""How the names of files begin that an office program makes while a document is open."""


class Sight(NamedTuple):
    """A file as it looks from outside; the size is READ_AGAIN where even that could not be had."""

    candidate: Candidate
    size: int
    mtime_ns: int


class Look(NamedTuple):
    """The files in `root` by path, what could not be tried, and the folders in it that could not be looked into.

    `whole`: all of the folder was looked at, not only some of its files.
    """

    root: str
    files: Mapping[str, Sight]
    failed: tuple[UnreadableMemo, ...] = ()
    hidden: tuple[str, ...] = ()
    whole: bool = True


def look_at(paths: Iterable[Path | str]) -> list[Look]:
    """Look at folders, and at single files as parts of the folders they stand in; a file that is met twice counts once.

    A folder that cannot be looked into at all is a failure, and all that was in it counts as hidden.
    """
    given = {Path(path): None for path in paths}
    found: dict[Path, list[Candidate]] = {path: [] for path in given if _is_folder(path)}
    whole = frozenset(found)
    for candidate in find_files(given):
        found.setdefault(_root(candidate, whole), []).append(candidate)
    return [
        _look(root, candidates, whole=root in whole)
        for root, candidates in found.items()
        if candidates or not any(parent in whole for parent in root.parents)
    ]


def hash_of(sight: Sight) -> str | None:
    """The SHA-256 of a file's bytes; None where they cannot be had, or are too many."""
    if not 0 <= sight.size <= LARGEST_HASHED:
        return None
    try:
        with sight.candidate.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return None


def written(path: str | os.PathLike[str]) -> str:
    """A path as text that a database takes; two paths are never written alike, whatever bytes they are made of."""
    text = os.fsencode(path).decode("utf-8", "surrogateescape").replace(os.sep, "/")
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_escaped, text))


def path_of(text: str) -> Path:
    """The path that `written` wrote."""
    if "\\" not in text:
        return Path(text)
    return Path(os.fsdecode(_ESCAPE.sub(_byte, text.encode())))


def _byte(found: "re.Match[bytes]") -> bytes:
    return bytes([int(found[1], 16)]) if found[1] else b"\\"


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    return f"\\x{ord(character) - 0xDC00:02x}" if 0xDC80 <= ord(character) <= 0xDCFF else character


def _is_folder(path: Path | str) -> bool:
    try:
        return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where looking is not permitted
    except ValueError:  # a NUL in the path
        return False


def _root(candidate: Candidate, folders: Collection[Path]) -> Path:
    """The folder that a candidate's source is the path below."""
    if candidate.path in folders:
        return candidate.path
    return candidate.path.parents[len(PurePosixPath(candidate.source).parts) - 1]


def _look(given: Path, candidates: Iterable[Candidate], *, whole: bool) -> Look:
    files: dict[str, Sight] = {}
    failed: list[UnreadableMemo] = []
    hidden: list[str] = []
    for candidate in candidates:
        path = written(candidate.path.relative_to(given))
        if whole and not candidate.error and _is_passing(candidate.path.name):
            continue
        try:
            files[path] = _tried(candidate)
        except LeadsOutside as error:
            failed.append(error)
        except UnreadableMemo as error:
            failed.append(error)
            hidden.append(path)
    return Look(written(os.path.realpath(given)), files, tuple(failed), tuple(hidden), whole)


def _tried(candidate: Candidate) -> Sight:
    """Look at one file. Raises UnreadableMemo (a subclass) where its name alone says that it is not read."""
    if candidate.error:
        raise candidate.error
    refuse_unknown(candidate.path)
    return _sight(candidate)


def _sight(candidate: Candidate) -> Sight:
    try:
        status = candidate.path.stat()
    except (OSError, ValueError):
        return Sight(candidate, READ_AGAIN, 0)
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        return Sight(candidate, READ_AGAIN, 0)
    return Sight(candidate, status.st_size, status.st_mtime_ns)


def _is_passing(name: str) -> bool:
    return name.startswith(_LOCK) or name.casefold().endswith(_PASSING)


def lies_in(path: str, folders: Iterable[str]) -> bool:
    """Whether `path` is one of `folders` or lies in one; "." is all."""
    return any(each in (".", path) or path.startswith(f"{each}/") for each in folders)
