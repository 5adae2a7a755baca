"""Is every way of asking in Slack answered, where it was asked, and nothing else?"""

import asyncio
import json

import httpx
import pytest

from bot.observability import DROPPED
from bot.rendering import wording
from tests.servers.slack import BOT, CHANNELS, PEOPLE, signed
from tests.servers.slack_world import built_over

QUESTION = "What is the Squad?"
QUOTED = 'A newer "mini-lateral" is the "Squad" with Australia, Japan, and the Philippines.'


@pytest.fixture
async def questions(tmp_path):
    async with built_over(tmp_path / "quoth.db") as parts:
        yield parts.questions


@pytest.fixture
async def running(slack, questions):
    """The bot, connected to a Slack over Socket Mode, then to one over HTTP."""
    platform = slack.platform()
    async with slack.running(platform, questions.ask_for(platform)):
        yield slack


def dropped(reason):
    return DROPPED.labels(platform="slack", reason=reason)._value.get()


async def test_a_mention_is_answered_in_its_thread(running):
    asked = await running.people.say(f"<@U0BOT> {QUESTION}")
    await running.between.posted(1)
    [reply] = await running.people.replies()
    assert reply["thread_ts"] == asked
    assert QUOTED in reply["text"]
    assert reply["blocks"]


async def test_a_mention_in_a_thread_is_answered_in_that_thread(running):
    thread = await running.people.say("Something else entirely.")
    await running.people.say(f"And <@U0BOT>, {QUESTION}", thread=thread, user=PEOPLE[1])
    await running.between.posted(1)
    [reply] = await running.people.replies()
    assert reply["thread_ts"] == thread
    assert QUOTED in reply["text"]


async def test_a_direct_message_is_answered_beside_it(running):
    direct = await running.people.direct()
    await running.people.say(QUESTION, channel=direct)
    await running.between.posted(1)
    [reply] = await running.people.replies(direct)
    assert "thread_ts" not in reply
    assert QUOTED in reply["text"]


async def test_a_mention_in_a_direct_message_is_answered_once(running):
    direct = await running.people.direct()
    before = dropped("asked_twice")
    await running.people.say(f"<@U0BOT> {QUESTION}", channel=direct)
    await running.between.posted(1)
    assert dropped("asked_twice") == before + 1
    assert len(await running.people.replies(direct)) == 1


async def test_a_slash_command_is_answered_where_everybody_sees_it(running):
    await running.people.command(QUESTION)
    async with asyncio.timeout(30):
        while not (replies := await running.people.replies()):
            await asyncio.sleep(0.01)
    [reply] = replies
    assert QUOTED in reply["text"]
    assert reply.get("subtype") != "ephemeral"


@pytest.mark.parametrize("text", ["", "help", "thanks!"])
async def test_how_to_use_the_command_is_shown_to_its_asker_alone(running, text):
    await running.people.command(text, user=PEOPLE[1])
    async with asyncio.timeout(30):
        while not (messages := await running.people.messages()):
            await asyncio.sleep(0.01)
    [reply] = messages  # the command itself is not shown in the channel either
    assert (reply["subtype"], reply["ephemeral_to"]) == ("ephemeral", PEOPLE[1])
    assert reply["text"] in {wording.HELP, wording.AT_YOUR_DISPOSAL}


async def test_thanks_are_answered_kindly_and_not_searched_for(running):
    direct = await running.people.direct()
    await running.people.say("<@U0BOT> thank you!")
    await running.people.say("ok", channel=direct)
    await running.between.posted(2)
    replies = [*await running.people.replies(), *await running.people.replies(direct)]
    assert [reply["text"] for reply in replies] == [wording.AT_YOUR_DISPOSAL] * 2


async def test_what_the_bot_posts_pings_nobody_and_unfurls_nothing(running):
    await running.people.say(f"<@U0BOT> {QUESTION}")
    await running.between.posted(1)
    [sent] = running.between.calls_of("chat.postMessage")
    assert sent["unfurl_links"] is False
    assert sent["unfurl_media"] is False


async def test_a_bare_mention_is_told_what_the_bot_can_do(running):
    await running.people.say("<@U0BOT>")
    await running.between.posted(1)
    [reply] = await running.people.replies()
    assert reply["text"] == wording.HELP


