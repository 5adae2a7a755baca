"""Is every due time due once, also where the clocks change?"""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.timing import Timetable

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",  # took summer time up again in 2023
    "America/Mexico_City",  # gave it up in 2022
    "Pacific/Apia",  # left out a whole day in 2011
    "Asia/Kathmandu",
]


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "cron", "day", "moments"),
    [
        ("Europe/Berlin", "30 2 * * *", "2024-03-31", ["2024-03-31T03:00:00+02:00"]),
        ("Europe/Berlin", "0,30 2 * * *", "2024-03-31", ["2024-03-31T03:00:00+02:00"]),
        ("Europe/Berlin", "30 2,3 * * *", "2024-03-31", ["2024-03-31T03:00:00+02:00", "2024-03-31T03:30:00+02:00"]),
        ("Europe/Berlin", "30 2 * * *", "2024-10-27", ["2024-10-27T02:30:00+02:00"]),
        ("America/New_York", "15 2 * * *", "2024-03-10", ["2024-03-10T03:00:00-04:00"]),
        ("America/New_York", "15 1 * * *", "2024-11-03", ["2024-11-03T01:15:00-04:00"]),
        ("Australia/Lord_Howe", "15 2 * * *", "2024-10-06", ["2024-10-06T02:30:00+11:00"]),
        ("Australia/Lord_Howe", "45 1 * * *", "2024-04-07", ["2024-04-07T01:45:00+11:00"]),
        ("Africa/Cairo", "30 0 * * *", "2023-04-28", ["2023-04-28T01:00:00+03:00"]),
        ("America/Mexico_City", "30 2 * * *", "2023-04-02", ["2023-04-02T02:30:00-06:00"]),
        ("America/Mexico_City", "30 2 * * *", "2022-04-03", ["2022-04-03T03:00:00-05:00"]),
        ("Pacific/Apia", "0 9 30 12 *", "2011-12-30", ["2011-12-31T00:00:00+14:00"]),
    ],
)  # fmt: skip
def test_a_time_that_is_left_out_or_comes_twice_is_due_once(zone, cron, day, moments):
    before = at(f"{day}T00:00", zone) - timedelta(minutes=1)
    table = Timetable(crons=(cron,), zone=zone)
    due = table.between(before, before + timedelta(hours=22))
    assert [table.local(moment).isoformat() for moment in due] == moments


def test_nine_in_the_morning_stays_nine_on_the_wall():
    table = Timetable(crons=("0 9 * * 1-5",), zone="Europe/Berlin")
    moments = list(islice(table.all_after(at("2024-01-01T00:00")), 262))
    assert {(table.local(moment).hour, table.local(moment).minute) for moment in moments} == {(9, 0)}
    assert {moment.hour for moment in moments} == {7, 8}


def test_asked_between_the_two_the_second_of_a_doubled_time_is_not_due():
    table = Timetable(crons=("30 2 * * *",), zone="Europe/Berlin")
    second_time = datetime(2024, 10, 27, 1, 15, tzinfo=UTC)  # 02:15, winter time
    assert table.after(second_time) == datetime(2024, 10, 28, 1, 30, tzinfo=UTC)


MINUTES = st.integers(0, 59)
TIMES = st.lists(st.tuples(st.integers(0, 23), MINUTES), min_size=1, max_size=3, unique=True)


def simply(times, weekdays, zone, after, until):
    """Every due time by looking at each minute of UTC: what the wall shows, and what it never showed before."""
    zone = ZoneInfo(zone)
    wanted, shown, found = set(times), set(), []
    moment = (after - timedelta(days=2)).astimezone(UTC).replace(second=0, microsecond=0)
    before = moment.astimezone(zone).replace(tzinfo=None)
    while moment <= until:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        skipped = before + timedelta(minutes=1)
        passed = {wall}
        while skipped < wall:
            passed.add(skipped)
            skipped += timedelta(minutes=1)
        new = {each for each in passed if each not in shown}
        shown |= passed
        if any((each.hour, each.minute) in wanted and each.isoweekday() % 7 in weekdays for each in new):
            found.append(moment)
        before = wall
        moment += timedelta(minutes=1)
    return [moment for moment in found if after < moment <= until]


@given(
    TIMES,
    st.sets(st.integers(0, 6), min_size=1),
    st.sampled_from([
        ("Europe/Berlin", datetime(2024, 3, 31, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2024, 10, 27, tzinfo=UTC)),
        ("America/New_York", datetime(2024, 3, 10, tzinfo=UTC)),
        ("America/New_York", datetime(2024, 11, 3, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2024, 4, 7, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2024, 10, 6, tzinfo=UTC)),
        ("Africa/Cairo", datetime(2023, 4, 28, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2024, 6, 1, tzinfo=UTC)),
    ]),
    st.integers(0, 48 * 60),
)  # fmt: skip
def test_the_due_times_are_those_that_a_look_at_every_minute_finds(times, weekdays, place, minutes_before):
    zone, change = place
    after = change - timedelta(minutes=minutes_before)
    until = change + timedelta(days=2)
    days = ",".join(map(str, sorted(weekdays)))
    table = Timetable(crons=tuple(f"{minute} {hour} * * {days}" for hour, minute in times), zone=zone)
    assert table.between(after, until) == simply(times, weekdays, zone, after, until)


@given(st.sampled_from(ZONES), TIMES, st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1)))
def test_due_times_ascend_and_asking_from_any_of_them_goes_on_with_the_next(zone, times, start):
    table = Timetable(crons=tuple(f"{minute} {hour} * * *" for hour, minute in times), zone=zone)
    moments = list(islice(table.all_after(start.replace(tzinfo=UTC)), 8))
    assert all(one < other for one, other in pairwise(moments))
    assert [table.after(moment) for moment in moments[:-1]] == moments[1:]
