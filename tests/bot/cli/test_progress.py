"""Does a command that keeps somebody waiting say how far it is, and nothing where nobody waits?"""

import os
import pty
import sys

import pytest

from bot.cli import progress


def shown(work):
    """What a terminal shows of the standard error of `work`, run in a process of its own."""
    process, terminal = pty.fork()
    if process == 0:
        try:
            work()
            sys.stderr.flush()
        finally:
            os._exit(0)
    seen = b""
    try:
        while some := os.read(terminal, 4096):
            seen += some
    except OSError:  # the other end is closed
        pass
    os.waitpid(process, 0)
    return seen.decode()


def index(memos):
    sys.stderr = os.fdopen(2, "w", closefd=False)
    with progress.indexing() as count:
        count.found(memos)
        for _ in range(memos):
            count.one()


def test_many_memos_are_counted_in_a_terminal():
    seen = shown(lambda: index(3_000))
    assert "indexing 3,000 memos; the next question will not wait for it." in seen
    assert "3000/3000" in seen


@pytest.mark.parametrize("memos", [0, 1, progress.MANY])
def test_a_few_memos_are_not_worth_a_word(memos):
    assert shown(lambda: index(memos)) == ""


def test_elsewhere_it_is_one_line(capsys):
    with progress.indexing() as count:
        count.found(3_000)
        count.one()
    assert capsys.readouterr().err.splitlines() == [
        "indexing 3,000 memos; the next question will not wait for it."
    ]
