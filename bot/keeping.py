"""Where is what was found out about the memos kept between two runs of the program?

In a file beside an SQLite database. It may be deleted at any time: it only saves the time to find everything out again.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bot.observability import log
from bot.storage import Store
from retrieval import Index, Known, Memo, keep, kept

Keyed = Mapping[str, tuple[str, Memo]]
"""Memos by id, each with its digest."""


def index_file(store: Store) -> Path | None:
    """The file; None for a database that has no place on this machine."""
    file = store.database.address.file
    return file.with_name(f"{file.name}.index") if file else None


async def known_of(store: Store, memos: Keyed) -> Known | None:
    """What an earlier run found out about `memos`; None where nothing is kept."""
    file = index_file(store)
    return await asyncio.to_thread(kept, file, memos) if file else None


async def keep_index(store: Store, index: Index, digests: Mapping[str, str]) -> None:
    """Keep what `index` found out. Where that fails the next run takes longer; it is logged."""
    file = index_file(store)
    if file is None:
        return
    try:
        await asyncio.to_thread(keep, index.known, digests, file)
    except OSError as trouble:
        log.warning("index_not_kept", reason=trouble.strerror or type(trouble).__name__)
