"""How does a reply reach Discord, once?

Digests go the same way: see `digests`.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, cast

import aiohttp
import discord
from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_random_exponential

from bot.errors import PlatformRefused
from bot.models import Conversation, IncomingQuestion
from bot.observability import log
from bot.platforms.discord.deferred import fill_in
from bot.platforms.discord.sharing import view_of
from bot.rendering import wording

KEEP_TRYING = 90.0
"""Seconds that a reply is tried again while Discord is in trouble; that long it remembers the reply's nonce."""
LOOK_BACK = 500
"""Messages after a question, or before now, among which ours is looked for."""

CANNOT_REPLY_WITHOUT_HISTORY = 160002
NOBODY = discord.AllowedMentions.none()


class Poster:
    """Posts replies through the client that `client` waits for: one that is logged in."""

    def __init__(self, client: Callable[[], Awaitable[discord.Client]]) -> None:
        self._client = client

    async def post(
        self, question: IncomingQuestion, message: Mapping[str, Any], answer_id: str, *, again: bool
    ) -> str:
        """Post `message` ({"content", "embeds", "components"}) where `question` was asked and return its id.

        Nobody is pinged.

        `again`: look first whether it stands there. An outage that lasts is raised as it is; a refusal is told to
        the asker directly, where that works, and raised as PlatformRefused.
        """
        nonce = nonce_of(answer_id)

        async def attempt(look_first: bool) -> str:  # noqa: FBT001 - see `patiently`
            return await _post(await self._client(), question, message, nonce, again=look_first)

        try:
            return await patiently(attempt, again=again)
        except discord.HTTPException as refused:
            if _passes(refused):
                raise
            told = await self._tell_asker(question, nonce_of(f"{answer_id}, not posted"))
            log.error(
                "reply_lost",
                **_about(question),
                answer_id=answer_id,
                status=refused.status,
                code=refused.code,
                asker_told=told,
            )
            raise _refusal(question, refused) from None

    async def _tell_asker(self, question: IncomingQuestion, nonce: str) -> bool:
        """One line to the asker directly, unless that is where the question was asked; True when it arrived."""
        if not question.conversation.workspace:
            return False
        try:
            client = await self._client()
            direct = await client.create_dm(discord.Object(int(question.asker)))
            await direct.send(wording.CANNOT_POST_THERE, nonce=nonce, allowed_mentions=NOBODY)
        except (discord.DiscordException, OSError, aiohttp.ClientError) as trouble:
            log.warning("asker_not_reached", **_about(question), error=type(trouble).__name__)
            return False
        return True


async def patiently(attempt: Callable[[bool], Awaitable[str]], *, again: bool) -> str:
    """What `attempt` returns, tried again for a while as long as Discord is in trouble; then that is raised as it is.

    It is told whether it has to look first: the try before (`again`: of another process) may have reached Discord
    although nobody heard of it.
    """
    tries = AsyncRetrying(
        retry=retry_if_exception(_passes),
        wait=wait_random_exponential(multiplier=0.5, max=20),
        stop=stop_after_delay(KEEP_TRYING),
        reraise=True,
    )
    async for each in tries:
        with each:
            return await attempt(again or each.retry_state.attempt_number > 1)
    raise AssertionError("the last try returns or raises")


def nonce_of(answer_id: str) -> str:
    """The same 24 characters for the same answer. Discord posts a nonce (25 at most) once within some minutes."""
    return hashlib.sha256(answer_id.encode()).hexdigest()[:24]


async def _post(
    client: discord.Client, question: IncomingQuestion, message: Mapping[str, Any], nonce: str, *, again: bool
) -> str:
    if question.reply_token:
        filled = await fill_in(client, question.reply_token, message, again=again)
        if filled:
            return filled
    standing = await _find(client, question) if again else None
    if standing:
        return standing
    where = question.conversation
    try:
        return await send(client, where, message, nonce, _reference(question))
    except discord.HTTPException as refused:
        # To refer to a message one must be allowed to read it again; an answer without a reference is still one.
        if refused.code != CANNOT_REPLY_WITHOUT_HISTORY:
            raise
        return await send(client, where, message, nonce)


