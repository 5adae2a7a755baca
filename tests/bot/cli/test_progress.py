"""Does reading many files, or indexing many memos, show how far it is, and is each bad file named?"""

import os
import pty
import sys

import pytest

from bot.cli import progress
from bot.cli.progress import counting
from retrieval import BinaryMemo, Memo, ReadResult

GOOD = ReadResult(path="a.txt", memo=Memo(id="a", title="a", text="a"))
BAD = ReadResult(path="b.bin", error=BinaryMemo("b\x1b[2J.txt"))


def test_outside_a_terminal_each_file_gets_a_line_on_standard_error(capsys):
    with counting() as count:
        count.result(GOOD)
        count.result(BAD)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == "read: a.txt"
    assert said.err.splitlines()[1].startswith("failed: b\\x1b[2J.txt: the file is binary")
    assert "\x1b" not in said.err


def test_in_a_terminal_a_bar_moves_and_bad_files_are_still_named(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    with counting() as count:
        count.result(GOOD)
        count.result(BAD)
    said = capsys.readouterr()
    assert said.out == ""
    assert "the file is binary" in said.err
    assert "read: a.txt" not in said.err


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
