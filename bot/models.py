"""What is a conversation, a question asked in it, a file offered in it, a reply to either?"""

from collections.abc import Callable
from datetime import date, datetime
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


class SharedFile(Frozen):
    """A file that somebody shared, as the platform describes it: name and size (bytes) are claims, not facts.

    `address` is where the platform keeps its bytes; None where it has to be asked for that (by `file_id`).
    """

    file_id: str
    name: str
    size: int
    address: str | None = None


class Offer(IncomingQuestion):
    """Files that somebody wants to be memos, and the words that came with them. `asker` is who offers them."""

    files: tuple[SharedFile, ...] = ()


class Fate(StrEnum):
    """What became of one file that was offered."""

    ADDED = "added"
    NEW_VERSION = "new_version"
    ALREADY_THERE = "already_there"
    NOT_ADDED = "not_added"
    UNDONE = "undone"


class Entry(Frozen):
    """What was understood of one offered file, or (`said`) why it was not added.

    `pages` is None where the format has none, `collections` where there are none that matter; `enclosed` are the
    titles of memos found inside (a mail's attachments); `notes` are sentences from its reader; `former` is the title
    of the version that it took the place of.
    """

    contribution_id: str
    file: str
    fate: Fate
    said: str = ""
    title: str = ""
    author: str | None = None
    published: date | None = None
    pages: int | None = None
    passages: int = 0
    enclosed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    collections: tuple[str, ...] | None = None
    former: str | None = None
    corrected: bool = False


class Receipt(Frozen):
    """What the bot says to one offer: a line for each file, or a plain notice (not allowed, no file there)."""

    receipt_id: str
    entries: tuple[Entry, ...] = ()
    notice: str | None = None


MemoLink = Callable[[Citation, Span], str | None]
"""Where a reader opens the quoted words (an absolute URL), or None where there is no reading room."""
