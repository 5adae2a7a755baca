"""How do arrays lie in a file that is read where it lies?

A line that names the kind of file, the length of a description in JSON, the description, and the arrays one after
another, each at a multiple of 64 bytes: the body. Then a checksum (CRC-32) of each stretch of the body, the body's
length, and a checksum of these. A large file is mapped into memory, not read into it: processes that open the same one
share it, and where nobody touched it since it was found whole (`retrieval.marks`) no more of it is read than is asked
for. It is written beside its place, made durable, and put in place in one step, so nobody ever sees half of one.
"""

import glob
import json
import mmap
import os
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrieval.cores import cores
from retrieval.marks import is_marked, mark, mark_of

_KIND = b"quoth index, arrays, 2\n"
_AT_MULTIPLES_OF = 64
_LENGTH_BYTES, _SUM_BYTES, _SUM = 8, 4, "<u4"
_UNFINISHED = ".unfinished"
_OTHERS_WRITE = 0o022
SMALL = 64_000_000
"""Bytes of a file that is read instead of mapped."""
ABANDONED_SECONDS = 3600
"""A file that was written beside its place and not touched for so long belongs to a process that was killed."""
STRETCH = 4_000_000
"""Bytes of the body that have a checksum of their own, so that every core can be at one."""
FEW_STRETCHES = 2
"""Stretches that are checked before a thread would be there."""

Array = NDArray[Any]


class ArraysFile(NamedTuple):
    """What a file holds: a description, and arrays by name, which cannot be written to."""

    header: dict[str, Any]
    arrays: Mapping[str, Array]


def write_arrays(file: Path, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write a file in place of the one that is there, readable by its owner alone. Raises OSError."""
    places: dict[str, Any] = {}
    end = 0
    for name, array in arrays.items():
        begin = _aligned(end)
        places[name] = [array.dtype.str, list(array.shape), begin]
        end = begin + array.nbytes
    description = json.dumps({**header, "arrays": places, "length": end}).encode()
    start = _KIND + len(description).to_bytes(_LENGTH_BYTES, "little") + description
    number, beside = tempfile.mkstemp(prefix=f"{file.name}.", suffix=_UNFINISHED, dir=file.parent)
    try:
        with os.fdopen(number, "wb") as out:
            body = _Body(out)
            body.write(start)
            begin = body.align()
            for array in arrays.values():
                body.align(begin)
                body.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
            out.write(body.end())
            out.flush()
            os.fsync(out.fileno())
            written = os.fstat(out.fileno())
        Path(beside).replace(file)
        about = file.stat()
        if _is_mapped(about) and os.path.samestat(written, about):
            mark(file, about)
    finally:
        Path(beside).unlink(missing_ok=True)


def read_arrays(file: Path) -> ArraysFile | None:
    """Map a file; None where there is none that `write_arrays` wrote, whole, for this user."""
    _clear_away(file)
    body = _body(file)
    if body is None or bytes(body[: len(_KIND)]) != _KIND:
        return None
    begin = len(_KIND) + _LENGTH_BYTES
    described = begin + int.from_bytes(body[len(_KIND) : begin], "little")
    header = json.loads(bytes(body[begin:described]))
    data = body[_aligned(described) :]
    arrays = {
        name: np.frombuffer(data, dtype, int(np.prod(shape)), offset).reshape(shape)
        for name, (dtype, shape, offset) in header.pop("arrays").items()
    }
    return ArraysFile(header, arrays) if header.pop("length") == len(data) else None


class _Opened(NamedTuple):
    whole: memoryview
    about: os.stat_result


class _Parted(NamedTuple):
    body: memoryview
    sums: memoryview


class _Body:
    """The body of a file while it is written."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._sums: list[int] = []
        self._length = 0

    def write(self, data: bytes | memoryview) -> None:
        while data:
            into = self._length % STRETCH
            if into == 0:
                self._sums.append(0)
            some, data = data[: STRETCH - into], data[STRETCH - into :]
            self._sums[-1] = crc32(some, self._sums[-1])
            self._length += self._out.write(some)

    def align(self, begin: int = 0) -> int:
        """Go on at a place that arrays may begin at, counted from `begin`; the length there."""
        at = self._length - begin
        self.write(bytes(_aligned(at) - at))
        return self._length

    def end(self) -> bytes:
        """What stands after the body."""
        sums = np.array(self._sums, _SUM).tobytes() + self._length.to_bytes(_LENGTH_BYTES, "little")
        return sums + crc32(sums).to_bytes(_SUM_BYTES, "little")


def _body(file: Path) -> memoryview | None:
    """The body of a file, as it was written."""
    began = time.time_ns()
    found = _opened(file)
    parted = _parted(found.whole) if found else None
    if not (found and parted):
        return None
    if _is_mapped(found.about) and is_marked(file, found.about):
        return parted.body
    if not _is_whole(*parted):
        return None
    if _is_mapped(found.about):
        mark(file, found.about, began)
    return parted.body


def _opened(file: Path) -> _Opened | None:
    """All of a file: a small one read, so that nothing that becomes of it matters, a larger one mapped."""
    try:
        if not file.is_file():  # to open a pipe is to wait for its writer
            return None
        with file.open("rb") as opened:
            about = os.fstat(opened.fileno())
            if hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & _OTHERS_WRITE):
                return None
            if _is_mapped(about):
                return _Opened(memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)), about)
            return _Opened(memoryview(opened.read()), about)
    except OSError:
        return None


def _is_mapped(about: os.stat_result) -> bool:
    return about.st_size > SMALL


def _parted(whole: memoryview) -> _Parted | None:
    """The body of a file, and the checksums of its stretches; None where these are not as they were written."""
    end = len(whole) - _SUM_BYTES
    if end < _LENGTH_BYTES:
        return None
    length = int.from_bytes(whole[end - _LENGTH_BYTES : end], "little")
    stretches = -(-length // STRETCH)
    if length + stretches * _SUM_BYTES + _LENGTH_BYTES != end:
        return None
    if crc32(whole[length:end]) != int.from_bytes(whole[end:], "little"):
        return None
    return _Parted(whole[:length], whole[length : length + stretches * _SUM_BYTES])


def _is_whole(body: memoryview, sums: memoryview) -> bool:
    """Is everything in it as it was written?"""
    expected: list[int] = np.frombuffer(sums, _SUM).tolist()
    stretches = range(0, len(body), STRETCH)

    def is_whole(begin: int) -> bool:
        return crc32(body[begin : begin + STRETCH]) == expected[begin // STRETCH]

    if len(stretches) <= FEW_STRETCHES:
        return all(map(is_whole, stretches))
    with ThreadPoolExecutor(min(len(stretches), cores())) as threads:
        return all(threads.map(is_whole, stretches))


def remove_arrays(file: Path) -> None:
    """Remove a file and what was written beside it. Raises OSError."""
    for each in (file, mark_of(file)):
        each.unlink(missing_ok=True)


def _clear_away(file: Path) -> None:
    """Remove what writers that were killed left beside `file`."""
    for left in file.parent.glob(f"{glob.escape(file.name)}.*{_UNFINISHED}"):
        with suppress(OSError):  # its writer has just put it in place, or it is somebody else's
            if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                left.unlink()


def _aligned(place: int) -> int:
    return -(-place // _AT_MULTIPLES_OF) * _AT_MULTIPLES_OF
