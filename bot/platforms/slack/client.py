"""How is Slack's Web API called?"""

import logging

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

QUIET = logging.getLogger("slack_bolt.quoth")
"""The logger that Slack's libraries get, whatever the level of ours: below ERROR they write down whole
payloads, signatures and addresses that hold a ticket. What matters is logged here, as events."""
QUIET.setLevel(logging.ERROR)

_CALL = aiohttp.ClientTimeout(total=30)


def web_client(token: str | None, api_url: str) -> AsyncWebClient:
    """Make a client that neither retries on its own (it would post twice) nor logs what it sends."""
    return AsyncWebClient(
        token=token, base_url=f"{api_url.rstrip('/')}/", logger=QUIET, retry_handlers=[], timeout=30
    )


def session_of(client: AsyncWebClient) -> aiohttp.ClientSession:
    """Return the open session of `client`, whose connections are used again; opened when first asked for."""
    if client.session is None or client.session.closed:
        client.session = aiohttp.ClientSession(timeout=_CALL)
    return client.session


async def close(client: AsyncWebClient) -> None:
    """Close the connections of `client`; it can be used again."""
    if client.session is not None:
        await client.session.close()
