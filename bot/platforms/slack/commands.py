"""What does a slash command ask, and who sees what comes of it?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.access import is_command
from bot.contributions import asks_to_add
from bot.digests.reading import is_command as is_digest_command
from bot.models import Conversation, IncomingQuestion, Offer, PlatformName
from bot.platforms.slack.events import readable
from bot.questions import asks_nothing

COMMAND = "/quoth"
"""The command that the manifest declares. The bot answers to whatever name an administrator gave it."""


def shown_to_all(text: str) -> bool:
    """Whether the channel sees a command of these words and its reply; what is no question is for its asker alone."""
    return not (asks_nothing(text) or is_command(text) or is_digest_command(text) or asks_to_add(text))


def acknowledgement(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What Slack is told at once: to show a question in the channel, so that the team sees what is answered below."""
    return {"response_type": "in_channel"} if shown_to_all(_text(body)) else None


def understand(body: Mapping[str, Any], asked_at: datetime) -> IncomingQuestion | Offer:
    """Read a slash command's payload. No words at all ask what the bot can do; `add` offers no file: it is told how."""
    kind = Offer if asks_to_add(_text(body)) else IncomingQuestion
    return kind(
        event_id=str(body["trigger_id"]),
        conversation=Conversation(
            platform=PlatformName.SLACK,
            workspace=str(body.get("team_id", "")),
            channel=str(body["channel_id"]),
        ),
        asker=str(body["user_id"]),
        text=_text(body),
        asked_at=asked_at,
        reply_token=body.get("response_url"),
    )


def _text(body: Mapping[str, Any]) -> str:
    return readable(str(body.get("text") or ""))
