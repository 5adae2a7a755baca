"""Is a digest posted once, wherever the process that sends it is killed?

To a Slack and to a Discord that run here: what was posted before a kill stands there afterwards, whether or not the
process came to know of it.
"""

import asyncio
import multiprocessing
import os
import random
import re
import signal
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from bot.access import Access, Rules
from bot.digest import Schedule
from bot.digests.grounds import Grounds
from bot.digests.runner import Digests
from bot.digests.words import timetable
from bot.library import Library
from bot.models import Conversation, PlatformName
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.slack import SlackPlatform
from bot.rendering.digests import discord as discord_rendering
from bot.rendering.digests import slack as slack_rendering
from bot.storage import delivery_id_of, open_store
from retrieval import Memo
from tests.conftest import SHARED
from tests.scenarios.discord_scene import SCHEMA
from tests.servers.fake_discord import FakeDiscord
from tests.servers.slack import ALICE, APP_TOKEN, BOT_TOKEN, GENERAL, TEAM

TIMES = 50
PATIENCE = 60
START = datetime(2024, 10, 7, 6, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
STEPS = ["claim", "composed", "post_digest", "posted", "settle", "settled"]
"""Where a process dies: before it claims, before what it composed is kept, before and after posting, before and after settling."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


class Where(NamedTuple):
    """Where digests are posted to, in words that another process understands."""

    platform: PlatformName
    workspace: str
    channel: str
    addresses: tuple[str, ...]

    def connected(self):
        """The platform, before a process that does not listen to it."""
        if self.platform is PlatformName.SLACK:
            [api_url] = self.addresses
            return SlackPlatform(
                BOT_TOKEN,
                APP_TOKEN,
                None,
                api_url,
                lambda *_: None,
                seconds_between_posts=0.0,
                seconds_between_digests=0.0,
            )
        token, api_url, gateway_url = self.addresses
        return DiscordPlatform(token, api_url, gateway_url, lambda *_: None)


class Deadly:
    """A platform under which the process dies before or after a post."""

    def __init__(self, platform, dies_at):
        self._platform, self._dies_at = platform, dies_at

    def __getattr__(self, name):
        return getattr(self._platform, name)

    async def post_digest(self, digest, *, again=False):
        dies(self._dies_at, "post_digest")
        message_id = await self._platform.post_digest(digest, again=again)
        dies(self._dies_at, "posted")
        return message_id


def dies(at, step):
    """Die here, as by kill -9: nothing is finished, nothing is said."""
    if at == step:
        os.kill(os.getpid(), signal.SIGKILL)


def dying(store, step):
    """Make the store's steps deadly."""
    deliveries = store.deliveries
    for name, afterwards in (("claim", None), ("composed", None), ("settle", "settled")):

        def deadly(name, afterwards):
            real = getattr(deliveries, name)

            async def run(*args, **named):
                dies(step, name)
                done = await real(*args, **named)
                dies(step, afterwards)
                return done

            return run

        setattr(deliveries, name, deadly(name, afterwards))
    return store


def sends(url, where, now, dies_at=None):
    """In a process of its own: send what is due at `now`."""
    asyncio.run(sent(url, where, now, dies_at))


async def sent(url, where, now, dies_at=None):
    async with open_store(url) as store:
        library = Library(dying(store, dies_at) if dies_at else store)
        grounds = Grounds(store, library, Access(library, store, Rules(), lambda: now))
        platform = where.connected()
        digests = Digests(
            store,
            grounds,
            {where.platform: Deadly(platform, dies_at)},
            now=lambda: now,
            catch_up=timedelta(hours=12),
            max_chars=300,
        )
        try:
            await digests.send_due()
        finally:
            await platform.stop()


@contextmanager
def running(*arguments):
    """A process that sends; killed at the end wherever it is then."""
    process = PROCESSES.Process(target=sends, args=arguments)
    process.start()
    try:
        yield process
    finally:
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join(PATIENCE)
        assert process.exitcode in (0, -signal.SIGKILL)


async def scheduled(url, where):
    """A digest that is due each day at nine, over a library with something in it."""
    table = timetable("every day at 9", "UTC")
    async with open_store(url) as store:
        await store.schedules.add(
            Schedule(
                schedule_id="s1",
                conversation=Conversation(
                    platform=where.platform, workspace=where.workspace, channel=where.channel
                ),
                words="every day at 9",
                crons=table.crons,
                zone="UTC",
                quiet="each",
                maker=ALICE,
                made_at=START,
                since=START,
                next_due=table.after(START),
            )
        )
        await store.memos.add([Memo(id="tea", title="Tea", text="The kettle is descaled on Fridays.")], START)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'quoth.db'}"


@pytest.fixture
def slack(slack_over_socket):
    """A channel of the stand-in, and the digests that stand in it."""

    async def standing():
        heads = [one["blocks"][0] for one in await slack_over_socket.people.replies() if one.get("blocks")]
        ids = [str(head.get("block_id", "")).partition(":") for head in heads]
        return [digest_id for event, _, digest_id in ids if event == slack_rendering.EVENT_TYPE]

    return Where(PlatformName.SLACK, TEAM, GENERAL, (slack_over_socket.between.api_url,)), standing


@pytest.fixture
async def discord():
    """A channel of the loopback Discord, and the digests that stand in it."""
    async with FakeDiscord(schema if (schema := SHARED / SCHEMA).is_file() else None) as world:
        channel = world.channel("general")

        async def standing():
            marks = [str([one["content"], one["embeds"]]) for one in world.from_bot(channel)]
            return [
                found
                for text in marks
                for found in re.findall(discord_rendering.mark("([0-9a-f]{16})"), text)
            ]

        addresses = world.token, world.api_url, world.gateway_url
        yield Where(PlatformName.DISCORD, channel["guild_id"], channel["id"], addresses), standing


@pytest.fixture(params=["slack", "discord"])
def service(request):
    return request.getfixturevalue(request.param)


def expected(*dues):
    return [delivery_id_of("s1", due) for due in dues]


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_any_step_of_the_way_it_is_posted_once(url, service, step):
    where, standing = service
    await scheduled(url, where)
    nine = START + timedelta(hours=3)
    with running(url, where, nine, step) as process:
        await asyncio.to_thread(process.join, PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    for minutes in (1, 3, 6):  # one while the lease lasts, two after it
        await sent(url, where, nine + timedelta(minutes=minutes))
    assert await standing() == expected(nine)


async def test_killed_fifty_times_at_random_each_digest_is_posted_once(url, service):
    where, standing = service
    await scheduled(url, where)
    chance = random.Random(7)
    began = time.monotonic()
    await sent(url, where, START)
    with running(url, where, START) as process:
        await asyncio.to_thread(process.join, PATIENCE)
    whole = 1.3 * (time.monotonic() - began) + 0.03
    interrupted = 0
    for day in range(TIMES):
        nine = START + timedelta(hours=3) + day * A_DAY
        with running(url, where, nine) as one, running(url, where, nine + timedelta(seconds=30)) as other:
            await asyncio.to_thread(one.join, chance.uniform(0, whole))
            await asyncio.to_thread(other.join, chance.uniform(0, whole))
        interrupted += -signal.SIGKILL in {one.exitcode, other.exitcode}
        await sent(url, where, nine + timedelta(minutes=4))
    assert interrupted > TIMES // 10, "hardly any process was killed on the way"
    days = [START + timedelta(hours=3) + day * A_DAY for day in range(TIMES)]
    assert await standing() == expected(*days)
