"""Do the settings' digests become what the settings say?"""

from datetime import timedelta

import pytest

from bot.digest import Part, Quiet
from bot.digests.stated import Stated, bring_about, id_of
from bot.errors import MalformedTimes
from tests.bot.digests.conftest import GENERAL, TEA

MORNING = Stated("morning", GENERAL, "weekdays at 9", "Europe/Berlin")


async def stated(office, *wanted):
    await bring_about(office.store, wanted, office.clock)
    return await office.store.schedules.all()


async def test_they_are_made_once_however_often_the_bot_starts(office):
    [first] = await stated(office, MORNING)
    office.clock.passes(minutes=5)
    assert await stated(office, MORNING) == [first]


async def test_a_change_keeps_what_was_told(office):
    [first] = await stated(office, MORNING)
    await office.add(TEA)
    [changed] = await stated(
        office, MORNING._replace(words="every day at 10", parts=(Part.NEW,), quiet=Quiet.EACH)
    )
    assert changed.schedule_id == first.schedule_id == id_of("morning")
    assert (changed.words, changed.parts, changed.since) == ("every day at 10", (Part.NEW,), first.since)
    await office.until(changed.next_due + timedelta(minutes=1))
    assert "tea" in office.wall.posted[0].model_dump_json()


async def test_one_that_leaves_the_settings_is_removed_and_those_of_commands_stay(office):
    await office.scheduled(schedule_id="abc123")
    await stated(office, MORNING)
    assert [each.schedule_id for each in await stated(office)] == ["abc123"]


async def test_one_that_was_paused_stays_so(office):
    [first] = await stated(office, MORNING)
    await office.store.schedules.change(
        first.schedule_id, lambda it: it.model_copy(update={"paused": True, "next_due": None})
    )
    [changed] = await stated(office, MORNING._replace(words="every day at 10"))
    assert (changed.paused, changed.next_due) == (True, None)


async def test_words_that_name_no_time_are_refused_before_anything_is_changed(office):
    await stated(office, MORNING)
    with pytest.raises(MalformedTimes):
        await stated(office, MORNING._replace(words="sometimes"))
    assert len(await office.store.schedules.all()) == 1
