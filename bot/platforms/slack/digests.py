"""How does a digest reach a Slack channel, once, and what if the channel is gone?"""

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import Any, NoReturn

from slack_sdk.web.async_client import AsyncWebClient

from bot.digest import Digest, Item, PageLink
from bot.errors import PlatformRefused
from bot.models import Conversation, IncomingQuestion, MemoLink
from bot.observability import log
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.posting import HOOK_IS_OVER, Message, Posting, has_metadata
from bot.platforms.slack.trouble import FAILURES, HookRefused, read
from bot.rendering.digests import slack
from bot.rendering.labels import label
from bot.rendering.slack import escaped

_TRIES_TO_TELL, _LONGEST_WAIT = 3, 30.0
_LONGEST_NAME = 80

_WHY_NOT = {
    "channel_not_found": "the channel is gone, or it is private and I am not in it",
    "is_archived": "the channel is archived",
    "not_in_channel": "I am not in the channel",
    "restricted_action": "only some people may write there",
    "restricted_action_read_only_channel": "only some people may write there",
    "restricted_action_non_threadable_channel": "nobody may write there",
    "user_not_found": "the person is gone",
    "cannot_dm_bot": "it is a conversation of bots",
    "messages_tab_disabled": "direct messages to me are switched off",
}
"""Slack's words for a place where nothing can be posted, in ours."""

_INVITE = frozenset({"channel_not_found", "not_in_channel"})
_NOT_THE_PLACES_FAULT = frozenset(
    {
        "access_denied",
        "account_inactive",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Slack does not let the bot in at all: somebody has to mend that, and meanwhile no schedule is stopped for it."""


class Digests:
    """Posts digests, at the pace of each channel and of the workspace as a whole."""

    def __init__(
        self,
        client: AsyncWebClient,
        posting: Posting,
        workspace: Pace,
        link: MemoLink,
        page_link: PageLink,
    ) -> None:
        self._client, self._posting, self._workspace = client, posting, workspace
        self._link, self._page_link = link, page_link

    async def post(self, digest: Digest, *, again: bool) -> str:
        """Post `digest` as a message of its own; return Slack's id (`ts`) of it (see `PostsDigests.post_digest`).

        An outage that lasts, and a token that Slack refuses, are raised as they are (one of FAILURES).
        """
        where, shown = (
            digest.conversation,
            slack.message(digest, self._link, self._page_link(digest.digest_id)),
        )
        message = {**shown, "metadata": slack.metadata(digest)}

        async def send() -> str:
            await self._workspace.turn(where.workspace)
            return await self._posting.write({"channel": where.channel}, message)

        try:
            return await self._posting.insist(
                where.channel, send, lambda: self._find(digest), may_have_arrived=again
            )
        except FAILURES as failure:
            trouble = read(failure)
            if trouble.passing or trouble.code in _NOT_THE_PLACES_FAULT:
                log.error("digest_held_up", platform="slack", error=trouble.code)
                raise
            await self._refuse(where, trouble.code)

    def left_out(self, digest: Digest) -> Collection[Item]:
        """The items of `digest` that its message has no room for."""
        return slack.left_out(digest, self._link, self._page_link(digest.digest_id))

    async def preview(self, question: IncomingQuestion, digest: Digest) -> None:
        """Show `digest` to the asker of `question` alone. Raises PlatformRefused where that cannot be done."""
        message = slack.message(digest, self._link)  # it has no page: it is kept nowhere
        try:
            if not await self._responded(question, message):
                await self._whispered(question, message)
        except FAILURES as failure:
            code = read(failure).code
            log.warning("digest_not_previewed", platform="slack", error=code)
            raise PlatformRefused(
                f"Slack does not show you the digest here ({code}).",
                "Invite me to the channel, or ask me in a direct message.",
            ) from None

    async def tell(self, person: str, said: str) -> None:
        """Send a person a direct message, best effort, and rather not at all than twice."""
        for tries in range(_TRIES_TO_TELL if person else 0):
            try:
                await self._client.chat_postMessage(
                    channel=person, text=escaped(said), unfurl_links=False, unfurl_media=False
                )
            except FAILURES as failure:
                trouble = read(failure)
                log.warning("person_not_told", platform="slack", error=trouble.code, tries=tries + 1)
                if not trouble.passing or trouble.may_have_arrived:
                    return
                await asyncio.sleep(min(trouble.wait(tries), _LONGEST_WAIT))
            else:
                return

    async def _find(self, digest: Digest) -> str | None:
        """Look the message of `digest` up in its channel, from before it was due."""
        sought, first = slack.metadata(digest), slack.block_id(digest)

        def is_it(message: Message) -> bool:
            blocks: list[dict[str, Any]] = message.get("blocks") or []
            return has_metadata(message, sought) or any(block.get("block_id") == first for block in blocks)

        return await self._posting.find(_channel(digest.conversation), _earliest(digest), is_it)

    async def _responded(self, question: IncomingQuestion, message: Message) -> bool:
        """Show it by the response URL of a command; False where there is none, or it is over."""
        if not question.reply_token:
            return False
        try:
            shown = {"response_type": "ephemeral", "text": message["text"], "blocks": message["blocks"]}
            await self._posting.respond(question.reply_token, shown)
        except HookRefused as refused:
            if refused.code not in HOOK_IS_OVER:
                raise
            return False
        return True

    async def _whispered(self, question: IncomingQuestion, message: Message) -> None:
        where = {"channel": question.conversation.channel, "thread_ts": question.conversation.thread}
        if question.conversation.channel.startswith("D"):  # nobody else is there
            await self._posting.write(where, message)
        else:
            await self._posting.whisper(where, question.asker, message)

    async def _refuse(self, where: Conversation, code: str) -> NoReturn:
        name = await self._name_of(where.channel)
        log.error("digest_refused", platform="slack", channel=where.channel, error=code)
        raise PlatformRefused(
            f"Slack does not take it in {name}: {_WHY_NOT.get(code, 'it gives no other reason')} ({code}).",
            "Invite me there (/invite @Quoth)."
            if code in _INVITE
            else "Schedule one elsewhere, or mend that.",
        ) from None

    async def _name_of(self, channel: str) -> str:
        """How people call a channel, where Slack says so."""
        try:
            said = await self._client.conversations_info(channel=channel)
        except FAILURES as failure:
            log.debug("channel_not_named", error=read(failure).code)
            return channel
        name = label(str((said.get("channel") or {}).get("name") or ""), _LONGEST_NAME)
        return f"#{name} ({channel})" if name else channel


def _channel(where: Conversation) -> Conversation:
    """The channel itself: digests stand in no thread."""
    return where.model_copy(update={"thread": None})


def _earliest(digest: Digest) -> datetime:
    """Before this nobody can have posted it."""
    return min(digest.due, digest.until)
