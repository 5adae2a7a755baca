"""What happens to files that people want to be memos? This is the only door."""

from bot.contributions.correcting import Form, Pressed, Pressing
from bot.contributions.downloading import download, too_large
from bot.contributions.offering import Contributions
from bot.contributions.requests import asks_to_add

__all__ = ["Contributions", "Form", "Pressed", "Pressing", "asks_to_add", "download", "too_large"]
