"""How does a message reach Slack, once, though Slack is busy, down, or says no?

Slack has no idempotency key. So where an earlier try may have arrived (a timeout, a 5xx, a restart) the channel's
history is searched for the message before it is posted again.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.models import Conversation
from bot.observability import log
from bot.platforms.slack.client import session_of
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.trouble import FAILURES, HookRefused, read

HOOK_IS_OVER = frozenset({"expired_url", "used_url", "http_404", "http_410"})
"""A response URL lasts for half an hour and five messages."""

_NOT_SHOWN = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
"""Slack's words for blocks that it does not take; the plain text may still pass."""

_PAGE = 200
_CLOCKS_DIFFER = 60.0  # seconds that the bot's clock may be ahead of Slack's

Message = dict[str, Any]


class Posting:
    """Puts messages where they belong: at Slack's pace, tried again for `give_up_after` seconds."""

    def __init__(self, client: AsyncWebClient, pace: Pace, give_up_after: float) -> None:
        self._client, self._pace, self._give_up_after = client, pace, give_up_after

    async def insist(
        self,
        channel: str,
        send: Callable[[], Awaitable[str]],
        find: Callable[[], Awaitable[str | None]],
        *,
        may_have_arrived: bool,
    ) -> str:
        """Try to `send` until Slack takes it, says no for good, or was in trouble for too long (one of FAILURES).

        Where an earlier try may have arrived, `find` looks for it first. Returns what either says.
        """
        now = asyncio.get_running_loop().time
        began, tries = None, 0
        while True:
            await self._pace.turn(channel)
            try:
                if may_have_arrived and (found := await find()):
                    return found
                return await send()
            except FAILURES as failure:
                trouble = read(failure)
                wait = trouble.wait(tries)
                began = now() if began is None else began
                if not trouble.passing or now() + wait - began > self._give_up_after:
                    raise
            tries += 1
            may_have_arrived = may_have_arrived or trouble.may_have_arrived
            log.info("reply_delayed", error=trouble.code, seconds=round(wait, 1), tries=tries)
            self._pace.hold(channel, wait)

    async def write(self, where: Mapping[str, Any], message: Message) -> str:
        """Post a message, without its blocks where Slack does not take them; returns its id (`ts`)."""
        try:
            posted = await self._client.chat_postMessage(**where, **message)
        except SlackApiError as failure:
            if read(failure).code not in _NOT_SHOWN:
                raise
            log.warning("reply_simplified", error=read(failure).code)
            simple = {name: value for name, value in message.items() if name != "blocks"}
            posted = await self._client.chat_postMessage(**where, **simple, mrkdwn=False)
        return str(posted["ts"])

    async def whisper(self, where: Mapping[str, Any], user: str, message: Message) -> str:
        """Show a message to one person of a channel; returns its id."""
        words = {"text": message["text"], "blocks": message.get("blocks")}
        return str((await self._client.chat_postEphemeral(**where, user=user, **words))["message_ts"])

    async def respond(self, url: str, payload: Message) -> None:
        """Send a message to a response URL. Raises HookRefused where it is not taken."""
        async with session_of(self._client).post(url, json=payload) as response:
            code = _code_in(await response.text(), response.status)
            if code:
                raise HookRefused(code, response.status, response.headers)

    async def find(
        self, where: Conversation, since: datetime, is_it: Callable[[Message], bool]
    ) -> str | None:
        """Look a message up where it would stand; None where it does not, or the bot may not look."""
        asked: dict[str, Any] = {
            "channel": where.channel,
            "oldest": f"{since.timestamp() - _CLOCKS_DIFFER:.6f}",
            "include_all_metadata": True,
            "limit": _PAGE,
        }
        while True:
            try:
                page = await (
                    self._client.conversations_replies(ts=where.thread, **asked)
                    if where.thread
                    else self._client.conversations_history(**asked)
                )
            except SlackApiError as failure:
                trouble = read(failure)
                if trouble.passing:
                    raise
                # Better twice than not at all, where the bot was not given the scope to look.
                log.warning("reply_not_looked_up", error=trouble.code)
                return None
            for message in page.get("messages") or []:
                if is_it(message):
                    return str(message["ts"])
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not asked["cursor"]:
                return None


def has_metadata(message: Message, sought: Mapping[str, Any]) -> bool:
    """Whether a message carries this metadata."""
    found = message.get("metadata")
    return isinstance(found, dict) and all(found.get(key) == value for key, value in sought.items())


def _code_in(said: str, status: int) -> str | None:
    """Slack's word for what a response URL refused; None where it took the message."""
    try:
        answer = json.loads(said)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and answer.get("ok") is False:
        return str(answer.get("error", f"http_{status}"))
    if status == 200:
        return None
    return said if re.fullmatch(r"[a-z_]{1,40}", said) else f"http_{status}"
