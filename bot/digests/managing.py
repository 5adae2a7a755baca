"""How are schedules and topics made, changed and ended, and what is known about their digests?"""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.digest import Delivery, Part, Quiet, Reason, Schedule, Topic, place_of
from bot.digests.timing import Timetable
from bot.digests.words import timetable
from bot.errors import TooMany, UnknownMemo, UnknownSchedule
from bot.models import Conversation
from bot.observability import log
from bot.storage import Store

SHOWN_BACK = 3
"""Due times that are shown when a schedule is made."""

TOPICS_AT = "weekdays at 9"
LESS_LIKE_THIS = (0.5, 0.7, 0.85, 0.95, 0.99)
"""How sure an answer must be to be shown for a topic: each "less like this" is a step."""

MOST_DIGESTS, MOST_TOPICS = 20, 50
"""In one place: each is read, asked or posted again and again, for as long as nobody ends it."""

_SOME_DAYS = timedelta(days=3)


class Why(NamedTuple):
    """What became of a memo in one delivery."""

    delivery: Delivery
    schedule: Schedule | None
    reasons: Sequence[Reason]


class Managing:
    """Schedules and topics, by whoever may. `zone` is meant where nobody names one."""

    def __init__(self, store: Store, now: Callable[[], datetime], zone: str) -> None:
        self._store, self._now, self._zone = store, now, zone

    async def make(  # noqa: PLR0913 - what a schedule says
        self,
        conversation: Conversation,
        maker: str,
        words: str,
        *,
        zone: str | None = None,
        parts: Sequence[Part] = tuple(Part),
        quiet: Quiet = Quiet.FIRST,
    ) -> Schedule:
        """Schedule a digest; what there is by now is its baseline. Raises MalformedTimes, TooMany."""
        table = timetable(words, zone or self._zone)
        if len(await self.all(conversation)) >= MOST_DIGESTS:
            raise TooMany(
                MOST_DIGESTS, "digests", "End one that nobody needs: digest list, then digest remove ID"
            )
        now = self._now()
        schedule = Schedule(
            schedule_id=secrets.token_hex(3),
            conversation=conversation.model_copy(update={"thread": None}),
            words=words,
            crons=table.crons,
            zone=table.zone,
            parts=tuple(part for part in Part if part in parts),
            quiet=quiet,
            maker=maker,
            made_at=now,
            since=now,
            next_due=table.after(now),
        )
        await self._store.schedules.add(schedule)
        log.info(
            "schedule_made",
            schedule=schedule.schedule_id,
            place=place_of(conversation),
            by=maker,
            words=words,
        )
        return schedule

    async def change(  # noqa: PLR0913 - as above
        self,
        schedule_id: str,
        by: str,
        *,
        words: str | None = None,
        zone: str | None = None,
        parts: Sequence[Part] | None = None,
        quiet: Quiet | None = None,
    ) -> Schedule:
        """Change what is given. Raises MalformedTimes, UnknownSchedule."""
        table = timetable(words, zone or self._zone) if words else None

        def changed(schedule: Schedule) -> Schedule:
            new = table or (
                timetable(" ".join(schedule.words.split()), zone) if zone else timetable_of(schedule)
            )
            waits = schedule.next_due is not None
            return schedule.model_copy(
                update={
                    "words": words or schedule.words,
                    "crons": new.crons,
                    "zone": new.zone,
                    "parts": tuple(part for part in Part if part in parts) if parts else schedule.parts,
                    "quiet": quiet or schedule.quiet,
                    "next_due": new.after(self._now()) if waits else None,
                }
            )

        return await self._changed(schedule_id, by, "schedule_changed", changed)

    async def pause(self, schedule_id: str, by: str) -> Schedule:
        """Send nothing until it is resumed; news gathers meanwhile. Raises UnknownSchedule."""
        return await self._changed(
            schedule_id,
            by,
            "schedule_paused",
            lambda it: it.model_copy(update={"paused": True, "next_due": None}),
        )

    async def resume(self, schedule_id: str, by: str) -> Schedule:
        """Go on, also after it stopped by itself. Raises UnknownSchedule."""
        now = self._now()
        return await self._changed(
            schedule_id,
            by,
            "schedule_resumed",
            lambda it: it.model_copy(
                update={
                    "paused": False,
                    "stopped_because": None,
                    "next_due": it.next_due or timetable_of(it).after(now),
                }
            ),
        )

    async def remove(self, schedule_id: str, by: str) -> None:
        """End a schedule for good; what it delivered stays. Raises UnknownSchedule."""
        if not await self._store.schedules.remove(schedule_id):
            raise UnknownSchedule(schedule_id)
        log.info("schedule_removed", schedule=schedule_id, by=by)

    async def get(self, schedule_id: str) -> Schedule:
        """The schedule of this id. Raises UnknownSchedule."""
        schedule = await self._store.schedules.get(schedule_id)
        if schedule is None:
            raise UnknownSchedule(schedule_id)
        return schedule

    async def all(self, conversation: Conversation | None = None) -> Sequence[Schedule]:
        """The schedules, of one place or all."""
        return await self._store.schedules.all(place_of(conversation) if conversation else None)

    async def last(self, schedule: Schedule) -> Delivery | None:
        """What became of its last due time; None where it had none yet."""
        return next(iter(await self._store.deliveries.of_schedule(schedule.schedule_id, at_most=1)), None)

    async def watch(self, conversation: Conversation, asker: str, question: str) -> tuple[Topic, Schedule]:
        """Ask a question again of everything new, for this place; it gets a schedule where it has none that asks.

        Raises TooMany.
        """
        place = conversation.model_copy(update={"thread": None})
        topics = await self.topics(place)
        same = next((each for each in topics if each.question == question), None)
        if same is None and len(topics) >= MOST_TOPICS:
            raise TooMany(
                MOST_TOPICS, "questions watched", "End one that nobody needs: topics, then unwatch ID"
            )
        schedule = next(
            (each for each in await self.all(place) if Part.TOPICS in each.parts), None
        ) or await self.make(place, asker, TOPICS_AT, parts=(Part.TOPICS,), quiet=Quiet.SILENT)
        topic = same or Topic(
            topic_id=secrets.token_hex(3),
            conversation=place,
            asker=asker,
            question=question,
            made_at=self._now(),
            threshold=LESS_LIKE_THIS[0],
        )
        if not same:
            await self._store.topics.add(topic)
            log.info("topic_made", topic=topic.topic_id, place=place_of(place), by=asker)
        return topic, schedule

    async def topics(self, conversation: Conversation) -> Sequence[Topic]:
        """The topics of a place."""
        return await self._store.topics.of(place_of(conversation))

    async def unwatch(self, topic_id: str, by: str) -> Topic | None:
        """End a topic; None where it was ended before."""
        topic = await self._store.topics.get(topic_id)
        if topic and await self._store.topics.remove(topic_id):
            log.info("topic_removed", topic=topic_id, by=by)
            return topic
        return None

    async def less_like_this(self, topic_id: str, by: str) -> Topic | None:
        """Show an answer for a topic only where it is surer from now on; None where the topic was ended."""
        topic = await self._store.topics.get(topic_id)
        if topic is None:
            return None
        steps = [step for step in LESS_LIKE_THIS if step > topic.threshold]
        stricter = topic.model_copy(update={"threshold": steps[0] if steps else LESS_LIKE_THIS[-1]})
        if not await self._store.topics.save(stricter):
            return None
        log.info("topic_stricter", topic=topic_id, threshold=stricter.threshold, by=by)
        return stricter

    async def why(self, memo_id: str, day: date, conversation: Conversation | None = None) -> Sequence[Why]:
        """What became of a memo in the digests that were due on `day` by their own clocks. Raises UnknownMemo."""
        if not await self._store.versions.history(memo_id):
            raise UnknownMemo(memo_id)
        if not date.min + _SOME_DAYS <= day <= date.max - _SOME_DAYS:
            return ()  # where the calendar ends, no clock reaches
        start = datetime.combine(day, time(), tzinfo=UTC)
        found = []
        for delivery in await self._store.deliveries.between(
            start - timedelta(days=1), start + timedelta(days=2)
        ):
            schedule = await self._store.schedules.get(delivery.schedule_id)
            zone = schedule.zone if schedule else delivery.digest.zone if delivery.digest else "UTC"
            said_of = delivery.digest or schedule
            here = conversation is None or (
                said_of is not None and place_of(said_of.conversation) == place_of(conversation)
            )
            if here and delivery.due.astimezone(ZoneInfo(zone)).date() == day:
                reasons = [reason for reason in delivery.reasons if reason.memo_id == memo_id]
                found.append(Why(delivery, schedule, reasons))
        return found

    async def delivery(self, digest_id: str, conversation: Conversation) -> Delivery | None:
        """The delivery of a digest that was posted in this place."""
        delivery = await self._store.deliveries.get(digest_id)
        digest = delivery.digest if delivery else None
        return delivery if digest and place_of(digest.conversation) == place_of(conversation) else None

    async def _changed(
        self, schedule_id: str, by: str, event: str, change: Callable[[Schedule], Schedule]
    ) -> Schedule:
        schedule = await self._store.schedules.change(schedule_id, change)
        if schedule is None:
            raise UnknownSchedule(schedule_id)
        log.info(event, schedule=schedule_id, by=by)
        return schedule


def timetable_of(schedule: Schedule) -> Timetable:
    """When a schedule is due."""
    return Timetable(crons=schedule.crons, zone=schedule.zone)


def following(schedule: Schedule) -> list[datetime]:
    """Its next due times; none while it is paused or stopped."""
    if schedule.next_due is None:
        return []
    later = timetable_of(schedule).all_after(schedule.next_due)
    return [schedule.next_due, *islice(later, SHOWN_BACK - 1)]
