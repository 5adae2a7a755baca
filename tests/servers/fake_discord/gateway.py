"""How do events reach the bot: sessions, resumes, replays, refusals?"""

import json
import zlib
from collections.abc import Callable

from aiohttp import WSMsgType, web

from tests.servers.fake_discord import payloads
from tests.servers.fake_discord.payloads import Payload
from tests.servers.fake_discord.world import World

GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 9, 10, 11


class Connection:
    """One web socket, compressed where the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket, self._request = socket, request
        compressed = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if compressed else None

    async def send(
        self, op: int, data: object = None, seq: int | None = None, name: str | None = None
    ) -> None:
        if self.socket.closed:
            return
        text = json.dumps({"op": op, "d": data, "s": seq, "t": name})
        if self._zlib is None:
            await self.socket.send_str(text)
            return
        packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(packed)

    def cut(self) -> None:
        """Break the TCP connection, without a close frame."""
        if self._request.transport:
            self._request.transport.abort()


class Session:
    """What a bot identified for, and every event since, so that it can resume."""

    def __init__(self, intents: int, connection: Connection) -> None:
        self.id = "session-" + payloads.snowflake()
        self.intents = intents
        self.connection: Connection | None = connection
        self.events: list[tuple[str, Payload]] = []

    async def dispatch(self, name: str, data: Payload) -> None:
        self.events.append((name, data))
        if self.connection:
            await self.connection.send(DISPATCH, data, len(self.events), name)

    async def replay(self, after: int) -> None:
        for number, (name, data) in enumerate(self.events, 1):
            if number > after and self.connection:
                await self.connection.send(DISPATCH, data, number, name)


class Gateway:
    """All sessions. `refuse_with` closes every IDENTIFY with that code; `resumes` counts the resumed sessions."""

    def __init__(self, world: World, token: str, url: Callable[[], str], changed: Callable[[], None]) -> None:
        self._world, self._token, self._url, self._changed = world, token, url, changed
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Payload] = []
        self.resumes = 0
        self.refuse_with: int | None = None
        self._connections: set[Connection] = set()

    @property
    def connected(self) -> bool:
        return any(one.connection is not None for one in self.sessions.values())

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._connections.add(connection)
        await connection.send(HELLO, {"heartbeat_interval": 41250})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(connection, json.loads(message.data))
        finally:
            self._connections.discard(connection)
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
            self._changed()
        return socket

    async def _received(self, connection: Connection, frame: Payload) -> None:
        if frame["op"] == HEARTBEAT:
            await connection.send(HEARTBEAT_ACK)
        elif frame["op"] == IDENTIFY:
            await self._identify(connection, frame["d"])
        elif frame["op"] == RESUME:
            await self._resume(connection, frame["d"])
        self._changed()

    async def _identify(self, connection: Connection, data: Payload) -> None:
        if refusal := self._refusal(data):
            await connection.socket.close(code=refusal)
            return
        self.identifies.append(data)
        session = Session(data["intents"], connection)
        self.sessions[session.id] = session
        ready = payloads.ready(self._world.bot, self._world.guild_id, session.id, self._url())
        await session.dispatch("READY", ready)
        await session.dispatch("GUILD_CREATE", self._world.guild_snapshot())

    def _refusal(self, data: Payload) -> int | None:
        if self.refuse_with:
            return self.refuse_with
        if data["token"] != self._token:
            return 4004
        return 4014 if data["intents"] & PRIVILEGED else None

    async def _resume(self, connection: Connection, data: Payload) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None:
            await connection.send(INVALID_SESSION, data=False)
            return
        session.connection = connection
        self.resumes += 1
        await session.replay(after=data["seq"])
        await session.dispatch("RESUMED", {"_trace": []})

    async def announce(self, name: str, message: Payload) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, to the sessions whose intents cover it, content held back as Discord does."""
        event = self._world.as_event(message)
        needed = GUILD_MESSAGES if "guild_id" in event else DIRECT_MESSAGES
        for session in list(self.sessions.values()):
            if session.intents & needed:
                await session.dispatch(name, event if self._may_read(event) else _without_content(event))
        self._changed()

    async def dispatch(self, name: str, data: Payload) -> None:
        for session in list(self.sessions.values()):
            await session.dispatch(name, data)
        self._changed()

    def _may_read(self, event: Payload) -> bool:
        """Without the message content intent: direct messages, one's own, and those that mention the bot."""
        bot = self._world.bot["id"]
        own = event["author"]["id"] == bot
        return own or "guild_id" not in event or any(one["id"] == bot for one in event["mentions"])

    def cut(self) -> None:
        """Break every connection without a close frame; the sessions can be resumed."""
        for connection in list(self._connections):
            connection.cut()
        for session in self.sessions.values():
            session.connection = None

    def forget(self) -> None:
        """Make every session invalid, as after a long outage."""
        self.sessions.clear()

    async def close(self) -> None:
        for connection in list(self._connections):
            await connection.socket.close()


def _without_content(event: Payload) -> Payload:
    return {**event, "content": "", "embeds": [], "attachments": [], "components": []}
