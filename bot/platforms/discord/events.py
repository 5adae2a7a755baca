"""Which Discord messages are questions or offer files, and what do they ask?"""

import re
from enum import StrEnum
from typing import Protocol

import discord

from bot.contributions import asks_to_add
from bot.models import Conversation, IncomingQuestion, Offer, PlatformName, SharedFile

_MARKUP = re.compile(r"<(?:@[!&]?|#|a?:\w+:)\d+>")
"""Mentions and custom emoji as they stand in a message's text: ids, no words."""


class Silence(StrEnum):
    """Why an event is no question."""

    OWN_POST = "own_post"
    OTHER_BOT = "other_bot"
    WEBHOOK = "webhook"
    EDIT = "edit"
    SYSTEM_MESSAGE = "system_message"
    NO_TEXT = "no_text"
    EVERYONE_MENTION = "everyone_mention"
    ROLE_MENTION = "role_mention"
    REPLY_ONLY = "reply_only"
    NOT_MENTIONED = "not_mentioned"


class _Place(Protocol):
    """What of a channel is read here; Discord's channel classes share no base that has it."""

    @property
    def id(self) -> int: ...


def to_question(message: discord.Message, me: int) -> IncomingQuestion | Offer | Silence:
    """The question or the offer in `message`, or the reason to stay silent; `me` is the bot's own user id.

    A bare mention is a question without text: it is answered with what the bot can do.
    """
    reason = _not_for_us(message, me)
    if reason is not None:
        return reason
    question = IncomingQuestion(
        event_id=str(message.id),
        conversation=conversation(message.channel, message.guild),
        asker=str(message.author.id),
        text=without_markup(message.content),
        asked_at=message.created_at,
    )
    if not asks_to_add(question.text):
        return question
    return Offer(**dict(question) | {"files": shared_files(message) or _files_replied_to(message)})


def shared_files(message: discord.Message) -> tuple[SharedFile, ...]:
    """The files of a message."""
    return tuple(
        SharedFile(file_id=str(one.id), name=one.filename, size=one.size, address=one.url)
        for one in message.attachments
    )


def _files_replied_to(message: discord.Message) -> tuple[SharedFile, ...]:
    """The files of the message that this one replies to, where Discord shows them to the bot."""
    replied_to = message.reference.resolved if message.reference else None
    return shared_files(replied_to) if isinstance(replied_to, discord.Message) else ()


def without_markup(content: str) -> str:
    """What somebody wrote, without mentions and custom emoji."""
    return _MARKUP.sub(" ", content).strip()


def conversation(channel: _Place, guild: discord.abc.Snowflake | None) -> Conversation:
    """Where people talk: a thread is part of its channel; a direct message has no workspace."""
    parent = getattr(channel, "parent_id", None)
    return Conversation(
        platform=PlatformName.DISCORD,
        workspace=str(guild.id) if guild else "",
        channel=str(parent or channel.id),
        thread=str(channel.id) if parent else None,
    )


def _not_for_us(message: discord.Message, me: int) -> Silence | None:
    if message.author.id == me:
        return Silence.OWN_POST
    # A webhook's author is a bot too: the narrower reason first.
    if message.webhook_id is not None:
        return Silence.WEBHOOK
    if message.author.bot:
        return Silence.OTHER_BOT
    if message.is_system():
        return Silence.SYSTEM_MESSAGE
    if message.guild is None:
        return None if message.content.strip() else Silence.NO_TEXT
    return _not_mentioned(message, me)


def _not_mentioned(message: discord.Message, me: int) -> Silence | None:
    """In a guild the bot answers where it is mentioned: Discord says so, and the mention stands in the text."""
    resolved = any(user.id == me for user in message.mentions)
    if resolved and me in message.raw_mentions:
        return None
    if resolved:
        return Silence.REPLY_ONLY  # an answer to one of our posts pings us, but asks nobody
    if message.mention_everyone:
        return Silence.EVERYONE_MENTION
    if message.raw_role_mentions or message.role_mentions:
        return Silence.ROLE_MENTION
    return Silence.NOT_MENTIONED