async def test_where_the_memos_hold_no_answer_the_reply_says_so_and_quotes_nothing(running):
    await running.people.say("<@U0BOT> What is the recipe for kimchi?")
    await running.between.posted(1)
    [reply] = await running.people.replies()
    assert wording.NOTHING_FOUND in reply["text"]
    assert "rich_text_quote" not in str(reply["blocks"])


async def test_an_event_that_slack_sends_again_is_answered_once(slack_over_http, questions):
    slack = slack_over_http
    platform, before = slack.platform(), dropped("seen before")
    async with slack.running(platform, questions.ask_for(platform)), httpx.AsyncClient() as client:
        await slack.people.say(f"<@U0BOT> {QUESTION}")
        [event] = [sent for sent in await slack.people.deliveries() if sent["event"]["type"] == "app_mention"]
        body = json.dumps(event).encode()
        for number in ("1", "2", "3"):
            again = {"x-slack-retry-num": number, "x-slack-retry-reason": "http_timeout"}
            url = f"http://127.0.0.1:{slack.web_port}/slack/events"
            assert (await client.post(url, content=body, headers=signed(body) | again)).status_code == 200
        await slack.between.posted(1)
    assert dropped("seen before") == before + 3
    assert len(await slack.people.replies()) == 1


async def test_an_event_that_two_processes_get_is_answered_once(slack_over_socket, questions, tmp_path):
    slack = slack_over_socket  # the stand-in sends each event over every connection
    one, other = slack.platform(), slack.platform()
    async with (
        built_over(tmp_path / "quoth.db") as elsewhere,
        slack.running(one, questions.ask_for(one)),
        slack.running(other, elsewhere.questions.ask_for(other)),
    ):
        await slack.between.until(lambda: slack.between.sockets == 2)
        await asyncio.gather(*(slack.people.say(f"<@U0BOT> {QUESTION}") for _ in range(10)))
        await slack.between.posted(10)
    assert len({reply["thread_ts"] for reply in await slack.people.replies()}) == 10
    assert len(await slack.people.replies()) == 10


async def test_nothing_else_that_people_do_is_answered(running):
    people, direct = running.people, await running.people.direct()
    said = await people.say("We talk among ourselves.")
    await people.edit(said, f"<@U0BOT> {QUESTION}")
    await people.react(said, "eyes")
    await people.delete(said)
    await people.open_home()
    await people.share("notes.txt", "", channel=direct)
    await people.say(QUESTION, user=BOT, channel=direct)
    await people.click(said, {"type": "button", "action_id": "some.button", "value": "1"})
    # Everything above was acknowledged, else these calls would not have come back; a question is still answered.
    await people.say(f"<@U0BOT> {QUESTION}")
    await running.between.posted(1)
    [reply] = await people.replies()
    assert QUOTED in reply["text"]
    assert len(await people.replies(direct)) == 1, "the one that was put into the bot's own mouth"


@pytest.mark.parametrize(
    "reason", ["not_addressed", "edit", "deletion", "not_a_message", "no_text", "own_post"]
)
async def test_what_is_not_answered_is_counted_by_its_reason(slack_over_socket, questions, reason):
    slack, before = slack_over_socket, dropped(reason)
    platform = slack.platform()
    async with slack.running(platform, questions.ask_for(platform)):
        direct = await slack.people.direct()
        said = await slack.people.say("We talk among ourselves.")
        await slack.people.edit(said, "We talked among ourselves.")
        await slack.people.delete(said)
        await slack.people.open_home()
        await slack.people.share("notes.txt", "", channel=direct)
        await slack.people.say(QUESTION, user=BOT, channel=direct)
    assert dropped(reason) > before


async def test_two_hundred_questions_at_once_from_twenty_people_are_answered_each_in_its_thread(running):
    asked = await asyncio.gather(
        *(
            running.people.say(f"<@U0BOT> {QUESTION}", user=PEOPLE[n % 20], channel=CHANNELS[n % 40])
            for n in range(200)
        )
    )
    await running.between.posted(200)
    replies = [reply for channel in CHANNELS for reply in await running.people.replies(channel)]
    assert sorted(reply["thread_ts"] for reply in replies) == sorted(asked)
    assert all(QUOTED in reply["text"] for reply in replies)
