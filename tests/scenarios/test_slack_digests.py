"""Are digests in Slack scheduled, posted once, previewed, and changed by whoever may?"""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.app.digesting import digests_of
from bot.app.sending import sent_now
from bot.digest import Digest, Quiet
from bot.digests.grounds import Grounds
from bot.digests.runner import Digests
from bot.errors import DatabaseTrouble, PlatformRefused
from bot.library import utc_now
from bot.models import PlatformName
from bot.observability import DROPPED
from bot.platforms.slack.scheduling import SHORTCUT
from bot.rendering.digests import slack as digest_message
from bot.rendering.digests import slack_form as form
from bot.rendering.digests.slack import BUTTONS, LESS, UNWATCH, WHY
from bot.settings import Settings
from tests.bot.rendering.digests.samples import short
from tests.servers.slack import ALICE, BOT, BOT_TOKEN, GENERAL, PEOPLE, SIGNING_SECRET, TEAM
from tests.servers.slack_between import error
from tests.servers.slack_world import built_over

BOB, MALLORY = PEOPLE[1], PEOPLE[2]
MENTION = f"<@{BOT}>"
POST, HISTORY = "chat.postMessage", "conversations.history"
PAGE = "https://quoth.example.org/digests/"
LONG_AGO = timedelta(days=400)


@pytest.fixture
async def parts(tmp_path):
    async with built_over(tmp_path / "quoth.db") as parts:
        yield parts


@pytest.fixture
async def office(slack, parts):
    """The bot, connected to a Slack over Socket Mode, then to one over HTTP, and what sends its digests."""
    async with opened(slack, parts) as office:
        yield office


class Office:
    """A Slack, what stands behind the bot in it, and what sends its digests."""

    def __init__(self, slack, parts, platform, digests):
        self.slack, self.parts, self.platform, self.digests = slack, parts, platform, digests
        self.people, self.between = slack.people, slack.between

    async def schedule(self):
        """The only schedule, once there is one."""
        return (await until(self.parts.store.schedules.all))[0]

    async def due(self, **changed):
        """Let the schedule be due now, with everything in the library as news."""
        schedule = await self.schedule()
        changed = {"next_due": utc_now() - timedelta(seconds=1), "since": utc_now() - LONG_AGO, **changed}
        return await self.parts.store.schedules.change(
            schedule.schedule_id, lambda it: it.model_copy(update=changed)
        )

    async def whispers(self, channel=GENERAL):
        return [one for one in await self.people.messages(channel) if one.get("subtype") == "ephemeral"]

    async def digests_in(self, channel=GENERAL):
        """The digests that stand in a channel for everybody."""
        said = [one for one in await self.people.replies(channel) if one.get("subtype") != "ephemeral"]
        return [one for one in said if digest_message.EVENT_TYPE in str(one.get("blocks"))]


@asynccontextmanager
async def opened(slack, parts):
    """An office over `parts` in `slack`, while the block lasts."""
    platform = slack.platform(page_link=lambda digest_id: PAGE + digest_id, give_up_after=20.0)
    settings = Settings(_env_file=None, digests={"zone": "Europe/Berlin"})
    digests = digests_of(settings, parts, [platform])
    async with slack.running(platform, parts.questions.ask_for(platform)):
        yield Office(slack, parts, platform, digests)


def another_process(office, parts, ahead=timedelta(0)):
    """Another process over the same database and the same Slack, its clock `ahead`."""
    platform = office.slack.platform(page_link=lambda digest_id: PAGE + digest_id)
    grounds = Grounds(parts.store, parts.library, parts.access)
    digests = Digests(
        parts.store,
        grounds,
        {PlatformName.SLACK: platform},
        now=lambda: utc_now() + ahead,
        catch_up=timedelta(hours=12),
        max_chars=300,
    )
    return platform, digests


async def until(happened, timeout=30):
    """Wait for what the stand-in or the database alone knows."""
    async with asyncio.timeout(timeout):
        while not (value := await happened()):
            await asyncio.sleep(0.01)
    return value


