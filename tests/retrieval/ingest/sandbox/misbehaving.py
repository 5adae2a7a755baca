"""What might a reader do that a hostile file has taken over?

`install` registers a reader for `.bad` whose file says, by a name of this module's, what it does.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from retrieval.ingest.formats import TEXT
from retrieval.ingest.pieces import Draft, Piece

SUFFIX = ".bad"


def behaves(text: str) -> Draft:
    return Draft([Piece("It did nothing wrong, as far as one can see.")])


def loops(text: str) -> Draft:
    while True:
        pass


def loops_deaf_to_signals(text: str) -> Draft:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def sleeps(text: str) -> Draft:
    signal.pause()
    return behaves(text)


def allocates(text: str) -> Draft:
    held = []
    while True:
        held.append(bytearray(16 * 1024**2))


def allocates_at_once(text: str) -> Draft:
    return Draft([Piece("x" * 10**15)])


def prints(text: str) -> Draft:
    while True:
        sys.stdout.write("out" * 10_000)
        os.write(2, b"err" * 10_000)


def prints_a_little(text: str) -> Draft:
    sys.stdout.write("out")
    os.write(1, b"raw")
    os.write(2, b"err")
    return behaves(text)


def exits(text: str) -> Draft:
    os._exit(5)


def raises_system_exit(text: str) -> Draft:
    raise SystemExit(0)


def crashes(text: str) -> Draft:
    ctypes.string_at(0)
    raise AssertionError


def aborts(text: str) -> Draft:
    os.abort()


def recurses(text: str) -> Draft:
    return recurses(text)


def stumbles(text: str) -> Draft:
    return {}["a key\nof two lines \x1b[2J"]


def writes_too_much(text: str) -> Draft:
    return Draft([Piece("word " * 500_000)])


def makes_a_million_pieces(text: str) -> Draft:
    return Draft([Piece("a")] * 1_000_000)


def writes_half_characters(text: str) -> Draft:
    return Draft([Piece("Half a character \ud800 stands here.")])


def forges_an_answer(text: str) -> Draft:
    for number in range(3, 20):
        try:
            os.write(number, (20).to_bytes(8, "big") + b'{"memo": {"id": 1}} ')
        except OSError:
            continue
    return behaves(text)


def claims_a_vast_answer(text: str) -> Draft:
    for number in range(3, 20):
        try:
            os.write(number, b"\xff" * 8)
        except OSError:
            continue
    return behaves(text)


def hangs_up_and_goes_on(text: str) -> Draft:
    os.closerange(3, 20)
    while True:
        pass


def calls_out(text: str) -> Draft:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
    return behaves(text)


def calls_out_in_compiled_code(text: str) -> Draft:
    libc = ctypes.CDLL(None, use_errno=True)
    answer = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    also = libc.execve(b"/bin/true", None, None)
    return Draft([Piece(f"The kernel said {answer} and {also}, {os.strerror(ctypes.get_errno())}.")])


def starts_a_program(text: str) -> Draft:
    subprocess.run(["/bin/true"], check=True)
    return behaves(text)


def forks(text: str) -> Draft:
    os.fork()
    return behaves(text)


def writes_a_file(text: str) -> Draft:
    Path(f"/tmp/quoth-was-here-{os.getpid()}").write_text("x")
    return behaves(text)


def looks_for_secrets(text: str) -> Draft:
    return Draft([Piece(f"The environment holds {sorted(os.environ)} and that is all.")])


def install() -> None:
    """Register the reader, here or in a child."""
    TEXT[SUFFIX] = lambda text: globals()[text.strip()](text)
