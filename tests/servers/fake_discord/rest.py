"""Which REST calls are served, and what do they answer?"""

import asyncio
import json
import re
import time
import urllib.parse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web

from tests.servers.fake_discord import payloads
from tests.servers.fake_discord.gateway import Gateway
from tests.servers.fake_discord.interactions import DEFERRED_UPDATE, MESSAGE, Interactions
from tests.servers.fake_discord.payloads import Payload
from tests.servers.fake_discord.rules import Refused, invalid
from tests.servers.fake_discord.schema import Schema
from tests.servers.fake_discord.world import World

PREFIX = "/api/v10"


@dataclass
class Call:
    """One request of the bot, and what it was answered."""

    method: str
    path: str
    body: Any
    query: dict[str, str]
    status: int | None = None
    refused: Payload | None = None


@dataclass
class Fault:
    """What the next `times` matching calls are answered instead; `carried_out`: after they were. Status 0: nothing."""

    method: str
    path: re.Pattern[str]
    status: int
    body: Payload
    headers: dict[str, str]
    times: int
    carried_out: bool


class Asked(NamedTuple):
    """What a route's handler is given: the JSON body and the query."""

    body: Any
    query: dict[str, str]


@dataclass
class Rest:
    """The REST half. Tests assert that `unhandled` and `self_errors` are empty.

    `unhandled` are calls that are not served; `self_errors` are answers of ours that do not fit the schema;
    `stalled` ends the waiting of calls that are never answered.
    """

    world: World
    gateway: Gateway
    interactions: Interactions
    token: str
    gateway_url: Callable[[], str]
    changed: Callable[[], None]
    schema: Schema | None = None
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    stalled: asyncio.Event = field(default_factory=asyncio.Event)
    unhandled: list[tuple[str, str]] = field(default_factory=list)
    self_errors: list[tuple[str, str, list[str]]] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix(PREFIX)
        body = await request.json() if request.content_type == "application/json" else None
        call = Call(request.method, path, body, dict(request.query))
        self.calls.append(call)
        try:
            return await self._answer(call, request)
        except Refused as refused:
            call.status, call.refused = refused.status, refused.body
            return _json(refused.body, refused.status, self._limits(path))
        finally:
            self.changed()

    async def _answer(self, call: Call, request: web.Request) -> web.Response:
        fault = self._fault(call)
        if fault and not fault.carried_out:
            return await self._faulty(call, fault)
        self._check_token(call.path, request)
        self._check_request(call)
        answered = await self._route(call)
        if fault:
            return await self._faulty(call, fault)
        call.status = 204 if answered is None else 200
        if answered is None:
            return web.Response(status=204, headers=self._limits(call.path))
        self._check_answer(call, answered)
        return _json(answered, 200, self._limits(call.path))

    def _fault(self, call: Call) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.method == call.method and fault.path.search(call.path):
                fault.times -= 1
                return fault
        return None

    async def _faulty(self, call: Call, fault: Fault) -> web.Response:
        call.status = fault.status
        if fault.status == 0:
            await self.stalled.wait()  # until this Discord closes
        return _json(fault.body, fault.status or 500, fault.headers)

    def _check_token(self, path: str, request: web.Request) -> None:
        if path.startswith(("/interactions/", "/webhooks/")):
            return  # the token is in the path
        if request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(401, 0, "401: Unauthorized")

    def _check_request(self, call: Call) -> None:
        if self.schema and call.body is not None:
            complaints = self.schema.request(call.method, call.path, call.body)
            if complaints:
                raise invalid("schema", "SCHEMA", "; ".join(complaints))

    def _check_answer(self, call: Call, answered: Any) -> None:
        if self.schema:
            # Through JSON once, so that what is checked is what is sent.
            sent = json.loads(json.dumps(answered))
            if complaints := self.schema.response(call.method, call.path, sent):
                self.self_errors.append((call.method, call.path, complaints))

    def _limits(self, path: str) -> dict[str, str]:
        if path.startswith("/interactions/"):
            return {}  # Discord sends no bucket for interaction callbacks
        route = (self.schema and self.schema.route(path)) or path
        return {
            # The real one allows 5 messages in 5 s a channel, and discord.py would keep to it; limits have their own test.
            "X-RateLimit-Limit": "1000",
            "X-RateLimit-Remaining": "999",
            "X-RateLimit-Reset": str(time.time() + 1),
            "X-RateLimit-Reset-After": "1",
            "X-RateLimit-Bucket": re.sub(r"\W", "-", route),
        }

    async def _route(self, call: Call) -> Any:
        for method, pattern, handler in _ROUTES:
            if method == call.method and (match := pattern.match(call.path)):
                parts = [urllib.parse.unquote(part) for part in match.groups()]
                return await handler(self, Asked(call.body, call.query), *parts)
        self.unhandled.append((call.method, call.path))
        raise Refused(404, 0, "404: Not Found")

    async def _me(self, _: Asked) -> Payload:
        return payloads.me(self.world.bot)

    async def _application(self, _: Asked) -> Payload:
        return payloads.application(self.world.bot, self.world.owner)

    async def _gateway_bot(self, _: Asked) -> Payload:
        starts = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway_url(), "shards": 1, "session_start_limit": starts}

    async def _read_commands(self, _: Asked, _application: str) -> list[Payload]:
        return self.world.commands

    async def _write_commands(self, asked: Asked, application: str) -> list[Payload]:
        self.world.commands = [payloads.command(one, application) for one in asked.body]
        return self.world.commands

    async def _member(self, _: Asked, guild_id: str, user_id: str) -> Payload:
        return self.world.find_member(guild_id, user_id)

    async def _open_dm(self, asked: Asked) -> Payload:
        if str(asked.body["recipient_id"]) not in self.world.users:
            raise Refused(400, 50033, "Invalid Recipient(s)")
        return self.world.dm(self.world.users[str(asked.body["recipient_id"])])

    async def _send(self, asked: Asked, channel_id: str) -> Payload:
        channel = self.world.find_channel(channel_id)
        message, new = self.world.post_once(channel, self.world.bot, asked.body)
        if new:
            await self.gateway.announce("MESSAGE_CREATE", message)
        return {**message, "nonce": asked.body.get("nonce")}

    async def _history(self, asked: Asked, channel_id: str) -> list[Payload]:
        asked_for = {name: asked.query.get(name) for name in ("after", "before")}
        return self.world.history(channel_id, int(asked.query.get("limit", 50)), **asked_for)

    async def _callback(self, asked: Asked, _interaction: str, token: str) -> Payload | None:
        message = self.interactions.acknowledge(token, asked.body)
        alone = message is not None and message["flags"] & payloads.EPHEMERAL
        if message is not None and asked.body["type"] != DEFERRED_UPDATE and not alone:
            await self.gateway.announce("MESSAGE_CREATE", message)
        if asked.query.get("with_response", "").lower() not in ("1", "true"):
            return None
        used = self.interactions.used[token].event
        sent = {"resource": {"type": MESSAGE, "message": message}} if asked.body["type"] == MESSAGE else {}
        return {
            **sent,
            "interaction": {
                "id": used["id"],
                "type": used["type"],
                **(
                    {
                        "response_message_id": message["id"],
                        "response_message_loading": bool(message["flags"] & payloads.LOADING),
                        "response_message_ephemeral": bool(alone),
                    }
                    if message
                    else {}
                ),
                "channel_id": used["channel_id"],
                "guild_id": used.get("guild_id", self.world.guild_id),
            },
        }

    async def _original(self, _: Asked, _application: str, token: str) -> Payload:
        return self.interactions.original(token)

    async def _follow_up(self, asked: Asked, _application: str, token: str) -> Payload:
        return self.interactions.follow_up(token, asked.body)

    async def _edit_original(self, asked: Asked, _application: str, token: str) -> Payload:
        message = self.interactions.edit_original(token, asked.body)
        if not message["flags"] & payloads.EPHEMERAL:
            await self.gateway.announce("MESSAGE_UPDATE", message)
        return message


