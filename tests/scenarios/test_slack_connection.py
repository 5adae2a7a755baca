"""Does the bot get to Slack, stay there, come back, and leave without losing anything?"""

import asyncio
import logging

import pytest
from structlog.testing import capture_logs

from bot.errors import PlatformRefused, SetupError
from bot.models import Reply
from bot.platforms.slack import SlackPlatform
from tests.servers.ports import own_port
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, stand_in
from tests.servers.slack_between import Trouble, error
from tests.servers.slack_world import world

QUESTION = "<@U0BOT> What is the Squad?"


class Bot:
    """Says "Here." to every question, once `free` is set."""

    def __init__(self):
        self.asked, self.free, self._more = [], asyncio.Event(), asyncio.Condition()
        self.free.set()

    def ask_for(self, platform):
        async def ask(question):
            async with self._more:
                self.asked.append(question.text)
                self._more.notify_all()
            await self.free.wait()
            await platform.post(question, Reply(answer_id=question.event_id, notice="Here."))

        return ask

    async def was_asked(self, times):
        async with asyncio.timeout(30), self._more:
            await self._more.wait_for(lambda: len(self.asked) >= times)


def platform_at(api_url):
    return SlackPlatform(BOT_TOKEN, APP_TOKEN, None, api_url, lambda *_: None, seconds_between_posts=0)


@pytest.fixture
async def bot():
    return Bot()


async def test_a_socket_that_is_cut_is_opened_again_and_questions_are_heard_again(slack_over_socket, bot):
    slack, platform = slack_over_socket, slack_over_socket.platform()
    async with slack.running(platform, bot.ask_for(platform)) as run:
        with capture_logs() as logs:
            await slack.between.cut_sockets()
            await slack.between.until(lambda: slack.between.sockets == 0)
            await slack.between.until(lambda: slack.between.sockets == 1)
            await slack.connected(platform, run)
            await slack.people.say(QUESTION)
            await slack.between.posted(1)
    connection = [entry["event"] for entry in logs if entry["event"].startswith("platform")]
    assert connection == ["platform_lost", "platform_connected"]
    assert len(slack.between.calls_of("apps.connections.open")) == 2


async def test_where_slack_announces_the_end_the_next_socket_is_open_before_the_old_one_is_closed(
    slack_over_socket, bot
):
    slack, platform = slack_over_socket, slack_over_socket.platform()
    async with slack.running(platform, bot.ask_for(platform)):
        with capture_logs() as logs:
            await slack.between.announce_end()
            await slack.between.until(lambda: slack.between.most_at_once == 2)
        assert platform.connected
    assert [entry["event"] for entry in logs if entry["event"] == "platform_lost"] == []


async def test_a_refused_connection_is_tried_again_with_a_fresh_address(slack_over_socket, bot):
    slack, platform = slack_over_socket, slack_over_socket.platform()
    slack.between.troubles += [
        Trouble("apps.connections.open", status=503),
        Trouble("apps.connections.open", body='{"ok": true, "url": "ws://127.0.0.1:1/socket/stale"}'),
        Trouble("apps.connections.open", status=429, headers={"Retry-After": "0"}),
    ]
    async with slack.running(platform, bot.ask_for(platform)):
        await slack.people.say(QUESTION)
        await slack.between.posted(1)
    assert len(slack.between.calls_of("apps.connections.open")) == 4


async def test_slack_may_be_down_when_the_bot_starts_and_go_down_while_it_runs(bot):
    port = own_port()
    platform = platform_at(f"http://localhost:{port}/api/")
    with capture_logs() as logs:
        run = asyncio.create_task(platform.run(bot.ask_for(platform)))
        while not logs:
            await asyncio.sleep(0)
        for times in (1, 2):
            with stand_in(port=port):
                async with world(port) as slack:
                    await slack.connected(platform, run)
                    await slack.people.say(QUESTION)
                    await bot.was_asked(times)
            async with asyncio.timeout(30):
                while platform.connected:
                    await asyncio.sleep(0.01)
        await platform.stop()
        await run
    assert logs[0]["event"] == "platform_lost"


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_a_bot_token_that_slack_refuses_ends_the_run_and_names_the_setting(slack, bot, code):
    platform = slack.platform(bot_token="xoxb-a-wrong-token")
    slack.between.troubles += [error("auth.test", code)]
    with pytest.raises(PlatformRefused, match="SLACK__BOT_TOKEN") as refused:
        await platform.run(bot.ask_for(platform))
    assert "Bot User OAuth Token" in str(refused.value)
    assert "xoxb-" not in str(refused.value)
    assert not platform.connected


