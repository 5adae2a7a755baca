"""Is every way of asking in Slack answered, where it was asked, and nothing else?"""

import asyncio

import pytest

from bot.models import Reply
from bot.observability import DROPPED
from retrieval import Index, answer
from tests.servers.slack import BOT, CHANNELS, PEOPLE

QUESTION = "What is the Squad?"
QUOTED = 'A newer "mini-lateral" is the "Squad" with Australia, Japan, and the Philippines.'


class Bot:
    """Answers at once, keeping nothing."""

    def __init__(self, index: Index) -> None:
        self.index, self.asked = index, []

    def ask_for(self, platform):
        async def ask(question):
            self.asked.append(question)
            reply = Reply(answer_id=f"a-{question.event_id}", answer=answer(self.index, question.text))
            await platform.post(question, reply)

        return ask


@pytest.fixture
def bot(seed_index):
    return Bot(seed_index)


@pytest.fixture
async def running(slack, bot):
    """The bot, connected to a Slack over Socket Mode, then to one over HTTP."""
    platform = slack.platform()
    async with slack.running(platform, bot.ask_for(platform)):
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


async def test_what_the_bot_posts_pings_nobody_and_unfurls_nothing(running):
    await running.people.say(f"<@U0BOT> {QUESTION}")
    await running.between.posted(1)
    [sent] = running.between.calls_of("chat.postMessage")
    assert sent["unfurl_links"] is False
    assert sent["unfurl_media"] is False


async def test_nothing_else_that_people_do_is_answered(running, bot):
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
    assert [question.text for question in bot.asked] == [QUESTION]
    assert len(await people.replies()) == 1
    assert len(await people.replies(direct)) == 1, "the one that was put into the bot's own mouth"


@pytest.mark.parametrize(
    "reason", ["not_addressed", "edit", "deletion", "not_a_message", "no_text", "own_post"]
)
async def test_what_is_not_answered_is_counted_by_its_reason(slack_over_socket, bot, reason):
    slack, before = slack_over_socket, dropped(reason)
    platform = slack.platform()
    async with slack.running(platform, bot.ask_for(platform)):
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
