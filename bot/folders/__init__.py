"""How does the library stay as the folders are that its memos come from?

Watching them is in `bot.folders.watching`: who only adds does not wait for it to load.
"""

from bot.folders.confirming import confirm, waiting
from bot.folders.keeping import Outcome, Progress, add
from bot.folders.removals import Removals

__all__ = ["Outcome", "Progress", "Removals", "add", "confirm", "waiting"]
