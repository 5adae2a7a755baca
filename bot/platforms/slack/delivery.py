"""How does a reply reach its asker in Slack?

Its message carries the answer's id as metadata, by which it is found in the channel's history.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import PlatformRefused
from bot.models import IncomingQuestion, MemoLink, Offer, Receipt, Reply
from bot.observability import log
from bot.platforms.slack.commands import shown_to_all
from bot.platforms.slack.posting import HOOK_IS_OVER, Posting, has_metadata
from bot.platforms.slack.trouble import FAILURES, HookRefused, read
from bot.rendering import slack, wording
from bot.rendering.receipts import slack as receipts
from bot.rendering.receipts import wording as receipts_wording

_TRIES_TO_SHOW = 4


class Delivery:
    """Posts replies: in the thread, never twice."""

    def __init__(self, client: AsyncWebClient, link: MemoLink, posting: Posting) -> None:
        self._client, self._link, self._posting = client, link, posting

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
            return await self._posting.insist(
                question.conversation.channel,
                lambda: self._send(question, message),
                lambda: self._find(question, message["metadata"]),
                may_have_arrived=again,
            )
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

    async def _send(self, question: IncomingQuestion, message: dict[str, Any]) -> str:
        to_all = not question.reply_token or shown_to_all(question.text)
        if question.reply_token:
            shown = {"response_type": "in_channel" if to_all else "ephemeral"}
            try:
                return await self._respond(question, {**shown, **message})
            except HookRefused as refused:
                if refused.code not in HOOK_IS_OVER:
                    raise
        where: dict[str, Any] = {
            "channel": question.conversation.channel,
            "thread_ts": question.conversation.thread,
        }
        if not to_all:
            return await self._posting.whisper(where, question.asker, message)
        return await self._posting.write(where, message)

    async def _respond(self, question: IncomingQuestion, payload: dict[str, Any]) -> str:
        await self._posting.respond(str(question.reply_token), payload)
        return question.event_id

    async def _find(self, question: IncomingQuestion, metadata: dict[str, Any]) -> str | None:
        """Look the reply up where it would stand."""
        return await self._posting.find(
            question.conversation, question.asked_at, lambda message: has_metadata(message, metadata)
        )

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
