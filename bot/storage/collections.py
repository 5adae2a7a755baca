"""Which collections was a memo put into by command, and which was a channel bound to? Who said so, and when?

Nothing is ever changed or deleted here: what counts is what was said last, and the rest is the record.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, insert, select

from bot.models import Frozen
from bot.storage.database import Database
from bot.storage.tables import CHANNEL_BINDINGS, MEMO_COLLECTIONS


class Assignment(Frozen):
    """Somebody said that a memo belongs to a collection, or no longer does."""

    memo_id: str
    name: str
    belongs: bool
    said_by: str
    said_at: datetime


class Binding(Frozen):
    """Somebody bound a channel (by its key) to collections; `names` is None where they unbound it."""

    channel: str
    names: tuple[str, ...] | None
    said_by: str
    said_at: datetime


class Said(Frozen):
    """Everything that was said so far, oldest first."""

    assignments: tuple[Assignment, ...] = ()
    bindings: tuple[Binding, ...] = ()


class CollectionStore:
    """What was said about collections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def version(self) -> tuple[int, ...]:
        """Changes whenever anything is said; one cheap query."""
        # The count as well: of two who write at once the one with the smaller number may be the later to be seen.
        parts: list[ColumnElement[int]] = [
            select(measured).scalar_subquery()
            for table in (MEMO_COLLECTIONS, CHANNEL_BINDINGS)
            for measured in (func.coalesce(func.max(table.c.id), 0), func.count(table.c.id))
        ]
        async with self._database.read() as connection:
            return tuple((await connection.execute(select(*parts))).one())

    async def said(self) -> Said:
        """Everything that was said."""
        async with self._database.read() as connection:
            assignments = (
                await connection.execute(select(MEMO_COLLECTIONS).order_by(MEMO_COLLECTIONS.c.id))
            ).all()
            bindings = (
                await connection.execute(select(CHANNEL_BINDINGS).order_by(CHANNEL_BINDINGS.c.id))
            ).all()
        return Said(
            assignments=tuple(
                Assignment(
                    memo_id=row.memo_id,
                    name=row.name,
                    belongs=row.belongs,
                    said_by=row.said_by,
                    said_at=row.said_at,
                )
                for row in assignments
            ),
            bindings=tuple(map(_binding, bindings)),
        )

    async def assign(
        self, memo_id: str, names: Iterable[str], said_by: str, now: datetime, *, belongs: bool = True
    ) -> None:
        """From `now` on the memo belongs (or not) to the collections of these names, whatever is read later."""
        rows = [
            {"memo_id": memo_id, "name": name, "belongs": belongs, "said_by": said_by, "said_at": now}
            for name in names
        ]
        if rows:
            async with self._database.write() as connection:
                await connection.execute(insert(MEMO_COLLECTIONS), rows)

    async def bind(self, channel: str, names: Iterable[str] | None, said_by: str, now: datetime) -> None:
        """From `now` on the channel sees the collections of these names and no others; None takes that back."""
        row = {
            "channel": channel,
            "names": None if names is None else json.dumps(sorted(names)),
            "said_by": said_by,
            "said_at": now,
        }
        async with self._database.write() as connection:
            await connection.execute(insert(CHANNEL_BINDINGS), row)


def _binding(row: Row[tuple[object, ...]]) -> Binding:
    names = None if row.names is None else tuple(json.loads(row.names))
    return Binding(channel=row.channel, names=names, said_by=row.said_by, said_at=row.said_at)
