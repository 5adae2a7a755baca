"""Was a file whole when it was last looked through, and did nobody touch it since?

A mapped file of gigabytes takes longer to check than to answer from, and all of it must be read from the disk for that.
So once it was written, or found whole, a mark beside it says how it was then: which file, how long, and when it last
changed. That time (ctime) the system sets with every write, rename and copy; no program can choose it.
"""

import os
from contextlib import suppress
from pathlib import Path

_SUFFIX = ".whole"
_COARSE = 10_000_000
_TICK = 100_000_000
"""Nanoseconds between changes that surely have two times; a clock that counts in `_COARSE` ones tells too little."""


def mark_of(file: Path) -> Path:
    """Where the mark of a file lies."""
    return file.with_name(file.name + _SUFFIX)


def is_marked(file: Path, about: os.stat_result) -> bool:
    """Was all of `file`, which is as `about` says, whole when it last changed?"""
    found = mark_of(file)
    try:  # to open a pipe is to wait for its writer
        return _tells(about) and found.is_file() and found.read_text(encoding="ascii") == _words(about)
    except (OSError, ValueError):
        return False


def mark(file: Path, about: os.stat_result, looked: int | None = None) -> None:
    """Say that `file` was whole as `about` says. It was looked through from `looked` (nanoseconds) on, or written.

    Where no mark can be set, or half of one is, the file is looked through the next time.
    """
    if not _tells(about) or (looked is not None and looked - about.st_ctime_ns < _TICK):
        return
    with suppress(OSError):
        mark_of(file).unlink(missing_ok=True)  # whatever it is: to open a pipe is to wait for its reader
        mark_of(file).write_text(_words(about), encoding="ascii")


def _tells(about: os.stat_result) -> bool:
    """Does the time of a file's last change tell it from every other?"""
    return os.name != "nt" and about.st_ctime_ns % _COARSE != 0


def _words(about: os.stat_result) -> str:
    return f"{about.st_dev} {about.st_ino} {about.st_size} {about.st_ctime_ns}\n"
