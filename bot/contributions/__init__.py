"""What happens to files that people want to be memos? This is the only door."""

from bot.contributions.correcting import Form, Pressed, Pressing
from bot.contributions.downloading import NOT_HANDED_OUT, download
from bot.contributions.offering import Contributions
from bot.contributions.requests import asks_to_add
from bot.contributions.rooms import Chat

__all__ = [
    "NOT_HANDED_OUT",
    "Chat",
    "Contributions",
    "Form",
    "Pressed",
    "Pressing",
    "asks_to_add",
    "download",
]
