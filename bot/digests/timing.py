"""When is a digest due next?

A timetable is a set of cron expressions in a time zone (an IANA name). What counts is the clock on the wall: a time
that a change of the clocks leaves out is due at the next moment that exists, one that comes twice is due the first
time. cronsim reads the expressions; it is asked for wall times only, because its own way with clock changes differs
between expressions.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.models import Frozen

A_MINUTE = timedelta(minutes=1)


class Timetable(Frozen):
    """When something is due: cron expressions of five fields, and the time zone that they are meant in."""

    crons: tuple[str, ...]
    zone: str

    def after(self, moment: datetime) -> datetime:
        """The first due time later than `moment`, in UTC."""
        return next(self.all_after(moment))

    def all_after(self, moment: datetime) -> Iterator[datetime]:
        """Every due time later than `moment`, in UTC, ascending, without end."""
        last = moment
        for wall in self._walls(moment.astimezone(self._zone).replace(tzinfo=None)):
            due = self._due(wall)
            if (
                due > last
            ):  # several wall times may fall into one gap, or were due before the clocks went back
                last = due
                yield due

    def between(self, after: datetime, until: datetime) -> list[datetime]:
        """The due times later than `after` and not later than `until`, in UTC, ascending."""
        found = []
        for due in self.all_after(after):
            if due > until:
                break
            found.append(due)
        return found

    def local(self, moment: datetime) -> datetime:
        """`moment` as the clocks of the timetable's zone show it."""
        return moment.astimezone(self._zone)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def _walls(self, start: datetime) -> Iterator[datetime]:
        """Wall times after `start` that any expression names, ascending, each once."""
        clocks = [CronSim(cron, start) for cron in self.crons]
        following = [next(clock) for clock in clocks]
        while True:
            wall = min(following)
            yield wall
            following = [
                next(clock) if at == wall else at for clock, at in zip(clocks, following, strict=True)
            ]

    def _due(self, wall: datetime) -> datetime:
        """The moment of a wall time: the first of two, the next that exists where there is none."""
        while True:
            moment = wall.replace(tzinfo=self._zone).astimezone(UTC)
            if moment.astimezone(self._zone).replace(tzinfo=None) == wall:
                return moment
            wall += A_MINUTE
