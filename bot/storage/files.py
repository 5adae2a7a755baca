"""Which files were read into the library, how did they look then, and which memos did each give?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.memos import IS_CURRENT, Changes, MemoStore, rows_of
from bot.storage.tables import FILE_MEMOS, FILES, FOLDERS, MEMO_VERSIONS
from retrieval import Memo

READ_AGAIN = -1
"""A size that no file has: how a file is marked that has to be read again."""


class Given(NamedTuple):
    """A memo that a file gave. `owns`: no other file gave one of that id later."""

    memo_id: str
    source: str
    owns: bool = True


class KnownFile(NamedTuple):
    """A file as it was when it was read. `failure` says why it could not be; its memos are then those from before."""

    path: str
    size: int
    mtime_ns: int
    sha256: str | None
    reader: str
    failure: str | None
    seen: datetime
    gave: tuple[Given, ...] = ()


class KnownFolder(NamedTuple):
    """What is known of a folder: its files by path, and how many memos wait for a yes to their removal.

    `absent` are ids of memos that its files gave and that are not in the library any more.
    """

    root: str
    revision: int = 0
    held: int = 0
    files: Mapping[str, KnownFile] = {}
    absent: frozenset[str] = frozenset()


class Batch(NamedTuple):
    """What is to change in one folder, as `known`: files that were read or looked at, files gone, memos read."""

    known: KnownFolder
    files: Sequence[KnownFile] = ()
    gone: Collection[str] = ()
    memos: Sequence[Memo] = ()
    held: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.files or self.gone or self.memos) and self.held == self.known.held


class ChangedMeanwhile(Exception):
    """Somebody else changed the folder since it was looked up: look again."""


class FileStore:
    """The files of folders, and the memos that came from them."""

    def __init__(self, database: Database, memos: MemoStore) -> None:
        self._database, self._memos = database, memos

    async def known(self, root: str) -> KnownFolder:
        """What is known of the folder `root`; nothing of one that was never read."""
        async with self._database.read() as connection:
            folder = (await connection.execute(select(FOLDERS).where(FOLDERS.c.root == root))).first()
            if folder is None:
                return KnownFolder(root)
            rows = await connection.execute(select(FILES).where(FILES.c.folder_id == folder.id))
            links = await connection.execute(select(FILE_MEMOS).where(FILE_MEMOS.c.folder_id == folder.id))
            gave: dict[str, list[Given]] = defaultdict(list)
            for link in links:
                gave[link.path].append(Given(link.memo_id, link.source, link.owns))
            is_there = exists().where(MEMO_VERSIONS.c.memo_id == FILE_MEMOS.c.memo_id, IS_CURRENT)
            absent = select(FILE_MEMOS.c.memo_id).where(FILE_MEMOS.c.folder_id == folder.id, ~is_there)
            return KnownFolder(
                root,
                folder.revision,
                folder.held,
                {row.path: _file(row, gave.get(row.path, ())) for row in rows},
                frozenset(await connection.scalars(absent)),
            )

    async def held(self) -> list[tuple[str, int, datetime]]:
        """The folders whose removals wait for a yes: root, memos, since when."""
        waiting = select(FOLDERS.c.root, FOLDERS.c.held, FOLDERS.c.held_since).where(FOLDERS.c.held > 0)
        async with self._database.read() as connection:
            return [tuple(row) for row in await connection.execute(waiting.order_by(FOLDERS.c.root))]

    async def apply(self, batches: Iterable[Batch], now: datetime) -> Changes:
        """Write all of it down, the memos too, or nothing. Raises ChangedMeanwhile."""
        batches = [batch for batch in batches if not batch.is_empty]
        if not batches:
            return Changes((), (), ())
        rows = await rows_of([memo for batch in batches for memo in batch.memos], now)
        async with self._database.write() as connection:
            await self._memos.lock(connection)
            left: set[str] = set()
            came: set[str] = set()
            for batch in batches:
                folder_id = await self._locked(connection, batch, now)
                left |= await _owned(
                    connection, folder_id, {file.path for file in batch.files} | set(batch.gone)
                )
                await _write_files(connection, folder_id, batch)
                came |= {given.memo_id for file in batch.files for given in file.gave if given.owns}
            await _mark_others(connection, left - came)
            return await self._memos.change(connection, rows, left - came, now)

    async def _locked(self, connection: AsyncConnection, batch: Batch, now: datetime) -> int:
        """The folder's id, its row locked and counted up. Raises ChangedMeanwhile."""
        known = batch.known
        making = self._database.insert_or_skip(FOLDERS)
        await connection.execute(making, {"root": known.root, "revision": 0, "held": 0})
        is_it = and_(FOLDERS.c.root == known.root, FOLDERS.c.revision == known.revision)
        counting = update(FOLDERS).where(is_it).values(revision=known.revision + 1).returning(FOLDERS.c.id)
        folder_id = await connection.scalar(counting)
        if folder_id is None:
            raise ChangedMeanwhile(known.root)
        if batch.held != known.held:
            holding = {"held": batch.held, "held_since": now if batch.held else None}
            await connection.execute(update(FOLDERS).where(FOLDERS.c.id == folder_id).values(**holding))
        return int(folder_id)


