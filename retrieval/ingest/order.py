"""In which order do files come that are read side by side?

In the order in which they are given, each followed by what it encloses: so ids are given out alike every time.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from retrieval.errors import UnreadableMemo
from retrieval.ingest.enclosed import DEEPEST, MOST_ENCLOSED, kept
from retrieval.ingest.files import Candidate, load, refuse_unknown
from retrieval.ingest.identity import Register
from retrieval.ingest.pieces import Attachment
from retrieval.ingest.sandbox import MOST, POOL, Answered, ReadingLimits, Stopped, Task, refused
from retrieval.models import Memo


@dataclass(frozen=True, slots=True)
class ReadResult:
    """One file that was tried: either the memo, or the error that says why there is none.

    `notes` say what to know though the file was read ("no text on pages 3-7"). What a letter encloses is a result of
    its own; its path is the letter's and then its name.
    """

    path: Path
    memo: Memo | None = None
    error: UnreadableMemo | None = None
    notes: tuple[str, ...] = ()


class _Family:
    """A file and all that it encloses, however deep: they share one count."""

    def __init__(self) -> None:
        self.left = MOST_ENCLOSED


class _File(NamedTuple):
    """A file to read: one of a folder, or one within another, with its bytes."""

    candidate: Candidate
    family: _Family
    data: bytes | None = None
    depth: int = 0


class _Read(NamedTuple):
    """What a child said about a file, and the digest of the bytes that it was given."""

    answered: Answered
    sha256: str


class Results(Iterator[ReadResult]):
    """The results of files, in order. `close` may be called from any thread; the one that waits gets no more."""

    def __init__(self, files: Iterable[Candidate], register: Register, limits: ReadingLimits) -> None:
        self._task = Task()
        self._results = _results(files, register, limits, self._task)

    def __next__(self) -> ReadResult:
        """Wait for the next result."""
        return next(self._results)

    def close(self) -> None:
        """Read no more; the children that read are ended."""
        self._task.stop()


def _results(
    files: Iterable[Candidate], register: Register, limits: ReadingLimits, task: Task
) -> Iterator[ReadResult]:
    coming = (_File(candidate, _Family()) for candidate in files)
    first = list(islice(coming, MOST))
    POOL.make_ready(sum(1 for file in first if not file.candidate.error))
    threads = ThreadPoolExecutor(MOST, thread_name_prefix="reading")

    def begun(file: _File) -> tuple[_File, Future[_Read]]:
        return file, threads.submit(_read, file, limits, task)

    try:
        waiting = deque(map(begun, first))
        while waiting and not task.is_stopped:
            waiting.extend(map(begun, islice(coming, max(0, 2 * MOST - len(waiting)))))
            file, read = waiting.popleft()
            result, enclosed = _settled(file, read, register)
            waiting.extendleft(map(begun, reversed(enclosed)))
            yield result
    except Stopped:
        return
    finally:
        task.stop()
        threads.shutdown(cancel_futures=True)


def read_one(candidate: Candidate, limits: ReadingLimits) -> Memo:
    """Read one file and nothing that it encloses. Raises UnreadableMemo (a subclass)."""
    read = _read(_File(candidate, _Family()), limits, Task())
    return _memo(candidate, read, Register())


def _read(file: _File, limits: ReadingLimits, task: Task) -> _Read:
    """Load a file, have a child read it. Raises UnreadableMemo (a subclass), or Stopped."""
    candidate = file.candidate
    if candidate.error:
        raise candidate.error
    refuse_unknown(candidate.path)
    data = load(candidate.path) if file.data is None else file.data
    answered = POOL.read(candidate.path, data, limits, task)
    return _Read(answered, sha256(data).hexdigest())


def _settled(file: _File, reading: "Future[_Read]", register: Register) -> tuple[ReadResult, list[_File]]:
    """Wait for a file; its result, and the files that it encloses."""
    path = file.candidate.path
    try:
        read = reading.result()
    except UnreadableMemo as error:
        return ReadResult(path, error=error), []
    room = file.family.left if file.depth < DEEPEST else 0
    attachments, left_out = kept(read.answered.attachments, room)
    file.family.left -= len(attachments)
    enclosed = [_enclosed(one, file) for one in attachments]
    notes = read.answered.reply.notes + left_out
    try:
        return ReadResult(path, memo=_memo(file.candidate, read, register), notes=notes), enclosed
    except UnreadableMemo as error:
        return ReadResult(path, error=error, notes=notes), enclosed


def _memo(candidate: Candidate, read: _Read, register: Register) -> Memo:
    memo, refusal = read.answered.reply.memo, read.answered.reply.refusal
    if memo is None:
        raise refused(candidate.path, refusal)
    memo_id = register.claim(memo.id or None, candidate.source)
    return memo.model_copy(update={"id": memo_id, "source": candidate.source, "sha256": read.sha256})


def _enclosed(attachment: Attachment, file: _File) -> _File:
    path, source = file.candidate.path / attachment.name, f"{file.candidate.source}/{attachment.name}"
    return _File(Candidate(path, source), file.family, attachment.data, file.depth + 1)
