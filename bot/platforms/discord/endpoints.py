"""Which Discord is talked to: the real one, or a stand-in?

discord.py keeps both addresses as class attributes. They are set here and nowhere else, and put back afterwards.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


@contextmanager
def talking_to(api_url: str, gateway_url: str | None) -> Iterator[None]:
    """Point discord.py at `api_url` (".../api/v10") and `gateway_url` (None: see `find_gateway`)."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = api_url.rstrip("/")
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


async def find_gateway(client: discord.Client) -> None:
    """Ask the API for its gateway and use that. Raises discord.GatewayNotFound."""
    _, url, _ = await client.http.get_bot_gateway()
    DiscordWebSocket.DEFAULT_GATEWAY = URL(url)
