"""What may the reading of one file cost?

Time is kept by the parent, which ends a child that is late; memory, and time once more for a child whose parent is
gone, by the system. Where the system keeps no such limits (Windows, macOS), time alone is limited:
`limits_memory` says so.
"""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

if sys.platform == "win32":
    resource = None
else:
    import resource

MOST_BLOCKS = 500_000
"""Paragraphs, headings and cells in one memo, at most: each costs the parent about a kilobyte."""

_ENVELOPE = 64 * 1024 * 1024  # bytes of a reply beside the text: what is said about each block
_BYTES_A_CHARACTER = 6  # in JSON, at most
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Seconds that reading one file may take, bytes of memory beyond the program's own, characters it may yield."""

    seconds: float = 60
    memory: int = 1024**3
    characters: int = 50_000_000

    @property
    def reply(self) -> int:
        """Bytes of a reply, at most."""
        return _ENVELOPE + _BYTES_A_CHARACTER * self.characters


def limits_memory() -> bool:
    """Whether the system keeps a limit on a child's memory."""
    return resource is not None and sys.platform != "darwin"  # which takes the limit, and does not keep it


def shut_down() -> None:
    """Let this process write no file and no core dump, and start no process where it is not the superuser's."""
    if resource is None:
        return
    for name in ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NPROC"):
        if hasattr(resource, name):
            resource.setrlimit(getattr(resource, name), (0, 0))


def confine(limits: ReadingLimits) -> None:
    """Set this process's limits for one file more; the memory that it had when it began does not count."""
    if resource is None:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + limits.seconds) + 2)
    _lower(resource.RLIMIT_AS, _own_memory() + limits.memory)


def has_grown(limits: ReadingLimits) -> bool:
    """Whether this process holds so much memory that the next file would have notably less."""
    return _memory() - _own_memory() > limits.memory // 4


def _lower(kind: int, most: int) -> None:
    """Set the limit that the system keeps to; the one above it, which only limits the limit, stays."""
    if resource is None:
        return
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


@cache
def _own_memory() -> int:
    """The bytes of address space that this process had when it was first asked: before it read a file."""
    return _memory()


def _memory() -> int:
    try:
        return int(_STATM.read_text().split()[0]) * (resource.getpagesize() if resource else 0)
    except OSError:  # no /proc: macOS keeps no account that is cheap to ask
        return 0
