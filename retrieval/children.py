"""With which environment does a Python of our own start?"""

import os
import sys
from pathlib import Path

_HANDED_DOWN = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "PYTHONUTF8", "SYSTEMROOT")


def environment() -> dict[str, str]:
    """What a child needs to run the same code; no setting and no secret among it."""
    kept = {name: os.environ[name] for name in _HANDED_DOWN if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(_import_from()), "OPENBLAS_NUM_THREADS": "1"}


def _import_from() -> list[str]:
    """The folders that modules are imported from, without the one that is merely the current one.

    But this very code, where it lies there: not another copy, which may be installed.
    """
    folders, own = [folder for folder in sys.path if folder], str(Path(__file__).resolve().parent.parent)
    return folders if own in folders else [own, *folders]
