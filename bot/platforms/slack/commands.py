"""What does a slash command ask?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.models import Conversation, IncomingQuestion, PlatformName
from bot.platforms.slack.events import readable

COMMAND = "/quoth"
"""The command that the manifest declares. The bot answers to whatever name an administrator gave it."""

ACKNOWLEDGEMENT = {"response_type": "in_channel"}
"""Shows the command in the channel, so that the team sees what the answer below it answers."""


def understand(body: Mapping[str, Any], asked_at: datetime) -> IncomingQuestion:
    """Read a slash command's payload. No words at all ask what the bot can do."""
    return IncomingQuestion(
        event_id=str(body["trigger_id"]),
        conversation=Conversation(
            platform=PlatformName.SLACK,
            workspace=str(body.get("team_id", "")),
            channel=str(body["channel_id"]),
        ),
        asker=str(body["user_id"]),
        text=readable(str(body.get("text") or "")),
        asked_at=asked_at,
        reply_token=body.get("response_url"),
    )
