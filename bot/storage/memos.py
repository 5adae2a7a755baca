"""Which memos are current, which were, and how does one tell that they changed?"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256 as hash_of
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Frozen
from bot.storage.corpus import Mark, lock_corpus, mark_of, moved, set_version, version_in
from bot.storage.corrections import MemoKey, corrected, kept
from bot.storage.database import Database
from bot.storage.tables import MEMO_VERSIONS
from retrieval import Memo

T = TypeVar("T")

MOST_AT_ONCE = 500
"""Values in one query; databases limit them."""

CLOCKS_DIFFER = timedelta(minutes=10)
"""By how much the clocks of processes that share a database may differ before the whole library is compared."""

IS_CURRENT = MEMO_VERSIONS.c.went.is_(None)


Row = dict[str, Any]
"""A row of MEMO_VERSIONS."""


class Changes(NamedTuple):
    """The ids of the memos that were added, changed, found unchanged, and removed."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...] = ()


class MemoLine(Frozen):
    """What a list of memos shows of one. `came` is when this version did."""

    memo_id: str
    title: str
    author: str | None
    published: date | None
    source: str
    sha256: str
    characters: int
    came: datetime


class Difference(NamedTuple):
    """How the current memos differ from others: the new or other ones by id, with their digests, and the ids gone."""

    news: dict[str, tuple[str, Memo]]
    gone: tuple[str, ...]


class MemoStore:
    """Memos, every version of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, memos: Iterable[Memo], now: datetime) -> Changes:
        """Make `memos` current from `now` on, all of them or none. Of two with one id the later counts."""
        rows = await rows_of(memos, now)
        async with self._database.write() as connection:
            return await self.change(connection, rows, (), now)

    async def remove(self, memo_id: str, now: datetime) -> bool:
        """End the current version at `now` (it can still be had by its hash); False where there is none."""
        async with self._database.write() as connection:
            return bool((await self.change(connection, (), (memo_id,), now)).removed)

    async def change(
        self, connection: AsyncConnection, rows: Sequence[Row], removed: Collection[str], now: datetime
    ) -> Changes:
        """Within a transaction: make what `rows_of` made current, and end what is current of the ids `removed`.

        The one place where the set of current memos changes.
        """
        version = await self.lock(connection)
        rows = await _corrected(connection, rows)
        current = await _digests_of(connection, [*(row["memo_id"] for row in rows), *removed])
        news = [row for row in rows if current.get(row["memo_id"]) != row["digest"]]
        came = {row["memo_id"]: row["digest"] for row in news}
        changed = {memo_id: current[memo_id] for memo_id in came if memo_id in current}
        given = {row["memo_id"] for row in rows}
        gone = {each: current[each] for each in removed if each in current and each not in given}
        left = changed | gone
        await _end(connection, left, now)
        if news:
            await connection.execute(insert(MEMO_VERSIONS), news)
        if came or left:
            await set_version(connection, moved(version, came, left))
        return Changes(
            added=tuple(memo_id for memo_id in came if memo_id not in changed),
            changed=tuple(changed),
            unchanged=tuple(row["memo_id"] for row in rows if row["memo_id"] not in came),
            removed=tuple(gone),
        )

    async def lock(self, connection: AsyncConnection) -> str:
        """Within a transaction: the version, and until its end nobody else changes memos."""
        return await lock_corpus(self._database, connection)

    async def get(self, memo_id: str, sha256: str | None = None) -> Memo | None:
        """The current version; with `sha256` (of the source file) that version, even if it is gone."""
        wanted = select(MEMO_VERSIONS.c.body).where(MEMO_VERSIONS.c.memo_id == memo_id)
        wanted = wanted.where(IS_CURRENT if sha256 is None else MEMO_VERSIONS.c.sha256 == sha256)
        async with self._database.read() as connection:
            body = await connection.scalar(wanted.order_by(MEMO_VERSIONS.c.id.desc()).limit(1))
        return Memo.model_validate_json(body) if body else None

    async def all(self) -> list[Memo]:
        """The current memos, ordered by id."""
        async with self._database.read() as connection:
            bodies = (await connection.scalars(select(MEMO_VERSIONS.c.body).where(IS_CURRENT))).all()
        return await asyncio.to_thread(as_memos, bodies)

    async def difference(self, held: Mapping[str, str]) -> Difference:
        """What has changed for somebody who holds memos with these digests (by id); only those texts are read."""
        async with self._database.read() as connection:
            current = await _current_digests(connection)
            ids = [memo_id for memo_id, digest in current.items() if held.get(memo_id) != digest]
            rows = await _read(connection, ids)
        news = await asyncio.to_thread(_parsed, rows)
        return Difference(news, tuple(memo_id for memo_id in held if memo_id not in current))

    async def mark(self) -> Mark:
        """Where the library stands now."""
        async with self._database.read() as connection:
            return await mark_of(connection)

    async def since(
        self, mark: Mark, digest_of: Callable[[str], str | None]
    ) -> tuple[Mark, Difference] | None:
        """What has changed for somebody who stands at `mark` and holds memos with these digests, and where it stands.

        Only what changed is read. None where that does not add up to the library's version (another's clock is wrong,
        rows were pruned): then `difference` is to be asked.
        """
        rows, ended = MEMO_VERSIONS.c, MEMO_VERSIONS.c.went
        lately = ended.is_not(None) if mark.ended is None else ended >= mark.ended - CLOCKS_DIFFER
        async with self._database.read() as connection:
            now = await mark_of(connection)
            touched = set((await connection.scalars(select(rows.memo_id).where(rows.id > mark.last))).all())
            touched.update((await connection.scalars(select(rows.memo_id).where(lately))).all())
            current = await _digests_of(connection, sorted(touched))
            held = {memo_id: digest for memo_id in touched if (digest := digest_of(memo_id))}
            came = {memo_id: digest for memo_id, digest in current.items() if held.get(memo_id) != digest}
            left = {memo_id: digest for memo_id, digest in held.items() if current.get(memo_id) != digest}
            if moved(mark.version, came, left) != now.version:
                return None
            news = await _read(connection, sorted(came))
        gone = tuple(sorted(memo_id for memo_id in left if memo_id not in current))
        return now, Difference(await asyncio.to_thread(_parsed, news), gone)

    async def listing(self) -> list[MemoLine]:
        """A line for each current memo, ordered by id; the texts are not read."""
        columns = [MEMO_VERSIONS.c[name] for name in MemoLine.model_fields]
        async with self._database.read() as connection:
            rows = (await connection.execute(select(*columns).where(IS_CURRENT))).mappings().all()
        return sorted((MemoLine.model_validate(dict(row)) for row in rows), key=lambda line: line.memo_id)

    async def count(self) -> int:
        """How many memos are current."""
        async with self._database.read() as connection:
            return await connection.scalar(select(func.count()).where(IS_CURRENT)) or 0

    async def version(self) -> str:
        """The version of the set of current memos: changes exactly when the set does (and back when it does)."""
        async with self._database.read() as connection:
            return await version_in(connection)


async def _corrected(connection: AsyncConnection, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, those of memos that somebody corrected made anew."""
    corrections = await kept(connection) if rows else {}
    if not corrections:
        return rows
    said = [(row, corrections.get(MemoKey(row["memo_id"], row["sha256"]))) for row in rows]
    return [
        row_of(corrected(Memo.model_validate_json(row["body"]), correction), row["came"])
        if correction
        else row
        for row, correction in said
    ]


