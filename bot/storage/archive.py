"""What of the library moves in and out as a whole?

Every version of every memo with the times when it came and went, and what people said about memos by command. What
belongs to this place and not to the memos stays: questions, answers, channels, secrets (`backup` copies those).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import AlreadyThere
from bot.storage.corpus import EMPTY, THE_ROW, lock_corpus, moved
from bot.storage.database import Database
from bot.storage.memos import MOST_AT_ONCE, batched, row_of
from bot.storage.tables import CORPUS, CORRECTIONS, MEMO_COLLECTIONS, MEMO_VERSIONS
from retrieval import Memo

SAID = {
    "collections": (MEMO_COLLECTIONS, ("memo_id", "name", "belongs", "said_by", "said_at")),
    "corrections": (
        CORRECTIONS,
        ("memo_id", "sha256", "title", "published", "corrected_by", "corrected_at"),
    ),
}
"""What people said about memos: tables that go along, and which of their columns."""


class Kept(NamedTuple):
    """A time that a version was current, as it is kept: `body` is the memo as JSON, `digest` the hash of that."""

    memo_id: str
    digest: str
    body: str
    came: datetime
    went: datetime | None


class Archive(NamedTuple):
    """All versions, oldest first for each memo; what people said of them, by table; until when the past has gaps."""

    version: str
    forgotten_before: datetime | None
    versions: tuple[Kept, ...]
    said: dict[str, tuple[dict[str, Any], ...]]


class TakenIn(NamedTuple):
    """The ids of the memos that came, and of those that were there already, the same in every version."""

    added: tuple[str, ...]
    unchanged: tuple[str, ...]


class ArchiveStore:
    """Reads the library out, and takes one in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self) -> Archive:
        """Everything, as it stood at one moment."""
        async with self._database.read() as connection:
            if (
                not self._database.address.is_sqlite
            ):  # where a transaction is a snapshot only if it is asked to be
                await connection.execution_options(isolation_level="REPEATABLE READ")
            corpus = (await connection.execute(select(CORPUS))).first()
            columns = [MEMO_VERSIONS.c[name] for name in Kept._fields]
            ordered = select(*columns).order_by(MEMO_VERSIONS.c.memo_id, MEMO_VERSIONS.c.id)
            versions = (await connection.execute(ordered)).all()
            said = {name: await _rows(connection, name) for name in SAID}
        return Archive(
            version=corpus.version if corpus else EMPTY,
            forgotten_before=corpus.forgotten_before if corpus else None,
            versions=tuple(Kept(*row) for row in versions),
            said=said,
        )

    async def take_in(self, archive: Archive) -> TakenIn:
        """Add every memo of `archive` with its past, all of them or none.

        One that is here already must be the same in every version; else AlreadyThere names it and nothing changes.
        """
        given: defaultdict[str, list[Kept]] = defaultdict(list)
        for kept in archive.versions:
            given[kept.memo_id].append(kept)
        async with self._database.write() as connection:
            version = await lock_corpus(self._database, connection)
            here = await _here(connection, list(given))
            if differing := sorted(each for each in here if here[each] != set(map(_when, given[each]))):
                raise AlreadyThere(differing)
            new = [memo_id for memo_id in given if memo_id not in here]
            rows = [_row(kept) for memo_id in new for kept in given[memo_id]]
            for some in batched(rows, MOST_AT_ONCE):
                await connection.execute(insert(MEMO_VERSIONS), list(some))
            for name in SAID:
                await self._take_in_said(connection, name, set(new), archive.said.get(name, ()))
            came = {row["memo_id"]: row["digest"] for row in rows if row["went"] is None}
            await self._settle(connection, moved(version, came, {}), archive.forgotten_before)
        return TakenIn(tuple(new), tuple(here))

    async def _take_in_said(
        self, connection: AsyncConnection, name: str, new: set[str], said: Iterable[dict[str, Any]]
    ) -> None:
        table, _ = SAID[name]
        if rows := [row for row in said if row["memo_id"] in new]:
            await connection.execute(self._database.insert_or_skip(table), rows)

    async def _settle(self, connection: AsyncConnection, version: str, forgotten: datetime | None) -> None:
        known: datetime | None = await connection.scalar(select(CORPUS.c.forgotten_before))
        gaps = max((each for each in (known, forgotten) if each), default=None)
        change = update(CORPUS).where(CORPUS.c.id == THE_ROW)
        await connection.execute(change.values(version=version, forgotten_before=gaps))


async def _rows(connection: AsyncConnection, name: str) -> tuple[dict[str, Any], ...]:
    table, names = SAID[name]
    order = table.c.id if "id" in table.c else table.c.memo_id
    found = await connection.execute(select(*(table.c[each] for each in names)).order_by(order))
    return tuple(dict(row) for row in found.mappings())


async def _here(
    connection: AsyncConnection, memo_ids: Sequence[str]
) -> dict[str, set[tuple[str, datetime, datetime | None]]]:
    """When which version of these memos was current here, by memo; without those that are not known here."""
    columns = [MEMO_VERSIONS.c[name] for name in ("memo_id", "digest", "came", "went")]
    here: defaultdict[str, set[tuple[str, datetime, datetime | None]]] = defaultdict(set)
    for some in batched(memo_ids, MOST_AT_ONCE):
        for row in await connection.execute(select(*columns).where(MEMO_VERSIONS.c.memo_id.in_(some))):
            here[row.memo_id].add((row.digest, row.came, row.went))
    return dict(here)


def _when(kept: Kept) -> tuple[str, datetime, datetime | None]:
    return kept.digest, kept.came, kept.went


def _row(kept: Kept) -> dict[str, Any]:
    row = row_of(Memo.model_validate_json(kept.body), kept.came)
    return row | {"digest": kept.digest, "body": kept.body, "went": kept.went}