# scheduling


async def test_a_digest_is_scheduled_by_command_and_its_next_times_are_shown_to_who_asked(office):
    await office.people.command("digest weekdays at 9; show new, topics; quiet silent")
    [told] = await until(office.whispers)
    assert told["ephemeral_to"] == ALICE
    assert "weekdays at 9 (Europe/Berlin). Next: " in told["text"]
    schedule = await office.schedule()
    assert [part.value for part in schedule.parts] == ["new", "topics"]
    assert schedule.quiet is Quiet.SILENT
    assert (schedule.conversation.workspace, schedule.conversation.channel) == (TEAM, GENERAL)


async def test_a_digest_is_scheduled_by_mention_for_the_channel_and_not_for_the_thread(office):
    await office.people.say(f"{MENTION} digest first Monday of the month at 9")
    assert (await office.schedule()).conversation.thread is None


async def form_open(office):
    [view] = await until(office.people.forms)
    return view


def filled(when="weekdays at 9", zone="Europe/Berlin", parts=("new", "topics"), quiet="silent", **more):
    return {
        form.WHEN: {form.WHEN: {"type": "plain_text_input", "value": when}},
        form.ZONE: {form.ZONE: {"type": "plain_text_input", "value": zone}},
        form.PARTS: {
            form.PARTS: {"type": "checkboxes", "selected_options": [{"value": one} for one in parts]}
        },
        form.QUIET: {form.QUIET: {"type": "static_select", "selected_option": {"value": quiet}}},
        **more,
    }


async def test_the_command_alone_opens_a_form_and_what_is_sent_is_scheduled_there(office):
    await office.people.command("digest", channel="C02CHAN")
    view = await form_open(office)
    fields = {block.get("block_id"): block.get("element") for block in view["blocks"]}
    assert fields[form.ZONE]["initial_value"] == "America/Los_Angeles", "as in Alice's profile"
    assert form.WHERE not in fields
    assert await office.people.send_form(filled(when="Mondays and Thursdays at 8:30")) == {}
    schedule = await office.schedule()
    assert schedule.words == "Mondays and Thursdays at 8:30 in Europe/Berlin"
    assert (schedule.zone, schedule.maker) == ("Europe/Berlin", ALICE)
    assert schedule.conversation.channel == "C02CHAN"
    assert [part.value for part in schedule.parts] == ["new", "topics"]
    assert schedule.quiet is Quiet.SILENT
    [told] = await until(lambda: office.whispers("C02CHAN"))
    assert told["ephemeral_to"] == ALICE
    assert "Next: " in told["text"]


async def test_wrong_times_are_shown_at_their_field_and_the_form_stays_open(office):
    await office.people.command("digest")
    await form_open(office)
    wrong = await office.people.send_form(filled(when="when the cows come home"))
    assert list(wrong) == [form.WHEN]
    assert "Write for example: weekdays at 9" in wrong[form.WHEN]
    assert await office.people.forms()
    wrong = await office.people.send_form(filled(zone="Europe/Berlim"))
    assert wrong[form.ZONE].startswith("There is no time zone 'Europe/Berlim'. Did you mean Europe/Berlin")
    assert await office.people.send_form(filled(parts=())) == {form.PARTS: form.NO_PART}
    assert await office.parts.store.schedules.all() == []
    assert await office.people.send_form(filled()) == {}
    assert (await office.schedule()).words == "weekdays at 9 in Europe/Berlin"


