"""How do arrays lie in a file that is read where it lies?

A line that names the kind of file, the length of a description in JSON, the description, and the arrays one after
another, each at a multiple of 64 bytes: the body. Then a checksum (CRC-32) of each stretch of the body, the body's
length, and a checksum of these. The file is mapped into memory, not read into it: processes that open the same one
share it. It is written beside its place, made durable, and put in place in one step, so nobody ever sees half of one.
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
        Path(beside).replace(file)
    finally:
        Path(beside).unlink(missing_ok=True)


def read_arrays(file: Path) -> ArraysFile | None:
    """Map a file; None where there is none that `write_arrays` wrote, whole, for this user."""
    _clear_away(file)
    whole = _whole(file)
    if whole is None:
        return None
    body = _checked(whole)
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


def _checked(whole: memoryview) -> memoryview | None:
    """The body of a file; None where anything in it is not as it was written."""
    end = len(whole) - _SUM_BYTES
    if end < _LENGTH_BYTES:
        return None
    length = int.from_bytes(whole[end - _LENGTH_BYTES : end], "little")
    stretches = range(0, length, STRETCH)
    if length + len(stretches) * _SUM_BYTES + _LENGTH_BYTES != end:
        return None
    if crc32(whole[length:end]) != int.from_bytes(whole[end:], "little"):
        return None
    body, sums = whole[:length], np.frombuffer(whole, _SUM, len(stretches), length)

    def is_whole(begin: int) -> bool:
        return crc32(body[begin : begin + STRETCH]) == int(sums[begin // STRETCH])

    if len(stretches) <= FEW_STRETCHES:
        return body if all(map(is_whole, stretches)) else None
    with ThreadPoolExecutor(min(len(stretches), cores())) as threads:
        return body if all(threads.map(is_whole, stretches)) else None


def _whole(file: Path) -> memoryview | None:
    """All of a file: a small one read, so that nothing that becomes of it matters, a larger one mapped."""
    try:
        if not file.is_file():  # to open a pipe is to wait for its writer
            return None
        with file.open("rb") as opened:
            about = os.fstat(opened.fileno())
            if hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & _OTHERS_WRITE):
                return None
            if about.st_size <= SMALL:
                return memoryview(opened.read())
            return memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError:
        return None


def _clear_away(file: Path) -> None:
    """Remove what writers that were killed left beside `file`."""
    for left in file.parent.glob(f"{glob.escape(file.name)}.*{_UNFINISHED}"):
        with suppress(OSError):  # its writer has just put it in place, or it is somebody else's
            if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                left.unlink()


def _aligned(place: int) -> int:
    return -(-place // _AT_MULTIPLES_OF) * _AT_MULTIPLES_OF
