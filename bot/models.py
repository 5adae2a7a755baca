"""What is a conversation, a question asked in it, a reply to it?"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from retrieval import Answer, Citation, Span

LONGEST_QUESTION = 1_000
"""Characters that a question may have, wherever it is asked: people ask in a line or two, and more is a paste."""


class Frozen(BaseModel):
    """A value: never changed after it is made, and no field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PlatformName(StrEnum):
    """The chat services."""

    SLACK = "slack"
    DISCORD = "discord"
    CONSOLE = "console"


class Conversation(Frozen):
    """Where people talk: a channel, or a thread in it, or a direct message."""

    platform: PlatformName
    workspace: str = ""
    channel: str
    thread: str | None = None


class IncomingQuestion(Frozen):
    """A question that somebody asked. `event_id` is the platform's own, unique, the same when it is sent again.

    `reply_token` is what the platform needs to reply to this very event (a Slack response_url, a Discord
    interaction token), None where a reply is an ordinary message in the conversation.
    """

    event_id: str
    conversation: Conversation
    asker: str
    text: str
    asked_at: datetime
    reply_token: str | None = None


class Reply(Frozen):
    """What the bot says to one question: an answer, or a plain notice (help, too fast, a malformed filter)."""

    answer_id: str
    answer: Answer | None = None
    notice: str | None = None


MemoLink = Callable[[Citation, Span], str | None]
"""Where a reader opens the quoted words (an absolute URL), or None where there is no reading room."""
