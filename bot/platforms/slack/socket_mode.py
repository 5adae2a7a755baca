"""How do Slack's events arrive where the bot has no public address?

Over a WebSocket that the bot opens. The SDK's client is not used for it: after a failed try it asks for the
same address for ever although Slack's addresses hold for seconds, it notices a cut only at its next ping, and
it closes the old connection before it opens the new one. Here a cut is seen at once, every try has a fresh
address, and when Slack announces that it will close a connection the next one is open before.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from bot.observability import log
from bot.platforms.slack.trouble import FAILURES, Trouble, read

Address = Callable[[], Awaitable[str]]
"""Asks Slack for the address of a new connection; raises one of FAILURES, or PlatformRefused for good."""
Take = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]
"""Takes an envelope in, at once, and returns what to say in its acknowledgement."""

_PING_SECONDS = 10.0
_LIVED_WELL_SECONDS = 30.0
_FAREWELL_SECONDS = 30.0
_ANNOUNCED = Trouble("disconnect", passing=True)
_CLOSE = aiohttp.ClientWSTimeout(ws_close=2.0)


class SocketMode:
    """Keeps a connection to Slack open, and acknowledges what comes in."""

    def __init__(self, address: Address, take: Take) -> None:
        self._address, self._take = address, take
        self._open: set[aiohttp.ClientWebSocketResponse] = set()

    @property
    def connected(self) -> bool:
        """Whether a connection is open just now."""
        return any(not socket.closed for socket in self._open)

    async def run(self, stopping: asyncio.Event) -> None:
        """Keep connected until `stopping` is set. Raises PlatformRefused where the address does."""
        listening: set[asyncio.Task[Trouble | None]] = set()
        failed = 0
        async with aiohttp.ClientSession() as session:
            try:
                while not stopping.is_set():
                    began, leaving = _now(), asyncio.Event()
                    task = asyncio.create_task(self._listen(session, leaving))
                    listening.add(task)
                    task.add_done_callback(listening.discard)
                    await _first(task, leaving, stopping)
                    failed = failed + 1 if _now() - began < _LIVED_WELL_SECONDS else 0
                    if failed:
                        trouble = task.result() if task.done() else None
                        await pause((trouble or _ANNOUNCED).wait(failed - 1), stopping)
            finally:
                for socket in self._open.copy():
                    await socket.close()
                for task in listening.copy():
                    task.cancel()
                await asyncio.gather(*listening, return_exceptions=True)

    async def _listen(self, session: aiohttp.ClientSession, leaving: asyncio.Event) -> Trouble | None:
        """Take in what one connection brings until it ends; return why, where Slack had not announced it.

        `leaving` is set when Slack announces the end: the next connection is needed before this one is closed.
        """
        try:
            address = await self._address()
            async with session.ws_connect(address, heartbeat=_PING_SECONDS, timeout=_CLOSE) as socket:
                self._open.add(socket)
                try:
                    await self._take_all(socket, leaving)
                finally:
                    self._open.discard(socket)
            trouble = Trouble("closed", passing=True)
        except FAILURES as failure:
            trouble = read(failure)
        if leaving.is_set():
            return None
        log.warning("platform_lost", platform="slack", error=trouble.code)
        return trouble

    async def _take_all(self, socket: aiohttp.ClientWebSocketResponse, leaving: asyncio.Event) -> None:
        async with asyncio.timeout(None) as farewell:
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                envelope = json.loads(message.data)
                if envelope.get("type") == "hello":
                    log.info("platform_connected", platform="slack", mode="socket")
                elif envelope.get("type") == "disconnect":
                    leaving.set()
                    farewell.reschedule(_now() + _FAREWELL_SECONDS)
                elif envelope.get("envelope_id"):
                    await self._acknowledge(socket, envelope)

    async def _acknowledge(self, socket: aiohttp.ClientWebSocketResponse, envelope: dict[str, Any]) -> None:
        said = await self._take(envelope)
        acknowledgement: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        if said and envelope.get("accepts_response_payload"):
            acknowledgement["payload"] = said
        await socket.send_json(acknowledgement)


async def pause(seconds: float, stopping: asyncio.Event) -> None:
    """Wait so long, or until `stopping` is set."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def _first(task: asyncio.Task[Any], *events: asyncio.Event) -> None:
    """Wait until `task` is done or one of `events` is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait([task, *waiting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()


def _now() -> float:
    return asyncio.get_running_loop().time()
