"""Which child reads the next file, and what becomes of the children?

Children are kept for the next file, of whatever call; one that dies over a file is replaced.
"""

import atexit
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.ingest.sandbox.limits import ReadingLimits
from retrieval.ingest.sandbox.messages import Answered
from retrieval.ingest.sandbox.worker import Ended, Worker, start

MOST = os.cpu_count() or 1
"""Children that are worth their memory: as many as can run at once."""


class Stopped(Exception):
    """Reading was stopped before this file was read."""


class Task:
    """Files that are read for one caller, who may stop that from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self.is_stopped = False

    def stop(self) -> None:
        """End the children that read for this task; no other begins."""
        with self._lock:
            self.is_stopped = True
            for worker in self._workers:
                worker.kill()

    @contextmanager
    def having(self, worker: Worker) -> Iterator[None]:
        """Let `worker` read for this task; Stopped where that is over."""
        with self._lock:
            if self.is_stopped:
                raise Stopped
            self._workers.add(worker)
        try:
            yield
        finally:
            with self._lock:
                self._workers.discard(worker)


class Pool:
    """Children that wait for files."""

    def __init__(self, begin: Callable[[], Worker] = start) -> None:
        self._begin = begin
        self.forget()

    def forget(self) -> None:
        """Know of no child: a copy of this process has none of its own."""
        self._lock = threading.Lock()
        self._idle: list[Worker] = []

    def make_ready(self, count: int) -> None:
        """Have `count` children wait, at most MOST. Cheap while this process is a single thread."""
        for _ in range(min(count, MOST) - len(self._idle)):
            self._give_back(self._begin())

    def read(self, path: Path, data: bytes, limits: ReadingLimits, task: Task) -> Answered:
        """Have a child read a file. Raises UnreadableMemo (a subclass) where it ends over that, or Stopped."""
        worker = self._borrow() or self._begin()
        was_fresh = not worker.has_read
        try:
            return self._read(worker, path, data, limits, task)
        except Ended as ended:
            # A child that read before may be gone, or full, for an earlier file's sake: a fresh one tells.
            if was_fresh or ended.late:
                raise ended.error from None
        try:
            return self._read(self._begin(), path, data, limits, task)
        except Ended as ended:
            raise ended.error from None

    def close(self) -> None:
        """End the children that wait."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def _read(self, worker: Worker, path: Path, data: bytes, limits: ReadingLimits, task: Task) -> Answered:
        try:
            with task.having(worker):
                answered = worker.read(path, data, limits)
        except BaseException:
            worker.close()
            if task.is_stopped:
                raise Stopped from None
            raise
        self._give_back(worker)
        return answered

    def _borrow(self) -> Worker | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if len(self._idle) < MOST:
                self._idle.append(worker)
                return
        worker.close()


POOL = Pool()
"""The children of this process."""

atexit.register(POOL.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.forget)
