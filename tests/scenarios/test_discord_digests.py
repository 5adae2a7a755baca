"""Are digests in Discord scheduled, posted once, previewed, and changed by whoever may?"""

import asyncio

import pytest
from discord.http import Route

from bot.access import Rules
from bot.app.sending import sent_now
from bot.digest import Part, Quiet
from bot.digests import wording
from bot.digests.runner import LEASE
from bot.errors import DatabaseTrouble, PlatformRefused, SetupError
from bot.models import PlatformName
from bot.settings import Settings
from bot.storage import open_store
from tests.bot.rendering.digests.samples import long, short
from tests.scenarios.discord_digests import A_WHILE, PAGE, TEA, at_once, open_desk, plain

QUOTE = "The kettle is descaled on Fridays"
WATCHED = "When is the kettle descaled?"


@pytest.fixture
async def desk():
    async with open_desk() as opened:
        yield opened


async def watching(desk, question=WATCHED):
    """The message with what is new for a question, and its schedule."""
    await desk.said_to(f"watch {question}")
    [schedule] = await desk.store.schedules.all()
    await desk.add(TEA)
    assert await desk.sent(schedule) == "posted"
    return desk.digests_in()[-1]


# scheduling


async def test_it_is_scheduled_with_the_options_of_a_command_and_the_next_three_times_are_shown_to_all(desk):
    await desk.discord.slash(
        desk.scene.alice,
        desk.scene.general,
        "digest schedule",
        when="weekdays at 9",
        zone="America/New_York",
        parts="new, topics",
        quiet="silent",
    )
    [said] = await desk.scene.replies(desk.scene.general)
    [schedule] = await desk.store.schedules.all()
    assert (schedule.zone, schedule.parts, schedule.quiet) == (
        "America/New_York",
        (Part.NEW, Part.TOPICS),
        Quiet.SILENT,
    )
    assert schedule.maker == desk.scene.alice["id"]
    assert schedule.conversation.channel == desk.scene.general["id"]
    assert plain(said).count("09:00") == 3


async def test_it_is_scheduled_by_a_mention(desk):
    said = await desk.said_to("digest first Monday of the month at 9 in Europe/Berlin; show new; quiet each")
    [schedule] = await desk.store.schedules.all()
    assert said.count("Mon ") == 3
    assert (schedule.zone, schedule.parts, schedule.quiet) == ("Europe/Berlin", (Part.NEW,), Quiet.EACH)


@pytest.mark.parametrize("when", ["remove", "now", "soon", "weekdays at 9; quiet each"])
async def test_words_that_name_no_time_are_refused_and_are_no_other_command(desk, when):
    await desk.scheduled()
    [told] = await desk.alone("digest schedule", when=when)
    assert "weekdays at 9" in told["content"]
    assert len(await desk.store.schedules.all()) == 1


async def test_a_zone_that_is_none_is_refused(desk):
    [told] = await desk.alone("digest schedule", when="weekdays at 9", zone="Europe/Berlinn")
    assert "Europe/Berlin" in told["content"]


async def test_zones_are_offered_while_one_writes(desk):
    write = desk.discord.write
    offered = await write(desk.scene.alice, desk.scene.general, "digest schedule", "zone", "berl")
    assert offered == ["Europe/Berlin"]
    assert len(await write(desk.scene.alice, desk.scene.general, "digest schedule", "zone", "")) == 25
    offered = await write(desk.scene.alice, desk.scene.general, "digest schedule", "zone", "new y")
    assert offered == ["America/New_York"]


async def test_parts_are_offered_one_after_the_other(desk):
    async def offered(written):
        return await desk.discord.write(
            desk.scene.alice, desk.scene.general, "digest change", "parts", written
        )

    assert await offered("") == list(Part)
    assert await offered("new, ch") == ["new, changed"]
    assert "new, new" not in await offered("new, ")


async def test_it_is_changed_paused_resumed_and_removed_with_commands(desk):
    schedule = await desk.scheduled()

    async def use(name, **options):
        before = len(desk.discord.from_bot(desk.scene.general))
        await desk.discord.slash(desk.scene.alice, desk.scene.general, f"digest {name}", **options)
        await desk.discord.until(lambda: len(desk.discord.from_bot(desk.scene.general)) > before)
        return await desk.store.schedules.get(schedule.schedule_id)

    changed = await use("change", when="Mondays at 10", digest=schedule.schedule_id, quiet="each")
    assert (changed.words, changed.quiet) == ("Mondays at 10", Quiet.EACH)
    assert (await use("change", parts="new")).parts == (Part.NEW,)
    assert (await use("pause")).paused
    assert not (await use("resume", digest=schedule.schedule_id)).paused
    assert await use("remove") is None


