from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any

def pieces(
    text: str,
    known: dict[str, tuple[Any, ...]],
    unknown: Callable[[str], tuple[Any, ...]],
    prefixes: AbstractSet[str],
    starts: list[int] | None,
    /,
) -> list[Any] | None: ...
