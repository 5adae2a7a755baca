"""How do rows of different lengths lie one after the other?"""

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]


def joined(rows: list[Ids]) -> Ids:
    """Arrays one after another; none at all make an empty one."""
    joined: Ids = np.concatenate([np.zeros(0, dtype=np.int32), *rows])
    return joined


def shifted(rows: list[Ids], by: NDArray[np.int64]) -> NDArray[np.int64]:
    """Arrays one after another, each with a number of its own added."""
    return np.repeat(by, [len(row) for row in rows]) + joined(rows)


def edges(lengths: object) -> NDArray[np.int64]:
    """Where each of some stretches begins, and where the last ends."""
    found = np.zeros(1 + np.size(np.asarray(lengths)), dtype=np.int64)
    np.cumsum(np.asarray(lengths, dtype=np.int64), out=found[1:])
    return found


def ranges(begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of half-open ranges, one range after the other."""
    lengths = end - begin
    return np.repeat(begin - edges(lengths)[:-1], lengths) + np.arange(lengths.sum())
