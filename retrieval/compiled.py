"""Which compiled parts are here?

They are built when Quoth is installed where there is a C compiler (pyproject.toml). Without them, or with those of
another version, everything gives the same results through numpy and Python, slower.
"""

from importlib import import_module
from types import ModuleType

COMPILED = {"_scoring": 3, "_words": 3}
"""The version of each part that this code goes with; `VERSION` in its C file."""


def _part(name: str) -> ModuleType | None:
    try:
        part = import_module(f"retrieval.{name}")
    except ImportError:
        return None
    return part if getattr(part, "VERSION", None) == COMPILED[name] else None


scoring = _part("_scoring")
reader = _part("_words")
IS_COMPILED = bool(scoring and reader)