async def test_an_app_token_that_slack_refuses_ends_the_run_and_names_the_setting(slack_over_socket, bot):
    platform = slack_over_socket.platform(app_token="xapp-a-wrong-token")
    with pytest.raises(PlatformRefused, match="SLACK__APP_TOKEN") as refused:
        await platform.run(bot.ask_for(platform))
    assert "xapp-" not in str(refused.value)


async def test_without_a_way_for_events_to_arrive_there_is_no_platform(slack_over_socket):
    with pytest.raises(SetupError, match="SLACK__APP_TOKEN"):
        slack_over_socket.platform(app_token=None, signing_secret=None)


async def test_stopping_takes_no_more_in_and_finishes_what_is_under_way(slack, bot):
    platform = slack.platform()
    bot.free.clear()
    async with slack.running(platform, bot.ask_for(platform)):
        asked = await slack.people.say(QUESTION)
        await bot.was_asked(1)
        stopping = asyncio.create_task(platform.stop())
        async with asyncio.timeout(30):
            while platform.connected:
                await asyncio.sleep(0)
        await slack.between.until(lambda: slack.between.sockets == 0)
        await slack.people.say(f"{QUESTION} Too late?")
        assert not stopping.done()
        bot.free.set()
        await stopping
    [reply] = await slack.people.replies()
    assert reply["thread_ts"] == asked
    assert len(bot.asked) == 1


async def test_stopping_does_not_wait_for_ever(slack_over_socket, bot):
    slack, platform = slack_over_socket, slack_over_socket.platform(grace=0.05)
    bot.free.clear()
    with capture_logs() as logs:
        async with slack.running(platform, bot.ask_for(platform)):
            await slack.people.say(QUESTION)
            await bot.was_asked(1)
    assert [entry["questions"] for entry in logs if entry["event"] == "questions_left"] == [1]


async def test_the_bot_can_be_stopped_before_it_has_started_and_while_slack_does_not_answer(slack, bot):
    never = slack.platform()
    await never.stop()
    await asyncio.wait_for(never.run(bot.ask_for(never)), 10)
    slack.between.troubles += [Trouble("auth.test", status=503, times=1000)]
    waiting = slack.platform()
    run = asyncio.create_task(waiting.run(bot.ask_for(waiting)))
    await slack.between.until(lambda: len(slack.between.calls_of("auth.test")) >= 2)
    await asyncio.wait_for(waiting.stop(), 10)
    await asyncio.wait_for(run, 10)


async def test_a_question_that_breaks_the_bot_breaks_nothing_else(slack, bot):
    platform = slack.platform()
    calm = bot.ask_for(platform)

    async def ask(question):
        if "break" in question.text:
            raise ValueError(question.text)
        await calm(question)

    with capture_logs() as logs:
        async with slack.running(platform, ask):
            await slack.people.say("<@U0BOT> break")
            await slack.people.say(QUESTION)
            await slack.between.posted(1)
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["question_failed"]


async def test_no_secret_reaches_a_log_even_where_everything_is_logged(slack, bot, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("slack_bolt").setLevel(logging.DEBUG)
    platform = slack.platform()
    slack.between.troubles += [Trouble("apps.connections.open", status=503)]
    with capture_logs() as logs:
        async with slack.running(platform, bot.ask_for(platform)):
            await slack.people.say(QUESTION)
            await slack.people.command("What is the Squad?")
            await slack.between.posted(1)
    ours = [
        record for record in caplog.records if not record.name.startswith("http")
    ]  # httpx acts as the people
    written = "".join(record.getMessage() for record in ours) + repr(logs)
    secrets = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "/socket/", "/_hooks/", "v0=", "Squad")
    assert [secret for secret in secrets if secret in written] == []
