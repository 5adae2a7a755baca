"""Which timetable do a person's words mean?

"weekdays at 9", "Mondays and Thursdays at 8:30", "first Monday of the month at 9am", "every day at noon", "1st and 15th
of the month at 17:00", or a cron expression of five fields. A time zone may follow ("in Europe/Berlin").
"""

import re
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError

from bot.digests.timing import Timetable
from bot.errors import MalformedTimes

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_WEEKDAYS = {
    name: number
    for number, day in enumerate(_DAYS)
    for name in (day, f"{day}s", day[:2], day[:3], day[:4], day[:5])
}
_GROUPS = {"weekday": "1-5", "workday": "1-5", "weekend": "0,6"}
_WHICH = {"first": "1", "second": "2", "third": "3", "fourth": "4", "last": "L"}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_DATED = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
_FILLING = frozenset({"every", "each", "on", "the", "and", "of", "a"})
_MONTH = frozenset({"month", "monthly"})
_DAILY = frozenset({"day", "daily", "days"})
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s?(?P<half>[ap])?(?:\.?m\.?)?(?:\s?o'clock)?"
)
_NAMED = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}
_PARTED = re.compile(
    r"(?P<days>.*?)(?:\bat\b|\s(?=\d{1,2}[:.h]\d\d|\d{1,2}\s?[ap]m|noon|midnight))\s*(?P<clocks>.+)"
)
_ZONE = re.compile(r"\s+(?:in\s+|\()?(?P<zone>[A-Za-z_+-]+/[A-Za-z0-9_+/-]+|UTC)\)?$")
_CRON = re.compile(
    r"[\d*/,-]*[\d*][\d*/,-]*\s+[\d*/,-]+(?:\s+[\d*/,A-Za-z#-]+){3}"
)  # no letters in clock times
_A_DAY = timedelta(days=1)
_OFTENEST = 24  # a day
_LONGEST = 200  # characters; reading a cron expression takes the square of its length


def timetable(words: str, zone: str) -> Timetable:
    """Read `words`; `zone` is meant where they name none. Raises MalformedTimes, which shows the right form."""
    words = " ".join(words.split())
    if len(words) > _LONGEST:
        raise MalformedTimes(f"Times are said in {_LONGEST} characters or fewer; these are {len(words):,}.")
    named = _ZONE.search(words)
    if named:
        words, zone = words[: named.start()], named["zone"]
    _check_zone(zone)
    crons = [words.upper()] if _CRON.fullmatch(words) else _crons(words.lower())
    found = Timetable(crons=tuple(crons), zone=zone)
    _check(found, words)
    return found


def _check_zone(zone: str) -> None:
    if len(zone) > _LONGEST:
        raise MalformedTimes(f"The name of no time zone has {len(zone):,} characters.")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(zone, sorted(available_timezones()), n=2)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise MalformedTimes(f"There is no time zone {zone!r}.{meant}") from None


def _check(found: Timetable, words: str) -> None:
    """Refuse what cron cannot read, what is never due, and what is due all the time."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    try:
        for cron in found.crons:
            CronSim(cron, start)
        first = found.after(start)
    except (CronSimError, StopIteration, RuntimeError):  # RuntimeError: a StopIteration inside a generator
        raise MalformedTimes(f"{words!r} is no time that ever comes.") from None
    if len(found.between(first, first + _A_DAY)) > _OFTENEST:
        raise MalformedTimes(f"{words!r} is more often than every hour.")


def _crons(words: str) -> list[str]:
    """The expressions that plain words mean, one for each different minute."""
    parted = _PARTED.fullmatch(words)
    if not parted:
        raise MalformedTimes(f"{words!r} names no time of day.")
    day, weekday = _day_fields(parted["days"])
    hours: dict[int, set[int]] = {}
    for clock in re.split(r",|\band\b|&", parted["clocks"]):
        hour, minute = _clock(clock.strip())
        hours.setdefault(minute, set()).add(hour)
    return [
        f"{minute} {','.join(map(str, sorted(at)))} {day} * {weekday}" for minute, at in sorted(hours.items())
    ]


def _clock(words: str) -> tuple[int, int]:
    """The hour and the minute of "9", "9:30", "9h30", "5pm", "noon"."""
    words = words.removeprefix("at ")
    if words in _NAMED:
        return _NAMED[words]
    found = _CLOCK.fullmatch(words)
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (24, 0)
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"] == "p" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise MalformedTimes(f"{words!r} is no time of day.")
    return hour, minute


def _day_fields(words: str) -> tuple[str, str]:
    """Cron's fields for the day of the month and the day of the week."""
    said = [word for word in re.findall(r"[\w']+|-", words) if word not in _FILLING]
    if _MONTH.intersection(said) or (said and all(map(_DATED.fullmatch, said))):  # "1st and 15th" say it
        return _of_the_month([word for word in said if word not in _MONTH], words)
    if not said or set(said) <= _DAILY:
        return "*", "*"
    return "*", ",".join(_weekdays(said, words))


def _weekdays(said: list[str], words: str) -> list[str]:
    """Days of the week, ranges of them ("Monday to Friday"), and groups ("weekdays")."""
    found: list[str] = []
    for word in said:
        if word in {"to", "till", "until", "through", "-"} and found and found[-1][-1] != "-":
            found[-1] += "-"
        elif word in _WEEKDAYS and found and found[-1][-1] == "-":
            found[-1] = _range(int(found[-1][0]), _WEEKDAYS[word])
        elif word in _WEEKDAYS:
            found.append(str(_WEEKDAYS[word]))
        elif word.removesuffix("s") in _GROUPS:
            found.append(_GROUPS[word.removesuffix("s")])
        else:
            raise MalformedTimes(f"{word!r} in {words.strip()!r} is no day.")
    if any(field.endswith("-") for field in found):
        raise MalformedTimes(f"{words.strip()!r} does not say until which day.")
    return found


def _range(first: int, last: int) -> str:
    """The days from one to another, also over the end of the week."""
    return ",".join(str((first + number) % 7) for number in range((last - first) % 7 + 1))


def _of_the_month(said: list[str], words: str) -> tuple[str, str]:
    """Days such as "1st and 15th", "last day", "first and third Monday"; each needs to say which."""
    weekdays = [_WEEKDAYS[word] for word in said if word in _WEEKDAYS]
    others = [word for word in said if word not in _WEEKDAYS and word not in _DAILY]
    if others == ["last", "weekday"] and not weekdays:
        return "LW", "*"
    which = [_which(word, words) for word in others]
    if not which:
        raise MalformedTimes(f"{words.strip()!r} does not say which day of the month.")
    if not weekdays:
        return ",".join(which), "*"
    if not set(which) <= set(_WHICH.values()):
        raise MalformedTimes(f"{words.strip()!r}: a month has four of each weekday, and a last one.")
    return "*", ",".join(f"{day}L" if each == "L" else f"{day}#{each}" for each in which for day in weekdays)


def _which(word: str, words: str) -> str:
    ordinal = _ORDINAL.fullmatch(word)
    if word in _WHICH:
        return _WHICH[word]
    if ordinal and 1 <= int(ordinal[1]) <= 31:
        return ordinal[1].lstrip("0")
    raise MalformedTimes(f"{word!r} in {words.strip()!r} is no day of the month.")