async def _owned(connection: AsyncConnection, folder_id: int, paths: Collection[str]) -> set[str]:
    """The ids that these files of the folder own just now."""
    wanted = select(FILE_MEMOS.c.path, FILE_MEMOS.c.memo_id)
    rows = await connection.execute(wanted.where(FILE_MEMOS.c.folder_id == folder_id, FILE_MEMOS.c.owns))
    return {row.memo_id for row in rows if row.path in paths}


async def _write_files(connection: AsyncConnection, folder_id: int, batch: Batch) -> None:
    """Replace what is known of the batch's files; the ids that they give are theirs from now on."""
    leaving = [{"leaving": path} for path in {*batch.gone, *(file.path for file in batch.files)}]
    going = delete(FILES).where(FILES.c.folder_id == folder_id, FILES.c.path == bindparam("leaving"))
    links = [(file.path, given) for file in batch.files for given in file.gave]
    losing = update(FILE_MEMOS).where(FILE_MEMOS.c.memo_id == bindparam("lost")).values(owns=False)
    for statement, rows in (
        (going, leaving),
        (insert(FILES), [_row(folder_id, file) for file in batch.files]),
        (losing, [{"lost": given.memo_id} for _, given in links if given.owns]),
        (insert(FILE_MEMOS), [_link(folder_id, path, given) for path, given in links]),
    ):
        if rows:
            await connection.execute(statement, rows)


async def _mark_others(connection: AsyncConnection, memo_ids: Iterable[str]) -> None:
    """Have the files read again that gave these memos, too: theirs take the place of those that go."""
    gave = and_(
        FILE_MEMOS.c.folder_id == FILES.c.folder_id,
        FILE_MEMOS.c.path == FILES.c.path,
        FILE_MEMOS.c.memo_id == bindparam("going"),
    )
    marking = update(FILES).where(exists().where(gave)).values(size=READ_AGAIN, sha256=None)
    if rows := [{"going": memo_id} for memo_id in memo_ids]:
        await connection.execute(marking, rows)


def _file(row: Any, gave: Iterable[Given]) -> KnownFile:
    return KnownFile(
        row.path, row.size, row.mtime_ns, row.sha256, row.reader, row.failure, row.seen, tuple(sorted(gave))
    )


def _row(folder_id: int, file: KnownFile) -> dict[str, Any]:
    failure = file.failure.replace("\0", "\ufffd") if file.failure else None  # PostgreSQL takes no NUL
    row = file._asdict() | {"folder_id": folder_id, "failure": failure}
    del row["gave"]
    return row


def _link(folder_id: int, path: str, given: Given) -> dict[str, Any]:
    source = given.source.replace("\0", "\ufffd")
    return given._asdict() | {"folder_id": folder_id, "path": path, "source": source}
