"""What happens to one incoming question? This is the only door."""

from bot.questions.asking import Questions, answer_id_of

__all__ = ["Questions", "answer_id_of"]
