"""How does one tell that the set of current memos changed?

By its version, a sum over the memos, which whoever changes the set moves on. A mark also tells which rows there were.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256 as hash_of
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import CORPUS, MEMO_VERSIONS

EMPTY = "0" * 64
"""The version of a library without memos."""

THE_ROW = 1


LAST_ENDED = select(func.max(MEMO_VERSIONS.c.went)).where(MEMO_VERSIONS.c.went.is_not(None))
"""When a row ended last. That one did must be said: else all rows are read, and not the index over those that did."""


class Mark(NamedTuple):
    """Where in the history of the library somebody stands: its version, the last row, and when one ended last."""

    version: str
    last: int
    ended: datetime | None


async def lock_corpus(database: Database, connection: AsyncConnection) -> str:
    """The version, locked: until this transaction ends nobody else changes memos."""
    await connection.execute(database.insert_or_skip(CORPUS), {"id": THE_ROW, "version": EMPTY})
    return str(
        await connection.scalar(select(CORPUS.c.version).where(CORPUS.c.id == THE_ROW).with_for_update())
    )


async def set_version(connection: AsyncConnection, version: str) -> None:
    """Within a transaction that locked it: the version is this from now on."""
    await connection.execute(update(CORPUS).where(CORPUS.c.id == THE_ROW).values(version=version))


async def version_in(connection: AsyncConnection) -> str:
    """The version of the set of current memos."""
    return await connection.scalar(select(CORPUS.c.version).where(CORPUS.c.id == THE_ROW)) or EMPTY


async def mark_of(connection: AsyncConnection) -> Mark:
    """Where the library stands now."""
    last = await connection.scalar(select(func.max(MEMO_VERSIONS.c.id)))
    ended = await connection.scalar(LAST_ENDED)
    return Mark(await version_in(connection), last or 0, ended)


def version_of(digests: Mapping[str, str]) -> str:
    """The version of a set of memos, given their digests by id."""
    return moved(EMPTY, dict(digests), {})


def moved(version: str, came: dict[str, str], left: dict[str, str]) -> str:
    """The version after memos came and left: the sum of a hash for each, so that their order does not matter."""
    total = int(version, 16) + sum(map(_weight, came.items())) - sum(map(_weight, left.items()))
    return f"{total % 2**256:064x}"


def _weight(memo: tuple[str, str]) -> int:
    memo_id, digest = memo
    return int(hash_of(f"{digest} {memo_id}".encode()).hexdigest(), 16)
