"""What becomes of the memos whose removal waits for a yes, once somebody says it?"""

import os
from collections.abc import Sequence
from pathlib import Path

from bot.folders.keeping import Outcome, add, utc_now
from bot.folders.looking import path_of, written
from bot.folders.removals import Removals
from bot.storage import Batch, Store
from retrieval import ReadingLimits

ASK_ALWAYS = 0.0
"""The share at which no removal is made that nobody said yes to."""


async def waiting(store: Store, folders: Sequence[Path] = ()) -> dict[Path, int]:
    """How many memos of each folder wait for a yes, by folder; of `folders` alone, where some are named.

    Of a folder that is named and is not there any more those are all of its memos.
    """
    held = {root: memos for root, memos, _ in await store.files.held()}
    if not folders:
        return {path_of(root): memos for root, memos in held.items()}
    found = {folder: held.get(_root(folder)) or await _left_of(store, folder) for folder in folders}
    return {folder: memos for folder, memos in found.items() if memos}


async def confirm(store: Store, folder: Path, memos: int, limits: ReadingLimits) -> Outcome:
    """Let the memos go whose files are gone from the folder, if they are `memos` or fewer; else they go on waiting."""
    if folder.is_dir():  # noqa: ASYNC240 - once, before anything runs
        return await add(
            store, [folder], restore=False, removals=Removals(ASK_ALWAYS, confirmed=memos), limits=limits
        )
    known = await store.files.known(_root(folder))
    changes = await store.files.apply([Batch(known, gone=tuple(known.files))], utc_now())
    return Outcome(changes, failed=(), read=0, passed=0, moved=0, held={})


async def _left_of(store: Store, folder: Path) -> int:
    """How many memos a folder left that is not there any more."""
    if folder.exists():  # noqa: ASYNC240 - as above
        return 0
    known = await store.files.known(_root(folder))
    return sum(given.owns for file in known.files.values() for given in file.gave)


def _root(folder: Path) -> str:
    return written(os.path.realpath(folder))
