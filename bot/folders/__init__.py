"""How does the library stay as the folders are that its memos come from?"""

from bot.folders.confirming import confirm, waiting
from bot.folders.keeping import Outcome, Progress, add
from bot.folders.removals import Removals
from bot.folders.watching import Manner, watch

__all__ = ["Manner", "Outcome", "Progress", "Removals", "add", "confirm", "waiting", "watch"]
