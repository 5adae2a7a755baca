"""How is one child asked to read a file, and what if it never answers?"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from retrieval.children import environment
from retrieval.errors import ReaderDied, TooLarge, TooSlow, UnreadableMemo
from retrieval.ingest.files import LARGEST
from retrieval.ingest.sandbox import messages
from retrieval.ingest.sandbox.child import OUT_OF_MEMORY, become_child
from retrieval.ingest.sandbox.limits import ReadingLimits
from retrieval.ingest.sandbox.messages import Answered, Asked, BadReply

CHILD = ("-P", "-B", "-c", "from retrieval.ingest.sandbox.child import main; main()")
"""What Python is told: import nothing from the folder that the program was started in, leave nothing behind."""

_AS_WITHOUT_MEMORY = (signal.SIGABRT, getattr(signal, "SIGTRAP", None), signal.SIGILL)
"""How compiled readers end themselves where they get no memory."""
_TASKS = Path("/proc/self/task")


class Ended(Exception):
    """The child is gone. `error` says what that means for the file; `late` whether the parent ended it."""

    def __init__(self, error: UnreadableMemo, *, late: bool) -> None:
        self.error, self.late = error, late
        super().__init__(str(error))


class Process(Protocol):
    """What a child process is to its parent."""

    def kill(self) -> None:
        """End it, if it is there."""

    def wait(self) -> int:
        """Wait for its end; its exit code, or a signal's number negated."""


class Worker:
    """One child, and the pipes to it. Used by one thread at a time; `kill` may be called from any."""

    def __init__(self, process: Process, requests: BinaryIO, replies: BinaryIO) -> None:
        self._process, self._requests, self._replies = process, requests, replies
        self.has_read = False
        """Whether an earlier file may have left something behind in it."""

    def read(self, path: Path, data: bytes, limits: ReadingLimits) -> Answered:
        """Have a file read; Ended where the child ends over it, or is ended because it takes too long."""
        deadline = _Deadline(limits.seconds, self)
        try:
            messages.send_request(self._requests, Asked(Path(path.name), data, limits))
            answered = messages.receive_reply(self._replies, limits, LARGEST)
        except (OSError, EOFError, ValueError, BadReply) as trouble:
            late = deadline.passed()
            raise Ended(self._error(path, limits, trouble, late=late), late=late) from None
        if deadline.passed():
            raise Ended(_too_slow(path, limits), late=True)
        self.has_read = True
        return answered

    def kill(self) -> None:
        """End the child now, whatever it does."""
        self._process.kill()

    def close(self) -> int:
        """End the child and let go of it; its exit code."""
        self.kill()
        for stream in (self._requests, self._replies):
            try:
                stream.close()
            except OSError:  # what was not sent yet cannot be sent any more
                continue
        return self._process.wait()

    def _error(self, path: Path, limits: ReadingLimits, trouble: Exception, *, late: bool) -> UnreadableMemo:
        if late:
            return _too_slow(path, limits)
        if isinstance(trouble, BadReply):
            return ReaderDied(path, "the process that read it gave an answer that is none.")
        self.kill()  # it may have closed its end and go on; the exit code of one that is gone stays
        code = self._process.wait()
        memory = f"{limits.memory // 1024**2:,} MiB of memory"
        if code == OUT_OF_MEMORY:
            return TooLarge(path, f"reading it takes more than {memory}.")
        perhaps = f" Perhaps it takes more than {memory}." if -code in _AS_WITHOUT_MEMORY else ""
        return ReaderDied(path, f"reading it ended the process that read it ({_named(code)}).{perhaps}")


class _Deadline:
    """Kills a worker after some seconds, unless `passed` is asked before."""

    def __init__(self, seconds: float, worker: Worker) -> None:
        self._worker, self._lock = worker, threading.Lock()
        self._is_over = self._has_struck = False
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self._timer.start()

    def passed(self) -> bool:
        """Stop the clock; whether it had struck."""
        with self._lock:
            self._is_over = True
        self._timer.cancel()
        return self._has_struck

    def _strike(self) -> None:
        with self._lock:
            if not self._is_over:
                self._has_struck = True
                self._worker.kill()


def start() -> Worker:
    """Start a child: forked where this process is a single thread, which takes a millisecond, else a Python anew.

    A fork copies one thread of several, with the locks of all: it may only be had where there is no other.
    """
    return _forked() if sys.platform == "linux" and _is_single_thread() else spawned([sys.executable, *CHILD])


def spawned(command: list[str]) -> Worker:
    """Start a child by a command that ends in `child.main`."""
    process = subprocess.Popen(  # noqa: S603 - this very Python
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        start_new_session=True,  # Ctrl-C in the terminal is the parent's to deal with
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    return Worker(process, process.stdin, process.stdout)  # type: ignore[arg-type]


def _forked() -> Worker:
    asked, ask = os.pipe()
    answers, answer = os.pipe()
    pid = os.fork()
    if pid == 0:
        become_child(asked, answer)
    os.close(asked)
    os.close(answer)
    return Worker(_Forked(pid), os.fdopen(ask, "wb"), os.fdopen(answers, "rb"))


class _Forked:
    """A forked child, as `subprocess.Popen` is a spawned one."""

    def __init__(self, pid: int) -> None:
        self._pid, self._lock = pid, threading.Lock()
        self._code: int | None = None

    def kill(self) -> None:
        with self._lock:
            if self._code is None:  # after that the number may be another process's
                with suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        if self._code is None:
            try:
                os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT)
                with self._lock:
                    self._code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            except ChildProcessError:  # who started this program wants no word of its children's end
                self._code = 0
        return self._code


def _is_single_thread() -> bool:
    try:
        return sum(1 for _ in _TASKS.iterdir()) == 1
    except OSError:
        return False


def _too_slow(path: Path, limits: ReadingLimits) -> TooSlow:
    return TooSlow(path, f"reading it takes longer than {limits.seconds:g} seconds.")


def _named(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
