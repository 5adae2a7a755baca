"""How does Quoth stand in the table? Through its public door, the language left for it to find."""

import time
from collections.abc import Sequence
from importlib.metadata import version

import numpy as np

from retrieval import Answer, Memo, answer, build_index
from tests.benchmarks.quality.engine import MAX_CHARS, Engine, Found
from tests.benchmarks.quality.question_sets import Document


class Ours(Engine):
    """Quoth: each document a memo without title; every answer's time and every wrong quote is kept.

    Times are milliseconds: by the clock, and of the processor alone, which other work on the machine does not raise.
    """

    name = "quoth"

    def __init__(self, language: str = "en") -> None:
        super().__init__(language)
        self.milliseconds: list[float] = []
        self.processor: list[float] = []
        self.wrong_quotes = 0

    @classmethod
    def version(cls) -> str:
        return version("quoth")

    def index(self, documents: Sequence[Document]) -> None:
        self._position = {document.id: number for number, document in enumerate(documents)}
        self._index = build_index(Memo(id=each.id, title="", text=each.text) for each in documents)

    def search(self, question: str, k: int) -> list[Found]:
        """The best `k` documents; a document is found as well as its best passage."""
        asked = k
        while True:
            hits = self._index.search(question, asked)
            best: dict[str, float] = {}
            for hit in hits:
                best.setdefault(hit.passage.memo_id, hit.score)
            if len(best) >= k or len(hits) < asked:
                return [Found(self._position[memo], score) for memo, score in list(best.items())[:k]]
            asked *= 4  # several passages of one document: ask for more of them

    def answer(self, question: str, per_passage: int = 1) -> Answer:
        """The whole answer, never refused; timed, its quotes checked against the memos."""
        began, worked = time.perf_counter(), time.thread_time()
        given = answer(
            self._index, question, at_most=3, per_passage=per_passage, max_chars=MAX_CHARS, threshold=0
        )
        self.milliseconds.append(1000 * (time.perf_counter() - began))
        self.processor.append(1000 * (time.thread_time() - worked))
        self.wrong_quotes += sum(
            each.quote != each.span.of(self._index.memos[each.citation.memo_id].text)
            for each in given.excerpts
        )
        return given

    def times(self, what: str = "") -> dict[str, float]:
        """Percentiles of the answers so far, named after `what`; forgets them."""
        p50, p99 = np.percentile(self.milliseconds, [50, 99])
        figures = {"p50 ms": p50, "p99 ms": p99, "p99 processor ms": np.percentile(self.processor, 99)}
        self.milliseconds.clear()
        self.processor.clear()
        return {f"{what}{name}": round(float(value), 2) for name, value in figures.items()}

    def quotes(self, question: str, found: Sequence[Found]) -> list[str]:
        return [each.quote for each in self.answer(question).excerpts]

    def confidence(self, question: str) -> float:
        return self.answer(question).confidence
