"""Where is the index over the library kept between two runs of the program?

In a file beside an SQLite database. It may be deleted at any time: it only saves the time to find everything out again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.observability import log
from bot.opening import index_file
from bot.storage import Store, version_of
from retrieval import Index, Known, Memo, OpenedIndex, Superseded, Synonyms, keep, kept, open_index

Keyed = Mapping[str, tuple[str, Memo]]
"""Memos by id, each with its digest."""


def _file(store: Store) -> Path | None:
    """The file; None for a database that has no place on this machine."""
    database = store.database.address.file
    return index_file(database) if database else None


async def known_of(store: Store, memos: Keyed) -> Known | None:
    """What an earlier run found out about `memos`; None where nothing is kept."""
    file = _file(store)
    return await asyncio.to_thread(kept, file, memos) if file else None


async def opened_of(
    store: Store, version: str, synonyms: Sequence[Synonyms], superseded: Superseded
) -> OpenedIndex | None:
    """The index over all memos of this version of the library, as an earlier run left it; None where there is none."""
    file = _file(store)
    index = await asyncio.to_thread(open_index, file, version, synonyms, superseded) if file else None
    # An index that leaves hidden memos out does not know them.
    return index if index and len(index.memos) == await store.memos.count() else None


async def keep_index(store: Store, index: Index, digests: Mapping[str, str]) -> bool:
    """Keep `index`, whose memos have these digests; False where that failed.

    The next run then takes longer; it is logged.
    """
    file = _file(store)
    if file is None:
        return True
    try:
        await asyncio.to_thread(keep, index, digests, version_of(digests), file)
    except OSError as trouble:
        log.warning("index_not_kept", reason=trouble.strerror or type(trouble).__name__)
        return False
    return True
