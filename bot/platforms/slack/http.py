"""How do Slack's events arrive over HTTP, and how is a forged one told from Slack's?

The signature is checked over the raw bytes before anything is parsed. Bolt has a check of its own, but after
parsing, and a header that is no number makes it fail with a 500 instead of a 401.
"""

import asyncio
from collections.abc import Mapping

from slack_sdk.signature import SignatureVerifier
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

PATH = "/slack/events"
_MOST_BYTES = 1_000_000
_PATIENCE = 10.0
"""Seconds that a body may take. Slack sends one at once; anybody may open connections and send nothing."""


def is_signed(verifier: SignatureVerifier, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether Slack signed `body`, within the last five minutes. Any nonsense in the headers is a no."""
    try:
        return verifier.is_valid(
            body, headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
        )
    except (ValueError, TypeError, OverflowError):  # a time of 400 digits is a number, but not one of ours
        return False


async def read_body(request: Request) -> bytes:
    """Read the body.

    Raises HTTPException: 413 where it is larger than anything that Slack sends, 408 where it does not come, 400 where
    the sender leaves in the middle of it.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for part in request.stream():
                body += part
                if len(body) > _MOST_BYTES:
                    raise HTTPException(413)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:  # nobody reads the answer, but it is logged as what it was: no fault of ours
        raise HTTPException(400) from None
    return bytes(body)
