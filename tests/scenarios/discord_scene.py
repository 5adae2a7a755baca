"""How is the bot put before a Discord that runs here?"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.access import Access, Rules, read_rules
from bot.contributions import Contributions
from bot.library import Library
from bot.models import IncomingQuestion
from bot.platforms.base import Ask
from bot.platforms.discord.adapter import DiscordPlatform
from bot.questions import Questions
from bot.storage import open_store
from bot.storage.store import Store
from retrieval import Memo
from tests.conftest import SHARED
from tests.servers.fake_discord import FakeDiscord

SCHEMA = "data/discord-openapi.json"
"""Discord's published OpenAPI file (github.com/discord/discord-api-spec), where it is."""
SQUAD = 'A newer "mini-lateral" is the "Squad" with Australia, Japan, and the Philippines.'


class Bot:
    """What outlives a restart: the database, and a clock. `asked` are the questions that Discord handed over."""

    def __init__(self, library: Library, store: Store) -> None:
        self.ahead = timedelta()
        self.asked: list[IncomingQuestion] = []
        self._library, self.store = library, store
        self.keep(Rules())

    def keep(self, rules: Rules, threshold: float | None = None) -> None:
        """Answer by these rules of who sees what; before the bot is started."""
        self.questions = Questions(
            self._library,
            self.store,
            at_most=3,
            max_chars=300,
            threshold=threshold,
            per_minute=1000,
            now=self._now,
            access=Access(self._library, self.store, rules, self._now),
        )

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def contributions_by(self, people: Iterable[dict[str, Any]]) -> Contributions:
        """What files that these people offer go to."""
        managers = [f"discord:{one['id']}" for one in people]
        access = Access(self._library, self.store, read_rules(managers=managers), self._now)
        return Contributions(self._library, self.store, access, now=self._now)

    def ask_for(self, platform: DiscordPlatform) -> Ask:
        take_in = self.questions.ask_for(platform)

        async def ask(question: IncomingQuestion) -> None:
            self.asked.append(question)
            await take_in(question)

        return ask


class Scene:
    """A Discord with a guild, a channel and Alice, and the bot in it. `start` and `stop` as often as wanted."""

    def __init__(self, discord: FakeDiscord, bot: Bot) -> None:
        self.discord, self.bot = discord, bot
        self.alice = discord.person("alice")
        self.general = discord.channel("general")
        self.direct = discord.world.dm(self.alice)
        self._elsewhere = discord.channel("elsewhere")
        self.gateway_url: str | None = discord.gateway_url
        self.contributions: Contributions | None = None
        self.platform = self._platform()
        self.running: asyncio.Task[None] | None = None

    def _platform(self, token: str | None = None) -> DiscordPlatform:
        return DiscordPlatform(
            token or self.discord.token,
            self.discord.api_url,
            self.gateway_url,
            lambda *_: None,
            contributions=self.contributions,
            files_url=self.discord.files_url,
        )

    def begin(self, token: str | None = None) -> asyncio.Task[None]:
        """Start the bot and do not wait for it."""
        self.platform = self._platform(token)
        self.running = asyncio.create_task(self.platform.run(self.bot.ask_for(self.platform)))
        return self.running

    async def start(self) -> None:
        self.begin()
        await self.discord.until(lambda: self.platform.connected)

    async def stop(self) -> None:
        await self.platform.stop()
        if self.running:
            await self.running
            self.running = None

    async def replies(
        self, where: dict[str, Any], count: int = 1, timeout: float = 10
    ) -> list[dict[str, Any]]:
        """The bot's messages in `where` as soon as there are `count`, none of them posted twice, and no more."""
        await self.discord.until(lambda: len(self.discord.from_bot(where)) >= count, timeout)
        await self.catch_up()
        found = self.discord.from_bot(where)
        assert len(found) == count
        return found

    async def catch_up(self) -> None:
        """Wait until the bot has dealt with all that was written: it gets one more question, elsewhere."""
        asked = await self.discord.mention(self.alice, self._elsewhere, "What is the Squad?")
        await self.discord.until(
            lambda: asked["id"] in map(replied_to, self.discord.from_bot(self._elsewhere))
        )
        await self.bot.questions.drain()


@asynccontextmanager
async def open_scene(memos: Iterable[Memo], *, gateway_up: bool = True) -> AsyncIterator[Scene]:
    """A scene; the bot is not started yet. What left the bot is checked at the end, whatever the test was about."""
    discord = FakeDiscord(schema if (schema := SHARED / SCHEMA).is_file() else None, gateway_up=gateway_up)
    async with open_store("sqlite://") as store, discord:
        library = Library(store)
        await store.memos.add(list(memos), datetime.now(UTC))
        await library.refresh()
        scene = Scene(discord, Bot(library, store))
        try:
            yield scene
        finally:
            await scene.stop()
        assert discord.rest.unhandled == []
        assert discord.rest.self_errors == []
        assert bodies_that_may_ping(discord) == []
        assert refused_bodies(discord) == []


def replied_to(message: dict[str, Any]) -> str | None:
    """The id of the message that this one replies to."""
    return message.get("message_reference", {}).get("message_id")


def bodies_that_may_ping(discord: FakeDiscord) -> list[Any]:
    """Every message that the bot sent without holding all pings back."""
    sent = [
        *discord.calls("POST", r"/messages$|^/webhooks/\d+/[^/]+$"),
        *discord.calls("PATCH", "/messages/"),
    ]
    return [call.body for call in sent if call.body.get("allowed_mentions") != {"parse": []}]


def refused_bodies(discord: FakeDiscord) -> list[Any]:
    """What Discord would not take as it is: malformed, too long, not in the published API."""
    refused = [call.refused for call in discord.rest.calls if call.refused]
    return [one for one in refused if one["code"] == 50035]
