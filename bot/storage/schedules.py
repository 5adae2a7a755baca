"""Which digests are scheduled, and which are due?"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digest import Schedule, place_of
from bot.storage.database import Database
from bot.storage.digest_tables import SCHEDULES

GoesOn = Callable[[Schedule], Schedule]
"""How a schedule goes on: from what it is by then to what it becomes."""


class ScheduleStore:
    """Schedules, by id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, schedule: Schedule) -> None:
        """Keep a new schedule."""
        async with self._database.write() as connection:
            await connection.execute(insert(SCHEDULES), _row(schedule))

    async def add_once(self, schedule: Schedule) -> bool:
        """Keep a schedule unless there is one of this id; whether it was kept."""
        adding = self._database.insert_or_skip(SCHEDULES).returning(SCHEDULES.c.schedule_id)
        async with self._database.write() as connection:
            return (await connection.execute(adding, _row(schedule))).first() is not None

    async def change(self, schedule_id: str, change: GoesOn) -> Schedule | None:
        """Change a schedule as it stands now; returns what became of it, None where it is gone."""
        async with self._database.write() as connection:
            return await change_schedule(connection, schedule_id, change)

    async def remove(self, schedule_id: str) -> bool:
        """Forget a schedule; False where there is none. What it delivered stays."""
        async with self._database.write() as connection:
            removing = delete(SCHEDULES).where(SCHEDULES.c.schedule_id == schedule_id)
            return bool((await connection.execute(removing)).rowcount)

    async def get(self, schedule_id: str) -> Schedule | None:
        """The schedule of this id."""
        wanted = select(SCHEDULES.c.body).where(SCHEDULES.c.schedule_id == schedule_id)
        async with self._database.read() as connection:
            body = await connection.scalar(wanted)
        return Schedule.model_validate_json(body) if body else None

    async def all(self, place: str | None = None) -> Sequence[Schedule]:
        """The schedules (of one place), the oldest first."""
        wanted = select(SCHEDULES.c.body)
        if place is not None:
            wanted = wanted.where(SCHEDULES.c.place == place)
        return sorted(await self._read(wanted), key=lambda each: (each.made_at, each.schedule_id))

    async def due(self, now: datetime) -> Sequence[Schedule]:
        """The schedules whose next due time has come, the longest waiting first."""
        wanted = select(SCHEDULES.c.body).where(SCHEDULES.c.next_due <= now)
        return await self._read(wanted.order_by(SCHEDULES.c.next_due, SCHEDULES.c.schedule_id))

    async def next_due(self, after: datetime) -> datetime | None:
        """The earliest time later than `after` that any schedule is due."""
        async with self._database.read() as connection:
            earliest: datetime | None = await connection.scalar(
                select(SCHEDULES.c.next_due)
                .where(SCHEDULES.c.next_due > after)
                .order_by(SCHEDULES.c.next_due)
                .limit(1)
            )
        return earliest

    async def _read(self, wanted: Any) -> list[Schedule]:
        async with self._database.read() as connection:
            bodies = (await connection.scalars(wanted)).all()
        return [Schedule.model_validate_json(body) for body in bodies]


async def change_schedule(
    connection: AsyncConnection, schedule_id: str, change: Callable[[Schedule], Schedule]
) -> Schedule | None:
    """Change a schedule as it stands now, within a transaction; None where it is gone."""
    is_it = SCHEDULES.c.schedule_id == schedule_id
    body = await connection.scalar(select(SCHEDULES.c.body).where(is_it).with_for_update())
    if body is None:
        return None
    changed = change(Schedule.model_validate_json(body))
    await connection.execute(update(SCHEDULES).where(is_it).values(**_row(changed)))
    return changed


def _row(schedule: Schedule) -> dict[str, Any]:
    return {
        "schedule_id": schedule.schedule_id,
        "place": place_of(schedule.conversation),
        "next_due": schedule.next_due,
        "body": schedule.model_dump_json(),
    }
