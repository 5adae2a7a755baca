"""How does the bot live in Slack?"""

from bot.platforms.slack.adapter import SlackPlatform
from bot.platforms.slack.manifest import manifest

__all__ = ["SlackPlatform", "manifest"]