async def test_how_it_stands_and_why_is_for_the_asker_alone(desk):
    await desk.scheduled()
    standing = desk.digests_in()
    for name, options in {
        "digest list": {},
        "digest topics": {},
        "digest why": {"memo": "old", "date": "2024-10-07"},
        "ask": {"question": "digest list"},
    }.items():
        assert len(await desk.alone(name, **options)) == 1
    assert desk.digests_in() == standing


# posting


async def test_a_due_digest_is_posted_once_by_two_processes_with_what_is_new(desk):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    other = desk.process({PlatformName.DISCORD: desk.lone()})
    await desk.due(schedule)
    await at_once(desk.digests.send_due(), other.send_due())
    await desk.digests.send_due()
    [message] = desk.digests_in()
    assert f"> {QUOTE}" in plain(message)
    assert "Ada Lovelace" in plain(message)
    assert message["mentions"] == []


async def test_it_links_to_its_full_page(desk):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    lone = desk.process({PlatformName.DISCORD: desk.lone()})
    await desk.due(schedule)
    await lone.send_due()
    [delivery] = await desk.store.deliveries.of_schedule(schedule.schedule_id)
    assert f"(<{PAGE}{delivery.delivery_id}>)" in desk.digests_in()[0]["content"]


async def test_a_process_that_dies_between_posting_and_confirming_does_not_lead_to_a_second_message(
    desk, monkeypatch
):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    desk.discord.world.nonce_seconds = 0  # as after some minutes: the nonce is forgotten

    async def dies(*_, **__):
        raise DatabaseTrouble("gone")

    with monkeypatch.context() as dying:
        dying.setattr(desk.store.deliveries, "settle", dies)
        assert await desk.sent(schedule) == "claimed"
    for number in range(220):
        desk.discord.world.post(desk.scene.general, desk.scene.alice, {"content": f"chatter {number}"})
    desk.ahead = 2 * LEASE
    await desk.digests.send_due()
    [delivery] = await desk.store.deliveries.of_schedule(schedule.schedule_id)
    [message] = desk.digests_in()
    assert (delivery.state.value, delivery.message_id) == ("posted", message["id"])


async def test_one_without_news_is_found_again_too(desk):
    schedule = await desk.scheduled("digest every day at 9; quiet each")
    await desk.sent(schedule)
    desk.discord.world.nonce_seconds = 0
    [delivery] = await desk.store.deliveries.of_schedule(schedule.schedule_id)
    again = await desk.scene.platform.post_digest(delivery.digest, again=True)
    [message] = desk.digests_in()
    assert message["id"] == again
    assert "Nothing new since" in message["content"]


@pytest.mark.parametrize("remembered", [300, 0], ids=["by its nonce", "in the history"])
async def test_one_that_arrived_although_discord_said_otherwise_is_not_posted_twice(desk, remembered):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    desk.discord.world.nonce_seconds = remembered
    if remembered:
        desk.discord.fail("GET", "/messages$", 403, {"message": "Missing Access", "code": 50001})
    desk.discord.fail("POST", f"{desk.scene.general['id']}/messages$", 503, carried_out=True)
    assert await desk.sent(schedule) == "posted"
    assert len(desk.digests_in()) == 1
    sent = [call.body for call in desk.discord.calls("POST", "/messages$") if "embeds" in call.body]
    posted = [body for body in sent if "since" in (body["content"] or "")]
    [delivery] = await desk.store.deliveries.of_schedule(schedule.schedule_id)
    assert {(body["nonce"], body["enforce_nonce"]) for body in posted} == {(delivery.delivery_id, True)}


@pytest.mark.parametrize("how", ["gone", "removed", "forbidden"])
async def test_a_channel_that_is_gone_stops_the_schedule_and_tells_its_maker_once(desk, how):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    if how == "gone":
        desk.discord.world.remove(desk.scene.general)
    else:
        said = {"message": "no", "code": {"removed": 50001, "forbidden": 50013}[how]}
        desk.discord.fail("POST", f"{desk.scene.general['id']}/messages$", 403, said)
    assert await desk.sent(schedule) == "failed"
    [told] = desk.discord.from_bot(desk.scene.direct)
    assert f"digest resume {schedule.schedule_id}" in plain(told)
    assert desk.scene.general["id"] in plain(told)
    stopped = await desk.store.schedules.get(schedule.schedule_id)
    assert stopped.next_due is None
    assert stopped.stopped_because
    await desk.digests.send_due()
    assert len(desk.discord.from_bot(desk.scene.direct)) == 1


