"""What if something changes between the moment that a digest is taken on and the moment that it is posted?"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.access import read_allowed
from bot.digest import DeliveryState, Part
from bot.digests.runner import Digests
from bot.models import PlatformName
from bot.platforms.base import Place
from tests.bot.digests.conftest import COFFEE, GENERAL, TEA, items, memo

NINE = datetime(2024, 10, 7, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)


async def kept_but_not_posted(office):
    """A digest of one memo of each of two collections, whose posting failed."""
    await office.scheduled()
    await office.add(
        memo("tea", TEA.text, collections=("kitchen",)), memo("pay", "The pay of all rises by 3.")
    )
    office.wall.trouble = ConnectionError()
    await office.until(NINE)
    [delivery] = await office.store.deliveries.of_schedule("s1")
    assert delivery.digest
    assert office.wall.posted == []


async def test_what_was_kept_is_not_posted_to_a_channel_that_may_not_see_it_any_more(office):
    await kept_but_not_posted(office)
    await office.access.bind("slack:T1/C1", read_allowed(["kitchen"], "test"), "slack:U1")
    await office.until(NINE + 2 * LEASE, step=LEASE)
    [digest] = office.wall.posted
    assert [each.memo_id for each in items(digest, Part.NEW)] == ["tea"]
    assert "pay" not in digest.model_dump_json()


async def test_what_was_kept_is_not_posted_where_a_memo_was_moved_out_of_sight(office):
    await office.access.bind("slack:T1/C1", read_allowed(["kitchen", "hr"], "test"), "slack:U1")
    await office.scheduled()
    await office.add(
        memo("tea", TEA.text, collections=("kitchen",)), memo("pay", "Pay rises.", source="hr/pay.txt")
    )
    office.wall.trouble = ConnectionError()
    await office.until(NINE)
    # As another process does, so that this one is not told.
    await office.store.memos.add([memo("pay", "Pay rises.", source="board/pay.txt")], office.clock())
    await office.until(NINE + 2 * LEASE, step=LEASE)
    [digest] = office.wall.posted
    assert [each.memo_id for each in items(digest, Part.NEW)] == ["tea"]


async def test_what_was_kept_is_not_posted_to_a_channel_that_others_read_by_now(office):
    await kept_but_not_posted(office)
    office.wall.seen_as = Place(direct=False, outside=True)
    await office.until(NINE + 2 * LEASE, step=LEASE)
    assert office.wall.posted == []
    assert (await office.store.schedules.get("s1")).stopped_because


async def test_what_is_composed_anew_for_a_kept_digest_leaves_later_news_to_the_next(office):
    await kept_but_not_posted(office)
    await office.access.bind("slack:T1/C1", read_allowed(["kitchen"], "test"), "slack:U1")
    await office.add(memo("coffee", COFFEE.text, collections=("kitchen",)))
    await office.until(NINE + timedelta(days=1), step=timedelta(hours=1))
    told = [[each.memo_id for each in items(digest, Part.NEW)] for digest in office.wall.posted]
    assert told == [["tea"], ["coffee"]]


async def test_sending_now_while_a_digest_is_under_way_tells_nothing_twice(either_office):
    office = either_office
    await office.scheduled()
    await office.add(TEA)
    office.wall.trouble = ConnectionError()
    await office.until(NINE)
    office.clock.passes(seconds=5)
    under_way = await office.digests.send_now("s1")
    assert (under_way.due, under_way.state) == (NINE, DeliveryState.CLAIMED)
    await office.until(NINE + 2 * LEASE, step=LEASE)
    [digest] = office.wall.posted
    assert [each.memo_id for each in items(digest, Part.NEW)] == ["tea"]
    office.clock.passes(minutes=1)
    again = await office.digests.send_now("s1")
    assert again.state is DeliveryState.POSTED
    assert again.digest.is_empty


async def test_two_who_send_now_in_the_same_second_send_one(office):
    await office.scheduled()
    await office.add(TEA)
    one, other = [await office.process().send_now("s1") for _ in range(2)]
    assert one.delivery_id == other.delivery_id
    assert len(office.wall.posted) == 1


@pytest.mark.parametrize("is_kept", [False, True], ids=["composing", "about to post"])
async def test_a_process_that_stood_still_for_longer_than_its_lease_does_not_post_as_well(office, is_kept):
    """As after SIGSTOP: its clock has gone on when it wakes, and another has posted the digest."""
    await office.scheduled()
    await office.add(TEA)
    office.clock.moves_to(NINE)
    stopped, deliveries = office.process(), office.store.deliveries
    composed = deliveries.composed

    async def stands_still():
        office.clock.passes(minutes=3)
        await office.process().send_due()
        assert len(office.wall.posted) == 1

    async def composed_then_stood_still(*what):
        deliveries.composed = composed
        held = is_kept and await composed(*what)
        await stands_still()
        return held or await composed(*what)

    deliveries.composed = composed_then_stood_still
    await stopped.send_due()
    assert len(office.wall.posted) == 1
    assert await office.settled() == [(NINE, "posted")]


async def test_what_was_left_is_not_held_up_by_a_process_that_cannot_post_there(office):
    await kept_but_not_posted(office)
    elsewhere = Digests(
        office.store, office.grounds, {PlatformName.DISCORD: office.wall}, now=office.clock, **office.timing
    )
    office.clock.moves_to(NINE + 2 * LEASE)
    assert await elsewhere.send_due() == 0
    assert await office.digests.send_due() == 1
    assert len(office.wall.posted) == 1


async def test_a_clock_that_is_put_back_makes_nothing_that_was_told_gone(office):
    await office.scheduled()
    await office.add(TEA)
    await office.until(NINE)
    office.clock.time = NINE - timedelta(hours=3)
    schedule = await office.store.schedules.get("s1")
    composed = await office.digests.compose(schedule, "d", NINE, office.wall)
    assert composed.digest.is_empty


async def test_what_is_said_of_two_schedules_that_are_due_at_once_is_said_by_each_once(office):
    await office.scheduled()
    await office.scheduled(schedule_id="s2", conversation=GENERAL.model_copy(update={"channel": "C2"}))
    await office.add(TEA)
    await office.until(NINE + timedelta(hours=3))
    assert sorted(digest.schedule_id for digest in office.wall.posted) == ["s1", "s2"]
