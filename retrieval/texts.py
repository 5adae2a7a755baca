"""How do many texts lie one after the other?"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.rows import Places, edges

Bytes = NDArray[np.uint8]
_CONTINUES, _CONTINUED = 0xC0, 0x80  # the upper two bits of a byte of UTF-8 that continues a character


class Texts:
    """Texts by number, each decoded when it is asked for: their UTF-8 one after the other, and its edges."""

    def __init__(self, values: Bytes, edges: Places) -> None:
        self.values, self.edges = values, edges

    @staticmethod
    def of(texts: Iterable[str]) -> "Texts":
        """These texts."""
        return Texts.of_bytes([text.encode("utf-8", "surrogatepass") for text in texts])

    @staticmethod
    def of_bytes(encoded: Sequence[bytes]) -> "Texts":
        """Texts in UTF-8."""
        return Texts(np.frombuffer(b"".join(encoded), np.uint8), edges([len(text) for text in encoded]))

    def __len__(self) -> int:  # noqa: D105 - as of a list
        return len(self.edges) - 1

    def __getitem__(self, number: int) -> str:  # noqa: D105
        return _text(self.bytes_at(number))

    def bytes_at(self, number: int) -> bytes:
        """A text in UTF-8."""
        found: bytes = self.values[self.edges[number] : self.edges[number + 1]].tobytes()
        return found

    def all(self) -> list[str]:
        """Every text, in order."""
        text, ends = _text(self.values.tobytes()), self.edges
        if len(text) != len(self.values):  # some characters take several bytes: count those that begin one
            ends = edges((self.values & _CONTINUES) != _CONTINUED)[ends]
        return [text[begin:end] for begin, end in pairwise(ends.tolist())]

    def filled(self) -> list[int]:
        """The numbers of those that are not empty."""
        numbers: Any = np.flatnonzero(np.diff(self.edges)).tolist()
        return list(numbers)


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-8", "surrogatepass")