async def test_what_may_pass_stops_nothing(desk):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    desk.discord.fail("POST", f"{desk.scene.general['id']}/messages$", 400, {"message": "no", "code": 240000})
    assert await desk.sent(schedule) == "claimed"
    desk.ahead = 2 * LEASE
    await desk.digests.send_due()
    assert len(desk.digests_in()) == 1
    assert desk.discord.from_bot(desk.scene.direct) == []


async def test_nobody_is_pinged_whatever_a_memo_says(desk):
    schedule = await desk.scheduled()
    hostile = TEA.model_copy(
        update={"id": "x", "text": "The kettle says @everyone must pay, and <@81> most of all."}
    )
    await desk.add(hostile)
    await desk.sent(schedule)
    [message] = desk.digests_in()
    assert "@everyone must pay" in plain(message)
    assert (message["mention_everyone"], message["mentions"]) == (False, [])


async def test_it_is_posted_by_a_process_that_does_not_listen_to_discord(desk):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    await desk.scene.stop()
    real = Route.BASE
    identified = len(desk.discord.gateway.identifies)
    await desk.process({PlatformName.DISCORD: desk.lone()}).send_now(schedule.schedule_id)
    assert len(desk.digests_in()) == 1
    assert real == Route.BASE
    assert len(desk.discord.gateway.identifies) == identified


async def test_one_that_is_posted_while_the_bot_starts_leaves_it_connected(desk):
    await desk.scene.stop()
    lone, digest = desk.lone(), short()
    where = {"workspace": desk.discord.world.guild_id, "channel": desk.scene.general["id"]}
    digest = digest.model_copy(update={"conversation": digest.conversation.model_copy(update=where)})
    posting = asyncio.create_task(lone.post_digest(digest))
    running = asyncio.create_task(lone.run(desk.scene.bot.ask_for(lone)))
    await posting
    await desk.discord.until(lambda: lone.connected)
    await lone.post_digest(digest.model_copy(update={"digest_id": "another"}))
    assert len(desk.digests_in()) == 2
    await lone.stop()
    await running


async def test_it_is_posted_at_once_by_somebody_at_the_machine(desk, tmp_path):
    schedule = await desk.scheduled()
    url = f"sqlite:///{tmp_path / 'quoth.db'}"
    async with open_store(url) as store:
        await store.schedules.add(schedule.model_copy(update={"since": schedule.since - A_WHILE}))
        await store.memos.add([TEA], schedule.since)
    discord = {"token": desk.discord.token, "api_url": desk.discord.api_url}
    sent = await sent_now(Settings(_env_file=None, database_url=url, discord=discord), schedule.schedule_id)
    [message] = desk.digests_in()
    assert sent.delivery.message_id == message["id"]
    assert QUOTE in plain(message)


async def test_a_wrong_token_is_no_reason_to_stop_a_schedule_and_names_the_setting(desk):
    with pytest.raises(SetupError, match="DISCORD__TOKEN") as refused:
        await desk.lone("not.the.token").post_digest(short())
    assert not isinstance(refused.value, PlatformRefused)
    assert "not.the.token" not in str(refused.value)


async def test_what_its_message_has_no_room_for_is_known(desk):
    left = desk.scene.platform.left_out(long())
    items = [item for section in long().sections for item in section.items]
    assert 0 < len(left) < len(items)
    assert all(item in items for item in left)
    assert desk.scene.platform.left_out(short()) == []


# previews


async def test_a_preview_by_command_is_shown_below_its_reply_to_the_asker_alone(desk):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    standing = len(desk.discord.from_bot(desk.scene.general))
    line, preview = await desk.alone("digest preview", 2)
    await desk.discord.until(lambda: schedule.schedule_id in line["content"])
    assert wording.previewed(schedule) in plain(line)
    assert QUOTE in plain(preview)
    assert preview["components"] == []
    assert len(desk.discord.from_bot(desk.scene.general)) == standing
    assert desk.discord.from_bot(desk.scene.direct) == []


async def test_a_preview_by_mention_is_a_direct_message(desk):
    schedule = await desk.scheduled()
    await desk.add(TEA)
    assert await desk.said_to("digest preview") == wording.previewed(schedule)
    [preview] = desk.discord.from_bot(desk.scene.direct)
    assert QUOTE in plain(preview)
    assert desk.digests_in() == []


