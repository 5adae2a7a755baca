"""How do Quoth's own figures come about? One phase in one process: `python -m tests.benchmarks.speed.ours`.

Two rows. "quoth, BM25" is what stands beside the other engines: the analysis of a question and the ten best passages,
from an index of postings alone, by the product's own parts. "quoth, answers" is what a user waits for: a whole answer,
quotes and highlights, from the whole index over memos.
"""

import asyncio
import gc
import json
import os
import resource
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bot.library import Library
from bot.storage import open_store
from retrieval import Index, Memo, answer, build_index, carry_on, cores, keep, open_index
from retrieval.analysis import Piece, analyzer
from retrieval.arrays import read_arrays, write_arrays
from retrieval.drafting import ByNumber
from retrieval.postings import KeptPostings, Postings
from retrieval.ranking import Ranked, TermWeight, ranked
from retrieval.texts import Texts

FIRST = "what is the purpose of this memo"
WARM_UP = 300
LONGEST = 90.0  # seconds
CHANGES = 15
MOST_ALONE = 200_000  # passages that are a memo each
PARALLEL = 4_000  # questions to a process or thread
ROUNDS = 7

Figures = dict[str, Any]


class BM25Alone:
    """The ten best passages of an index of postings."""

    def __init__(self, place: Path) -> None:
        self._file = place / "bm25.index"
        self._analyze = analyzer("en")
        self._vocabulary: dict[str, int] = {}

    def build(self, documents: Iterator[str]) -> None:
        terms, lengths = array("i"), array("i")
        numbers = _Numbers(self._vocabulary)
        by_number = ByNumber(self._analyze.numbered, numbers)
        for text in documents:
            found = self._analyze.numbers(text)
            if found is None:
                some = list(map(numbers.__getitem__, self._analyze.pieces(text)))
            else:
                some = list(map(by_number.__getitem__, found))
            terms.fromlist(some)
            lengths.append(len(some))
        flat, counted = np.frombuffer(terms, np.int32), np.frombuffer(lengths, np.int32)
        self._postings = Postings(flat, counted, len(self._vocabulary))

    def save(self) -> None:
        words = Texts.of(self._vocabulary)
        arrays = {**self._postings.arrays(), "text": words.values, "edges": words.edges}
        write_arrays(self._file, {}, arrays)

    def load(self) -> None:
        found = read_arrays(self._file)
        assert found, "no index was built"
        words = Texts(found.arrays["text"], found.arrays["edges"]).all()
        self._vocabulary = dict(zip(words, range(len(words)), strict=True))
        self._postings = KeptPostings(found.arrays)

    def search(self, question: str, k: int = 10) -> list[Ranked]:
        known, postings = self._vocabulary, self._postings
        found = (known.get(piece[0]) for piece in self._analyze.pieces(question))
        return ranked([TermWeight(postings, term, 1.0) for term in found if term is not None], k)

    def answered(self, questions: list[str]) -> int:
        """How many of these find anything."""
        return sum(bool(self.search(each)) for each in questions)


