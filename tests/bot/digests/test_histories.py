"""Over random schedules, zones and times of being down: is just what a simple calculation says delivered?"""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage import open_store
from tests.bot.digests.conftest import Clock, Office

STEP = timedelta(minutes=40)
CATCH_UP = timedelta(hours=12)
STARTS = [
    ("Europe/Berlin", datetime(2024, 3, 30, 6, 7, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2024, 10, 26, 6, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2024, 3, 9, 6, 7, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2024, 4, 6, 6, 7, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2024, 6, 1, 6, 7, tzinfo=UTC)),
]
TIMES = st.lists(
    st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30, 45])), min_size=1, max_size=3, unique=True
)
DOWN = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 50)), max_size=3)
"""From which step on the bot is down, and for how many."""


def due_times(times, zone, start, end):
    """Every due time, found by looking at each minute: the first moment at which the wall shows it or has passed it."""
    wall, seen, found = ZoneInfo(zone), set(), []
    moment = start - timedelta(hours=3)
    before = moment.astimezone(wall).replace(tzinfo=None)
    while moment <= end:
        now = moment.astimezone(wall).replace(tzinfo=None)
        passed = [now]
        while before + timedelta(minutes=1) < now:
            before += timedelta(minutes=1)
            passed.append(before)
        fresh = {each for each in passed if each not in seen}
        seen |= fresh
        if moment > start and any((each.hour, each.minute) in times for each in fresh):
            found.append(moment)
        before, moment = now, moment + timedelta(minutes=1)
    return found


def expected(dues, looks):
    """A due time is kept by the first look after it, if that is the newest there is by then, and not too old."""
    kept = set()
    for look in looks:
        past = [due for due in dues if due <= look]
        first_look = past and not any(past[-1] <= earlier < look for earlier in looks)
        if first_look and look - past[-1] <= CATCH_UP:
            kept.add(past[-1])
    return sorted(kept)


@settings(max_examples=15)
@given(TIMES, st.sampled_from(STARTS), DOWN)
def test_the_delivered_due_times_are_those_of_a_simpler_calculation(times, place, down):
    zone, start = place
    looks = [
        start + step * STEP
        for step in range(1, 100)
        if not any(begin <= step < begin + length for begin, length in down)
    ]
    dues = due_times(set(times), zone, start.replace(minute=0), looks[-1])
    dues = [due for due in dues if due > start]

    async def history():
        async with open_store("sqlite://") as store:
            office = Office(store, Clock(start))
            words = " and ".join(f"{hour}:{minute:02}" for hour, minute in times)
            await office.scheduled(f"every day at {words}", zone)
            for look in looks:
                office.clock.moves_to(look)
                await office.digests.send_due()
            return office.wall.dues, await office.settled()

    posted, settled = asyncio.run(history())
    assert posted == expected(dues, looks)
    assert [due for due, state in settled] == dues
    assert {due for due, state in settled if state == "posted"} == set(posted)
    assert {state for due, state in settled if due not in posted} <= {"missed"}
