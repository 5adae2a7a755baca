"""What is said to `digest ...` and `watch ...`?"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.access import read_allowed, read_rules
from bot.digest import Part, Quiet
from bot.digests.commanding import Commanding
from bot.digests.managing import MOST_TOPICS, Managing
from bot.digests.reading import is_command
from bot.models import IncomingQuestion, PlatformName
from bot.platforms.base import TopicPress
from bot.storage import open_store
from tests.bot.digests.conftest import COFFEE, GENERAL, TEA, Office, items, memo

NINE = datetime(2024, 10, 7, 7, 0, tzinfo=UTC)
ELSEWHERE = GENERAL.model_copy(update={"channel": "C2"})


class Desk:
    """Somebody in the channel, who says things and reads what is said back."""

    def __init__(self, office):
        self.office = office
        self.managing = Managing(office.store, office.clock, "Europe/Berlin")
        self.commanding = Commanding(
            self.managing, office.digests, office.access, {PlatformName.SLACK: office.wall}
        )

    async def says(self, text, asker="U1", conversation=GENERAL):
        question = IncomingQuestion(
            event_id="e", conversation=conversation, asker=asker, text=text, asked_at=self.office.clock()
        )
        view = await self.office.access.view_for(question, self.office.wall)
        return await self.commanding.answered(question, view, self.office.wall)

    async def schedule(self):
        [schedule] = await self.office.store.schedules.all()
        return schedule


@pytest.fixture
def desk(office):
    return Desk(office)


async def test_a_digest_is_made_with_the_next_three_times_shown_back(desk):
    said = await desk.says("digest weekdays at 9")
    schedule = await desk.schedule()
    assert said == (
        f"Digest {schedule.schedule_id}: weekdays at 9 (Europe/Berlin). "
        "Next: Mon 7 Oct, 09:00 · Tue 8 Oct, 09:00 · Wed 9 Oct, 09:00. "
        "When there is nothing new I say so once, then keep quiet until there is."
    )


async def test_words_that_name_no_time_are_answered_with_the_right_form(desk):
    said = await desk.says("digest weekdys at 9")
    assert said.startswith("'weekdys' in 'weekdys' is no day. Write for example: weekdays at 9")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("digest", True),
        ("Digest weekdays at 9", True),
        ("digest pause", True),
        ("watch tariffs", True),
        ("topics", True),
        ("digest of the alliances memo", False),
        ("What is in the digest?", False),
        ("digestion at 9?", False),
        ("watchdogs", False),
        ("Is there a topic on trade", False),
    ],
)
def test_what_is_a_command_and_what_a_question(text, is_one):
    assert is_command(text) is is_one


async def test_a_question_is_left_alone(desk):
    assert await desk.says("When is the kettle descaled?") is None


async def test_pause_resume_and_remove(desk):
    await desk.says("digest weekdays at 9")
    name = (await desk.schedule()).schedule_id
    assert (await desk.says("digest pause")).startswith(f"Paused digest {name}.")
    await desk.office.until(NINE)
    assert desk.office.wall.posted == []
    assert "Paused." in await desk.says("digest list")
    assert "Next: Tue 8 Oct, 09:00" in await desk.says(f"digest resume {name}")
    assert "What it posted stays" in await desk.says("digest remove")
    assert await desk.says("digest") == "No digest is scheduled here. Make one with: digest weekdays at 9"


async def test_status_says_why_the_last_one_was_or_was_not_sent(desk):
    await desk.says("digest weekdays at 9")
    assert "Nothing was due yet." in await desk.says("digest status")
    await desk.office.until(NINE)
    assert "Last sent: Mon 7 Oct, 09:00." in await desk.says("digest status")
    await desk.office.until(NINE + timedelta(days=1))
    assert "Last due: Tue 8 Oct, 09:00; nothing was new, so nothing was posted." in await desk.says(
        "digest status"
    )


async def test_times_parts_and_quiet_days_can_be_changed(desk):
    await desk.says("digest weekdays at 9")
    assert "Next: Mon 7 Oct, 17:30 · Mon 4 Nov, 17:30" in await desk.says(
        "digest change first Monday of the month at 17:30"
    )
    assert "shows: new memos, changed passages." in await desk.says("digest show new, changed")
    assert "There is no part 'news'" in await desk.says("digest show news")
    assert "each time" in await desk.says("digest quiet each")
    schedule = await desk.schedule()
    assert (schedule.parts, schedule.quiet) == ((Part.NEW, Part.CHANGED), Quiet.EACH)


async def test_what_it_shows_and_its_quiet_days_may_follow_the_times(desk):
    await desk.says("digest weekdays at 9 in America/New_York; show topics, new; quiet silent")
    schedule = await desk.schedule()
    assert (schedule.parts, schedule.quiet) == ((Part.NEW, Part.TOPICS), Quiet.SILENT)
    assert schedule.zone == "America/New_York"
    assert "I do not know what 'loud' means" in await desk.says("digest weekdays at 9; loud")


async def test_buttons_end_a_topic_or_make_it_stricter_for_whom_it_belongs_to(desk):
    await desk.says("watch When are beans delivered?", asker="U2")
    [topic] = await desk.managing.topics(GENERAL)
    press = TopicPress("less", topic.topic_id, GENERAL, "U2")
    assert "at least 70% sure" in await desk.commanding.pressed(press)
    assert await desk.commanding.pressed(press._replace(action="unwatch")) == (
        "I no longer ask “When are beans delivered?” here."
    )
    assert await desk.commanding.pressed(press) == "This question is not watched here any more."


async def test_with_several_it_asks_which(desk):
    await desk.says("digest weekdays at 9")
    desk.office.clock.passes(seconds=1)
    await desk.says("digest weekends at 10")
    said = await desk.says("digest pause")
    assert said.startswith("Say which one: ")
    assert "(weekdays at 9) · " in said
    assert "(weekends at 10)" in said


async def test_a_preview_is_shown_to_the_asker_alone_and_settles_nothing(desk):
    await desk.says("digest weekdays at 9")
    await desk.office.add(TEA)
    assert "only you see it" in await desk.says("digest preview")
    [(asker, digest)] = desk.office.wall.previewed
    assert asker == "U1"
    assert items(digest, Part.NEW)[0].memo_id == "tea"
    await desk.office.until(NINE)
    assert items(desk.office.wall.posted[0], Part.NEW)[0].memo_id == "tea"


async def test_now_sends_at_once_and_the_news_is_told_once(desk):
    await desk.says("digest weekdays at 9")
    await desk.office.add(TEA)
    assert (await desk.says("digest now")).startswith("Last sent: Mon 7 Oct, 08:01")
    await desk.office.until(NINE)
    assert [digest.is_empty for digest in desk.office.wall.posted] == [False, True]


async def test_a_topic_is_watched_and_a_place_without_a_digest_gets_one_for_it(desk):
    said = await desk.says("watch When are beans delivered?")
    assert said.startswith(
        "I will ask “When are beans delivered?” of everything new, and say what answers it. Next: "
    )
    assert (await desk.schedule()).parts == (Part.TOPICS,)
    await desk.office.add(COFFEE)
    await desk.office.until(NINE)
    [digest] = desk.office.wall.posted
    assert items(digest, Part.TOPICS)[0].question == "When are beans delivered?"
    assert "When are beans delivered?" in await desk.says("topics")
    assert await desk.says("unwatch") == "I no longer ask “When are beans delivered?” here."


@pytest.mark.parametrize(
    "text", ["watch", "watch tea as-of:2024-01-01", "watch the of", "watch tea before:soon"]
)
async def test_a_question_that_can_never_be_answered_anew_is_no_topic(desk, text):
    await desk.says(text)
    assert await desk.office.store.schedules.all() == []


async def test_less_like_this_asks_for_surer_answers(desk):
    await desk.says("watch When are beans delivered?")
    [topic] = await desk.managing.topics(GENERAL)
    stricter = await desk.managing.less_like_this(topic.topic_id, "slack:U1")
    assert stricter.threshold > topic.threshold
    assert await desk.managing.less_like_this("gone", "slack:U1") is None


async def test_why_a_memo_was_or_was_not_in_a_digest(desk):
    await desk.office.add(memo("old", "The old rule holds for all of the ships."))
    await desk.says("digest weekdays at 9")
    await desk.office.add(TEA)
    await desk.office.until(NINE)
    assert await desk.says("digest why tea 2024-10-07") == "Mon 7 Oct, 09:00: tea in new memos: shown."
    said = await desk.says("digest why old 2024-10-07")
    assert (
        "old not shown: it was neither new nor changed between Mon 7 Oct, 08:01 and Mon 7 Oct, 09:00" in said
    )
    assert await desk.says("digest why tea 2024-10-06") == "No digest was due here on 2024-10-06."
    assert "There is no memo 'nothing'" in await desk.says("digest why nothing 2024-10-07")


async def test_where_nobody_is_named_why_knows_nothing_of_a_memo_that_is_not_seen_there(desk):
    await desk.office.access.bind("slack:T1/C1", read_allowed(["kitchen"], "test"), "command line")
    await desk.says("digest weekdays at 9")
    await desk.office.add(
        memo("tea", TEA.text, collections=("kitchen",)),
        memo("pay", "The pay of all rises.", collections=("hr",)),
    )
    await desk.office.until(NINE)
    hidden, unknown = [await desk.says(f"digest why {name} 2024-10-07") for name in ("pay", "nothing")]
    assert hidden.replace("pay", "nothing") == unknown == "There is no memo 'nothing' here."
    [digest] = desk.office.wall.posted
    said = await desk.commanding.pressed(TopicPress("why", digest.digest_id, GENERAL, "U1"))
    assert said == "tea in new memos: shown."


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_why_on_a_day_where_the_calendar_ends_is_answered(desk, day):
    await desk.office.add(TEA)
    assert await desk.says(f"digest why tea {day}") == f"No digest was due here on {day}."


async def test_a_watched_question_is_one_short_line_that_reads_as_it_is_written(desk):
    await desk.office.add(TEA, COFFEE)
    assert "at most 500 characters" in await desk.says("watch " + "kettle " * 100)
    await desk.says("watch When are \u202ebeans\ndelivered\x00?")
    [topic] = await desk.managing.topics(GENERAL)
    assert topic.question == "When are beans delivered ?"
    assert "no longer ask" in await desk.says("unwatch When are beans  delivered ?")


async def test_as_many_topics_as_there_may_be_are_listed_in_one_message(desk):
    for number in range(MOST_TOPICS):
        await desk.managing.watch(GENERAL, "U1", f"{number} {'kettle ' * 60}")
    said = await desk.says("topics")
    assert len(said) < 2_000
    assert all(topic.topic_id in said for topic in await desk.managing.topics(GENERAL))


async def test_a_place_holds_only_so_many_digests_and_topics(desk, monkeypatch):
    monkeypatch.setattr("bot.digests.managing.MOST_DIGESTS", 2)
    monkeypatch.setattr("bot.digests.managing.MOST_TOPICS", 2)
    await desk.office.add(TEA, COFFEE)
    said = [await desk.says("digest weekdays at 9") for _ in range(3)]
    assert said[2].startswith("There are 2 digests here already, and there can be no more. End one")
    said = [await desk.says(f"watch {words}") for words in ("kettle", "beans", "roastery", "beans")]
    assert said[2].startswith("There are 2 questions watched here already")
    assert said[3].startswith("I will ask “beans”")
    assert len(await desk.office.store.schedules.all()) == 2
    assert (await desk.says("digest weekdays at 9", conversation=ELSEWHERE)).startswith("Digest ")


async def test_where_people_are_named_nobody_else_changes_anything(tmp_path, clock):
    async with open_store(f"sqlite:///{tmp_path / 'quoth.db'}") as store:
        desk = Desk(Office(store, clock, read_rules(managers=["slack:U1"])))
        refused = "Only the people named in ACCESS__MANAGERS may change digests here."
        assert await desk.says("digest weekdays at 9", asker="U2") == refused
        await desk.says("digest weekdays at 9", asker="U1")
        for text in ("pause", "remove", "now", "change weekends at 9", "show new", "quiet each"):
            assert await desk.says(f"digest {text}", asker="U2") == refused
        assert "weekdays at 9" in await desk.says("digest list", asker="U2")
        await desk.says("watch tea", asker="U1")
        assert await desk.says("unwatch", asker="U2") == refused


async def test_the_button_why_says_what_became_of_each_memo_to_those_who_may_know(tmp_path, clock):
    async with open_store(f"sqlite:///{tmp_path / 'quoth.db'}") as store:
        desk = Desk(Office(store, clock, read_rules(managers=["slack:U1"])))
        await desk.says("digest weekdays at 9")
        await desk.office.add(TEA)
        await desk.office.until(NINE)
        [digest] = desk.office.wall.posted
        press = TopicPress("why", digest.digest_id, GENERAL, "U1")
        assert await desk.commanding.pressed(press) == "tea in new memos: shown."
        assert "Only the people" in await desk.commanding.pressed(press._replace(asker="U2"))
        elsewhere = GENERAL.model_copy(update={"channel": "C2"})
        assert "Nothing is kept" in await desk.commanding.pressed(press._replace(conversation=elsewhere))
