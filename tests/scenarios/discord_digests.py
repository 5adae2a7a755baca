"""How are digests put before a Discord that runs here?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.access import Access, Rules
from bot.digest import Schedule
from bot.digests.commanding import Commanding
from bot.digests.grounds import Grounds
from bot.digests.managing import Managing
from bot.digests.runner import Digests
from bot.library import Library
from bot.models import PlatformName
from bot.platforms.base import PostsDigests
from bot.platforms.discord.adapter import DiscordPlatform
from retrieval import Memo
from tests.scenarios.discord_scene import Scene, open_scene

OLD = Memo(id="old", title="Old", text="The office has two floors and a yard.", source="old.txt")
TEA = Memo(
    id="tea",
    title="Tea",
    author="Ada Lovelace",
    text="The kettle is descaled on Fridays by the office team, and the kettle stays hot all Friday.",
    source="tea.txt",
)
PAGE = "https://quoth.example.org/digests/"
A_WHILE = timedelta(minutes=1)


class Desk:
    """A scene with what schedules and sends digests. Nothing is due until `due` says so."""

    def __init__(self, scene: Scene, library: Library, rules: Rules | None = None) -> None:
        self.scene, self.discord, self.store = scene, scene.discord, scene.bot.store
        self.library, self.ahead = library, timedelta()
        self.access = Access(library, self.store, rules or Rules(), self.now)
        self.posters: dict[PlatformName, PostsDigests] = {}
        self.digests = self.process(self.posters)
        self.managing = Managing(self.store, self.now, "Europe/Berlin")
        self.commanding = Commanding(self.managing, self.digests, self.access, self.posters)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def process(self, posters: dict[PlatformName, PostsDigests]) -> Digests:
        """What sends digests in one process."""
        grounds = Grounds(self.store, self.library, self.access)
        return Digests(
            self.store, grounds, posters, now=self.now, catch_up=timedelta(hours=12), max_chars=300
        )

    def lone(self, token: str | None = None) -> DiscordPlatform:
        """The same Discord, before a process that does not listen to it."""
        return DiscordPlatform(
            token or self.discord.token,
            self.discord.api_url,
            self.discord.gateway_url,
            lambda *_: None,
            page_link=lambda digest_id: PAGE + digest_id,
        )

    async def start(self) -> None:
        """Start the bot, or start it again."""
        await self.scene.start()
        self.posters[PlatformName.DISCORD] = self.scene.platform
        self.scene.platform.take_presses(self.commanding.pressed)

    async def restart(self) -> None:
        await self.scene.stop()
        await self.start()

    async def scheduled(self, said: str = "digest every day at 9", where: dict[str, Any] | None = None):
        """The schedule that Alice makes with these words."""
        await self.said_to(said, where)
        return (await self.store.schedules.all())[-1]

    async def said_to(self, said: str, where: dict[str, Any] | None = None) -> str:
        """What the bot says to Alice's mention (or direct message), where everybody reads it."""
        where = where or self.scene.general
        before = len(self.discord.from_bot(where))
        if "guild_id" in where:
            await self.discord.mention(self.scene.alice, where, said)
        else:
            await self.discord.say(self.scene.alice, where, said)
        await self.discord.until(lambda: len(self.discord.from_bot(where)) > before)
        await self.scene.catch_up()
        return plain(self.discord.from_bot(where)[-1])

    async def alone(self, name: str, count: int = 1, **options: str) -> list[dict[str, Any]]:
        """What the bot says to Alice alone when she uses a command."""
        used = await self.discord.slash(self.scene.alice, self.scene.general, name, **options)
        await self.discord.until(lambda: len(self.discord.told_alone(used)) >= count)
        await self.scene.catch_up()
        return self.discord.told_alone(used)

    async def add(self, *memos: Memo) -> None:
        await self.store.memos.add(memos, self.now())
        await self.library.refresh()

    async def due(self, schedule: Schedule) -> None:
        """Let the schedule be due now."""
        due = self.now() - A_WHILE
        await self.store.schedules.change(
            schedule.schedule_id, lambda it: it.model_copy(update={"next_due": due})
        )

    async def sent(self, schedule: Schedule) -> str:
        """The state of the schedule's last delivery, once what is due was sent."""
        await self.due(schedule)
        await self.digests.send_due()
        return (await self.store.deliveries.of_schedule(schedule.schedule_id, 1))[0].state.value

    async def press(self, button: str, message: dict[str, Any], who: dict[str, Any] | None = None) -> str:
        """What somebody is told alone who presses the button with this label."""
        [custom_id] = [
            one["custom_id"]
            for row in message["components"]
            for one in row["components"]
            if one["label"] == button
        ]
        used = await self.discord.press(who or self.scene.alice, message, custom_id)
        [told] = await self.discord.until(lambda: used.told_alone)
        return plain(told)

    def digests_in(self, where: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The digests that stand somewhere."""
        written = self.discord.from_bot(where or self.scene.general)
        return [one for one in written if "since" in one["content"] and "**" in one["content"]]


def plain(message: dict[str, Any]) -> str:
    """All that a reader sees of a message, its markup taken off."""
    parts = ["\n".join([embed.get("title", ""), embed.get("description", "")]) for embed in message["embeds"]]
    said = "\n".join([message["content"], *parts])
    return said.replace("**", "").replace("~~", "").replace("\\", "")


@asynccontextmanager
async def open_desk(rules: Rules | None = None) -> AsyncIterator[Desk]:
    """A desk whose bot is running; one memo is there, and no news."""
    async with open_scene([OLD]) as scene:
        library = Library(scene.bot.store)
        await library.refresh()
        desk = Desk(scene, library, rules)
        scene.bot.questions.understand(desk.commanding.answered)
        await desk.start()
        yield desk


async def at_once(*work: Any) -> None:
    """Do all of it at the same time."""
    await asyncio.gather(*work)
