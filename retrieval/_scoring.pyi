from typing import Any

from numpy.typing import NDArray

class Field: ...

def field(
    starts: NDArray[Any],
    passages: NDArray[Any],
    codes: NDArray[Any],
    lengths: NDArray[Any],
    bounds: NDArray[Any],
    greatest: NDArray[Any],
    often_at: NDArray[Any],
    often: NDArray[Any],
    average: float,
    k1: float,
    b: float,
    /,
) -> Field: ...
def best(
    lists: list[tuple[Field, int, float, float]],
    k: int,
    passages: int,
    allowed: NDArray[Any] | None,
    prune: int,
    /,
) -> list[tuple[int, float]]: ...
def count_postings(terms: NDArray[Any], lengths: NDArray[Any], starts: NDArray[Any], /) -> int: ...
def fill_postings(
    terms: NDArray[Any],
    lengths: NDArray[Any],
    starts: NDArray[Any],
    passages: NDArray[Any],
    frequencies: NDArray[Any],
    /,
) -> None: ...
