"""What can go wrong between the bot and Slack, and how is it made to?

A proxy in front of the stand-in. It adds what the stand-in lacks (a token that is wrong, message metadata), lets a test
wait for what the bot does, and makes trouble on order: refuse a call, answer an error after having done it, cut sockets.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from tests.servers.slack import APP_TOKEN, BOT_TOKEN

DEADLINE = 60.0


@dataclass
class Trouble:
    """What happens to the next calls of `method` (of `times` of them) for which `when` holds."""

    method: str
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    done_all_the_same: bool = False
    times: int = 1
    when: Callable[[dict[str, Any]], bool] = lambda _: True
    content_type: str = "application/json"


def error(method: str, code: str, **more: Any) -> Trouble:
    """Slack says no, with its own word for why."""
    return Trouble(method, body=json.dumps({"ok": False, "error": code}), **more)


class Between:
    """The proxy: the bot's `api_url` is here. `calls` is what the bot asked of Slack, oldest first."""

    def __init__(self, target: str) -> None:
        self.target, self.url = target, ""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.troubles: list[Trouble] = []
        self.tokens = {BOT_TOKEN, APP_TOKEN}
        self.says: dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {}
        """What the stand-in's answer to a method becomes, from what was asked and what it says."""
        self._metadata: dict[tuple[str, str], Any] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self.most_at_once = 0
        """The most Socket Mode connections that were ever open together, if only for a moment."""
        self._changed = asyncio.Condition()
        self._session: aiohttp.ClientSession

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def sockets(self) -> int:
        """How many Socket Mode connections are open."""
        return len(self._sockets)

    def calls_of(self, method: str) -> list[dict[str, Any]]:
        return [sent for called, sent in self.calls if called == method]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something holds that calls and connections bring about."""
        async with asyncio.timeout(DEADLINE), self._changed:
            await self._changed.wait_for(is_so)

    async def posted(self, number: int) -> None:
        """Wait until the bot has posted so many messages that Slack took."""
        await self.until(lambda: len(self._metadata) >= number)

    async def cut_sockets(self) -> None:
        """Cut every Socket Mode connection without a word, as a network does."""
        for one in self._sockets.copy():
            transport = one._req.transport if one._req else None
            if transport:
                transport.abort()

    async def announce_end(self) -> None:
        """Say what Slack says before it closes a connection."""
        for one in self._sockets.copy():
            await one.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    async def deliver(self, payload: dict[str, Any]) -> None:
        """Send the bot an interaction that the stand-in cannot make, over Socket Mode."""
        for one in self._sockets.copy():
            await one.send_json(
                {
                    "envelope_id": f"test-{uuid4()}",
                    "type": "interactive",
                    "payload": payload,
                    "accepts_response_payload": True,
                }
            )

    async def take(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        raw = await request.read()
        sent = json.loads(raw) if raw.startswith(b"{") else {**request.query, **await request.post()}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append((method, sent))
        try:
            if token not in self.tokens:
                return web.json_response({"ok": False, "error": "invalid_auth"})
            trouble = self._trouble_for(method, sent)
            if trouble and not trouble.done_all_the_same:
                return _made(trouble)
            said = await self._pass_on(request, raw, sent)
            return _made(trouble) if trouble else web.json_response(said)
        finally:
            await self._notify()

    def _trouble_for(self, method: str, sent: dict[str, Any]) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.method == method and trouble.times > 0 and trouble.when(sent):
                trouble.times -= 1
                return trouble
        return None

    async def _pass_on(self, request: web.Request, raw: bytes, sent: dict[str, Any]) -> dict[str, Any]:
        method = request.match_info["method"]
        kept = {
            name: request.headers[name]
            for name in ("Authorization", "Content-Type")
            if name in request.headers
        }
        address = f"{self.target}{request.path_qs}"
        async with self._session.request(request.method, address, data=raw or None, headers=kept) as reply:
            said = await reply.json()
        if method in self.says:
            said = self.says[method](sent, said)
        if method == "apps.connections.open":
            said["url"] = f"{self.url}/socket/{said['url'].rsplit('/', 1)[1]}"
        if method == "chat.postMessage" and said["ok"]:
            self._metadata[said["channel"], said["ts"]] = sent.get("metadata")
        for message in said.get("messages", []):
            if metadata := self._metadata.get((message["channel"], message["ts"])):
                message["metadata"] = metadata
        return said

    async def hook(self, request: web.Request) -> web.StreamResponse:
        sent = await request.json()
        self.calls.append(("response_url", sent))
        try:
            trouble = self._trouble_for("response_url", sent)
            if trouble and not trouble.done_all_the_same:
                return _made(trouble)
            async with self._session.post(f"{self.target}{request.path}", json=sent) as reply:
                body, status = await reply.read(), reply.status
            self._metadata["response_url", str(len(self.calls))] = None
            return _made(trouble) if trouble else web.Response(body=body, status=status)
        finally:
            await self._notify()

    async def join(self, request: web.Request) -> web.StreamResponse:
        near = web.WebSocketResponse()
        await near.prepare(request)
        try:
            async with self._session.ws_connect(f"{self.target}{request.path}") as far:
                self._sockets.add(near)
                self.most_at_once = max(self.most_at_once, len(self._sockets))
                await self._notify()
                down = asyncio.create_task(self._pump(far, near.send_str))
                await self._pump(near, far.send_str)
                down.cancel()
        finally:
            self._sockets.discard(near)
            await self._notify()
        return near

    async def _pump(self, source: Any, send: Callable[[str], Awaitable[None]]) -> None:
        async for message in source:
            if message.type is aiohttp.WSMsgType.TEXT:
                await send(message.data.replace(f"{self.target}/_hooks", f"{self.url}/_hooks"))

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _made(trouble: Trouble) -> web.Response:
    return web.Response(
        status=trouble.status, text=trouble.body, headers=trouble.headers, content_type=trouble.content_type
    )


@asynccontextmanager
async def between(target: str) -> AsyncIterator[Between]:
    """Stand between the bot and the stand-in at `target`."""
    proxy = Between(target)
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/api/{method}", proxy.take)
    app.router.add_get("/socket/{id}", proxy.join)
    app.router.add_post("/_hooks/response/{id}", proxy.hook)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as proxy._session:
        try:
            yield proxy
        finally:
            await proxy.cut_sockets()
            await runner.cleanup()
