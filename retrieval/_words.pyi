from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any

class Memory: ...

def memory() -> Memory: ...
def pieces(
    text: str,
    known: Memory,
    unknown: Callable[[str], tuple[Any, ...]],
    both_known: Memory,
    both_unknown: Callable[[str], tuple[Any, ...]],
    prefixes: AbstractSet[str],
    starts: list[int] | None,
    /,
) -> list[Any] | None: ...
