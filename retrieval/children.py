"""With which environment does a Python of our own start?"""

import os
import sys

_HANDED_DOWN = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "PYTHONUTF8", "SYSTEMROOT")


def environment() -> dict[str, str]:
    """What a child needs to run the same code; no setting and no secret among it."""
    kept = {name: os.environ[name] for name in _HANDED_DOWN if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}
