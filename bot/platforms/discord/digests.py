"""How does a digest reach a Discord channel, once, and what if the channel is gone?"""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import aiohttp
import discord
from discord.webhook.async_ import async_context

from bot.digest import Digest, Item, PageLink
from bot.errors import BotError, PlatformRefused
from bot.models import Conversation, IncomingQuestion, MemoLink
from bot.observability import log
from bot.platforms.discord.deferred import fill_in
from bot.platforms.discord.posting import NOBODY, embeds_of, find, nonce_of, patiently, send
from bot.rendering import limits
from bot.rendering.digests import discord as rendering
from bot.rendering.discord import escaped, escaped_length

CLOCKS_APART = timedelta(minutes=2)
"""By which the clock of whoever posted a digest may be ahead of Discord's."""
LONGEST_NONCE = 25

_UNKNOWN_CHANNEL, _MISSING_ACCESS, _CANNOT_SEND_TO_PERSON, _MISSING_PERMISSIONS = 10003, 50001, 50007, 50013
_WHY_NOT = {
    _UNKNOWN_CHANNEL: "the channel is gone",
    _MISSING_ACCESS: "I am not let into the channel, or was removed from the server",
    _MISSING_PERMISSIONS: "I am not allowed to write there",
    _CANNOT_SEND_TO_PERSON: "the person takes no direct messages from me",
}
"""Discord's codes for a place where nothing can be posted, in words."""

_FAILURES = (discord.DiscordException, OSError, TimeoutError, aiohttp.ClientError)
_PREVIEW_FOLLOWS = "The preview follows."

Reached = Callable[[], AbstractAsyncContextManager[discord.Client]]
"""Gives a client that is logged in."""


class Digests:
    """Posts digests through a client of `reached`, and shows them to one person."""

    def __init__(self, reached: Reached, link: MemoLink, page_link: PageLink) -> None:
        self._reached, self._link, self._page_link = reached, link, page_link

    async def post(self, digest: Digest, *, again: bool) -> str:
        """Post `digest` and return the message's id (see `PostsDigests.post_digest`).

        Raises PlatformRefused where the place is gone for the bot; what else goes wrong is raised as it is.
        """
        message = rendering.message(digest, self._link, self._page_link(digest.digest_id))
        where, nonce = digest.conversation, _nonce(digest)

        async def attempt(look_first: bool) -> str:  # noqa: FBT001 - see `patiently`
            async with self._reached() as client:
                standing = await _find(client, digest) if look_first else None
                return standing or await send(client, where, message, nonce)

        try:
            return await patiently(attempt, again=again)
        except discord.HTTPException as refused:
            if refused.code not in _WHY_NOT:
                raise
            log.error("digest_refused", platform="discord", channel=where.channel, code=refused.code)
            raise await self._gone(where, refused.code) from None

    def left_out(self, digest: Digest) -> Collection[Item]:
        """The items of `digest` that its message has no room for."""
        counts = rendering.shown_counts(digest, self._link, self._page_link(digest.digest_id))
        return [item for section in digest.sections for item in section.items[counts.get(section.part, 0) :]]

    async def preview(self, question: IncomingQuestion, digest: Digest) -> None:
        """Show `digest` to the asker of `question` alone: beside a command's reply, otherwise directly."""
        message = rendering.preview(digest, self._link)
        try:
            async with self._reached() as client:
                if not (question.reply_token and await _whispered(client, question.reply_token, message)):
                    await _tell(client, question.asker, message)
        except _FAILURES as trouble:
            log.warning("digest_not_previewed", platform="discord", error=_named(trouble))
            raise PlatformRefused(
                f"Discord does not let me show you the digest directly ({_named(trouble)}).",
                "Allow direct messages from members of this server, or use: /digest preview.",
            ) from None

    async def tell(self, person: str, said: str) -> None:
        """Send a person a direct message, best effort."""
        if not person.isdecimal():  # whoever made a schedule at the command line is nobody in Discord
            log.info("person_not_told", platform="discord", error="not somebody in Discord")
            return
        content = escaped(limits.shortened(said, limits.DISCORD_CONTENT, escaped_length))
        try:
            async with self._reached() as client:
                await _tell(client, person, {"content": content})
        except (*_FAILURES, BotError) as trouble:
            log.warning("person_not_told", platform="discord", error=_named(trouble))

    async def _gone(self, where: Conversation, code: int) -> PlatformRefused:
        async with self._reached() as client:
            channel = client.get_channel(int(where.channel))
        name = getattr(channel, "name", None)
        named = f"#{name} ({where.channel})" if name else f"channel {where.channel}"
        return PlatformRefused(
            f"Discord takes no digest in {named}: {_WHY_NOT[code]} (code {code}).",
            "I need View Channel, Send Messages, Embed Links and Read Message History there.",
        )


async def _find(client: discord.Client, digest: Digest) -> str | None:
    """The message of `digest`: an earlier try is not long ago, but what is due may be."""

    def is_it(written: discord.Message) -> bool:
        footers = [embed.footer.text or "" for embed in written.embeds]
        return written.nonce == _nonce(digest) or rendering.is_marked(
            digest.digest_id, written.content, footers
        )

    earliest = min(digest.due, digest.until) - CLOCKS_APART
    return await find(client, digest.conversation, earliest, is_it, newest_first=True)


def _nonce(digest: Digest) -> str:
    fits = len(digest.digest_id) <= LONGEST_NONCE
    return digest.digest_id if fits else nonce_of(digest.digest_id)


async def _whispered(client: discord.Client, token: str, message: Mapping[str, Any]) -> bool:
    """Show `message` below a command's reply to whoever gave it; False where that takes nothing any more.

    Discord takes the first message that follows for the promised reply itself: that has to be there before.
    """
    promised = {"content": _PREVIEW_FOLLOWS, "embeds": [], "components": []}
    if not await fill_in(client, token, promised, again=True):
        return False
    application = client.application_id or 0
    payload = {
        "content": message["content"],
        "embeds": message["embeds"],
        "flags": discord.MessageFlags(ephemeral=True).value,
        "allowed_mentions": NOBODY.to_dict(),
    }
    session = discord.Webhook.partial(application, token, client=client).session
    await async_context.get().execute_webhook(application, token, session=session, payload=payload, wait=True)
    return True


async def _tell(client: discord.Client, person: str, message: Mapping[str, Any]) -> None:
    direct = await client.create_dm(discord.Object(int(person)))
    await direct.send(message["content"], embeds=embeds_of(message), allowed_mentions=NOBODY)


def _named(trouble: BaseException) -> str:
    """The trouble's kind and Discord's code for it: the rest may hold an interaction's token."""
    code = getattr(trouble, "code", None)
    return type(trouble).__name__ + (f" {code}" if code else "")