async def send(
    client: discord.Client,
    where: Conversation,
    message: Mapping[str, Any],
    nonce: str,
    reference: discord.MessageReference | None = None,
) -> str:
    """Post `message` ({"content", "embeds", "components"}), pinging nobody, and return its id.

    Within some minutes Discord takes one `nonce` (25 characters at most) once in a channel.
    """
    buttons = view_of(message["components"]) if message.get("components") else None
    sent = await _place(client, where).send(
        message.get("content") or None,
        embeds=embeds_of(message),
        # None is what discord.py takes for no reference and no buttons; it only does not declare it.
        reference=cast("discord.MessageReference", reference),
        view=cast("discord.ui.View", buttons),
        nonce=nonce,
        allowed_mentions=NOBODY,
    )
    return str(sent.id)


def embeds_of(message: Mapping[str, Any]) -> list[discord.Embed]:
    """The embeds of a rendered message, as discord.py sends them."""
    return [discord.Embed.from_dict(embed) for embed in message.get("embeds") or ()]


async def find(
    client: discord.Client,
    where: Conversation,
    after: discord.abc.Snowflake | datetime,
    is_it: Callable[[discord.Message], bool],
    *,
    newest_first: bool = False,
) -> str | None:
    """The id of our message that `is_it`, among the first (or the newest) written after `after`.

    None where there is none, and where history may not be read: then the nonce must do.
    """
    try:
        async for written in _place(client, where).history(
            limit=LOOK_BACK, after=after, oldest_first=not newest_first
        ):
            if client.user and written.author.id == client.user.id and is_it(written):
                return str(written.id)
    except discord.Forbidden as refused:
        log.info("history_not_readable", platform="discord", channel=where.channel, code=refused.code)
    return None


async def _find(client: discord.Client, question: IncomingQuestion) -> str | None:
    """Our reply to `question` among what was written after it."""
    asked = discord.Object(int(question.event_id))
    return await find(client, question.conversation, asked, lambda written: _answers(written, asked.id))


def _answers(written: discord.Message, event_id: int) -> bool:
    if written.flags.loading:
        return False
    used = written.interaction_metadata
    replied_to = written.reference.message_id if written.reference else None
    return event_id in (replied_to, used.id if used else None)


def _place(client: discord.Client, where: Conversation) -> discord.PartialMessageable:
    """The thread, channel or direct message; nothing is looked up."""
    return client.get_partial_messageable(_channel_of(where), guild_id=_guild_of(where))


def _reference(question: IncomingQuestion) -> discord.MessageReference | None:
    """A message is replied to. A command is no message: what stands in for its reply refers to none."""
    if question.reply_token:
        return None
    return discord.MessageReference(
        message_id=int(question.event_id),
        channel_id=_channel_of(question.conversation),
        guild_id=_guild_of(question.conversation),
        fail_if_not_exists=False,
    )


def _channel_of(where: Conversation) -> int:
    return int(where.thread or where.channel)


def _guild_of(where: Conversation) -> int | None:
    return int(where.workspace) if where.workspace else None


def _passes(trouble: BaseException) -> bool:
    """Whether the same call may succeed later: an outage or a limit, not a refusal."""
    if isinstance(trouble, discord.HTTPException):
        return trouble.status == 429 or trouble.status >= 500
    # RuntimeError: the client was closed under the call, and another takes its place.
    return isinstance(trouble, OSError | TimeoutError | aiohttp.ClientError | RuntimeError)


def _refusal(question: IncomingQuestion, refused: discord.HTTPException) -> PlatformRefused:
    if refused.status == 401:
        return PlatformRefused("Discord does not take the token in DISCORD__TOKEN any more.")
    where = _channel_of(question.conversation)
    return PlatformRefused(
        f"Discord refused a reply in channel {where} (HTTP {refused.status}, code {refused.code}).",
        "Give the bot these permissions there: View Channel, Send Messages, Send Messages in Threads, Embed Links, "
        "Read Message History.",
    )


def _about(question: IncomingQuestion) -> dict[str, str]:
    return {"platform": "discord", "event_id": question.event_id}
