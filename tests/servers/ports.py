"""Which port can a server of the tests have, that no other run of the tests takes as well?

A port that the system names as free may be given to somebody else before it is bound: to another run of the tests, or
to any outgoing connection. These lie below the ports of outgoing connections, and are locked while the tests run.
"""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import TextIO

PORTS = range(20_000, 30_000)
_LOCKS = Path(tempfile.gettempdir()) / f"quoth-test-ports-{os.getuid()}"
_held: dict[int, TextIO] = {}
"""The locks of this process; they end with it, however it ends."""


def own_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and that no other run of the tests gets before this one ends."""
    _LOCKS.mkdir(exist_ok=True)
    for port in random.sample(PORTS, len(PORTS)):
        if port not in _held and _is_free(port) and _lock(port):
            return port
    raise AssertionError(f"all ports from {PORTS[0]} to {PORTS[-1]} are taken")


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _lock(port: int) -> bool:
    file = (_LOCKS / str(port)).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _held[port] = file
    return True