async def test_the_shortcut_opens_a_form_that_asks_where(office):
    office.between.says["views.open"] = lambda sent, said: {"ok": True, "view": sent["view"]}
    await office.slack.interact(
        {"type": "shortcut", "callback_id": SHORTCUT, "trigger_id": "1.2.x", "user": {"id": ALICE}}
    )
    [opened_with] = await until(lambda: calls_of(office, "views.open"))
    view = as_dict(opened_with["view"])
    assert view["blocks"][0]["element"]["type"] == "conversations_select"
    where = {form.WHERE: {"type": "conversations_select", "selected_conversation": "C02CHAN"}}
    await office.slack.interact(
        {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": ALICE},
            "view": {**view, "id": "V1", "state": {"values": filled(**{form.WHERE: where})}},
        }
    )
    assert (await office.schedule()).conversation.channel == "C02CHAN"


async def calls_of(office, method):
    return office.between.calls_of(method)


def as_dict(value):
    return json.loads(value) if isinstance(value, str) else value


async def test_where_no_form_can_be_opened_the_command_is_answered_in_words(office):
    office.between.troubles += [error("views.open", "expired_trigger_id")]
    await office.people.command("digest")
    [told] = await until(office.whispers)
    assert "No digest is scheduled here" in told["text"]


async def test_digest_list_is_answered_in_words(office):
    await office.people.command("digest list")
    [told] = await until(office.whispers)
    assert "No digest is scheduled here" in told["text"]
    assert await office.people.forms() == []


# posting


async def test_a_due_digest_is_a_message_of_its_own_with_quotes_links_and_its_page(office):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due()
    assert await office.digests.send_due() == 1
    [message] = await office.digests_in()
    assert "thread_ts" not in message
    said = str(message["blocks"])
    assert "Harris vs. Trump" in said
    assert "https://quoth.example.org/memos/" in said
    [posted] = [one for one in office.between.calls_of(POST) if "quoth_digest" in str(one.get("metadata"))]
    assert as_dict(posted["unfurl_links"]) in (False, "0", 0)
    assert posted.get("thread_ts") is None


async def test_a_digest_that_is_too_long_leads_to_its_page_and_why_says_what_was_cut(office, tmp_path):
    for number in range(60):
        (tmp_path / f"memo-{number:02}.md").write_text(
            f"# Memo {number}\n\nKettle {number} is descaled on Fridays."
        )
    await office.parts.library.add([tmp_path])
    await office.people.say(f"{MENTION} digest weekdays at 9; show new")
    schedule = await office.due()
    await office.digests.send_due()
    [message] = await office.digests_in()
    delivery = await settled(office)
    assert PAGE + delivery.delivery_id in str(message["blocks"])
    assert f"and {len(delivery.reasons) - said_of(message)} more" in str(message["blocks"])
    day = delivery.due.astimezone(ZoneInfo(schedule.zone)).date()
    await office.people.command(f"digest why memo-59 {day}")
    [told] = await until(office.whispers)
    assert "memo-59 in new memos: cut for length; it stands on the digest's full page" in told["text"]


def said_of(message):
    """How many memos a digest shows."""
    return str(message["blocks"]).count("rich_text_quote")


async def test_two_processes_over_one_database_post_a_due_digest_once(office, tmp_path):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due()
    async with built_over(tmp_path / "quoth.db") as parts:
        platform, other = another_process(office, parts)
        sent = await asyncio.gather(office.digests.send_due(), other.send_due())
        await platform.stop()
    assert sum(sent) == 1
    assert len(await office.digests_in()) == 1


async def sent_until(office, monkeypatch, part, step):
    """Send a digest that is due, by a process that ends at this step."""
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due()

    async def dies(*_, **__):
        raise DatabaseTrouble("The process ends here.")

    with monkeypatch.context() as dying:
        dying.setattr(part, step, dies)
        await office.digests.send_due()


async def posted_unconfirmed(office, monkeypatch):
    """A digest that Slack took, before the process could write that down."""
    await sent_until(office, monkeypatch, office.parts.store.deliveries, "settle")
    [message] = await office.digests_in()
    return message


async def settled(office):
    schedule = await office.schedule()
    [delivery] = await office.parts.store.deliveries.of_schedule(schedule.schedule_id, 10)
    return delivery


