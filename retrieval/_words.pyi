from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any

class Memory: ...

def memory(numbered: list[Any], /) -> Memory: ...
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
def numbers(
    text: str,
    known: Memory,
    unknown: Callable[[str], tuple[Any, ...]],
    both_known: Memory,
    both_unknown: Callable[[str], tuple[Any, ...]],
    prefixes: AbstractSet[str],
    /,
) -> bytes | None: ...
