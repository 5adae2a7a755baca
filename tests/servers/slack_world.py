"""How is the bot put into a Slack for one test?"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from starlette.applications import Starlette

from bot.app.parts import Parts, built
from bot.platforms.base import Ask
from bot.platforms.slack import SlackPlatform
from bot.settings import Settings
from tests.conftest import SEEDS
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, StandIn, signed
from tests.servers.slack_between import DEADLINE, Between, between


@dataclass
class World:
    """Slack as people see it (`people`), what lies between it and the bot (`between`), and where the bot's web is."""

    people: StandIn
    between: Between
    web_port: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def over_http(self) -> bool:
        return self.web_port is not None

    def platform(self, **settings: Any) -> SlackPlatform:
        """Make the platform as the app does, only faster: a test does not wait for Slack's pace."""
        tokens = (
            {"app_token": None, "signing_secret": SIGNING_SECRET}
            if self.over_http
            else {"app_token": APP_TOKEN}
        )
        given = {
            "bot_token": BOT_TOKEN,
            "signing_secret": None,
            "api_url": self.between.api_url,
            "link": lambda citation, span: f"https://quoth.example.org{citation.link}",
            "seconds_between_posts": 0.0,
            "remember": 0.0,
            **tokens,
            **self.settings,
            **settings,
        }
        return SlackPlatform(**given)

    @asynccontextmanager
    async def running(self, platform: SlackPlatform, ask: Ask) -> AsyncIterator[asyncio.Task[None]]:
        """Run `platform` until the block ends; inside the block it is connected."""
        async with self.served(platform):
            run = asyncio.create_task(platform.run(ask))
            try:
                await self.connected(platform, run)
                yield run
            finally:
                await asyncio.wait_for(platform.stop(), DEADLINE)
                await run

    async def interact(self, payload: dict[str, Any]) -> None:
        """Send the bot an interaction that the stand-in cannot make, the way that this Slack sends its own."""
        if not self.over_http:
            await self.between.deliver(payload)
            return
        body = urlencode({"payload": json.dumps(payload)}).encode()
        kind = {"content-type": "application/x-www-form-urlencoded"}
        async with httpx.AsyncClient() as client:
            address = f"http://127.0.0.1:{self.web_port}/slack/events"
            reply = await client.post(address, content=body, headers=signed(body) | kind)
        assert reply.status_code == 200

    async def connected(self, platform: SlackPlatform, run: "asyncio.Task[None]") -> None:
        """Wait until events can arrive."""
        async with asyncio.timeout(DEADLINE):
            while not platform.connected:
                assert not run.done(), run.exception()
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def served(self, platform: SlackPlatform) -> AsyncIterator[None]:
        """Serve what `platform` needs served, as the app does; nothing over Socket Mode."""
        if not self.over_http:
            yield
            return
        app = Starlette(routes=platform.routes)
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.web_port, log_level="warning", lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        async with asyncio.timeout(DEADLINE):
            while not server.started:
                await asyncio.sleep(0.01)
        try:
            yield
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def built_over(database: Path, **given: Any) -> AsyncIterator[Parts]:
    """Everything that stands behind the platforms, as the app builds it with the settings `given`, over the seeds."""
    settings = Settings(_env_file=None, database_url=f"sqlite:///{database}", **given)
    async with built(settings) as parts:
        await parts.library.add([SEEDS])
        yield parts


@asynccontextmanager
async def world(port: int, web_port: int | None = None) -> AsyncIterator[World]:
    """Use the stand-in at `port`, with nothing said in it yet."""
    people = StandIn(port)
    await people.reset()
    async with between(people.url) as proxy:
        try:
            yield World(people, proxy, web_port)
        finally:
            await people.close()