@pytest.mark.parametrize("kept", ["metadata", "blocks"])
async def test_a_digest_that_was_posted_before_a_crash_is_found_and_not_posted_again(
    office, monkeypatch, kept
):
    message = await posted_unconfirmed(office, monkeypatch)
    office.between.says[HISTORY] = lambda _, said: only(said, kept)
    if kept == "blocks":
        office.between._metadata[GENERAL, message["ts"]] = None
    platform, next_process = another_process(office, office.parts, ahead=timedelta(minutes=3))
    assert await next_process.send_due() == 1
    await platform.stop()
    assert [one["ts"] for one in await office.digests_in()] == [message["ts"]]
    delivery = await settled(office)
    assert (delivery.state.value, delivery.message_id) == ("posted", message["ts"])
    [looked] = office.between.calls_of(HISTORY)
    assert float(looked["oldest"]) <= delivery.due.timestamp()


def only(said, kept):
    """History as Slack gives it, with one of the two marks by which the bot knows its digest."""
    for message in said.get("messages", []):
        if kept == "metadata":
            message.pop("blocks", None)
    return said


async def test_a_digest_that_never_arrived_before_a_crash_is_posted_by_the_next_process(office, monkeypatch):
    await sent_until(office, monkeypatch, office.platform, "post_digest")
    assert await office.digests_in() == []
    platform, next_process = another_process(office, office.parts, ahead=timedelta(minutes=3))
    await next_process.send_due()
    await platform.stop()
    [message] = await office.digests_in()
    assert (await settled(office)).message_id == message["ts"]


async def test_a_busy_slack_is_tried_again_and_gets_one_digest(office):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    schedule = await office.due()
    office.between.troubles += [error(POST, "ratelimited"), error(POST, "internal_error")]
    await office.digests.send_due()
    assert len(await office.digests_in()) == 1
    assert (await office.parts.store.schedules.get(schedule.schedule_id)).stopped_because is None


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "channel_not_found"])
async def test_a_channel_that_takes_nothing_stops_the_schedule_and_its_maker_is_told_once(office, code):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due()
    office.between.troubles += [error(POST, code, times=99, when=lambda sent: sent["channel"] == GENERAL)]
    for _ in range(2):
        await office.digests.send_due()
    stopped = await office.schedule()
    assert stopped.next_due is None
    assert "#c01gen (C01GEN)" in stopped.stopped_because
    assert code in stopped.stopped_because
    [told] = await office.people.replies(await office.people.direct())
    assert "has stopped: Slack does not take it in #c01gen" in told["text"]
    assert f"digest resume {stopped.schedule_id}" in told["text"]


@pytest.mark.parametrize(
    ("trouble", "told"), [("ratelimited", 1), ("internal_error", 0), ("user_not_found", 0)]
)
async def test_a_person_is_told_once_or_not_at_all(office, trouble, told):
    office.between.troubles += [error(POST, trouble)]
    await office.platform.tell(ALICE, "Your digest <!channel> has stopped.")
    said = await office.people.replies(await office.people.direct())
    assert [one["text"] for one in said] == ["Your digest &lt;!channel&gt; has stopped."] * told
    await office.platform.tell("", "Nobody made it.")
    assert len(office.between.calls_of(POST)) == 1 + told


async def test_a_channel_that_nobody_knows_any_more_stops_the_schedule(office):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due()
    office.between.troubles += [error("conversations.info", "channel_not_found", times=99)]
    await office.digests.send_due()
    assert (await office.schedule()).stopped_because == "The channel is gone, or I am not in it any more."
    [told] = await office.people.replies(await office.people.direct())
    assert "The channel is gone" in told["text"]


async def test_a_token_that_slack_refuses_stops_no_schedule(office):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due()
    office.between.troubles += [error(POST, "token_revoked", times=99)]
    await office.digests.send_due()
    assert (await office.schedule()).stopped_because is None
    assert (await settled(office)).state.value == "claimed", "it is tried again when the lease has run out"