class _Numbers(dict[Piece, int]):
    """The number of each piece's term; a new term gets the next."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self._vocabulary = vocabulary

    def __missing__(self, piece: Piece) -> int:
        number = self[piece] = self._vocabulary.setdefault(piece.term, len(self._vocabulary))
        return number


def build(place: Path, documents: Path) -> Figures:
    engine = BM25Alone(place)
    began = time.perf_counter()
    engine.build(texts(documents))
    engine.save()
    seconds = time.perf_counter() - began
    return {"build_s": seconds, "build_peak_mb": peak(), "disk_mb": size(place / "bm25.index")}


def query(place: Path, questions: list[str]) -> Figures:
    engine = BM25Alone(place)
    load_s, first_ms = opening(engine.load, lambda: engine.search(FIRST))
    return {
        "load_s": load_s,
        "first_query_ms": first_ms,
        **timed(engine.search, questions),
        "query_peak_mb": peak(),
    }


def opened(place: Path) -> Figures:
    """Opening on every core, untouched and after a touch, when a large file is looked through: postings, whole index."""
    figures, memos = {}, place / "memos.index"
    for name, file, load in (
        ("open", place / "bm25.index", BM25Alone(place).load),
        ("whole_open", memos, lambda: open_index(memos, "all")),
    ):
        figures[f"{name}_s"], _ = opening(load, lambda: None)
        file.touch()
        figures[f"{name}_touched_s"], _ = opening(load, lambda: None)
    time.sleep(1)
    for load in (BM25Alone(place).load, lambda: open_index(memos, "all")):
        load()  # so that they are known to be whole again, as what the product wrote is
    return figures


def parallel(place: Path, questions: list[str]) -> Figures:
    """Questions a second: by one process, by two, which map the same file, and by two threads of one.

    The medians of some rounds, in turns.
    """
    many = (questions * (PARALLEL // len(questions) + 1))[:PARALLEL]
    engine = BM25Alone(place)
    engine.load()
    found: dict[str, list[float]] = {}

    def asked(name: str, parts: int, ask: Callable[[], object]) -> None:
        began = time.perf_counter()
        ask()
        found.setdefault(f"questions a second, {name}", []).append(
            parts * PARALLEL / (time.perf_counter() - began)
        )

    with (
        ProcessPoolExecutor(2, initializer=_open_here, initargs=(place,)) as pool,
        ThreadPoolExecutor(2) as threads,
    ):
        list(pool.map(_warm, [many[:WARM_UP]] * 2))
        for _ in range(ROUNDS):
            asked("one", 1, lambda: list(pool.map(_warm, [many])))
            asked("two processes", 2, lambda: list(pool.map(_warm, [many] * 2)))
            asked("two threads", 2, lambda: list(threads.map(engine.answered, [many] * 2)))
    return {name: float(np.median(each)) for name, each in found.items()}


def answers(place: Path, documents: Path, questions: list[str]) -> Figures:
    """Whole answers, from the whole index over memos: built once, then opened where it lies."""
    file = place / "memos.index"
    if not file.exists():
        memos = [
            Memo(id=str(number), title="", text=text) for number, text in enumerate(_together(documents))
        ]
        began = time.perf_counter()
        index = build_index(memos, workers=cores())
        keep(index, {}, "all", file)
        return {
            "whole_passages": len(index.passages),
            "whole_build_s": time.perf_counter() - began,
            "whole_peak_mb": peak(),
            "whole_disk_mb": size(file),
        }
    opened: Any = None

    def load() -> None:
        nonlocal opened
        opened = open_index(file, "all")

    load_s, first_ms = opening(load, lambda: answer(opened, FIRST, threshold=0))
    found = timed(lambda question: answer(opened, question, threshold=0), questions)
    return {
        "whole_load_s": load_s,
        "whole_first_ms": first_ms,
        **{f"whole_{name}": value for name, value in found.items()},
    }


def _together(documents: Path) -> Iterator[str]:
    """The texts of memos: of many passages each ten make one, as in a real library, and fit the machine's memory."""
    with documents.open(encoding="utf-8") as lines:
        many = sum(1 for _ in lines) > MOST_ALONE
    some = texts(documents)
    while together := list(islice(some, 10 if many else 1)):
        yield "\n\n".join(together)


def cold(place: Path, documents: Path, questions: list[str]) -> Figures:
    """`quoth ask` from a cold start over a library of these passages, by the clock."""
    database = place / "library.db"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
    command = [sys.executable, "-m", "bot", "ask", questions[0]]
    if not database.exists():
        memos = [Memo(id=str(number), title="", text=text) for number, text in enumerate(texts(documents))]

        async def fill() -> None:
            async with open_store(f"sqlite:///{database}") as store:
                await store.memos.add(memos, datetime.now(UTC))

        asyncio.run(fill())
        subprocess.run(command, env=environment, check=False, capture_output=True)  # the one that builds
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, env=environment, check=False, capture_output=True)
        taken.append(time.perf_counter() - began)
    return {"cold_ask_s": sorted(taken)[2]}


