"""Does reading end, and leave no process behind, when the program that reads is ended?"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.reading import off_the_loop
from retrieval import read_memos
from tests.retrieval.ingest.sandbox.conftest import LIMITS, children, is_alive, linux

READ = """
import sys
from tests.retrieval.ingest.sandbox import misbehaving
misbehaving.install()
from retrieval import read_memos
{how}
for result in read_memos([sys.argv[1]]):
    pass
"""
FORKED = ""
SPAWNED = """
from retrieval.ingest import order
from retrieval.ingest.sandbox import Pool
from tests.retrieval.ingest.sandbox.conftest import begin
order.POOL = Pool(begin)
"""
PATIENCE = 30
PATHS = {"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}


@pytest.fixture
def folder(tmp_path):
    """Files whose readers never come back."""
    for name in "abcd":
        (tmp_path / f"{name}.bad").write_text("loops")
    return tmp_path


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_busy(pid: int) -> bool:
    """Whether a process has worked for longer than starting takes."""
    ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])
    return ticks / os.sysconf("SC_CLK_TCK") > 1


@linux
@pytest.mark.parametrize("how", [FORKED, SPAWNED], ids=["forked", "spawned"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_program_that_is_ended_takes_its_children_with_it(folder, number, how):
    command = [sys.executable, "-c", READ.format(how=how), str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | PATHS) as program:
        until(lambda: any(map(is_busy, children(program.pid))))
        found = children(program.pid)
        program.send_signal(number)
        program.communicate(timeout=PATIENCE)
        assert program.returncode != 0
    until(lambda: not any(map(is_alive, found)))


@linux
def test_results_that_are_closed_end_their_children_and_whoever_waits(pool, folder):
    before = children()
    results = read_memos([folder])
    waiting = threading.Thread(target=list, args=[results])
    waiting.start()
    until(lambda: any(map(is_busy, children() - before)))
    results.close()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
    pool.close()
    assert children() == before


@linux
async def test_a_task_that_is_cancelled_ends_what_it_reads(pool, folder):
    before = children()

    async def read_all():
        return [result async for result in off_the_loop(read_memos([folder]))]

    task = asyncio.create_task(read_all())
    while not any(map(is_busy, children() - before)):
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    until(lambda: not any(map(is_busy, children() - before)))


@linux
def test_results_that_nobody_asks_for_any_more_are_not_read(pool, tmp_path):
    for number in range(20):
        (tmp_path / f"{number:02}.txt").write_text("Some text stands here.")
    results = read_memos([tmp_path], LIMITS)
    assert next(results).memo
    results.close()
    assert list(results) == []


@linux
def test_a_program_that_wants_no_word_of_its_children_can_read(tmp_path):
    (tmp_path / "bad.bad").write_text("exits")
    (tmp_path / "good.txt").write_text("Some text stands here.")
    read = READ.format(how="import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)")
    done = subprocess.run(
        [sys.executable, "-c", read.replace("pass", "print(result.error)"), str(tmp_path)],
        env=os.environ | PATHS,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    bad, good = done.stdout.splitlines()
    assert "reading it ended the process" in bad
    assert good == "None"
