"""What happens to one incoming question? This is the only door."""

from bot.questions.asking import Questions, answer_id_of
from bot.questions.replying import asks_nothing

__all__ = ["Questions", "answer_id_of", "asks_nothing"]
