"""Is anything lost or said twice when the bot stops in the middle, or its process does?"""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.questions import Questions
from tests.conftest import ROOT
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, PEOPLE, SIGNING_SECRET
from tests.servers.slack_between import DEADLINE, Trouble
from tests.servers.slack_world import built_over

QUESTION = "<@U0BOT> What is the Squad?"
POST = "chat.postMessage"
AFTER_THE_LEASE = timedelta(minutes=3)


def later(parts):
    """The questions as another process sees them when the leases of a dead one have run out."""
    return Questions(
        parts.library,
        parts.store,
        at_most=3,
        max_chars=300,
        threshold=None,
        per_minute=20,
        now=lambda: datetime.now(UTC) + AFTER_THE_LEASE,
    )


@pytest.mark.parametrize("arrived", [False, True], ids=["not-yet-there", "there-but-not-known"])
async def test_what_a_stop_in_the_middle_left_is_finished_by_the_next_process(slack, tmp_path, arrived):
    slack.between.troubles += [
        Trouble(POST, status=503, done_all_the_same=arrived, times=60, when=EveryFourthThreadOnce())
    ]
    async with built_over(tmp_path / "quoth.db") as parts:
        platform = slack.platform(seconds_between_posts=0.02, grace=0.05)
        async with slack.running(platform, parts.questions.ask_for(platform)):
            asked = await asyncio.gather(
                *(slack.people.say(QUESTION, user=PEOPLE[n % 20]) for n in range(60))
            )
            await slack.between.posted(10)
    said_before = len(await slack.people.replies())
    assert 10 <= said_before < 60
    async with built_over(tmp_path / "quoth.db") as parts:
        questions, platform = later(parts), slack.platform()
        async with slack.running(platform, questions.ask_for(platform)):
            left = await questions.recover(platform)
            assert left > 0
            assert await questions.recover(platform) == 0
    replies = await slack.people.replies()
    assert sorted(reply["thread_ts"] for reply in replies) == sorted(asked)


class EveryFourthThreadOnce:
    """Picks out the first try to post into every fourth thread."""

    def __init__(self):
        self.tried = []

    def __call__(self, sent):
        if sent["thread_ts"] in self.tried:
            return False
        self.tried.append(sent["thread_ts"])
        return len(self.tried) % 4 == 1


async def start(slack, folder, *roles, **more):
    """The bot as it is really run, with `more` settings."""
    given = {"SLACK__SIGNING_SECRET": SIGNING_SECRET} if slack.over_http else {"SLACK__APP_TOKEN": APP_TOKEN}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", *roles),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{folder / 'quoth.db'}",
            "SLACK__BOT_TOKEN": BOT_TOKEN,
            "SLACK__API_URL": slack.between.api_url,
            "WEB__HOST": "127.0.0.1",
            "WEB__PORT": str(slack.web_port or 0),
            **given,
            **more,
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def process(slack, folder, *roles, **more):
    """The bot as it is really run, connected, and what it wrote to its log by the end."""
    running = await start(slack, folder, *roles, **more)
    log = asyncio.create_task(running.stderr.read())
    try:
        await _listening(slack, running, log)
        yield running, log
    finally:
        if running.returncode is None:
            running.kill()
        await asyncio.wait_for(running.wait(), DEADLINE)
        await log


async def _listening(slack, running, log):
    async with asyncio.timeout(DEADLINE), httpx.AsyncClient() as client:
        while not await _hears(slack, client):
            assert running.returncode is None, (await log).decode()
            await asyncio.sleep(0.05)


async def _hears(slack, client):
    if not slack.over_http:
        return slack.between.sockets == 1
    try:
        # 405 and 401 come before the bot knows who it is; only its own look at Slack shows that it is there.
        await client.get(f"http://127.0.0.1:{slack.web_port}/slack/events")
    except httpx.TransportError:
        return False
    return bool(slack.between.calls_of("auth.test"))


async def test_the_bot_as_it_is_run_answers_and_ends_cleanly_when_told_to(slack, tmp_path):
    async with process(slack, tmp_path) as (running, log):
        asked = await slack.people.say(QUESTION)
        await slack.between.posted(1)
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), DEADLINE) == 0, (await log).decode()
    [reply] = await slack.people.replies()
    assert reply["thread_ts"] == asked
    written = (await log).decode()
    assert "Traceback" not in written
    assert [secret for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "Squad") if secret in written] == []


async def test_what_a_killed_process_left_is_finished_by_the_next_one(slack_over_socket, tmp_path):
    slack = slack_over_socket
    slack.between.troubles += [Trouble(POST, status=429, headers={"Retry-After": "60"}, times=3)]
    async with process(slack, tmp_path, "slack") as (running, _):
        asked = await slack.people.say(QUESTION)
        await slack.between.until(lambda: len(slack.between.calls_of(POST)) == 1)
        running.kill()
    slack.between.troubles.clear()
    async with built_over(tmp_path / "quoth.db") as parts:
        questions, platform = later(parts), slack.platform()
        async with slack.running(platform, questions.ask_for(platform)):
            assert await questions.recover(platform) == 1
    [reply] = await slack.people.replies()
    assert reply["thread_ts"] == asked


async def test_a_wrong_token_ends_the_program_with_a_sentence(slack_over_socket, tmp_path):
    slack_over_socket.between.tokens = set()
    running = await start(slack_over_socket, tmp_path, "slack")
    _, said = await asyncio.wait_for(running.communicate(), DEADLINE)
    assert running.returncode == 69
    last = said.decode().splitlines()[-1]
    assert "SLACK__BOT_TOKEN" in last
    assert "Traceback" not in said.decode()
