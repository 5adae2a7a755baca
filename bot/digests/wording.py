"""Which sentences are said about schedules and digests?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest import Quiet, Schedule

MISSED_FOR_NEWER = "Nothing could be sent then; the next one was sent instead."
REMOVED_MEANWHILE = "The schedule was removed before it could be sent."


def missed(catch_up: timedelta) -> str:
    """Why an old due time is not kept any more."""
    hours = catch_up.total_seconds() / 3600
    return f"Nothing could be sent for {hours:g} hours after it was due (DIGESTS__CATCH_UP_HOURS)."


def stopped(schedule: Schedule, reason: str) -> str:
    """What the maker of a schedule is told, once, when it will not go on by itself."""
    return (
        f"Your digest “{schedule.words}” has stopped: {reason} When that is mended, start it again with: "
        f"digest resume {schedule.schedule_id}"
    )


def at(moment: datetime, zone: str) -> str:
    """A moment as the clocks of a zone show it: "Mon 7 Oct, 09:00"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def made(schedule: Schedule, following: Sequence[datetime]) -> str:
    """What is said when a schedule is made or changed: the next three times are shown back."""
    times = " · ".join(at(moment, schedule.zone) for moment in following)
    return f"Digest {schedule.schedule_id}: {schedule.words} ({schedule.zone}). Next: {times}. {quiet(schedule.quiet)}"


def quiet(policy: Quiet) -> str:
    """What happens when there is nothing new."""
    return {
        Quiet.FIRST: "When there is nothing new I say so once, then keep quiet until there is.",
        Quiet.SILENT: "When there is nothing new I keep quiet.",
        Quiet.EACH: "When there is nothing new I say so each time.",
    }[policy]
