"""Where is the index over the library kept between two runs of the program?

In a file beside an SQLite database. It may be deleted at any time: it only saves the time to find everything out again.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.observability import log
from bot.opening import index_file
from bot.storage import Store, version_of
from retrieval import Index, OpenedIndex, keep, kept_index


def _file(store: Store) -> Path | None:
    """The file; None for a database that has no place on this machine."""
    database = store.database.address.file
    return index_file(database) if database else None


async def found_of(store: Store) -> OpenedIndex | None:
    """The index that an earlier run left, over the library as it was then; None where there is none."""
    file = _file(store)
    return await asyncio.to_thread(kept_index, file) if file else None


def kept_at(store: Store) -> float:
    """When the index was kept (seconds of the epoch); 0 where none is."""
    file = _file(store)
    with suppress(OSError):
        return file.stat().st_mtime if file else 0.0
    return 0.0


async def keep_index(store: Store, index: Index, digests: Mapping[str, str]) -> bool:
    """Keep `index`, whose memos have these digests, where there is a place for it; False where that failed.

    The next run then takes longer; it is logged.
    """
    file = _file(store)
    if file is None:
        return True
    try:
        await asyncio.to_thread(lambda: keep(index, digests, version_of(digests), file))
    except OSError as trouble:
        log.warning("index_not_kept", reason=trouble.strerror or type(trouble).__name__)
        return False
    return True
