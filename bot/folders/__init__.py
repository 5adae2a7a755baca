"""How does the library stay as the folders are that its memos come from?"""

from bot.folders.keeping import Outcome, Progress, add
from bot.folders.removals import Removals

__all__ = ["Outcome", "Progress", "Removals", "add"]
