"""How is a moment said, as the clocks of a time zone show it?"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# Not strftime's: those follow the machine's locale.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_A_DAY = timedelta(days=1)
_NAMED_DAYS = timedelta(days=6)


def at(moment: datetime, zone: str) -> str:
    """Day and time: "Mon 7 Oct, 09:00"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_DAYS[local.weekday()][:3]} {local.day} {_MONTHS[local.month - 1]}, {local:%H:%M}"


def since(start: datetime, end: datetime, zone: str) -> str:
    """The beginning of a period, seen from its end: a time of the same day, "yesterday", "Friday", "30 Sep 2024"."""
    first, last = (moment.astimezone(ZoneInfo(zone)) for moment in (start, end))
    if first.date() == last.date():
        return f"{first:%H:%M}"
    if last.date() - first.date() == _A_DAY:
        return "yesterday"
    if last.date() - first.date() <= _NAMED_DAYS:
        return _DAYS[first.weekday()]
    return f"{first.day} {_MONTHS[first.month - 1]} {first.year}"
