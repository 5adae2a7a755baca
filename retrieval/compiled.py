"""Is the compiled part here?

It is built when Quoth is installed where there is a C compiler (pyproject.toml). Without it everything gives the same
results through numpy, slower.
"""

from types import ModuleType

scoring: ModuleType | None
try:
    from retrieval import _scoring

    scoring = _scoring
except ImportError:
    scoring = None

IS_COMPILED = scoring is not None
