"""Does every chat service do what `Platform` says?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.errors import PlatformRefused
from bot.models import PlatformName, Reply
from bot.platforms.base import Platform
from bot.platforms.discord.adapter import DiscordPlatform
from tests.servers.fake_discord import FakeDiscord
from tests.servers.ports import own_port
from tests.servers.slack import stand_in
from tests.servers.slack_world import World, world

PATIENCE = 60
QUESTION = "What is the Squad?"


@dataclass
class Stage:
    """A chat service with somebody in it who asks: `make` puts a bot before it, `said` counts what the bot said."""

    name: PlatformName
    make: Callable[[], Platform]
    make_with_wrong_token: Callable[[], Platform]
    ask: Callable[[str], Any]
    said: Callable[[], Any]
    serve: Callable[[Platform], Any]


@asynccontextmanager
async def unserved(_: Platform) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def slack_stage(*, over_http: bool) -> AsyncIterator[Stage]:
    web_port = own_port() if over_http else None
    events_to = f"http://127.0.0.1:{web_port}/slack/events" if over_http else None
    with stand_in(events_to=events_to) as port:
        async with world(port, web_port) as slack:
            yield _slack_stage(slack)


def _slack_stage(slack: World) -> Stage:
    async def ask(text):
        await slack.people.say(f"<@U0BOT> {text}")

    async def said():
        return len(await slack.people.replies())

    return Stage(
        PlatformName.SLACK,
        slack.platform,
        lambda: slack.platform(bot_token="xoxb-wrong"),
        ask,
        said,
        slack.served,
    )


@asynccontextmanager
async def discord_stage() -> AsyncIterator[Stage]:
    async with FakeDiscord(None) as discord:
        alice, general = discord.person("alice"), discord.channel("general")

        def make(token=discord.token):
            return DiscordPlatform(token, discord.api_url, discord.gateway_url, lambda *_: None)

        async def ask(text):
            await discord.mention(alice, general, text)

        async def said():
            return len(discord.from_bot(general))

        yield Stage(PlatformName.DISCORD, make, lambda: make("wrong"), ask, said, unserved)


STAGES = {
    "slack-socket": lambda: slack_stage(over_http=False),
    "slack-http": lambda: slack_stage(over_http=True),
    "discord": discord_stage,
}


@pytest.fixture(params=STAGES)
async def stage(request):
    async with STAGES[request.param]() as made:
        yield made


class Bot:
    """Says "Here." to each question, and remembers each and what came of it."""

    def __init__(self, platform: Platform, *, held: bool = False) -> None:
        self.platform, self.questions, self.ids = platform, [], []
        self.free, self._changed = asyncio.Event(), asyncio.Condition()
        if not held:
            self.free.set()

    async def ask(self, question):
        self.questions.append(question)
        await self._tell()
        await self.free.wait()
        self.ids.append(await self.platform.post(question, reply_to(question)))
        await self._tell()

    async def until(self, is_so):
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(is_so)

    async def _tell(self):
        async with self._changed:
            self._changed.notify_all()


def reply_to(question):
    return Reply(answer_id=f"to-{question.event_id}", notice="Here.")


@asynccontextmanager
async def running(stage, bot):
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(stage.serve(bot.platform))
        run = asyncio.create_task(bot.platform.run(bot.ask))
        stack.push_async_callback(_end, bot.platform, run)
        async with asyncio.timeout(PATIENCE):
            while not bot.platform.connected:
                await asyncio.sleep(0.01)
        yield run


async def _end(platform, run):
    async with asyncio.timeout(PATIENCE):
        await platform.stop()
        await run


async def test_it_is_connected_while_it_runs_and_only_then(stage):
    bot = Bot(stage.make())
    assert not bot.platform.connected
    async with running(stage, bot):
        assert bot.platform.connected
    assert not bot.platform.connected


async def test_each_question_comes_once_with_its_own_id_and_each_post_has_its_own(stage):
    bot = Bot(stage.make())
    async with running(stage, bot):
        for text in (QUESTION, "And AUKUS?"):
            await stage.ask(text)
        await bot.until(lambda: len(bot.ids) == 2)
    assert sorted(question.text for question in bot.questions) == sorted([QUESTION, "And AUKUS?"])
    assert {question.conversation.platform for question in bot.questions} == {stage.name}
    assert len({question.event_id for question in bot.questions}) == 2
    assert len(set(bot.ids)) == 2
    assert await stage.said() == 2


async def test_what_stands_there_already_is_found_instead_of_posted_again(stage):
    bot = Bot(stage.make())
    async with running(stage, bot):
        await stage.ask(QUESTION)
        await bot.until(lambda: bot.ids)
        [question] = bot.questions
        assert await bot.platform.post(question, reply_to(question), again=True) == bot.ids[0]
    assert await stage.said() == 1


async def test_what_does_not_stand_there_is_posted_though_it_was_tried_before(stage):
    bot = Bot(stage.make(), held=True)
    async with running(stage, bot):
        await stage.ask(QUESTION)
        await bot.until(lambda: bot.questions)
        [question] = bot.questions
        assert await bot.platform.post(question, reply_to(question), again=True)
        assert await stage.said() == 1
        bot.free.set()
        await bot.until(lambda: bot.ids)


async def test_stopping_lets_the_question_under_way_be_answered(stage):
    bot = Bot(stage.make(), held=True)
    async with running(stage, bot) as run:
        await stage.ask(QUESTION)
        await bot.until(lambda: bot.questions)
        stopping = asyncio.create_task(bot.platform.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        bot.free.set()
        await asyncio.wait_for(stopping, PATIENCE)
        await asyncio.wait_for(run, PATIENCE)
    assert len(bot.ids) == await stage.said() == 1


async def test_it_may_be_stopped_before_it_runs_and_twice(stage):
    platform = stage.make()
    async with asyncio.timeout(PATIENCE):
        await platform.stop()
        await platform.stop()
    assert not platform.connected


async def test_a_wrong_token_is_a_refusal_that_says_what_to_do_and_not_what_the_token_was(stage):
    platform = stage.make_with_wrong_token()
    with pytest.raises(PlatformRefused) as refused:
        await asyncio.wait_for(platform.run(Bot(platform).ask), PATIENCE)
    assert stage.name.value.upper() in str(refused.value)
    assert "wrong" not in str(refused.value)
    await platform.stop()
