"""Does reading many files show how far it is, and name each bad one?"""

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
