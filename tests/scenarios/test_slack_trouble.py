"""Does each answer reach Slack once, though Slack is busy, down, or says no?"""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from bot.errors import PlatformRefused
from bot.models import Reply
from retrieval import answer
from tests.servers.slack import ALICE, GENERAL
from tests.servers.slack_between import Trouble, error

QUESTION = "<@U0BOT> What is the Squad?"
POST = "chat.postMessage"


class Bot:
    """Answers every question, and remembers what came of each post."""

    def __init__(self, index):
        self.index, self.fates, self._more = index, [], asyncio.Condition()

    def ask_for(self, platform, *, again=False):
        async def ask(question):
            reply = Reply(answer_id=f"a-{question.event_id}", answer=answer(self.index, question.text))
            try:
                fate = await platform.post(question, reply, again=again)
            except Exception as refused:  # noqa: BLE001 - it is what the test looks at
                fate = refused
            async with self._more:
                self.fates.append(fate)
                self._more.notify_all()

        return ask

    async def fate(self):
        """What became of the first question: the id of its message, or the error."""
        async with asyncio.timeout(30), self._more:
            await self._more.wait_for(lambda: self.fates)
        return self.fates[0]


@pytest.fixture
def bot(seed_index):
    return Bot(seed_index)


@pytest.fixture
async def slack(slack_over_socket, bot):
    platform = slack_over_socket.platform(give_up_after=20.0)
    async with slack_over_socket.running(platform, bot.ask_for(platform)):
        yield slack_over_socket


async def test_when_slack_says_how_long_to_wait_the_bot_waits_so_long_and_posts_once(slack, bot):
    slack.between.troubles += [Trouble(POST, status=429, headers={"Retry-After": "1"})]
    began = time.monotonic()
    await slack.people.say(QUESTION)
    ts = await bot.fate()
    assert time.monotonic() - began >= 1
    assert [reply["ts"] for reply in await slack.people.replies()] == [ts]
    assert len(slack.between.calls_of(POST)) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(POST, status=503, body="down", content_type="text/plain"),
        Trouble(POST, status=502, body="<html>", content_type="text/html"),
        Trouble(POST, status=500, body='{"ok": false, "error": "internal_error"}'),
        error(POST, "service_unavailable"),
        Trouble(POST, status=200, body="not JSON at all"),
    ],
    ids=["503", "502", "500", "service_unavailable", "no-json"],
)
async def test_what_passes_is_tried_again(slack, bot, trouble):
    slack.between.troubles += [trouble]
    await slack.people.say(QUESTION)
    ts = await bot.fate()
    assert [reply["ts"] for reply in await slack.people.replies()] == [ts]
    assert len(slack.between.calls_of(POST)) == 2


async def test_a_post_that_arrived_although_slack_said_otherwise_is_found_not_repeated(slack, bot):
    slack.between.troubles += [Trouble(POST, status=503, done_all_the_same=True)]
    await slack.people.say(QUESTION)
    ts = await bot.fate()
    assert [reply["ts"] for reply in await slack.people.replies()] == [ts]
    assert len(slack.between.calls_of("conversations.replies")) == 1


async def test_in_a_direct_message_too_a_post_that_arrived_is_found(slack, bot):
    direct = await slack.people.direct()
    slack.between.troubles += [Trouble(POST, status=503, done_all_the_same=True)]
    await slack.people.say(QUESTION, channel=direct)
    ts = await bot.fate()
    assert [reply["ts"] for reply in await slack.people.replies(direct)] == [ts]


async def test_without_the_scope_to_look_the_reply_is_posted_rather_than_lost(slack, bot):
    slack.between.troubles += [Trouble(POST, status=503), error("conversations.replies", "missing_scope")]
    await slack.people.say(QUESTION)
    ts = await bot.fate()
    assert [reply["ts"] for reply in await slack.people.replies()] == [ts]


async def test_blocks_that_slack_does_not_take_are_left_away(slack, bot):
    slack.between.troubles += [error(POST, "invalid_blocks", when=lambda sent: "blocks" in sent)]
    await slack.people.say(QUESTION)
    await bot.fate()
    [reply] = await slack.people.replies()
    assert "blocks" not in reply
    assert "Squad" in reply["text"]


async def test_what_cannot_be_posted_is_logged_with_slacks_reason_and_the_asker_is_told(slack, bot):
    slack.between.troubles += [error(POST, "is_archived", when=lambda sent: sent["channel"] == GENERAL)]
    with capture_logs() as logs:
        await slack.people.say(QUESTION)
        refused = await bot.fate()
    assert isinstance(refused, PlatformRefused)
    assert "is_archived" in str(refused)
    [lost] = [entry for entry in logs if entry["event"] == "reply_refused"]
    assert (lost["error"], lost["asker_told"]) == ("is_archived", True)
    [told] = await slack.people.replies()
    assert (told["subtype"], told["ephemeral_to"]) == ("ephemeral", ALICE)
    assert "is_archived" in told["text"]


