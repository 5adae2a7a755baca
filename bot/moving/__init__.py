"""How do the memos move out of the library, and into another one? This is the only door."""

from bot.moving.exporting import Exported, export
from bot.moving.importing import take_in

__all__ = ["Exported", "export", "take_in"]
