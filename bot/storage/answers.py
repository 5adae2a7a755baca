"""Which answer was given under an answer id?"""

import asyncio
from datetime import datetime

from sqlalchemy import select

from bot.models import Conversation
from bot.storage.database import Database
from bot.storage.tables import ANSWERS, QUESTIONS
from retrieval import Answer


class AnswerStore:
    """The answers that were given. They are saved with their question (`QuestionStore.answered`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, answer_id: str) -> Answer | None:
        """The answer as it was given, or None where there is none, or none any more."""
        async with self._database.read() as connection:
            body = await connection.scalar(select(ANSWERS.c.body).where(ANSWERS.c.answer_id == answer_id))
        return Answer.model_validate_json(body) if body else None

    async def given(
        self, where: Conversation, since: datetime, until: datetime, at_most: int = 2_000
    ) -> list[Answer]:
        """The last answers to what was asked in a channel, its threads included, from `since` until `until`."""
        wanted = (
            select(ANSWERS.c.body)
            .join(QUESTIONS, ANSWERS.c.question_id == QUESTIONS.c.id)
            .where(
                QUESTIONS.c.platform == where.platform.value,
                QUESTIONS.c.workspace == where.workspace,
                QUESTIONS.c.channel == where.channel,
                QUESTIONS.c.claimed_at >= since,
                QUESTIONS.c.claimed_at < until,
            )
            .order_by(QUESTIONS.c.id.desc())
            .limit(at_most)
        )
        async with self._database.read() as connection:
            bodies = (await connection.scalars(wanted)).all()
        return await asyncio.to_thread(
            lambda: [Answer.model_validate_json(body) for body in reversed(bodies)]
        )


def citation_rows(answer_id: str, answer: Answer) -> list[dict[str, str]]:
    """A row for each version of a memo that an answer quotes, as `citations` keeps them."""
    quoted = dict.fromkeys((each.citation.memo_id, each.citation.sha256) for each in answer.excerpts)
    return [{"answer_id": answer_id, "memo_id": memo_id, "sha256": sha256} for memo_id, sha256 in quoted]
