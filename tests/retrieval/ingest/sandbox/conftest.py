"""What do the tests of the sandbox share? A pool whose children know a reader that misbehaves."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.ingest import order
from retrieval.ingest.formats import TEXT
from retrieval.ingest.sandbox import Pool, ReadingLimits
from retrieval.ingest.sandbox.worker import spawned
from tests.retrieval.ingest.sandbox import misbehaving

LIMITS = ReadingLimits(seconds=4, memory=256 * 1024**2, characters=2_000_000)
CHILD = (
    "from tests.retrieval.ingest.sandbox.misbehaving import install; install();"
    "from retrieval.ingest.sandbox.child import main; main()"
)


def begin():
    return spawned([sys.executable, "-P", "-B", "-c", CHILD])


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """The children that read in this test."""
    pool = Pool(begin)
    monkeypatch.setattr(order, "POOL", pool)
    monkeypatch.setitem(TEXT, misbehaving.SUFFIX, misbehaving.behaves)
    yield pool
    pool.close()


def children(pid: int | str = "self") -> set[int]:
    """The processes that `pid` (this one) has started and that are still there; a dead one that waits is not."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    found = {int(child) for task in tasks for child in task.read_text().split()}
    return {child for child in found if is_alive(child)}


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes through /proc")
