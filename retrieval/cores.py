"""How many processor cores may be used?"""

import os


def cores() -> int:
    """The cores that this process may run on; at least one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