async def test_a_digest_that_was_scheduled_at_the_machine_by_nobody_in_particular_is_posted(office):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due(maker="")
    await office.digests.send_due()
    assert len(await office.digests_in()) == 1


async def test_one_channel_waits_for_its_turn_and_all_channels_share_the_workspace(office):
    platform = office.slack.platform(seconds_between_posts=0.2, seconds_between_digests=0.1)
    times = []

    def note(sent, said):
        times.append((asyncio.get_running_loop().time(), sent["channel"]))
        return said

    office.between.says[POST] = note
    where = [GENERAL, GENERAL, "C02CHAN", "C03CHAN"]
    await asyncio.gather(*(platform.post_digest(to(channel)) for channel in where))
    await platform.stop()
    here = [at for at, channel in times if channel == GENERAL]
    assert here[1] - here[0] >= 0.19
    assert times[-1][0] - times[0][0] >= 0.29


def to(channel) -> Digest:
    digest = short()
    return digest.model_copy(
        update={"conversation": digest.conversation.model_copy(update={"channel": channel})}
    )


async def test_a_digest_is_posted_at_once_by_somebody_at_the_machine(office, tmp_path):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    schedule = await office.due()
    slack = {"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET, "api_url": office.between.api_url}
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'quoth.db'}", slack=slack)
    sent = await sent_now(settings, schedule.schedule_id)
    [message] = await office.digests_in()
    assert sent.delivery.message_id == message["ts"]


# previews


@pytest.mark.parametrize("way", ["command", "mention"])
async def test_a_preview_is_seen_by_who_asks_alone(office, way):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due()
    if way == "command":
        await office.people.command("digest preview", user=BOB)
    else:
        await office.people.say(f"{MENTION} digest preview", user=BOB)
    shown = await until(lambda: previews(office))
    assert [one["ephemeral_to"] for one in shown] == [BOB]
    assert "Harris vs. Trump" in str(shown[0]["blocks"])
    assert await office.digests_in() == []


async def previews(office):
    return [one for one in await office.whispers() if digest_message.EVENT_TYPE in str(one.get("blocks"))]


async def test_a_preview_whose_response_url_is_over_is_seen_by_who_asks_alone_all_the_same(office):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.due()
    office.between.troubles += [error("response_url", "used_url")]
    await office.people.command("digest preview", user=BOB)
    [shown] = await until(lambda: previews(office))
    assert shown["ephemeral_to"] == BOB


async def test_a_preview_in_a_direct_message_is_a_message(office):
    direct = await office.people.direct()
    await office.people.say("digest weekdays at 9", channel=direct)
    await office.due()
    await office.people.say("digest preview", channel=direct)
    [shown] = await until(lambda: office.digests_in(direct))
    assert "Harris vs. Trump" in str(shown["blocks"])


async def test_a_preview_that_slack_does_not_show_is_said_so(office):
    await office.people.say(f"{MENTION} digest weekdays at 9")
    await office.schedule()
    office.between.troubles += [error("chat.postEphemeral", "user_not_in_channel", times=9)]
    await office.people.say(f"{MENTION} digest preview", user=BOB)
    said = await until(lambda: saying(office, "user_not_in_channel"))
    assert "Invite me to the channel" in said["text"]


async def saying(office, words):
    return next((one for one in await office.people.replies() if words in one["text"]), None)


# buttons


@pytest.fixture
async def guarded(slack, tmp_path):
    """The same, where only Bob may manage."""
    async with (
        built_over(tmp_path / "quoth.db", access={"managers": (f"slack:{BOB}",)}) as parts,
        opened(slack, parts) as office,
    ):
        yield office


async def with_news(office):
    """A digest with news for Alice's topic; its message and the topic."""
    await office.people.say(f"{MENTION} watch What is the Squad?")
    await office.due(since=utc_now() - LONG_AGO)
    await office.digests.send_due()
    [message] = await office.digests_in()
    [topic] = await office.parts.store.topics.of(f"slack:{TEAM}/{GENERAL}")
    return message, topic


