"""How does a reply reach Slack, once, though Slack is busy, down, or says no?

Slack has no idempotency key. So a message carries its answer's id as metadata, and where an earlier try may
have arrived (a timeout, a 5xx, a restart) the channel's history is searched for that id before posting again.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import PlatformRefused
from bot.models import IncomingQuestion, MemoLink, Offer, Receipt, Reply
from bot.observability import log
from bot.platforms.slack.client import session_of
from bot.platforms.slack.commands import shown_to_all
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.trouble import FAILURES, HookRefused, read
from bot.rendering import slack, wording
from bot.rendering.receipts import slack as receipts
from bot.rendering.receipts import wording as receipts_wording

_NOT_SHOWN = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
"""Slack's words for blocks that it does not take; the plain text may still pass."""

_HOOK_IS_OVER = frozenset({"expired_url", "used_url", "http_404", "http_410"})
"""A response URL lasts for half an hour and five messages."""

_PAGE = 200
_TRIES_TO_SHOW = 4
_CLOCKS_DIFFER = 60.0  # seconds that the bot's clock may be ahead of Slack's


class Delivery:
    """Posts replies: in the thread, at Slack's pace, tried again for `give_up_after` seconds, never twice."""

    def __init__(self, client: AsyncWebClient, link: MemoLink, pace: Pace, give_up_after: float) -> None:
        self._client, self._link, self._pace, self._give_up_after = client, link, pace, give_up_after

    async def post(self, question: IncomingQuestion, reply: Reply, *, again: bool) -> str:
        """Post `reply` and return Slack's id (`ts`) of the message; after a slash command, the event's id.

        Raises PlatformRefused, with Slack's own word for the reason, where Slack will say no again; the asker was
        told where that was possible. An outage longer than `give_up_after` is raised as it is (one of FAILURES).
        """
        message = {**slack.message(reply, self._link), "metadata": slack.metadata(reply)}
        return await self._deliver(
            question, message, answer_id=reply.answer_id, sorry=wording.could_not_post, again=again
        )

    async def report(self, offer: Offer, receipt: Receipt, *, again: bool) -> str:
        """Post `receipt` in the thread of `offer`; otherwise as `post`."""
        message = {**receipts.message(receipt), "metadata": receipts.metadata(receipt)}
        return await self._deliver(
            offer,
            message,
            answer_id=receipt.receipt_id,
            sorry=receipts_wording.could_not_post,
            again=again,
        )

    async def show(self, channel: str, ts: str, receipt: Receipt) -> None:
        """Let the message `ts` show `receipt` from now on. Where that fails, what it says is out of date."""
        shown = receipts.message(receipt)
        for tries in range(_TRIES_TO_SHOW):
            try:
                await self._client.chat_update(
                    channel=channel,
                    ts=ts,
                    text=shown["text"],
                    blocks=shown["blocks"],
                    metadata=receipts.metadata(receipt),
                )
            except FAILURES as failure:
                trouble = read(failure)
                log.warning("receipt_not_shown", error=trouble.code, tries=tries + 1)
                if not trouble.passing:
                    return
                await asyncio.sleep(trouble.wait(tries))
            else:
                return

    async def _deliver(
        self,
        question: IncomingQuestion,
        message: dict[str, Any],
        *,
        answer_id: str,
        sorry: Callable[[str], str],
        again: bool,
    ) -> str:
        try:
            return await self._insist(question, message, may_have_arrived=again)
        except FAILURES as failure:
            if read(failure).passing:
                raise
            code = read(failure).code
        told = await self._tell(question, sorry(code))
        log.error("reply_refused", platform="slack", answer_id=answer_id, error=code, asker_told=told)
        raise PlatformRefused(
            f"Slack did not take the reply ({code}).",
            "Is the bot a member of the channel (/invite it), and may it write there?",
        )

    async def _insist(
        self, question: IncomingQuestion, message: dict[str, Any], *, may_have_arrived: bool
    ) -> str:
        """Try until it is posted, Slack says no for good, or it was in trouble for too long."""
        channel, now = question.conversation.channel, asyncio.get_running_loop().time
        began, tries = None, 0
        while True:
            await self._pace.turn(channel)
            try:
                if may_have_arrived and (found := await self._find(question, message["metadata"])):
                    return found
                return await self._send(question, message)
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

    async def _send(self, question: IncomingQuestion, message: dict[str, Any]) -> str:
        to_all = not question.reply_token or shown_to_all(question.text)
        if question.reply_token:
            shown = {"response_type": "in_channel" if to_all else "ephemeral"}
            try:
                return await self._respond(question, {**shown, **message})
            except HookRefused as refused:
                if refused.code not in _HOOK_IS_OVER:
                    raise
        where: dict[str, Any] = {
            "channel": question.conversation.channel,
            "thread_ts": question.conversation.thread,
        }
        if not to_all:
            words = {"text": message["text"], "blocks": message.get("blocks")}
            return str(
                (await self._client.chat_postEphemeral(**where, user=question.asker, **words))["message_ts"]
            )
        try:
            posted = await self._client.chat_postMessage(**where, **message)
        except SlackApiError as failure:
            if read(failure).code not in _NOT_SHOWN:
                raise
            log.warning("reply_simplified", error=read(failure).code)
            del message["blocks"]
            posted = await self._client.chat_postMessage(**where, **message, mrkdwn=False)
        return str(posted["ts"])

    async def _respond(self, question: IncomingQuestion, payload: dict[str, Any]) -> str:
        async with session_of(self._client).post(str(question.reply_token), json=payload) as response:
            code = _code_in(await response.text(), response.status)
            if code:
                raise HookRefused(code, response.status, response.headers)
        return question.event_id

    async def _find(self, question: IncomingQuestion, metadata: dict[str, Any]) -> str | None:
        """Look the message up where it would stand; None where it does not, or the bot may not look."""
        where = question.conversation
        asked: dict[str, Any] = {
            "channel": where.channel,
            "oldest": f"{question.asked_at.timestamp() - _CLOCKS_DIFFER:.6f}",
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
                # Better a reply twice than none, where the bot was not given the scope to look.
                log.warning("reply_not_looked_up", error=trouble.code)
                return None
            for message in page.get("messages") or []:
                if _same(message.get("metadata"), metadata):
                    return str(message["ts"])
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not asked["cursor"]:
                return None

    async def _tell(self, question: IncomingQuestion, sentence: str) -> bool:
        """Reach the asker alone, by the first way that is open; whether one was."""
        for way in self._ways_to_asker(question, sentence):
            try:
                await way()
            except FAILURES as failure:
                log.debug("asker_not_told", error=read(failure).code)
            else:
                return True
        return False

    def _ways_to_asker(
        self, question: IncomingQuestion, sentence: str
    ) -> Iterator[Callable[[], Awaitable[object]]]:
        where = question.conversation
        if question.reply_token:
            yield lambda: self._respond(question, {"response_type": "ephemeral", "text": sentence})
        yield lambda: self._client.chat_postEphemeral(
            channel=where.channel, user=question.asker, thread_ts=where.thread, text=sentence
        )
        yield lambda: self._client.chat_postMessage(channel=question.asker, text=sentence)


def _same(found: dict[str, Any] | None, sought: dict[str, Any]) -> bool:
    return found is not None and all(found.get(key) == value for key, value in sought.items())


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
