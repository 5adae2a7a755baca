"""From what is a place's digest made: what may it see, at the beginning and at the end of the period?"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from bot.access import Access, Refused, View
from bot.digest import Digest, Part, Schedule, place_of
from bot.digests.compose import Ground
from bot.digests.news import news
from bot.library import Library
from bot.models import IncomingQuestion
from bot.platforms.base import Membership
from bot.storage import Store
from retrieval import Answer, Memo

MOST_KEPT = 6
"""States of the library; schedules that are due together share them."""


class Grounds:
    """Reads what digests are made from. Everything goes through the place's view first."""

    def __init__(self, store: Store, library: Library, access: Access) -> None:
        self._store, self._library, self._access = store, library, access
        self._states: OrderedDict[tuple[int, ...], Sequence[Memo]] = OrderedDict()
        self._reading = asyncio.Lock()

    async def view(self, schedule: Schedule, who: Membership, now: datetime) -> View | Refused:
        """What the place of `schedule` may see now; of a direct message, what its maker may. Raises DatabaseTrouble."""
        await self._library.refresh()  # another process may have moved a memo out of sight
        return await self._access.view_for(
            IncomingQuestion(
                event_id=schedule.schedule_id,
                conversation=schedule.conversation,
                asker=schedule.maker,
                text="",
                asked_at=now,
            ),
            who,
        )

    async def ground(self, schedule: Schedule, view: View, until: datetime) -> Ground:
        """What the digest of the period from the schedule's `since` to `until` is made from. Raises DatabaseTrouble."""
        before, now = await self._state(schedule.since), await self._state(until)
        seen = view.only(now)
        found = news(view.only(before), seen)
        place = place_of(schedule.conversation)
        return Ground(
            news=found,
            now=seen,
            index=await self._library.over(seen),
            fresh=await self._library.over([*found.came, *(each.after for each in found.changed)]),
            hidden=await asyncio.to_thread(_hidden, before, now, view),
            topics=await self._store.topics.of(place) if Part.TOPICS in schedule.parts else (),
            told=await self._store.topics.told(place),
            answers=await self._given(schedule, until),
        )

    async def may_show(self, digest: Digest, schedule: Schedule, view: View, now: datetime) -> bool:
        """Whether a digest that was kept may still be posted: its place is the same, and sees all that it tells of."""
        hidden = {memo.id for memo in await self._state(now) if not view.sees(memo)}
        return digest.conversation == schedule.conversation and hidden.isdisjoint(digest.memo_ids)

    async def _given(self, schedule: Schedule, until: datetime) -> Sequence[Answer]:
        """The answers that were given in the place itself: elsewhere other memos are seen, or people ask in private."""
        if not {Part.MOST_QUOTED, Part.OPEN_QUESTIONS}.intersection(schedule.parts):
            return ()
        return await self._store.answers.given(schedule.conversation, schedule.since, until)

    async def _state(self, moment: datetime) -> Sequence[Memo]:
        """The memos that were current at `moment`, by id."""
        async with self._reading:
            rows = await self._store.versions.rows_at(moment)
            if rows not in self._states:
                self._states[rows] = await self._store.versions.at(moment)
            self._states.move_to_end(rows)
            if len(self._states) > MOST_KEPT:
                self._states.popitem(last=False)
            return self._states[rows]


def _hidden(before: Sequence[Memo], now: Sequence[Memo], view: View) -> frozenset[str]:
    """The ids of memos that came or changed and that may not be seen."""
    found = news(before, now)
    fresh = [*found.came, *(each.after for each in found.changed)]
    return frozenset(memo.id for memo in fresh if not view.sees(memo))