async def test_a_preview_in_a_direct_message_is_shown_there(desk):
    await desk.scheduled(where=desk.scene.direct)
    await desk.add(TEA)
    await desk.said_to("digest preview", desk.scene.direct)
    assert QUOTE in plain(desk.discord.from_bot(desk.scene.direct)[-2])


async def test_a_preview_that_cannot_be_shown_directly_says_how_it_can(desk):
    await desk.scheduled()
    desk.discord.fail(
        "POST", f"{desk.scene.direct['id']}/messages$", 403, {"message": "Cannot send", "code": 50007}
    )
    assert "/digest preview" in await desk.said_to("digest preview")


# topics


async def test_a_question_is_watched_with_a_command(desk):
    await desk.discord.slash(desk.scene.alice, desk.scene.general, "watch", question=WATCHED)
    [said] = await desk.scene.replies(desk.scene.general)
    [topic] = await desk.managing.topics((await desk.store.schedules.all())[0].conversation)
    assert (topic.question, topic.asker) == (WATCHED, desk.scene.alice["id"])
    assert topic.topic_id in plain(said)


@pytest.mark.parametrize("restarted", [False, True], ids=["", "after a restart"])
async def test_unsubscribe_ends_a_topic(desk, restarted):
    message = await watching(desk)
    assert QUOTE in plain(message)
    if restarted:
        await desk.restart()
    assert WATCHED in await desk.press("Unsubscribe", message)
    assert await desk.press("Unsubscribe", message) == wording.NOT_WATCHED
    assert await desk.press("Less like this", message) == wording.NOT_WATCHED


async def test_a_press_that_is_told_twice_counts_once(desk):
    message = await watching(desk)
    [topic] = await desk.managing.topics((await desk.store.schedules.all())[0].conversation)
    custom_id = message["components"][0]["components"][0]["custom_id"]
    used = await desk.discord.press(desk.scene.alice, message, custom_id)
    [told] = await desk.discord.until(lambda: used.told_alone)
    await desk.discord.gateway.dispatch("INTERACTION_CREATE", used.event)
    await desk.discord.until(lambda: len(desk.discord.calls("POST", "/callback$")) == 2)
    await desk.scene.catch_up()
    once = await desk.store.topics.get(topic.topic_id)
    assert topic.threshold < once.threshold < 0.8
    assert f"{once.threshold:.0%}" in plain(told)


async def test_only_its_maker_and_those_who_may_press_the_buttons():
    async with open_desk(Rules(managers=frozenset({"discord:1"}))) as desk:
        message = await watching(desk)
        bob = desk.discord.person("bob")
        for button in ("Unsubscribe", "Less like this"):
            assert await desk.press(button, message, bob) == wording.NOT_YOURS
        assert WATCHED in await desk.press("Unsubscribe", message)


async def test_why_these_is_said_to_those_who_may_alone(desk):
    desk.access.rules = Rules(managers=frozenset({f"discord:{desk.scene.alice['id']}"}))
    schedule = await desk.scheduled()
    await desk.add(TEA)
    await desk.sent(schedule)
    [message] = desk.digests_in()
    assert "tea in new memos: shown" in await desk.press("Why these?", message)
    assert await desk.press("Why these?", message, desk.discord.person("bob")) == wording.NOT_ALLOWED


@pytest.mark.parametrize("custom_id", ["quoth:unwatch:", "quoth:less", "quoth:other:abc", ""])
async def test_a_button_that_is_not_known_does_nothing(desk, custom_id):
    message = await watching(desk)
    await desk.discord.press(desk.scene.alice, message, custom_id)
    await desk.scene.catch_up()
    [topic] = await desk.managing.topics((await desk.store.schedules.all())[0].conversation)
    assert topic.threshold == 0.5


# people


@pytest.mark.parametrize("person", ["cli", "", "99"])
async def test_somebody_who_cannot_be_told_is_no_trouble(desk, person):
    await desk.scene.platform.tell(person, "The digest has stopped.")
    assert desk.discord.from_bot(desk.scene.direct) == []


async def test_somebody_is_told_by_a_process_that_does_not_listen_too(desk):
    await desk.scene.stop()
    await desk.lone().tell(desk.scene.alice["id"], "The digest *has* stopped.")
    [told] = desk.discord.from_bot(desk.scene.direct)
    assert told["content"] == "The digest \\*has\\* stopped."
