"""Who has taken a due digest on, and what became of it?

A delivery is unique for a schedule and a due time. Whoever makes the row has claimed it; the claim is a lease, and when
that runs out another may take it over. It is settled once, together with what follows from it: where its schedule goes
on, and what is never to be told there again.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Row, and_, delete, false, or_, select, update

from bot.digest import Composed, Delivery, DeliveryState, Digest, Reason, Schedule, place_of
from bot.models import PlatformName
from bot.storage.database import Database
from bot.storage.digest_tables import DELIVERIES, SCHEDULES, TOLD
from bot.storage.schedules import GoesOn, change_schedule

_DELIVERIES = UUID("0d3f5c1a-93a7-4f0e-8f8e-6b7a3c1d9e55")
IS_OPEN = and_(DELIVERIES.c.state == DeliveryState.CLAIMED.value, DELIVERIES.c.settled_at.is_(None))


def delivery_id_of(schedule_id: str, due: datetime) -> str:
    """The id of the delivery of a schedule at a due time: 16 hexadecimal digits, the same whoever asks."""
    return uuid5(_DELIVERIES, f"{schedule_id}@{due.timestamp():.0f}").hex[:16]


class DeliveryStore:
    """Deliveries, by schedule and due time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, schedule: Schedule, due: datetime, until: datetime) -> Delivery | None:
        """Take a due digest on until `until`; None where anybody, in any process, did before.

        None as well while another delivery of the schedule is under way: both would tell the same news.
        """
        row = _row(schedule, due, DeliveryState.CLAIMED, until)
        claiming = self._database.insert_or_skip(DELIVERIES).returning(*DELIVERIES.c)
        is_it = SCHEDULES.c.schedule_id == schedule.schedule_id
        under_way = select(DELIVERIES.c.delivery_id).where(
            DELIVERIES.c.schedule_id == schedule.schedule_id, IS_OPEN
        )
        async with self._database.write() as connection:
            await connection.execute(select(SCHEDULES.c.schedule_id).where(is_it).with_for_update())
            if await connection.scalar(under_way.limit(1)):
                return None
            made = (await connection.execute(claiming, row)).first()
        return _delivery(made) if made else None

    async def take_over(
        self, platforms: Collection[PlatformName], now: datetime, until: datetime, at_most: int = 1
    ) -> Sequence[Delivery]:
        """Take over deliveries to these platforms whose lease has run out, the oldest first.

        Two who try at once share them out.
        """
        expired = select(DELIVERIES.c.delivery_id).where(_is_left(platforms, now))
        expired = expired.order_by(DELIVERIES.c.due, DELIVERIES.c.delivery_id).limit(at_most)
        async with self._database.read() as connection:
            ids = (await connection.scalars(expired)).all()
        if not ids:
            return []
        async with self._database.write() as connection:
            taking = (
                update(DELIVERIES)
                .where(DELIVERIES.c.delivery_id.in_(ids), IS_OPEN, DELIVERIES.c.claimed_until <= now)
                .values(claimed_until=until, tries=DELIVERIES.c.tries + 1)
                .returning(*DELIVERIES.c)
            )
            rows = (await connection.execute(taking)).all()
        return sorted(map(_delivery, rows), key=lambda each: (each.due, each.delivery_id))

    async def composed(self, delivery: Delivery, composed: Composed, until: datetime) -> bool:
        """Keep what will be posted, before it is, and hold the delivery until `until`, so that there is time to post.

        False where another took the delivery over in the meantime.
        """
        keeping = update(DELIVERIES).where(
            DELIVERIES.c.delivery_id == delivery.delivery_id, IS_OPEN, DELIVERIES.c.tries == delivery.tries
        )
        values = {
            "digest": composed.digest.model_dump_json(),
            "reasons": json.dumps([reason.model_dump(mode="json") for reason in composed.reasons]),
            "told": json.dumps(sorted(composed.told)),
            "claimed_until": until,
        }
        async with self._database.write() as connection:
            return bool((await connection.execute(keeping.values(**values))).rowcount)

    async def settle(  # noqa: PLR0913 - what became of it, in one transaction
        self,
        delivery: Delivery,
        state: DeliveryState,
        goes_on: GoesOn,
        now: datetime,
        *,
        message_id: str | None = None,
        said: str | None = None,
    ) -> bool:
        """What became of a delivery, and how its schedule, as it stands by then, goes on; what it told is told.

        False where it was settled before.
        """
        settling = (
            update(DELIVERIES)
            .where(DELIVERIES.c.delivery_id == delivery.delivery_id, DELIVERIES.c.settled_at.is_(None))
            .values(state=state.value, settled_at=now, message_id=message_id, said=said)
            .returning(DELIVERIES.c.told, DELIVERIES.c.place)
        )
        async with self._database.write() as connection:
            row = (await connection.execute(settling)).first()
            if row is None:
                return False
            await change_schedule(connection, delivery.schedule_id, goes_on)
            keys = json.loads(row.told or "[]") if state is DeliveryState.POSTED else []
            if keys:
                telling = self._database.insert_or_skip(TOLD)
                await connection.execute(
                    telling, [{"place": row.place, "key": key, "told_at": now} for key in keys]
                )
        return True

    async def missed(
        self, schedule: Schedule, dues: Iterable[datetime], now: datetime, said: str, goes_on: GoesOn | None
    ) -> int:
        """Record due times that will not be kept, once each, and how the schedule goes on; returns how many are new."""
        rows = [
            _row(schedule, due, DeliveryState.MISSED, now) | {"said": said, "settled_at": now} for due in dues
        ]
        recording = self._database.insert_or_skip(DELIVERIES).returning(DELIVERIES.c.delivery_id)
        async with self._database.write() as connection:
            new = [row for row in rows if (await connection.execute(recording, row)).first()]
            if goes_on:
                await change_schedule(connection, schedule.schedule_id, goes_on)
        return len(new)

    async def prune(self, before: datetime) -> int:
        """Forget what was settled before then, pages and reasons with it; what was told stays told. How many it was."""
        forgetting = delete(DELIVERIES).where(DELIVERIES.c.settled_at < before)
        async with self._database.write() as connection:
            return (await connection.execute(forgetting)).rowcount

    async def get(self, delivery_id: str) -> Delivery | None:
        """The delivery of this id."""
        found = await self._read(DELIVERIES.c.delivery_id == delivery_id, at_most=1)
        return found[0] if found else None

    async def of_schedule(self, schedule_id: str, at_most: int = 20) -> Sequence[Delivery]:
        """What became of the last due times of a schedule, newest first."""
        return await self._read(DELIVERIES.c.schedule_id == schedule_id, at_most=at_most)

    async def in_place(self, place: str, at_most: int = 50) -> Sequence[Delivery]:
        """The deliveries to a place, newest first."""
        return await self._read(DELIVERIES.c.place == place, at_most=at_most)

    async def between(self, start: datetime, end: datetime) -> Sequence[Delivery]:
        """The deliveries due from `start` on and before `end`, newest first."""
        return await self._read(DELIVERIES.c.due >= start, DELIVERIES.c.due < end, at_most=10_000)

    async def is_any_left(self, platforms: Collection[PlatformName], now: datetime) -> bool:
        """Whether the lease of any delivery to these platforms has run out."""
        left = select(DELIVERIES.c.delivery_id).where(_is_left(platforms, now)).limit(1)
        async with self._database.read() as connection:
            return await connection.scalar(left) is not None

    async def _read(self, *where: Any, at_most: int) -> Sequence[Delivery]:
        wanted = select(DELIVERIES).where(*where)
        wanted = wanted.order_by(DELIVERIES.c.due.desc(), DELIVERIES.c.delivery_id).limit(at_most)
        async with self._database.read() as connection:
            return [_delivery(row) for row in (await connection.execute(wanted)).all()]


def _is_left(platforms: Collection[PlatformName], now: datetime) -> ColumnElement[bool]:
    to_one = [DELIVERIES.c.place.startswith(f"{platform.value}:") for platform in platforms]
    return and_(IS_OPEN, DELIVERIES.c.claimed_until <= now, or_(false(), *to_one))


def _row(schedule: Schedule, due: datetime, state: DeliveryState, until: datetime) -> dict[str, Any]:
    return {
        "delivery_id": delivery_id_of(schedule.schedule_id, due),
        "schedule_id": schedule.schedule_id,
        "place": place_of(schedule.conversation),
        "due": due,
        "state": state.value,
        "claimed_until": until,
        "tries": 1,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        delivery_id=row.delivery_id,
        schedule_id=row.schedule_id,
        due=row.due,
        state=DeliveryState(row.state),
        tries=row.tries,
        digest=Digest.model_validate_json(row.digest) if row.digest else None,
        reasons=tuple(Reason.model_validate(each) for each in json.loads(row.reasons or "[]")),
        message_id=row.message_id,
        said=row.said,
        settled_at=row.settled_at,
        claimed_until=row.claimed_until,
    )
