"""Which compiled parts are here?

They are built when Quoth is installed where there is a C compiler (pyproject.toml). Without them everything gives the
same results through numpy and Python, slower.
"""

from importlib import import_module
from types import ModuleType


def _part(name: str) -> ModuleType | None:
    try:
        return import_module(f"retrieval.{name}")
    except ImportError:
        return None


scoring = _part("_scoring")
reader = _part("_words")
IS_COMPILED = bool(scoring and reader)
