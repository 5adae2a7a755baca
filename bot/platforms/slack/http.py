"""How do Slack's events arrive over HTTP, and how is a forged one told from Slack's?

The signature is checked over the raw bytes before anything is parsed. Bolt has a check of its own, but after
parsing, and a header that is no number makes it fail with a 500 instead of a 401.
"""

from collections.abc import Mapping

from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request

PATH = "/slack/events"
_MOST_BYTES = 1_000_000


def is_signed(verifier: SignatureVerifier, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether Slack signed `body`, within the last five minutes. Any nonsense in the headers is a no."""
    try:
        return verifier.is_valid(
            body, headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
        )
    except (ValueError, TypeError):
        return False


async def read_body(request: Request) -> bytes | None:
    """Read the body, or None where it is larger than anything that Slack sends."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            return None
    return bytes(body)
