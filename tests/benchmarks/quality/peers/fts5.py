"""How does SQLite's full-text search do, with its own way of showing a match?"""

import sqlite3
from collections.abc import Sequence

from tests.benchmarks.quality.engine import MAX_CHARS, Engine, Found
from tests.benchmarks.quality.question_sets import Document
from tests.benchmarks.quality.words import STOP_WORDS, words

_TOKENS = 48  # about 300 characters; more are cut off


class FTS5(Engine):
    """SQLite FTS5 with its porter tokenizer; stop words are left out of questions."""

    name = "SQLite FTS5, porter + stop words"

    @classmethod
    def version(cls) -> str:
        return sqlite3.sqlite_version

    def index(self, documents: Sequence[Document]) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute("create virtual table d using fts5(body, tokenize='porter unicode61')")
        self._database.executemany(
            "insert into d(rowid, body) values (?, ?)", enumerate(document.text for document in documents)
        )
        self._database.execute("insert into d(d) values ('optimize')")

    def search(self, question: str, k: int) -> list[Found]:
        rows = self._database.execute(
            "select rowid, rank from d where d match ? order by rank limit ?", (_query(question), k)
        )
        return [Found(place, -rank) for place, rank in rows]

    def quotes(self, question: str, found: Sequence[Found]) -> list[str]:
        shown = "select snippet(d, 0, '', '', '', ?) from d where d match ? and rowid = ?"
        rows = (
            self._database.execute(shown, (_TOKENS, _query(question), place)).fetchone() for place, _ in found
        )
        return [row[0][:MAX_CHARS] for row in rows]

    def close(self) -> None:
        self._database.close()


def _query(question: str) -> str:
    asked = words(question.lower())
    kept = [word for word in asked if word not in STOP_WORDS] or asked
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(kept)) or '"zzzz"'
