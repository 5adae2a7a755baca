"""Does whatever a reader does fail its own file only?"""

import platform
import sys
import time
from dataclasses import replace

import pytest

from retrieval import ReadResult, read_memos
from retrieval.errors import Damaged, ReaderDied, TooLarge, TooSlow
from tests.retrieval.ingest.sandbox.conftest import LIMITS, children, linux

TEXT = "Some text stands here, and it is a whole sentence.\n"


def tried(folder, behaviour, limits=LIMITS) -> ReadResult:
    """What becomes of a file that makes its reader behave so; its neighbours must be read."""
    for name in ("a.txt", "c.txt", "d.md"):
        (folder / name).write_text(TEXT)
    (folder / "b.bad").write_text(behaviour)
    results = {result.path.name: result for result in read_memos([folder], limits)}
    assert list(results) == ["a.txt", "b.bad", "c.txt", "d.md"]
    bad = results.pop("b.bad")
    assert all(result.memo for result in results.values())
    if bad.error:
        assert str(bad.error).isprintable()
        assert "b.bad: " in str(bad.error)
        assert len(str(bad.error)) < 600
    return bad


@pytest.mark.parametrize("behaviour", ["loops", "loops_deaf_to_signals", "sleeps", "prints"])
def test_a_reader_that_takes_for_ever_is_ended_in_time(pool, tmp_path, behaviour):
    began = time.monotonic()
    error = tried(tmp_path, behaviour, replace(LIMITS, seconds=2)).error
    assert isinstance(error, TooSlow)
    assert "takes longer than 2 seconds" in str(error)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("behaviour", ["allocates", "allocates_at_once"])
def test_a_reader_that_takes_too_much_memory_is_refused_it(pool, tmp_path, behaviour):
    error = tried(tmp_path, behaviour).error
    assert isinstance(error, TooLarge)
    assert "more than 256 MiB" in str(error)


@pytest.mark.parametrize(
    ("behaviour", "how"),
    [
        ("exits", "exit code 5"),
        ("raises_system_exit", "exit code 2"),
        ("crashes", "SIGSEGV"),
        ("aborts", "SIGABRT"),
        ("forges_an_answer", "an answer that is none"),
        ("claims_a_vast_answer", "an answer that is none"),
        ("hangs_up_and_goes_on", "SIGKILL"),
    ],
)
def test_a_reader_that_ends_or_cheats_is_told_so(pool, tmp_path, behaviour, how):
    error = tried(tmp_path, behaviour).error
    assert isinstance(error, ReaderDied)
    assert how in str(error)


@pytest.mark.parametrize(
    ("behaviour", "how"),
    [
        ("recurses", "nested too deep"),
        ("writes_too_much", "at most 2,000,000 are read"),
        ("makes_a_million_pieces", "at most 500,000 are read"),
    ],
)
def test_a_reader_that_gives_too_much_is_refused(pool, tmp_path, behaviour, how):
    error = tried(tmp_path, behaviour).error
    assert isinstance(error, TooLarge)
    assert how in str(error)


@pytest.mark.parametrize(
    ("behaviour", "how"),
    [
        ("stumbles", "KeyError"),
        ("calls_out", "PermissionError"),
        ("starts_a_program", "PermissionError"),
        ("forks", "PermissionError"),
        ("writes_a_file", "PermissionError"),
    ],
)
def test_a_reader_that_stumbles_or_reaches_out_fails_as_a_damaged_file(pool, tmp_path, behaviour, how):
    error = tried(tmp_path, behaviour).error
    assert isinstance(error, Damaged)
    assert how in str(error)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"},
    reason="the kernel's part is Linux'",
)
def test_compiled_code_can_neither_call_out_nor_start_a_program(pool, tmp_path):
    memo = tried(tmp_path, "calls_out_in_compiled_code").memo
    assert "The kernel said -1 and -1, Operation not permitted." in memo.text


def test_what_a_reader_prints_is_seen_by_nobody(pool, tmp_path, capfd):
    assert tried(tmp_path, "prints_a_little").memo
    assert capfd.readouterr() == ("", "")


def test_half_characters_can_be_written_down(pool, tmp_path):
    (tmp_path / "x.bad").write_text("writes_half_characters")
    (result,) = read_memos([tmp_path], LIMITS)
    assert result.error or result.memo.text.encode()


def test_a_child_sees_no_secret_of_its_parent(pool, tmp_path, monkeypatch):
    monkeypatch.setenv("SLACK__BOT_TOKEN", "xoxb-secret")
    memo = tried(tmp_path, "looks_for_secrets").memo
    assert "SLACK" not in memo.text
    assert "[]" in memo.text


@linux
def test_no_child_outlives_its_pool(pool, tmp_path):
    before = children()
    tried(tmp_path, "exits")
    assert children() - before
    pool.close()
    assert children() == before


def test_a_file_is_not_blamed_for_what_an_earlier_one_did_to_the_child(pool, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    list(read_memos([tmp_path], LIMITS))
    for worker in pool._idle:
        worker.kill()
    assert [result.memo.source for result in read_memos([tmp_path], LIMITS)] == ["a.txt"]
