"""Which versions of a memo were there, when was each current, and which may be forgotten?

A version was current from when it came into the library until it went, not from the date that it bears.
"""

import asyncio
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, or_, select, update

from bot.models import Frozen
from bot.storage.corpus import THE_ROW, lock_corpus
from bot.storage.database import Database
from bot.storage.memos import IS_CURRENT, as_memos
from bot.storage.tables import CITATIONS, CORPUS, MEMO_VERSIONS
from retrieval import Memo

SHOWN = ("memo_id", "digest", "sha256", "title", "source", "characters", "came", "went")
IS_CITED = exists().where(
    CITATIONS.c.memo_id == MEMO_VERSIONS.c.memo_id, CITATIONS.c.sha256 == MEMO_VERSIONS.c.sha256
)


class VersionLine(Frozen):
    """What a list of versions shows of one. `went` is None while it is current; `cited`: by an answer that is kept."""

    memo_id: str
    digest: str
    sha256: str
    title: str
    source: str
    characters: int
    came: datetime
    went: datetime | None
    cited: bool


class Version(NamedTuple):
    """A version of a memo, and when it was current."""

    memo: Memo
    came: datetime
    went: datetime | None


class Pruned(NamedTuple):
    """What pruning dropped (or would), and which old versions it left because a kept answer cites them."""

    dropped: tuple[VersionLine, ...]
    cited: tuple[VersionLine, ...]


class VersionStore:
    """The past of the memos. What is current is changed by `MemoStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, memo_id: str) -> list[VersionLine]:
        """Every version of a memo that is kept, newest first; none where there was never such a memo."""
        async with self._database.read() as connection:
            wanted = _lines().where(MEMO_VERSIONS.c.memo_id == memo_id)
            rows = (await connection.execute(wanted.order_by(MEMO_VERSIONS.c.id.desc()))).all()
        return [_line(row) for row in rows]

    async def rows_at(self, moment: datetime) -> tuple[int, ...]:
        """Which versions were current at `moment`, as numbers that name them: the same numbers, the same memos."""
        wanted = select(MEMO_VERSIONS.c.id).where(_current_at(moment)).order_by(MEMO_VERSIONS.c.id)
        async with self._database.read() as connection:
            return tuple((await connection.scalars(wanted)).all())

    async def at(self, moment: datetime) -> list[Memo]:
        """The memos that were current at `moment`, ordered by id."""
        wanted = select(MEMO_VERSIONS.c.body).where(_current_at(moment))
        async with self._database.read() as connection:
            bodies = (await connection.scalars(wanted)).all()
        return await asyncio.to_thread(as_memos, bodies)

    async def quoted(self, memo_id: str, sha256: str) -> list[Version]:
        """The versions of a memo that were read from the file with this hash, newest first, each once.

        There are several where the same file was read anew by a newer version of the program.
        """
        theirs = MEMO_VERSIONS.c.memo_id == memo_id, MEMO_VERSIONS.c.sha256 == sha256
        last = select(func.max(MEMO_VERSIONS.c.id)).where(*theirs).group_by(MEMO_VERSIONS.c.digest)
        return await self._versions(MEMO_VERSIONS.c.id.in_(last))

    async def current_of_file(self, sha256: str) -> list[Version]:
        """The current memos that were read from the file with this hash, wherever it lay; none where it is unknown."""
        return await self._versions(MEMO_VERSIONS.c.sha256 == sha256, IS_CURRENT) if sha256 else []

    async def current(self, memo_id: str) -> Version | None:
        """The current version of a memo; None where there is none."""
        return next(iter(await self._versions(MEMO_VERSIONS.c.memo_id == memo_id, IS_CURRENT)), None)

    async def removed(self, memo_id: str) -> datetime | None:
        """When a memo was taken out; None where it is current, or nothing is known of it."""
        ends = select(MEMO_VERSIONS.c.went).where(MEMO_VERSIONS.c.memo_id == memo_id)
        async with self._database.read() as connection:
            went = (await connection.scalars(ends)).all()
        known = [end for end in went if end is not None]
        return max(known) if known and len(known) == len(went) else None

    async def forgotten_before(self) -> datetime | None:
        """Until when the past has gaps because old versions were pruned; None where nothing was."""
        wanted = select(CORPUS.c.forgotten_before).where(CORPUS.c.id == THE_ROW)
        async with self._database.read() as connection:
            forgotten: datetime | None = await connection.scalar(wanted)
        return forgotten

    async def prune(self, before: datetime, *, force: bool = False, dry_run: bool = False) -> Pruned:
        """Drop the versions that went before then, all at once; one that a kept answer cites only with `force`.

        With `dry_run` nothing is dropped. What is current is never touched.
        """
        old = and_(MEMO_VERSIONS.c.went.is_not(None), MEMO_VERSIONS.c.went < before)
        async with self._database.write() as connection:
            await lock_corpus(self._database, connection)
            rows = (await connection.execute(_lines().where(old).order_by(MEMO_VERSIONS.c.id))).all()
            found = [_line(row) for row in rows]
            dropped = tuple(line for line in found if force or not line.cited)
            if dropped and not dry_run:
                await connection.execute(delete(MEMO_VERSIONS).where(old if force else and_(old, ~IS_CITED)))
                gap = max(line.went for line in dropped if line.went)
                known = CORPUS.c.forgotten_before
                longer = or_(known.is_(None), known < gap)
                await connection.execute(update(CORPUS).where(longer).values(forgotten_before=gap))
        return Pruned(dropped, () if force else tuple(line for line in found if line.cited))

    async def _versions(self, *where: ColumnElement[bool]) -> list[Version]:
        wanted = select(MEMO_VERSIONS.c.body, MEMO_VERSIONS.c.came, MEMO_VERSIONS.c.went).where(*where)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted.order_by(MEMO_VERSIONS.c.id.desc()))).all()
        return [Version(Memo.model_validate_json(row.body), row.came, row.went) for row in rows]


def _lines() -> Any:
    """A query of what a `VersionLine` shows; the texts are not read."""
    return select(*(MEMO_VERSIONS.c[name] for name in SHOWN), IS_CITED.label("cited"))


def _line(row: Row[Any]) -> VersionLine:
    return VersionLine.model_validate(dict(row._mapping) | {"cited": bool(row.cited)})  # noqa: SLF001 - its public name


def _current_at(moment: datetime) -> ColumnElement[bool]:
    return and_(MEMO_VERSIONS.c.came < moment, or_(IS_CURRENT, MEMO_VERSIONS.c.went >= moment))
