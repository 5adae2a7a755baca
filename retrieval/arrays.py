"""How do arrays lie in a file that is read where it lies?

A line that names the kind of file, the length of a description in JSON, the description, the arrays one after another,
each at a multiple of 64 bytes, and at the end a checksum (CRC-32) of all before it. The file is mapped into memory,
not read into it: processes that open the same one share it. It is written beside its place, made durable, and put in
place in one step, so nobody ever sees half of one.
"""

import glob
import json
import mmap
import os
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrieval.rows import edges

_KIND = b"quoth index, arrays, 1\n"
_AT_MULTIPLES_OF = 64
_LENGTH_BYTES, _SUM_BYTES = 8, 4
_UNFINISHED = ".unfinished"
_OTHERS_WRITE = 0o022
SMALL = 64_000_000
"""Bytes of a file that is read instead of mapped."""
ABANDONED_SECONDS = 3600
"""A file that was written beside its place and not touched for so long belongs to a process that was killed."""

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
            checksum, at = 0, 0
            for piece in (start, bytes(_aligned(len(start)) - len(start))):
                checksum = crc32(piece, checksum)
                out.write(piece)
            for array in arrays.values():
                for data in (
                    bytes(_aligned(at) - at),
                    np.ascontiguousarray(array).reshape(-1).view(np.uint8).data,
                ):
                    checksum = crc32(data, checksum)
                    at += out.write(data)
            out.write(checksum.to_bytes(_SUM_BYTES, "little"))
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
    begin = len(_KIND) + _LENGTH_BYTES
    body = whole[:-_SUM_BYTES]
    if bytes(whole[: len(_KIND)]) != _KIND or crc32(body) != int.from_bytes(whole[-_SUM_BYTES:], "little"):
        return None
    described = begin + int.from_bytes(whole[len(_KIND) : begin], "little")
    header = json.loads(bytes(whole[begin:described]))
    data = body[_aligned(described) :]
    arrays = {
        name: np.frombuffer(data, dtype, int(np.prod(shape)), offset).reshape(shape)
        for name, (dtype, shape, offset) in header.pop("arrays").items()
    }
    return ArraysFile(header, arrays) if header.pop("length") == len(data) else None


def _whole(file: Path) -> memoryview | None:
    """All of a file: a small one read, so that nothing that becomes of it matters, a larger one mapped."""
    try:
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


class Texts:
    """Texts by number, each decoded when it is asked for: their UTF-8 one after the other, and its edges."""

    def __init__(self, encoded: Array, edges: Array) -> None:
        self._encoded, self._edges = encoded, edges

    def __len__(self) -> int:  # noqa: D105 - as of a list
        return len(self._edges) - 1

    def __getitem__(self, number: int) -> str:  # noqa: D105
        return _text(self._encoded[self._edges[number] : self._edges[number + 1]].tobytes())

    def all(self) -> list[str]:
        """Every text, in order."""
        whole, edges = self._encoded.tobytes(), self._edges.tolist()
        if whole.isascii():  # a character is a byte
            text = whole.decode("ascii")
            return [text[begin:end] for begin, end in pairwise(edges)]
        return [_text(whole[begin:end]) for begin, end in pairwise(edges)]

    @staticmethod
    def arrays(texts: Iterable[str]) -> tuple[Array, Array]:
        """The two arrays that hold `texts`."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        return np.frombuffer(b"".join(encoded), np.uint8), edges([len(text) for text in encoded])


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-8", "surrogatepass")
