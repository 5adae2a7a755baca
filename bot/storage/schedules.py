"""Which digests are scheduled, and which are due?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digest import Schedule, place_of
from bot.storage.database import Database
from bot.storage.tables import SCHEDULES


class ScheduleStore:
    """Schedules, by id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, schedule: Schedule) -> None:
        """Keep a new schedule."""
        async with self._database.write() as connection:
            await connection.execute(insert(SCHEDULES), _row(schedule))

    async def save(self, schedule: Schedule) -> bool:
        """Keep what was changed; False where the schedule is gone."""
        async with self._database.write() as connection:
            return await save_schedule(connection, schedule)

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

    async def _read(self, wanted: Any) -> list[Schedule]:
        async with self._database.read() as connection:
            bodies = (await connection.scalars(wanted)).all()
        return [Schedule.model_validate_json(body) for body in bodies]


async def save_schedule(connection: AsyncConnection, schedule: Schedule) -> bool:
    """Keep what was changed, within a transaction; False where the schedule is gone."""
    row = _row(schedule)
    saving = update(SCHEDULES).where(SCHEDULES.c.schedule_id == schedule.schedule_id).values(**row)
    return bool((await connection.execute(saving)).rowcount)


def _row(schedule: Schedule) -> dict[str, Any]:
    return {
        "schedule_id": schedule.schedule_id,
        "place": place_of(schedule.conversation),
        "next_due": schedule.next_due,
        "body": schedule.model_dump_json(),
    }
