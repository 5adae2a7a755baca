"""Is the index over the library that an earlier run left still the one that is wanted?

A question at the command line must not wait for what it does not need: where the kept index stands over the library
as it is, nothing but that library's version is read from the database, without what `bot.storage` takes to load.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from retrieval import Index, Superseded, Synonyms, corpus_of, open_index, remove_index


def index_file(database: Path) -> Path:
    """Where the index over the library in an SQLite file is kept."""
    return database.with_name(f"{database.name}.index")


def opened(database: Path, synonyms: Sequence[Synonyms], superseded: Superseded) -> Index | None:
    """The kept index, if it stands over just the memos that the SQLite file holds now."""
    kept = index_file(database)
    version = corpus_version(database) if kept.exists() else None
    return open_index(kept, version, synonyms, superseded) if version else None


def corpus_version(database: Path) -> str | None:
    """`MemoStore.version` of an SQLite file; None where it cannot be read, and `bot.storage` will know why."""
    for mode in ("rw", "ro"):  # one that may not write cannot tidy up what reading a write-ahead log leaves
        try:
            with closing(
                sqlite3.connect(f"{database.resolve().as_uri()}?mode={mode}", uri=True)
            ) as connection:
                row = connection.execute("SELECT version FROM corpus").fetchone()
        except (sqlite3.Error, OSError, ValueError):
            continue
        return str(row[0]) if row else None
    return None


def drop_stale(database: Path) -> None:
    """Remove the kept index if it is over other memos than the SQLite file holds now: it holds their text."""
    kept = index_file(database)
    if kept.exists() and corpus_of(kept) != (corpus_version(database) or ""):
        remove_index(kept)
