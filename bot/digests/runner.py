"""How is a digest sent once, on time?

A due time is claimed by a row that only one process can make (a lease); the digest is composed and kept before it is
posted; the row is settled together with what follows from it. Whoever dies on the way leaves a claim that runs out:
the next one posts what was kept, and the platform first looks whether it stands there already.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.access import Refused, View
from bot.digest import Composed, Delivery, DeliveryState, Digest, Quiet, Schedule
from bot.digests import wording
from bot.digests.compose import Run, compose
from bot.digests.cutting import with_cuts
from bot.digests.going_on import on_from, stopped
from bot.digests.grounds import Grounds
from bot.digests.managing import timetable_of
from bot.errors import DatabaseTrouble, PlatformRefused, UnknownSchedule
from bot.models import PlatformName
from bot.observability import DIGEST_WAIT, DIGESTS, bound, log
from bot.platforms.base import PostsDigests
from bot.storage import Store, delivery_id_of

LEASE = timedelta(minutes=2)
FOR_POSTING = 0.4
"""The share of a lease that posting may take: the clocks of two processes may be half a minute apart."""

LATE_AFTER = timedelta(minutes=15)
AT_ONCE = 8
"""Digests under way in one process; each platform keeps to its own pace besides."""

LOOK_AGAIN = 15.0
"""Seconds after which schedules that another process made, and leases that ran out, are found here too."""

AT_LEAST = 0.05
"""Seconds between two looks."""

PASSING = frozenset({"place_unknown"})
"""Refusals that may be over at the next try."""


class _Ready(NamedTuple):
    """A digest to be posted, and until when this process holds its delivery."""

    digest: Digest
    claimed_until: datetime | None


class Digests:
    """Sends every scheduled digest when it is due. `catch_up` is how late one may be and still be sent."""

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        store: Store,
        grounds: Grounds,
        posters: Mapping[PlatformName, PostsDigests],
        *,
        now: Callable[[], datetime],
        catch_up: timedelta,
        max_chars: int,
        lease: timedelta = LEASE,
    ) -> None:
        self._store, self._grounds, self._posters = store, grounds, posters
        self._now, self._catch_up, self._max_chars, self._lease = now, catch_up, max_chars, lease

    def now(self) -> datetime:
        """The time, by this process's clock."""
        return self._now()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send what is due until `stopping` is set; what is under way is finished."""
        while not stopping.is_set():
            pause, looked = LOOK_AGAIN, self._now()
            try:
                sent = await self.send_due(stopping)
                pause = AT_LEAST if sent else await self._pause(looked)
            except DatabaseTrouble as trouble:
                log.error("digests_held_up", error=str(trouble))
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stopping.wait()

    async def send_due(self, stopping: asyncio.Event | None = None) -> int:
        """Send everything that is due now, and what others left; returns how many were taken on."""
        waiting = deque(await self._store.schedules.due(self._now()))
        if not waiting and not await self._store.deliveries.is_any_left(self._posters.keys(), self._now()):
            return 0
        workers = [self._work(waiting, stopping or asyncio.Event()) for _ in range(AT_ONCE)]
        waits = [wait for waited in await asyncio.gather(*workers) for wait in waited]
        if waits:
            log.info("digests_sent", deliveries=len(waits), longest_wait=round(max(waits), 1))
        return len(waits)

    async def _work(self, waiting: deque[Schedule], stopping: asyncio.Event) -> list[float]:
        """Take one delivery on after the other: a lease begins only when there is somebody to keep it.

        Returns how many seconds each was done after it was due.
        """
        waits: list[float] = []
        while not stopping.is_set() and (delivery := await self._next(waiting)):
            with bound(delivery=delivery.delivery_id, schedule=delivery.schedule_id):
                try:
                    await self._deliver(delivery)
                except Exception as error:  # noqa: BLE001 - the lease runs out, and it is tried again
                    DIGESTS.labels("delayed").inc()
                    said = str(error) if isinstance(error, DatabaseTrouble | PlatformRefused) else ""
                    log.warning("digest_delayed", error=type(error).__name__, said=said)
            waits.append((self._now() - delivery.due).total_seconds())
        return waits

    async def _next(self, waiting: deque[Schedule]) -> Delivery | None:
        """A delivery that somebody left, or that is due; None where there is neither."""
        for left in await self._store.deliveries.take_over(self._posters.keys(), self._now(), self._until()):
            return left
        while waiting:
            claimed = await self._claimed(waiting.popleft())
            if claimed:
                return claimed
        return None

    async def _claimed(self, schedule: Schedule) -> Delivery | None:
        """Claim the newest due time of a schedule; older ones, and one that is too late, are recorded as missed."""
        if schedule.next_due is None or schedule.conversation.platform not in self._posters:
            return None
        now, record = self._now(), self._store.deliveries.missed
        dues = [schedule.next_due, *timetable_of(schedule).between(schedule.next_due, now)]
        newest = dues[-1]
        if now - newest > self._catch_up:
            if await record(schedule, dues, now, wording.missed(self._catch_up), on_from(newest)):
                log.warning("digests_missed", schedule=schedule.schedule_id, times=len(dues))
            return None
        delivery = await self._store.deliveries.claim(schedule, newest, self._until())
        if delivery and await record(schedule, dues[:-1], now, wording.MISSED_FOR_NEWER, None):
            log.warning("digests_missed", schedule=schedule.schedule_id, times=len(dues) - 1)
        return delivery

    async def _deliver(self, delivery: Delivery) -> None:
        schedule = await self._store.schedules.get(delivery.schedule_id)
        poster = self._posters.get(schedule.conversation.platform) if schedule else None
        if schedule is None:
            await self._fail(delivery, None, wording.REMOVED_MEANWHILE)
        elif poster is None:
            return  # another process plays this platform's role
        elif self._now() - delivery.due > self._catch_up:
            await self._fail(delivery, None, wording.missed(self._catch_up))
        elif ready := await self._composed(delivery, schedule, poster):
            if ready.digest.is_empty and not _says_so(schedule):
                await self._settle(delivery, DeliveryState.EMPTY, ready.digest)
            else:
                await self._post(delivery, schedule, ready, poster)

    async def _composed(self, delivery: Delivery, schedule: Schedule, poster: PostsDigests) -> _Ready | None:
        """What is posted: what was kept, if an earlier try came so far. None where there is nothing to be done now.

        Who may see what is asked anew: meanwhile the channel may be shared with others, or bound to other collections.
        """
        late = self._now() - delivery.due > LATE_AFTER
        view = await self._grounds.view(schedule, poster, self._now())
        if isinstance(view, Refused):
            if view.reason not in PASSING:
                await self._fail(delivery, poster, wording.refused(view.reason, view.said))
            return None
        kept = delivery.digest
        if kept and await self._grounds.may_show(kept, schedule, view, self._now()):
            return _Ready(kept.model_copy(update={"late": late}), delivery.claimed_until)
        composed = await self.composed_for(
            schedule, view, delivery.delivery_id, delivery.due, late=late, until=kept.until if kept else None
        )
        composed = with_cuts(composed, poster.left_out(composed.digest))
        until = self._until()
        if not await self._store.deliveries.composed(delivery, composed, until):
            return None  # it took so long that another has taken over
        return _Ready(composed.digest, until)

    async def send_now(self, schedule_id: str) -> Delivery:
        """Send the digest of a schedule at once, due times aside; returns what became of it. Raises UnknownSchedule.

        Where one is under way already, that one is returned.
        """
        schedule = await self._store.schedules.get(schedule_id)
        if schedule is None:
            raise UnknownSchedule(schedule_id)
        now = self._now().replace(microsecond=0)
        delivery = await self._store.deliveries.claim(schedule, now, self._until())
        if delivery:
            await self._deliver(delivery)
        sent = await self._store.deliveries.get(delivery_id_of(schedule_id, now))
        sent = sent or next(iter(await self._store.deliveries.of_schedule(schedule_id, at_most=1)), None)
        if sent is None:
            raise UnknownSchedule(schedule_id)
        return sent

    async def compose(
        self, schedule: Schedule, digest_id: str, due: datetime, poster: PostsDigests, *, late: bool = False
    ) -> Composed | Refused:
        """The digest of `schedule` as it would be now, up to this moment."""
        view = await self._grounds.view(schedule, poster, self._now())
        if isinstance(view, Refused):
            return view
        return await self.composed_for(schedule, view, digest_id, due, late=late)

    async def composed_for(  # noqa: PLR0913 - what makes a digest
        self,
        schedule: Schedule,
        view: View,
        digest_id: str,
        due: datetime,
        *,
        late: bool = False,
        until: datetime | None = None,
    ) -> Composed:
        """The digest of `schedule` as it would be at `until` (without it: now) for whoever sees `view`."""
        # A clock that was put back must not tell what was told before as gone.
        until = max(until or self._now(), schedule.since)
        ground = await self._grounds.ground(schedule, view, until)
        missed = len(timetable_of(schedule).between(schedule.next_due, due)) if schedule.next_due else 0
        run = Run(digest_id=digest_id, due=due, until=until, late=late, missed=missed)
        return await asyncio.to_thread(compose, schedule, run, ground, self._max_chars)

    async def _post(
        self, delivery: Delivery, schedule: Schedule, ready: _Ready, poster: PostsDigests
    ) -> None:
        for_posting = FOR_POSTING * self._lease
        if ready.claimed_until and self._now() + for_posting > ready.claimed_until:
            log.warning(
                "digest_delayed", error="LeaseOver"
            )  # this process stood still: the next one posts it
            return
        try:
            async with asyncio.timeout(for_posting.total_seconds()):
                message_id = await poster.post_digest(ready.digest, again=delivery.tries > 1)
        except PlatformRefused as refused:
            await self._fail(delivery, poster, str(refused))
            return
        waited = (self._now() - delivery.due).total_seconds()
        DIGEST_WAIT.observe(max(waited, 0.0))
        DIGESTS.labels("posted").inc()
        log.info("digest_posted", platform=schedule.conversation.platform.value, waited=round(waited, 1))
        await self._settle(delivery, DeliveryState.POSTED, ready.digest, message_id=message_id)

    async def _fail(self, delivery: Delivery, poster: PostsDigests | None, said: str) -> None:
        """It will not be posted. With a `poster` the schedule stops for this reason, and its maker is told once."""
        DIGESTS.labels("failed").inc()
        log.error("digest_failed", reason=said)
        goes_on = stopped(said) if poster else on_from(delivery.due)
        settled = await self._store.deliveries.settle(
            delivery, DeliveryState.FAILED, goes_on, self._now(), said=said
        )
        if settled and poster:
            schedule = await self._store.schedules.get(delivery.schedule_id)
            if schedule:
                await poster.tell(schedule.maker, wording.stopped(schedule, said))

    async def _settle(
        self, delivery: Delivery, state: DeliveryState, digest: Digest, message_id: str | None = None
    ) -> None:
        if state is DeliveryState.EMPTY:
            DIGESTS.labels("empty").inc()
            log.info("digest_empty")

        def goes_on(schedule: Schedule) -> Schedule:
            quiet_days = schedule.quiet_days + 1 if digest.is_empty else 0
            told = schedule.model_copy(update={"since": digest.until, "quiet_days": quiet_days})
            return on_from(delivery.due)(told)

        await self._store.deliveries.settle(delivery, state, goes_on, self._now(), message_id=message_id)

    async def _pause(self, looked: datetime) -> float:
        """Seconds until there is something to do, as far as is known here.

        What was due when this process `looked`, and was not taken on, is another's; to look for it at once, and again
        and again, would keep the database busy for as long as a chat service is down.
        """
        earliest = await self._store.schedules.next_due(looked)
        seconds = (earliest - self._now()).total_seconds() if earliest else LOOK_AGAIN
        return min(max(seconds, AT_LEAST), LOOK_AGAIN)

    def _until(self) -> datetime:
        return self._now() + self._lease


def _says_so(schedule: Schedule) -> bool:
    """Whether a digest without news is posted, as one line."""
    return schedule.quiet is Quiet.EACH or (schedule.quiet is Quiet.FIRST and schedule.quiet_days == 0)
