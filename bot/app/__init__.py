"""What is built at start-up, in what order, and how does it stop?"""

from bot.app.chatting import chat
from bot.app.roles import Role, problems
from bot.app.running import run
from bot.app.watching import watch

__all__ = ["Role", "chat", "problems", "run", "watch"]