def button(message, action):
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return next(one for row in rows for one in row if one["action_id"] == action)


async def press(office, message, action, user=ALICE):
    await office.people.click(message["ts"], button(message, action), user=user)


@pytest.mark.parametrize("user", [ALICE, BOB], ids=["maker", "manager"])
async def test_unsubscribe_ends_the_topic_for_whoever_made_it_or_manages(guarded, user):
    message, topic = await with_news(guarded)
    await press(guarded, message, UNWATCH, user)
    [told] = await until(guarded.whispers)
    assert (told["ephemeral_to"], told["text"]) == (user, f"I no longer ask “{topic.question}” here.")
    assert await guarded.parts.store.topics.get(topic.topic_id) is None
    assert len(await guarded.digests_in()) == 1, "the digest itself stays as it is"


async def test_less_like_this_makes_the_topic_stricter(guarded):
    message, topic = await with_news(guarded)
    await press(guarded, message, LESS)
    [told] = await until(guarded.whispers)
    assert "at least 70% sure" in told["text"]
    assert (await guarded.parts.store.topics.get(topic.topic_id)).threshold > topic.threshold


async def test_why_these_says_what_became_of_each_memo_to_who_may_know(guarded):
    message, _ = await with_news(guarded)
    await press(guarded, message, WHY, BOB)
    [told] = await until(guarded.whispers)
    assert told["ephemeral_to"] == BOB
    assert "in standing questions: shown for “What is the Squad?”." in told["text"]


@pytest.mark.parametrize("action", BUTTONS)
async def test_somebody_else_who_presses_is_told_so_alone_and_nothing_changes(guarded, action):
    message, topic = await with_news(guarded)
    await press(guarded, message, action, MALLORY)
    [told] = await until(guarded.whispers)
    assert told["ephemeral_to"] == MALLORY
    assert "Only whoever watches this question" in told["text"]
    assert await guarded.parts.store.topics.get(topic.topic_id) == topic


async def test_a_button_that_is_pressed_twice_says_that_it_is_done(guarded):
    message, _ = await with_news(guarded)
    for _ in range(2):
        await press(guarded, message, UNWATCH)
    told = await until(lambda: two(guarded))
    assert "not watched here any more" in told[1]["text"]


async def two(office):
    return found if len(found := await office.whispers()) == 2 else None


async def test_where_the_response_url_is_over_who_pressed_is_told_all_the_same(guarded):
    message, _ = await with_news(guarded)
    guarded.between.troubles += [error("response_url", "expired_url")]
    await guarded.slack.interact(
        {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": ALICE},
            "channel": {"id": GENERAL},
            "container": {"message_ts": message["ts"], "channel_id": GENERAL},
            "actions": [button(message, UNWATCH)],
        }
    )
    [told] = await until(guarded.whispers)
    assert told["ephemeral_to"] == ALICE


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ({"action_id": "of_another_app", "value": "x"}, "unknown_button"),
        ({"action_id": UNWATCH, "value": ""}, "incomplete"),
    ],
)
async def test_presses_that_are_none_of_ours_are_dropped_with_a_reason(office, action, reason):
    counted = DROPPED.labels(platform="slack", reason=reason)
    before = counted._value.get()
    await office.slack.interact(
        {
            "type": "block_actions",
            "user": {"id": ALICE},
            "channel": {"id": GENERAL},
            "container": {"message_ts": "1.2"},
            "actions": [action],
        }
    )
    async with asyncio.timeout(30):
        while counted._value.get() == before:
            await asyncio.sleep(0.01)
    assert await office.people.replies() == []


async def test_a_platform_that_refuses_names_the_channel(office):
    office.between.troubles += [error(POST, "is_archived")]
    with pytest.raises(PlatformRefused, match=r"#c01gen \(C01GEN\): the channel is archived \(is_archived\)"):
        await office.platform.post_digest(to(GENERAL))
