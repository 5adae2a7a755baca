"""Which memos were in the library at the end of a day?

The day ends at midnight UTC. A memo counts from when it came into the library until it went, whatever date it bears.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.storage import Store
from retrieval import Memo

MOST_KEPT = 4


class Past:
    """The library as it once stood, read from the store; the last days asked about are kept."""

    def __init__(self, store: Store) -> None:
        self._versions = store.versions
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

    async def is_whole(self, day: date) -> bool:
        """Whether every memo of that day is still kept: none that went after it was pruned."""
        forgotten = await self._versions.forgotten_before()
        return forgotten is None or forgotten < end_of(day)


def end_of(day: date) -> datetime:
    """The moment at which `day` is over, in UTC."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
