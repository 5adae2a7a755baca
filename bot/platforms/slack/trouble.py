"""What went wrong between the bot and Slack, and is it worth trying again?"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

_PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)


class HookRefused(Exception):
    """A response URL answered, but not with yes."""

    def __init__(self, code: str, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(code)
        self.code, self.status, self.headers = code, status, headers


FAILURES = (SlackApiError, HookRefused, aiohttp.ClientError, OSError, TimeoutError)
"""What a call of Slack may raise."""


@dataclass(frozen=True)
class Trouble:
    """A call that failed.

    `code` is Slack's own word for it, or ours for the network; `passing` says whether trying again may help;
    `retry_after` is how many seconds Slack asked to wait, where it did; `may_have_arrived` says that Slack may
    have done what was asked although it did not say so.
    """

    code: str
    passing: bool
    retry_after: float | None = None
    may_have_arrived: bool = False

    def wait(self, tries: int) -> float:
        """Seconds to wait after so many tries failed: as asked, else twice as long each time up to half a minute."""
        if self.retry_after is not None:
            return self.retry_after
        return min(0.5 * 2.0**tries, 30.0) * random.uniform(0.5, 1.0)


def read(failure: Exception) -> Trouble:
    """Tell from what a call raised (one of FAILURES) what went wrong. Never holds a token or an address."""
    if isinstance(failure, SlackApiError):
        return _of_response(failure.response)
    if isinstance(failure, HookRefused):
        return _of_status(failure.code, failure.status, failure.headers)
    never_left = isinstance(failure, aiohttp.ClientConnectorError)
    return Trouble(code=type(failure).__name__, passing=True, may_have_arrived=not never_left)


def _of_response(response: Any) -> Trouble:
    if not hasattr(response, "data"):
        # The SDK hands out aiohttp's response where it could not read the body: nobody knows what Slack did.
        return Trouble(code=f"unreadable_{response.status}", passing=True, may_have_arrived=True)
    code = response.data.get("error") if isinstance(response.data, dict) else None
    return _of_status(str(code or f"http_{response.status_code}"), response.status_code, response.headers)


def _of_status(code: str, status: int, headers: Mapping[str, str]) -> Trouble:
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return Trouble(code="ratelimited", passing=True, retry_after=_seconds(headers))
    if status >= 500 or code in _PASSING:
        return Trouble(code=code, passing=True, may_have_arrived=True)
    return Trouble(code=code, passing=False)


def _seconds(headers: Mapping[str, str]) -> float:
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(asked) if asked.strip().isdecimal() else 1.0