async def test_where_the_channel_is_closed_to_the_bot_the_asker_is_told_in_a_direct_message(slack, bot):
    slack.between.troubles += [
        error(POST, "not_in_channel", when=lambda sent: sent["channel"] == GENERAL),
        error("chat.postEphemeral", "not_in_channel"),
    ]
    await slack.people.say(QUESTION)
    assert isinstance(await bot.fate(), PlatformRefused)
    assert await slack.people.replies() == []
    [told] = await slack.people.replies(await slack.people.direct())
    assert "not_in_channel" in told["text"]


async def test_where_nothing_reaches_the_asker_the_log_says_so(slack, bot):
    slack.between.troubles += [
        error(POST, "invalid_auth", times=9),
        error("chat.postEphemeral", "invalid_auth", times=9),
    ]
    with capture_logs() as logs:
        await slack.people.say(QUESTION)
        assert isinstance(await bot.fate(), PlatformRefused)
    [lost] = [entry for entry in logs if entry["event"] == "reply_refused"]
    assert (lost["error"], lost["asker_told"]) == ("invalid_auth", False)


async def test_an_outage_is_not_sat_out_for_ever_and_is_no_refusal(slack_over_socket, bot):
    slack = slack_over_socket
    platform = slack.platform(give_up_after=0.1)
    slack.between.troubles += [Trouble(POST, status=429, headers={"Retry-After": "30"}, times=9)]
    async with slack.running(platform, bot.ask_for(platform)):
        await slack.people.say(QUESTION)
        given_up = await bot.fate()
    assert isinstance(given_up, Exception)
    assert not isinstance(given_up, PlatformRefused)


async def test_a_command_whose_reply_address_is_over_is_answered_in_the_channel(slack, bot):
    slack.between.troubles += [
        Trouble("response_url", status=404, body='{"ok": false, "error": "expired_url"}')
    ]
    await slack.people.command("What is the Squad?")
    ts = await bot.fate()
    assert [reply["ts"] for reply in await slack.people.replies()] == [ts]
    assert len(slack.between.calls_of("response_url")) == 1


async def test_help_whose_reply_address_is_over_is_still_for_its_asker_alone(slack, bot):
    slack.between.troubles += [
        Trouble("response_url", status=404, body='{"ok": false, "error": "expired_url"}')
    ]
    await slack.people.command("help")
    await bot.fate()
    [told] = await slack.people.replies()
    assert (told["subtype"], told["ephemeral_to"]) == ("ephemeral", ALICE)


async def test_a_commands_reply_too_is_tried_again(slack, bot):
    slack.between.troubles += [Trouble("response_url", status=500, body="oops", content_type="text/plain")]
    await slack.people.command("What is the Squad?")
    await bot.fate()
    assert len(await slack.people.replies()) == 1
    assert len(slack.between.calls_of("response_url")) == 2


async def test_a_command_that_cannot_be_answered_is_told_so_over_its_own_address(slack, bot):
    slack.between.troubles += [
        Trouble("response_url", status=400, body="invalid_payload", content_type="text/plain")
    ]
    await slack.people.command("What is the Squad?")
    assert isinstance(await bot.fate(), PlatformRefused)
    [told] = await slack.people.replies()
    assert told["subtype"] == "ephemeral"
    assert "invalid_payload" in told["text"]


async def test_what_may_have_been_posted_before_a_restart_is_found_not_repeated(slack_over_socket, bot):
    slack, platform = slack_over_socket, slack_over_socket.platform()
    asked = []

    async def first(question):
        asked.append(question)
        await bot.ask_for(platform)(question)

    async with slack.running(platform, first):
        await slack.people.say(QUESTION)
        ts = await bot.fate()
    second = slack.platform()
    try:
        await bot.ask_for(second, again=True)(asked[0])
    finally:
        await second.stop()
    assert bot.fates == [ts, ts]
    assert len(await slack.people.replies()) == 1


async def test_what_was_never_posted_is_posted_when_looked_for_in_vain(slack_over_socket, bot):
    slack, platform = slack_over_socket, slack_over_socket.platform()
    async with slack.running(platform, bot.ask_for(platform, again=True)):
        await slack.people.say(QUESTION)
        ts = await bot.fate()
    assert [reply["ts"] for reply in await slack.people.replies()] == [ts]


async def test_messages_into_one_channel_keep_slacks_pace_and_other_channels_do_not_wait(
    slack_over_socket, bot
):
    slack = slack_over_socket
    platform = slack.platform(seconds_between_posts=0.3)
    async with slack.running(platform, bot.ask_for(platform)):
        began = time.monotonic()
        await asyncio.gather(*(slack.people.say(QUESTION) for _ in range(3)))
        await slack.people.say(QUESTION, channel="C02CHAN")
        await slack.between.until(
            lambda: any(c["channel"] == "C02CHAN" for c in slack.between.calls_of(POST))
        )
        elsewhere = time.monotonic() - began
        await slack.between.posted(4)
    assert time.monotonic() - began >= 0.6
    assert elsewhere < time.monotonic() - began
