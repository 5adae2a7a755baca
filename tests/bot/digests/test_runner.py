"""Is every due digest sent once, on time, whatever happens on the way?"""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.access.rules import Rules
from bot.digest import Quiet
from bot.errors import DatabaseTrouble, PlatformRefused
from bot.models import PlatformName
from bot.platforms.base import Place
from bot.storage import open_store
from bot.storage.store import upgrade
from tests.bot.digests.conftest import COFFEE, GENERAL, TEA, Clock, Office

NINE = datetime(2024, 10, 7, 7, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)


async def test_a_digest_is_sent_when_it_is_due_and_not_before(office):
    await office.scheduled()
    await office.until(NINE - timedelta(seconds=1))
    assert office.wall.posted == []
    await office.until(NINE)
    await office.until(NINE + timedelta(hours=3))
    assert office.wall.dues == [NINE]
    assert (await office.store.schedules.get("s1")).next_due == NINE + A_DAY


async def test_a_month_of_weekdays(either_office):
    office = either_office
    await office.scheduled()
    await office.until(datetime(2024, 11, 7, 0, 0, tzinfo=UTC), step=timedelta(minutes=55))
    local = [digest.due.astimezone(ZoneInfo("Europe/Berlin")) for digest in office.wall.posted]
    assert len(local) == 23
    assert {(each.hour, each.minute) for each in local} == {(9, 0)}
    assert {each.isoweekday() for each in local} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("quiet", "posted"), [(Quiet.FIRST, [0, 2, 3]), (Quiet.SILENT, [2]), (Quiet.EACH, [0, 1, 2, 3, 4])]
)
async def test_what_is_said_when_there_is_nothing_new(office, quiet, posted):
    await office.scheduled("every day at 9", quiet=quiet)
    for day in range(5):
        if day == 2:
            await office.add(TEA)
        await office.until(NINE + day * A_DAY)
    assert [(due - NINE).days for due in office.wall.dues] == posted
    assert [state for _, state in await office.settled()] == [
        "posted" if day in posted else "empty" for day in range(5)
    ]


async def test_two_and_five_processes_send_it_once(either_office):
    office = either_office
    await office.scheduled()
    office.clock.moves_to(NINE)
    for count in (2, 5):
        await asyncio.gather(*(office.process().send_due() for _ in range(count)))
        assert office.wall.dues == [NINE]


async def test_processes_whose_clocks_are_half_a_minute_apart_send_it_once(office):
    await office.scheduled()
    behind, ahead = Clock(NINE - timedelta(seconds=5)), Clock(NINE + timedelta(seconds=25))
    for _ in range(20):
        await asyncio.gather(office.process(behind).send_due(), office.process(ahead).send_due())
        behind.passes(seconds=10)
        ahead.passes(seconds=10)
    assert office.wall.dues == [NINE]


@pytest.mark.parametrize("hung", [False, True], ids=["before it hung", "after it hung"])
async def test_a_post_that_fails_is_made_good_once(either_office, hung):
    office = either_office
    await office.scheduled()
    await office.add(TEA)
    office.wall.trouble, office.wall.hung = ConnectionError(), hung
    await office.until(NINE)
    assert [state for _, state in await office.settled()] == ["claimed"]
    await office.until(NINE + timedelta(minutes=3), step=timedelta(seconds=20))
    assert office.wall.dues == [NINE]
    assert [state for _, state in await office.settled()] == ["posted"]
    assert (await office.store.schedules.get("s1")).next_due == NINE + A_DAY


async def test_what_is_posted_at_the_second_try_is_what_was_composed_at_the_first(either_office):
    office = either_office
    await office.scheduled()
    await office.add(TEA)
    office.wall.trouble = ConnectionError()
    await office.until(NINE)
    await office.add(COFFEE)
    await office.until(NINE + timedelta(minutes=3), step=timedelta(seconds=20))
    assert "coffee" not in office.wall.posted[0].model_dump_json()
    await office.until(NINE + A_DAY)
    assert "coffee" in office.wall.posted[1].model_dump_json()
    assert "tea" not in office.wall.posted[1].model_dump_json()


async def test_after_downtime_the_newest_is_sent_and_says_that_it_is_late(either_office):
    office = either_office
    await office.scheduled("every day at 9")
    await office.add(TEA)
    office.clock.moves_to(NINE + 3 * A_DAY + timedelta(hours=2))
    await office.digests.send_due()
    [digest] = office.wall.posted
    assert (digest.due, digest.late, digest.missed) == (NINE + 3 * A_DAY, True, 3)
    assert "tea" in digest.model_dump_json()
    assert [state for _, state in await office.settled()] == ["missed", "missed", "missed", "posted"]


async def test_after_more_than_the_catch_up_time_nothing_is_sent_and_the_news_waits(office):
    await office.scheduled("Mondays at 9")
    await office.add(TEA)
    office.clock.moves_to(NINE + timedelta(hours=13))
    await office.digests.send_due()
    assert office.wall.posted == []
    assert [state for _, state in await office.settled()] == ["missed"]
    await office.until(NINE + 7 * A_DAY)
    assert "tea" in office.wall.posted[0].model_dump_json()