async def _current_digests(connection: AsyncConnection) -> dict[str, str]:
    rows = await connection.execute(select(MEMO_VERSIONS.c.memo_id, MEMO_VERSIONS.c.digest).where(IS_CURRENT))
    return {row.memo_id: row.digest for row in rows}


async def _digests_of(connection: AsyncConnection, memo_ids: Sequence[str]) -> dict[str, str]:
    """The digests of these memos, of those that are current."""
    found: dict[str, str] = {}
    for some in batched(memo_ids, MOST_AT_ONCE):
        wanted = select(MEMO_VERSIONS.c.memo_id, MEMO_VERSIONS.c.digest)
        rows = await connection.execute(wanted.where(IS_CURRENT, MEMO_VERSIONS.c.memo_id.in_(some)))
        found |= {row.memo_id: row.digest for row in rows}
    return found


async def _read(connection: AsyncConnection, memo_ids: Sequence[str]) -> list[Any]:
    """Id, digest and text of these memos."""
    columns = MEMO_VERSIONS.c.memo_id, MEMO_VERSIONS.c.digest, MEMO_VERSIONS.c.body
    rows: list[Any] = []
    for some in batched(memo_ids, MOST_AT_ONCE):
        wanted = select(*columns).where(IS_CURRENT, MEMO_VERSIONS.c.memo_id.in_(some))
        rows += (await connection.execute(wanted)).all()
    return rows


def _parsed(rows: Iterable[Any]) -> dict[str, tuple[str, Memo]]:
    """Memos with their digests, by id, in its order."""
    return {memo_id: (digest, Memo.model_validate_json(body)) for memo_id, digest, body in sorted(rows)}


async def _end(connection: AsyncConnection, memo_ids: Iterable[str], now: datetime) -> None:
    ending = update(MEMO_VERSIONS).where(MEMO_VERSIONS.c.memo_id == bindparam("ending"), IS_CURRENT)
    if rows := [{"ending": memo_id, "went": now} for memo_id in memo_ids]:
        await connection.execute(ending.values(went=bindparam("went")), rows)


async def rows_of(memos: Iterable[Memo], now: datetime) -> list[Row]:
    """Write `memos` down, off the event loop, for `MemoStore.change`. Of two with one id the later counts."""
    given = {memo.id: memo for memo in memos}
    return await asyncio.to_thread(lambda: [row_of(memo, now) for memo in given.values()])


def row_of(memo: Memo, now: datetime) -> Row:
    """Write one memo down as current from `now` on."""
    # Without defaults: a field that a later version adds does not make every memo a new version.
    body = memo.model_dump_json(exclude_defaults=True)
    return {
        "memo_id": memo.id,
        "digest": hash_of(body.encode()).hexdigest(),
        "sha256": memo.sha256,
        "title": _plain(memo.title),
        "author": _plain(memo.author) if memo.author else None,
        "published": memo.published.isoformat() if memo.published else None,
        "source": _plain(memo.source),
        "characters": len(memo.text),
        "body": body,
        "came": now,
    }


def _plain(text: str) -> str:
    """For a column of its own: PostgreSQL takes no NUL there. The memo itself keeps it, escaped in JSON."""
    return text.replace("\0", "\ufffd")


def batched(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`things` in stretches of at most `size`."""
    return (things[start : start + size] for start in range(0, len(things), size))


def as_memos(bodies: Iterable[str]) -> list[Memo]:
    """Memos as they are kept, read again and ordered by id."""
    return sorted((Memo.model_validate_json(body) for body in bodies), key=lambda memo: memo.id)