def change(place: Path, documents: Path, questions: list[str]) -> Figures:
    """One memo more, another, one less, in an index that lies in a file: how long until a question finds it so."""
    del documents, questions
    index = open_index(place / "memos.index", "all")
    assert index, "no index was built"
    index.warm()
    taken: dict[str, list[float]] = {"add_ms": [], "alter_ms": [], "remove_ms": []}
    changed: Index | None = index
    for number in range(CHANGES):
        word, later = (f"{start}memo{chr(97 + number)}" for start in ("zyx", "qwv"))
        for name, news, gone, wanted, there in (
            ("add_ms", [_about(word, word)], (), word, True),
            ("alter_ms", [_about(word, later)], (), later, True),
            ("remove_ms", [], (word,), later, False),
        ):
            began = time.perf_counter()
            changed = changed and carry_on(changed, news, gone)
            assert changed, "the change was left to a new index"
            assert bool(changed.search(wanted)) is there
            taken[name].append(1e3 * (time.perf_counter() - began))
    return {name: float(np.median(times)) for name, times in taken.items()}


def _about(memo_id: str, word: str) -> Memo:
    return Memo(
        id=memo_id, title="", text=f"The memo about {word} says that the travel policy is in effect in March."
    )


def through(place: Path, documents: Path, questions: list[str]) -> Figures:
    """The same through a library and its database: from handing a memo to the store until a question finds it."""
    del documents, questions

    async def measured() -> list[float]:
        taken = []
        async with open_store(f"sqlite:///{place / 'library.db'}") as store:
            library = Library(store)
            await library.refresh()
            for number in range(CHANGES):
                word = f"zyxmemo{number}"
                began = time.perf_counter()
                await store.memos.add([_about(word, word)], datetime.now(UTC))
                await library.refresh()
                assert library.index.search(word)
                taken.append(1e3 * (time.perf_counter() - began))
            for number in range(CHANGES):
                await store.memos.remove(f"zyxmemo{number}", datetime.now(UTC))
        return taken

    return {"through_ms": float(np.median(asyncio.run(measured())))}


def opening(load: Callable[[], object], ask: Callable[[], object]) -> tuple[float, float]:
    """Seconds to load, milliseconds of the first question."""
    began = time.perf_counter()
    load()
    loaded = time.perf_counter()
    ask()
    return loaded - began, 1e3 * (time.perf_counter() - loaded)


def timed(ask: Callable[[str], object], questions: list[str]) -> Figures:
    """Percentiles in milliseconds, after some to warm up."""
    for question in questions[::-1][:WARM_UP]:
        ask(question)
    gc.disable()
    taken = []
    began = time.perf_counter()
    for question in questions:
        asked = time.perf_counter()
        ask(question)
        taken.append(1e3 * (time.perf_counter() - asked))
        if time.perf_counter() - began > LONGEST:
            break
    gc.enable()
    p50, p99 = np.percentile(taken, [50, 99])
    return {"p50_ms": float(p50), "p99_ms": float(p99), "n": len(taken)}


def texts(documents: Path) -> Iterator[str]:
    with documents.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def size(file: Path) -> float:
    return file.stat().st_size / 1e6


def _open_here(place: Path) -> None:
    global _HERE  # noqa: PLW0603 - one engine a process
    _HERE = BM25Alone(place)
    _HERE.load()


_HERE: BM25Alone


def _warm(questions: list[str]) -> int:
    return _HERE.answered(questions)


def main() -> None:
    """`PHASE PLACE DOCUMENTS QUESTIONS`: print the figures as a line of JSON."""
    phase, place, documents = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    questions = json.loads(Path(sys.argv[4]).read_text(encoding="utf-8"))
    phases: dict[str, Callable[[], Figures]] = {
        "build": lambda: build(place, documents),
        "query": lambda: query(place, questions),
        "opened": lambda: opened(place),
        "parallel": lambda: parallel(place, questions),
        "answers": lambda: answers(place, documents, questions),
        "cold": lambda: cold(place, documents, questions),
        "change": lambda: change(place, documents, questions),
        "through": lambda: through(place, documents, questions),
    }
    sys.stdout.write(f"RESULT {json.dumps(phases[phase]())}\n")


if __name__ == "__main__":
    main()
