"""How does the bot stay connected to Discord, and when does it give up?"""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from typing import Self

import aiohttp
import discord

from bot.errors import BotError, PlatformRefused, SetupError
from bot.observability import log
from bot.platforms.base import Ask
from bot.platforms.discord.client import QuothClient, Start
from bot.platforms.discord.endpoints import find_gateway, talking_to
from bot.platforms.discord.sharing import Sharing
from bot.platforms.discord.topics import Topics

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between tries."""
PATIENCE = 120.0
"""Seconds that discord.py may take to resume. Its own waits grow to a quarter of an hour; ours to a minute."""
GOODBYE = 1.0
"""Seconds that Discord may take to answer the closing of the connection."""

REFUSALS = {
    4004: (
        "Discord does not know the token in DISCORD__TOKEN.",
        "Copy it again: Developer Portal → Bot → Token.",
    ),
    4011: ("Discord wants this bot sharded: it is in too many servers.", "Remove it from some of them."),
    4013: (
        "Discord does not know an intent that the bot asks for.",
        "Update: pip install --upgrade discord.py.",
    ),
    4014: (
        "Discord refused an intent that the bot asks for.",
        "The bot needs no privileged intent; check in the Developer Portal that the application is not restricted.",
    ),
}
"""Close codes that will come again, in words, and what to do."""

_OUTAGES = (
    OSError,
    TimeoutError,
    aiohttp.ClientError,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
)


class Connection:
    """Keeps one client connected to the Discord at `api_url`; an async context manager. Opened once.

    `gateway_url` None: the gateway that the API names. `hearing` says whether events can arrive just now.
    """

    def __init__(self, token: str, api_url: str, gateway_url: str | None) -> None:
        self._token, self._api_url, self._gateway_url = token, api_url, gateway_url
        self._pointing = 0
        self._endpoints: AbstractContextManager[None] | None = None
        self._opened = False
        self._client: QuothClient | None = None
        self._changed = asyncio.Event()
        self._closed = False
        self._patience: asyncio.Timeout | None = None
        self._waits = _waits()
        self.hearing = False

    async def __aenter__(self) -> Self:
        """Point discord.py at our Discord."""
        self._opened = True
        self._point()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close everything: no REST calls any more."""
        self._closed = True
        self._changed.set()
        try:
            if self._client:
                await self._client.close()
        finally:
            self._unpoint()

    async def client(self) -> QuothClient:
        """A client that is logged in, as soon as there is one. Raises BotError once the connection was closed."""
        while not self._closed and (self._client is None or self._client.is_closed()):
            self._changed.clear()
            await self._changed.wait()
        if self._closed or self._client is None:
            raise BotError("The connection to Discord is closed: the bot is stopping.")
        return self._client

    @asynccontextmanager
    async def reached(self) -> AsyncIterator[discord.Client]:
        """A client that is logged in: as `client`; before the connection is opened one of its own, without events.

        Raises SetupError where Discord does not know the token; an outage is raised as it is.
        """
        if self._opened:
            yield await self.client()
            return
        with self._pointed():
            async with discord.Client(intents=discord.Intents.none(), max_messages=None) as client:
                try:
                    await client.login(self._token)
                except discord.LoginFailure:
                    raise SetupError(*REFUSALS[4004]) from None
                yield client

    async def hold(
        self, ask: Ask, start_work: Start, sharing: Sharing | None = None, topics: Topics | None = None
    ) -> None:
        """Connect, and connect again whenever the connection is lost; ends by PlatformRefused or when cancelled."""
        while True:
            try:
                await self._listen(await self._log_in(ask, start_work, sharing, topics))
            except Exception as trouble:  # noqa: BLE001 - whatever ends the client, the bot comes back
                _raise_refusal(trouble)
                self._on_hearing(hearing=False)
                await asyncio.sleep(self._lost(trouble))

    async def stop_hearing(self) -> None:
        """Close the gateway: no more events; REST calls still work."""
        self._on_hearing(hearing=False)
        if self._client and self._client.ws:
            # A peer that does not answer the closing is not waited for: the socket is closed all the same.
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await self._client.ws.close(code=1000)

    async def _log_in(
        self, ask: Ask, start_work: Start, sharing: Sharing | None, topics: Topics | None
    ) -> QuothClient:
        """The client there is, or a new one where that was closed."""
        if self._client and not self._client.is_closed():
            return self._client
        client = QuothClient(ask, start_work, self._on_hearing, sharing, topics)
        try:
            await client.login(self._token)
            if self._gateway_url is None:
                await find_gateway(client)
        except BaseException:
            await client.close()
            raise
        self._client = client
        self._changed.set()
        return client

    async def _listen(self, client: QuothClient) -> None:
        try:
            async with asyncio.timeout(None) as self._patience:
                await client.connect()
        finally:
            self._patience = None

    @contextmanager
    def _pointed(self) -> Iterator[None]:
        """Point discord.py at our Discord, also while it is pointed there anyway."""
        self._point()
        try:
            yield
        finally:
            self._unpoint()

    def _point(self) -> None:
        if not self._pointing:
            self._endpoints = talking_to(self._api_url, self._gateway_url)
            self._endpoints.__enter__()
        self._pointing += 1

    def _unpoint(self) -> None:
        """Whoever leaves last puts the addresses back."""
        self._pointing -= 1
        if self._endpoints and not self._pointing:
            self._endpoints.__exit__(None, None, None)

    def _lost(self, trouble: Exception) -> float:
        """Log why the connection was lost, and say how many seconds to wait."""
        wait = next(self._waits)
        known = isinstance(trouble, _OUTAGES) or self._died_at_first_connect(trouble)
        log.warning(
            "platform_lost",
            platform="discord",
            error=type(trouble).__name__,
            again_in_s=round(wait, 1),
            exc_info=not known,
        )
        return wait

    def _on_hearing(self, *, hearing: bool) -> None:
        if hearing:
            self._waits = _waits()
        if self._patience and not self._patience.expired() and hearing != self.hearing:
            loop = asyncio.get_running_loop()
            self._patience.reschedule(None if hearing else loop.time() + PATIENCE)
        self.hearing = hearing

    def _died_at_first_connect(self, trouble: Exception) -> bool:
        """discord.py's own death where the gateway is down at first: it looks into its socket, and there is none."""
        return isinstance(trouble, AttributeError) and self._client is not None and self._client.ws is None


def _waits() -> Iterator[float]:
    """Seconds to wait before each next try: doubling, shortened at random so that bots do not come back in step."""
    for tries in itertools.count():
        yield min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries, 10)) * random.uniform(0.5, 1)


def _raise_refusal(trouble: Exception) -> None:
    """Raise PlatformRefused where trying again cannot help."""
    code = None
    if isinstance(trouble, discord.LoginFailure):
        code = 4004
    elif isinstance(trouble, discord.PrivilegedIntentsRequired):
        code = 4014
    elif isinstance(trouble, discord.ConnectionClosed):
        code = trouble.code
    if code in REFUSALS:
        log.error("platform_refused", platform="discord", code=code)
        raise PlatformRefused(*REFUSALS[code]) from None
