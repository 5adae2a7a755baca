"""How do rows of different lengths lie one after the other?"""

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Places = NDArray[np.int64]


def joined(rows: list[Ids]) -> Ids:
    """Arrays one after another; none at all make an empty one."""
    joined: Ids = np.concatenate([np.zeros(0, dtype=np.int32), *rows])
    return joined


def shifted(rows: list[Ids], by: Places) -> Places:
    """Arrays one after another, each with a number of its own added."""
    return np.repeat(by, [len(row) for row in rows]) + joined(rows)


def edges(lengths: object) -> Places:
    """Where each of some stretches begins, and where the last ends."""
    found = np.zeros(1 + np.size(np.asarray(lengths)), dtype=np.int64)
    np.cumsum(np.asarray(lengths, dtype=np.int64), out=found[1:])
    return found


def ranges(begin: Places, end: Places) -> Places:
    """The numbers of half-open ranges, one range after the other."""
    lengths = end - begin
    return np.repeat(begin - edges(lengths)[:-1], lengths) + np.arange(lengths.sum())
