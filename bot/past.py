"""Which memos were in the library at the end of a day?

The day ends at midnight UTC. A memo counts from when it came into the library until it went, whatever date it bears.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.rendering import wording
from bot.storage import Store
from retrieval import Answer, Memo

MOST_KEPT = 4


class Past:
    """The library as it once stood, read from the store; the last days asked about are kept."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._versions, self._now = store.versions, now
        self._kept: OrderedDict[tuple[int, ...], Sequence[Memo]] = OrderedDict()

    async def memos_at(self, day: date) -> Sequence[Memo]:
        """The memos as they stood at the end of `day` (of today, or a day to come: as they stand), by id."""
        rows = await self._versions.rows_at(end_of(day))
        if rows not in self._kept:
            self._kept[rows] = await self._versions.at(end_of(day))
        self._kept.move_to_end(rows)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return self._kept[rows]

    async def remarked(self, answer: Answer) -> Answer:
        """`answer`, with what must be said of the past that it was given from; one about the present as it is."""
        day = answer.as_of
        if day is None:
            return answer
        if end_of(day) > self._now():
            return answer.model_copy(update={"as_of": None, "notes": (wording.not_over(day), *answer.notes)})
        forgotten = await self._versions.forgotten_before()
        if forgotten is None or forgotten < end_of(day):
            return answer
        return answer.model_copy(update={"notes": (wording.PAST_WITH_GAPS, *answer.notes)})


def end_of(day: date) -> datetime:
    """The moment at which `day` is over, in UTC."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
