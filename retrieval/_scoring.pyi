from typing import Any

from numpy.typing import NDArray

class Field: ...

def field(
    groups: NDArray[Any],
    regions: NDArray[Any],
    begins: NDArray[Any],
    places: NDArray[Any],
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
def count_postings(
    terms: NDArray[Any], lengths: NDArray[Any], starts: NDArray[Any], groups: NDArray[Any], /
) -> None: ...
def fill_postings(
    terms: NDArray[Any],
    lengths: NDArray[Any],
    starts: NDArray[Any],
    groups: NDArray[Any],
    buckets: NDArray[Any],
    regions: NDArray[Any],
    begins: NDArray[Any],
    places: NDArray[Any],
    codes: NDArray[Any],
    frequencies: NDArray[Any],
    /,
) -> None: ...
