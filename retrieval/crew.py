"""How do several processes share the analysis of many memos?

Each is a Python of its own that takes a batch, answers it, and takes the next one; it ends when its standard input
does, so none outlives its parent. A batch whose process dies is done here.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, Any, NoReturn, Self, TypeVar

from retrieval.abbreviations import Abbreviation
from retrieval.children import environment
from retrieval.columns import Columns
from retrieval.drafting import drafted
from retrieval.models import Memo
from retrieval.rulebook import RuleBook
from retrieval.seeing import Seen, look
from retrieval.wordings import Wordings

FEW = 3_000_000
"""Bytes of memos that are analysed before another process would be there."""
FEWEST, MOST = 200_000, 4_000_000
"""Bytes in a batch."""
_BATCHES = 6  # for each process, where that makes them neither small nor large
_CHILD = (sys.executable, "-P", "-B", "-c", "from retrieval.crew import main; main()")
_SAYS = b"\0quoth: "
_HERE = f"{os.path.realpath(__file__)!a}\n".encode()
_NICE = 5  # whoever answers questions meanwhile goes first

T = TypeVar("T")
Looked = tuple[str, tuple[Abbreviation, ...]]
"""What `look` tells of a memo."""
Take = Callable[[Sequence[tuple[Seen, str]]], Iterable[Columns]]
"""Takes memos, each with the language that it is in, to their terms, in order."""


class Crew:
    """Processes that analyse memos; as many `workers` at most, and none where it is not worth it."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = max(workers, 1)
        self._idle: SimpleQueue[_Worker | None] = SimpleQueue()
        self._started: list[_Worker] = []
        self._threads = ThreadPoolExecutor(self._workers, "crew")  # which wait for the processes
        self._ended = False

    def __enter__(self) -> Self:
        """Processes are started when there is enough to do."""
        return self

    def __exit__(self, *_: object) -> None:
        """End them, whatever they do; what nobody waits for any more is not done."""
        self._ended = True
        for worker in self._started:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._started:
            worker.close()

    def look(self, memos: Sequence[tuple[Memo, bytes]]) -> Iterator[Looked]:
        """Look at memos, each given with itself in JSON."""
        batches = self._batches(memos, lambda some: some[1])
        for found in self._each(
            batches,
            lambda batch: ("look", [json for _, json in batch]),
            lambda batch: [look(memo) for memo, _ in batch],
        ):
            yield from found

    def taking_down(self, rules: RuleBook, wordings: Mapping[str, Wordings]) -> Take:
        """What takes memos to their terms, in batches; `wordings` are what `rules` make."""

        def take(memos: Sequence[tuple[Seen, str]]) -> Iterator[Columns]:
            batches = self._batches(memos, lambda some: some[0].json)
            for worker in self._started:
                worker.rules = rules
            return self._each(
                batches,
                lambda batch: ("terms", [(*seen[1:], language) for seen, language in batch]),
                lambda batch: drafted(batch, wordings),
            )

        return take

    def _batches(self, some: Sequence[T], text: Callable[[T], bytes]) -> list[Sequence[T]]:
        """Neighbours together, so many that all have about as much to do."""
        sizes = [len(text(each)) for each in some]
        if self._workers > 1 and sum(sizes) > FEW:
            self._start()
        most = min(max(sum(sizes) // (_BATCHES * self._workers), FEWEST), MOST)
        batches, first, size = [], 0, 0
        for number, each in enumerate(sizes):
            size += each
            if size >= most or number == len(sizes) - 1:
                batches.append(some[first : number + 1])
                first, size = number + 1, 0
        return batches

    def _start(self) -> None:
        with suppress(OSError):  # no process may be started: then it is done here
            while len(self._started) < self._workers:
                worker = _Worker()
                self._started.append(worker)
                self._idle.put(worker)

    def _each(
        self, batches: Sequence[T], request: Callable[[T], Any], here: Callable[[T], Any]
    ) -> Iterator[Any]:
        """The answer to each batch, in order."""
        if not self._started:
            yield from map(here, batches)
            return

        def asked(batch: T) -> Any:
            worker = self._idle.get()
            try:
                if worker:
                    return worker.ask(request(batch))
            except (OSError, EOFError, pickle.UnpicklingError):  # it was killed, perhaps for its memory
                worker = None
            finally:
                self._idle.put(worker)
            return None if self._ended else here(batch)

        yield from self._threads.map(asked, batches)


class _Worker:
    """One process, and the pipes to it. Used by one thread at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very Python
            _CHILD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            start_new_session=True,  # Ctrl-C in the terminal is the parent's to deal with
            stderr=subprocess.DEVNULL,  # what fails there is done here, and fails here
        )
        self.rules: RuleBook | None = None
        self._knows: RuleBook | None = None
        self._is_ready = False

    def ask(self, request: Any) -> Any:
        """Its answer. OSError, EOFError or UnpicklingError where it is gone."""
        if not self._is_ready:
            self._is_ready = self._wait_for_it()
        if self.rules is not self._knows:
            self._knows = self.rules
            self._asked(("rules", self.rules))
        return self._asked(request)

    def _wait_for_it(self) -> bool:
        """Read on to where it says that it is there: a library that it imports may print something before."""
        for said in self._pipes()[1]:
            _, says, file = said.partition(_SAYS)
            if says and file == _HERE:
                return True
            if says:
                break
        raise EOFError("It ended, or runs other code than this.")

    def _asked(self, request: Any) -> Any:
        asks, answers = self._pipes()
        pickle.dump(request, asks, pickle.HIGHEST_PROTOCOL)
        asks.flush()
        return pickle.load(answers)  # noqa: S301 - our own process wrote it

    def kill(self) -> None:
        """End it; whoever waits for an answer of it gets an EOFError. May be called from any thread."""
        self._process.kill()

    def close(self) -> None:
        """Let go of it, which was ended."""
        for pipe in self._pipes():
            with suppress(OSError):  # what it was not told any more
                pipe.close()
        self._process.wait()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        asks, answers = self._process.stdin, self._process.stdout
        if asks is None or answers is None:
            raise AssertionError
        return asks, answers


def main() -> NoReturn:
    """Answer what the parent asks on standard input, until it asks no more."""
    asked, told = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):  # whatever a library prints is no answer
        os.dup2(nowhere, number)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    told.write(_SAYS + _HERE)
    told.flush()
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        for answer in map(_Answers().to, _requests(asked)):
            pickle.dump(answer, told, pickle.HIGHEST_PROTOCOL)
            told.flush()
    os._exit(0)


def _requests(asked: IO[bytes]) -> Iterator[Any]:
    while True:
        yield pickle.load(asked)  # noqa: S301 - our parent wrote it


class _Answers:
    """What a process answers."""

    def __init__(self) -> None:
        self._wordings: Mapping[str, Wordings] = {}

    def to(self, request: Any) -> Any:
        """Answer a request of `Crew`."""
        what, given = request
        if what == "rules":
            self._wordings = given.wordings()
            return None
        if what == "look":
            return [look(Memo.model_validate_json(json)) for json in given]
        memos = ((Memo.model_validate_json(json), json, *rest) for json, *rest in given)
        return drafted(((Seen(*seen), language) for *seen, language in memos), self._wordings)
