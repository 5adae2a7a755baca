"""How is the loopback Discord started, and how do people use it?"""

import asyncio
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.servers.fake_discord import payloads
from tests.servers.fake_discord.gateway import Gateway
from tests.servers.fake_discord.interactions import Interactions, Used
from tests.servers.fake_discord.payloads import LOADING, Payload
from tests.servers.fake_discord.rest import PREFIX, Call, Fault, Rest
from tests.servers.fake_discord.schema import Schema
from tests.servers.fake_discord.world import World

T = TypeVar("T")
TOKEN = "fake.discord.token"


class FakeDiscord:
    """REST and gateway on two loopback ports. `schema` is Discord's published OpenAPI file, where there is one.

    Without `gateway_up` nobody listens at the gateway's port until `open_gateway`.
    `world` holds what is there, `gateway` the sessions, `rest` the calls that were made.
    """

    def __init__(self, schema: Path | None = None, *, gateway_up: bool = True) -> None:
        self._gateway_up = gateway_up
        self.token = TOKEN
        self.world = World()
        self.interactions = Interactions(self.world)
        self._changes = asyncio.Event()
        self.gateway = Gateway(self.world, TOKEN, lambda: self.gateway_url, self._changed)
        checked = Schema(schema) if schema else None
        self.rest = Rest(
            self.world,
            self.gateway,
            self.interactions,
            TOKEN,
            lambda: self.gateway_url,
            self._changed,
            checked,
        )
        self._runners: dict[socket.socket, web.AppRunner] = {}
        self._ports = [_bound(), _bound(), _bound()]
        self._kept: dict[str, bytes] = {}
        self.fetched: list[tuple[str, str | None]] = []

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._ports[0].getsockname()[1]}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._ports[1].getsockname()[1]}/"

    @property
    def files_url(self) -> str:
        """Where shared files are kept; `fetched` are the paths that were asked for, with what was sent to sign in."""
        return f"http://127.0.0.1:{self._ports[2].getsockname()[1]}/"

    async def _hand_out(self, request: web.Request) -> web.Response:
        self.fetched.append((request.path, request.headers.get("Authorization")))
        if request.path not in self._kept:
            return web.Response(status=404)
        return web.Response(body=self._kept[request.path])

    async def open_gateway(self) -> None:
        await self._serve(self._ports[1], "GET", "/", self.gateway.serve)

    async def close_gateway(self) -> None:
        """Let nobody connect any more, and break the connections there are."""
        port = self._ports[1].getsockname()[1]
        self.gateway.cut()
        await self._runners.pop(self._ports[1]).cleanup()
        self._ports[1] = _bound(port)

    async def _serve(self, listening: socket.socket, method: str, path: str, handler: Any) -> None:
        application = web.Application()
        application.router.add_route(method, path, handler)
        runner = web.AppRunner(application, shutdown_timeout=0.5)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        self._runners[listening] = runner

    async def __aenter__(self) -> Self:
        await self._serve(self._ports[0], "*", PREFIX + "/{path:.*}", self.rest.serve)
        await self._serve(self._ports[2], "GET", "/{path:.*}", self._hand_out)
        if self._gateway_up:
            await self.open_gateway()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.rest.stalled.set()
        await self.gateway.close()
        for runner in self._runners.values():
            await runner.cleanup()
        for one in self._ports:
            one.close()

    # What people do

    def person(self, name: str, *, bot: bool = False) -> Payload:
        return self.world.person(name, bot=bot)

    def channel(self, name: str) -> Payload:
        return self.world.channel(name)

    async def thread(self, parent: Payload, name: str) -> Payload:
        made = self.world.thread(parent, name)
        await self.gateway.dispatch("THREAD_CREATE", {**made, "newly_created": True})
        return made

    async def say(self, who: Payload, where: Payload, text: str, **extra: Any) -> Payload:
        """`who` writes; `reply_to=` a message makes it a reply, other keywords overwrite fields of the message."""
        body: Payload = {"content": text}
        if reply_to := extra.pop("reply_to", None):
            body["message_reference"] = {"message_id": reply_to["id"], "channel_id": where["id"]}
        message = self.world.post(where, who, body, **extra)
        await self.gateway.announce("MESSAGE_CREATE", message)
        return message

    async def mention(self, who: Payload, where: Payload, question: str, **extra: Any) -> Payload:
        """`who` mentions the bot."""
        return await self.say(who, where, f"<@{self.world.bot['id']}> {question}", **extra)

    async def share(
        self, who: Payload, where: Payload, text: str, files: dict[str, bytes], **extra: Any
    ) -> Payload:
        """`who` writes, with files: bytes by name."""
        attachments = []
        for number, (name, data) in enumerate(files.items()):
            path = f"/attachments/{where['id']}/{payloads.snowflake()}/{number}"
            self._kept[path] = data
            attachments.append(payloads.attachment(name, len(data), f"{self.files_url.rstrip('/')}{path}"))
        return await self.say(who, where, text, attachments=attachments, **extra)

    async def use_on(self, who: Payload, message: Payload, name: str) -> Payload:
        """`who` picks a command in the menu of a message."""
        event = self.interactions.use_on(who, message, name)
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        return event

    async def press(self, who: Payload, message: Payload, custom_id: str) -> Used:
        """`who` presses a button under a message."""
        return await self._interact(self.interactions.press(who, message, custom_id))

    async def fill_in(self, who: Payload, message: Payload, modal: Payload, fields: dict[str, str]) -> Used:
        """`who` sends a form."""
        return await self._interact(self.interactions.fill_in(who, message, modal, fields))

    async def _interact(self, event: Payload) -> Used:
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        return self.interactions.used[event["token"]]

    async def edit(self, message: Payload, content: str) -> None:
        message |= {"content": content, "edited_timestamp": payloads.now()}
        await self.gateway.announce("MESSAGE_UPDATE", message)

    async def slash(self, who: Payload, where: Payload, name: str, **options: str) -> Payload:
        event = self.interactions.use(who, where, name, options)
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        return event

    async def write(self, who: Payload, where: Payload, name: str, option: str, written: str) -> list[str]:
        """`who` writes an option of a command; returns what the bot offers for it."""
        used = await self._interact(self.interactions.write(who, where, name, option, written))
        await self.until(lambda: used.choices is not None)
        return [one["value"] for one in used.choices or []]

    # What tests see

    def told_alone(self, event: Payload) -> list[Payload]:
        """What the bot said to the use of a command that only the user sees."""
        return self.interactions.used[event["token"]].told_alone

    def from_bot(self, channel: Payload) -> list[Payload]:
        """The bot's messages in order; "the bot is thinking" is not one yet."""
        written = self.world.messages[channel["id"]].values()
        mine = [one for one in written if one["author"]["id"] == self.world.bot["id"]]
        return [one for one in mine if not one["flags"] & LOADING]

    def calls(self, method: str, path: str) -> list[Call]:
        """The calls whose path matches the expression `path`."""
        return [one for one in self.rest.calls if one.method == method and re.search(path, one.path)]

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        body: Payload | None = None,
        *,
        headers: dict[str, str] | None = None,
        times: int = 1,
        carried_out: bool = False,
    ) -> None:
        """Answer the next `times` matching calls so; `carried_out`: do what was asked and only then say so.

        `status` 0: never answer.
        """
        said = body or {"message": "fault", "code": 0}
        self.rest.faults.append(
            Fault(method, re.compile(path), status, said, headers or {}, times, carried_out)
        )

    def _changed(self) -> None:
        before, self._changes = self._changes, asyncio.Event()
        before.set()

    async def until(self, condition: Callable[[], T], timeout: float = 10) -> T:
        """Wait until `condition` holds and return its value; it is looked at whenever something happens here."""
        end = time.monotonic() + timeout
        while not (value := condition()):
            left = end - time.monotonic()
            if left <= 0:
                last = [(one.method, one.path, one.status) for one in self.rest.calls[-6:]]
                raise TimeoutError(f"it did not happen within {timeout} s; last calls: {last}")
            changes = self._changes
            try:
                # What happens inside the bot does not reach us: look again now and then.
                await asyncio.wait_for(changes.wait(), min(left, 0.1))
            except TimeoutError:
                continue
        return value


def _bound(port: int = 0) -> socket.socket:
    """A socket on that port (0: any) that does not listen yet: who connects is refused until it is served."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made
