"""How does a schedule go on after one of its due times?"""

from collections.abc import Callable
from datetime import datetime

from bot.digest import Schedule
from bot.digests.managing import timetable_of

GoesOn = Callable[[Schedule], Schedule]
"""From what a schedule is by then to what it becomes."""


def on_from(due: datetime) -> GoesOn:
    """Go on with the first due time after `due`, unless somebody paused or moved the schedule meanwhile."""

    def goes_on(schedule: Schedule) -> Schedule:
        if schedule.next_due is None or schedule.next_due > due:
            return schedule
        return schedule.model_copy(update={"next_due": timetable_of(schedule).after(due)})

    return goes_on


def stopped(said: str) -> GoesOn:
    """Do not go on: for the reason that is `said`, until somebody resumes it."""
    return lambda schedule: schedule.model_copy(update={"next_due": None, "stopped_because": said})