def _json(body: Any, status: int, headers: dict[str, str]) -> web.Response:
    # Exactly "application/json": discord.py compares the header for equality and hands back text otherwise.
    typed = {"Content-Type": "application/json", **headers}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=typed)


Handler = Callable[..., Awaitable[Any]]
_ID, _TOKEN = r"(\d+)", r"([^/]+)"
_ROUTES: list[tuple[str, re.Pattern[str], Handler]] = [
    (method, re.compile(f"^{path}$"), handler)
    for method, path, handler in [
        ("GET", "/users/@me", Rest._me),
        ("POST", "/users/@me/channels", Rest._open_dm),
        ("GET", f"/guilds/{_ID}/members/{_ID}", Rest._member),
        ("GET", "/oauth2/applications/@me", Rest._application),
        ("GET", "/gateway/bot", Rest._gateway_bot),
        ("GET", f"/applications/{_ID}/commands", Rest._read_commands),
        ("PUT", f"/applications/{_ID}/commands", Rest._write_commands),
        ("GET", f"/channels/{_ID}/messages", Rest._history),
        ("POST", f"/channels/{_ID}/messages", Rest._send),
        ("POST", f"/interactions/{_ID}/{_TOKEN}/callback", Rest._callback),
        ("POST", f"/webhooks/{_ID}/{_TOKEN}", Rest._follow_up),
        ("GET", f"/webhooks/{_ID}/{_TOKEN}/messages/@original", Rest._original),
        ("PATCH", f"/webhooks/{_ID}/{_TOKEN}/messages/@original", Rest._edit_original),
    ]
]