async def test_a_channel_that_is_gone_stops_the_schedule_and_tells_its_maker_once(office):
    await office.scheduled("every day at 9")
    office.wall.trouble = PlatformRefused("The channel was archived.")
    await office.until(NINE + 3 * A_DAY)
    [(person, said)] = office.wall.told
    assert person == "U1"
    assert "The channel was archived." in said
    assert "digest resume s1" in said
    schedule = await office.store.schedules.get("s1")
    assert (schedule.next_due, schedule.stopped_because) == (
        None,
        "The channel was archived. Run: quoth doctor.",
    )
    assert office.wall.posted == []


async def test_a_channel_shared_with_others_stops_it_and_a_platform_that_cannot_tell_is_asked_again(office):
    await office.scheduled("every day at 9")
    office.wall.seen_as = Place(direct=False, outside=True)
    await office.until(NINE)
    assert (await office.store.schedules.get("s1")).next_due is None
    assert len(office.wall.told) == 1


async def test_a_schedule_that_is_removed_or_paused_on_the_way_stays_so(office):
    await office.scheduled("every day at 9")
    office.wall.trouble = ConnectionError()
    await office.until(NINE)
    await office.store.schedules.change(
        "s1", lambda it: it.model_copy(update={"next_due": None, "paused": True})
    )
    await office.until(NINE + timedelta(minutes=3), step=timedelta(seconds=30))
    assert office.wall.dues == [NINE]
    assert (await office.store.schedules.get("s1")).next_due is None
    await office.scheduled("every day at 9", schedule_id="s2")
    office.wall.trouble = ConnectionError()
    await office.until(NINE + A_DAY)
    await office.store.schedules.remove("s2")
    await office.until(NINE + A_DAY + timedelta(minutes=3), step=timedelta(seconds=30))
    assert office.wall.dues == [NINE]


async def test_a_database_that_is_away_for_a_minute_delays_and_loses_nothing(office, monkeypatch):
    await office.scheduled()
    await office.add(TEA)
    office.clock.moves_to(NINE)
    settle = office.store.deliveries.settle

    async def away(*args, **said):
        raise DatabaseTrouble("The database is away.")

    monkeypatch.setattr(office.store.deliveries, "settle", away)
    await office.digests.send_due()
    monkeypatch.setattr(office.store.deliveries, "settle", settle)
    await office.until(NINE + timedelta(minutes=4), step=timedelta(seconds=30))
    assert office.wall.dues == [NINE]
    assert office.wall.looked == 1
    assert [state for _, state in await office.settled()] == ["posted"]


async def test_five_hundred_that_are_due_in_the_same_minute_all_go_out(office):
    await office.add(TEA)
    for number in range(500):
        await office.scheduled(schedule_id=f"s{number}")
    await office.add(COFFEE)
    office.clock.moves_to(NINE)
    assert await office.digests.send_due() == 500
    assert len({digest.schedule_id for digest in office.wall.posted}) == 500


async def test_what_another_process_must_send_is_not_looked_for_without_pause(office, monkeypatch):
    await office.scheduled(conversation=GENERAL.model_copy(update={"platform": PlatformName.DISCORD}))
    await office.scheduled(schedule_id="s2")
    await office.add(TEA)
    office.clock.moves_to(NINE)
    office.wall.trouble = ConnectionError()
    looks, due = [], office.store.schedules.due

    async def looked(now):
        looks.append(now)
        return await due(now)

    monkeypatch.setattr(office.store.schedules, "due", looked)
    stopping = asyncio.Event()
    running = asyncio.create_task(office.digests.run(stopping))
    while len(looks) < 2:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.5)
    stopping.set()
    await running
    assert len(looks) == 2


async def test_it_runs_until_it_is_stopped(office):
    await office.scheduled()
    office.clock.moves_to(NINE)
    stopping = asyncio.Event()
    running = asyncio.create_task(office.digests.run(stopping))
    async with asyncio.timeout(20):
        while not office.wall.posted:
            await asyncio.sleep(0.01)
        stopping.set()
        await running


async def test_on_postgres_five_processes_share_the_work_and_send_each_once(fresh_postgres, clock):
    url = fresh_postgres()
    await upgrade(url)
    async with open_store(url) as store:
        office = Office(store, clock, Rules())
        for number in range(40):
            await office.scheduled(schedule_id=f"s{number}")
        await office.add(TEA)
        office.clock.moves_to(NINE)
        await asyncio.gather(*(office.process().send_due() for _ in range(5)))
        assert sorted(digest.schedule_id for digest in office.wall.posted) == sorted(
            f"s{n}" for n in range(40)
        )


async def test_what_was_settled_long_ago_is_forgotten_and_what_was_told_stays_told(office):
    await office.scheduled("every day at 9")
    await office.asks("When are beans delivered?")
    await office.add(COFFEE)
    await office.until(NINE + A_DAY)
    told = await office.store.topics.told("slack:T1/C1")
    assert await office.store.deliveries.prune(NINE + timedelta(hours=1)) == 1
    assert [due for due, _ in await office.settled()] == [NINE + A_DAY]
    assert await office.store.topics.told("slack:T1/C1") == told != frozenset()
