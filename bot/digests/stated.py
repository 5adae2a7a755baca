"""Which digests do the settings make, and how do they become so?"""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from bot.digest import Part, Quiet, Schedule
from bot.digests.words import timetable
from bot.models import Conversation
from bot.observability import log
from bot.storage import Store

ID_DIGITS = 6


class Stated(NamedTuple):
    """A digest as the settings say it; its name makes its id, so that the same name is the same digest."""

    name: str
    conversation: Conversation
    words: str
    zone: str
    parts: tuple[Part, ...] = tuple(Part)
    quiet: Quiet = Quiet.FIRST
    maker: str = ""


async def bring_about(store: Store, stated: Sequence[Stated], now: Callable[[], datetime]) -> None:
    """Make, change and remove schedules until those that settings made are just `stated`. Raises MalformedTimes.

    What was told is kept where one only changes; any number of processes may do this at once.
    """
    wanted = {id_of(each.name): _schedule(each, now()) for each in stated}
    for schedule in await store.schedules.all():
        if schedule.by_settings and schedule.schedule_id not in wanted:
            await store.schedules.remove(schedule.schedule_id)
            log.info("schedule_removed", schedule=schedule.schedule_id, by="settings")
    for schedule_id, new in wanted.items():
        known = await store.schedules.get(schedule_id)
        if known is None:
            if await store.schedules.add_once(new):
                log.info("schedule_made", schedule=schedule_id, by="settings", words=new.words)
        elif _said(known) != _said(new):
            await store.schedules.change(schedule_id, lambda it, new=new: _as(it, new))  # type: ignore[misc]
            log.info("schedule_changed", schedule=schedule_id, by="settings")


def id_of(name: str) -> str:
    """The id of a schedule that the settings call so."""
    return sha256(name.encode()).hexdigest()[:ID_DIGITS]


def _schedule(stated: Stated, now: datetime) -> Schedule:
    table = timetable(stated.words, stated.zone)
    return Schedule(
        schedule_id=id_of(stated.name),
        conversation=stated.conversation,
        words=stated.words,
        crons=table.crons,
        zone=table.zone,
        parts=stated.parts,
        quiet=stated.quiet,
        maker=stated.maker,
        made_at=now,
        since=now,
        next_due=table.after(now),
        by_settings=True,
    )


def _said(schedule: Schedule) -> tuple[object, ...]:
    """What the settings say of a schedule."""
    it = schedule
    return it.conversation, it.words, it.crons, it.zone, it.parts, it.quiet, it.maker


def _as(schedule: Schedule, new: Schedule) -> Schedule:
    said = ("conversation", "words", "crons", "zone", "parts", "quiet", "maker")
    changed: dict[str, object] = {name: getattr(new, name) for name in said}
    if schedule.next_due is not None:
        changed["next_due"] = new.next_due
    return schedule.model_copy(update=changed)
