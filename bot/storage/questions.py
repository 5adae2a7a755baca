"""Which questions came in, and how far did each get?"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from bot.models import Conversation, IncomingQuestion, PlatformName, Reply
from bot.storage.answers import citation_rows
from bot.storage.database import Database
from bot.storage.tables import ANSWERS, CITATIONS, QUESTIONS
from retrieval import Answer


class Unfinished(NamedTuple):
    """A question that was claimed and not finished: its reply, if it got that far, and which try this is (from 2)."""

    question: IncomingQuestion
    reply: Reply | None
    tries: int


class QuestionStore:
    """Questions by their platform's event id: claimed, answered, then posted or lost.

    A claim is a lease: whoever claims must finish until then, or another may take the question over.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, question: IncomingQuestion, now: datetime, until: datetime) -> bool:
        """Take the question until `until`; False where anybody, in any process, took it before."""
        claiming = self._database.insert_or_skip(QUESTIONS).returning(QUESTIONS.c.id)
        row = _row(question) | {"claimed_at": now, "claimed_until": until, "tries": 1}
        async with self._database.write() as connection:
            return (await connection.execute(claiming, row)).first() is not None

    async def answered(
        self, question: IncomingQuestion, reply: Reply, now: datetime, until: datetime
    ) -> None:
        """Save the reply (what was saved before gives way), and renew the lease for posting it."""
        saving = update(QUESTIONS).where(_is(question)).returning(QUESTIONS.c.id)
        saving = saving.values(
            answered_at=now, answer_id=reply.answer_id, notice=reply.notice, claimed_until=until
        )
        async with self._database.write() as connection:
            question_id = await connection.scalar(saving)
            await connection.execute(delete(ANSWERS).where(ANSWERS.c.question_id == question_id))
            if reply.answer and question_id is not None:
                row = {
                    "answer_id": reply.answer_id,
                    "question_id": question_id,
                    "body": reply.answer.model_dump_json(),
                }
                await connection.execute(insert(ANSWERS), row)
                if cited := citation_rows(reply.answer_id, reply.answer):
                    await connection.execute(insert(CITATIONS), cited)

    async def posted(self, question: IncomingQuestion, message_id: str, now: datetime) -> None:
        """The reply stands in the conversation as `message_id`."""
        await self._finish(question, now, message_id=message_id)

    async def lost(self, question: IncomingQuestion, reason: str, now: datetime) -> None:
        """There will be no reply, because of `reason`."""
        await self._finish(question, now, lost_because=reason)

    async def unfinished(self, platform: PlatformName, now: datetime, until: datetime) -> list[Unfinished]:
        """Take over, until `until`, the questions whose lease has run out; two who try at once share them out."""
        taking = (
            update(QUESTIONS)
            .where(
                QUESTIONS.c.platform == platform.value,
                QUESTIONS.c.finished_at.is_(None),
                QUESTIONS.c.claimed_until <= now,
            )
            .values(claimed_until=until, tries=QUESTIONS.c.tries + 1)
            .returning(QUESTIONS.c.id)
        )
        async with self._database.write() as connection:
            mine = (await connection.scalars(taking)).all()
            found = select(QUESTIONS, ANSWERS.c.body).outerjoin(ANSWERS).order_by(QUESTIONS.c.id)
            rows = (await connection.execute(found.where(QUESTIONS.c.id.in_(mine)))).all()
        return [Unfinished(_question(row), _reply(row), row.tries) for row in rows]

    async def prune(self, before: datetime) -> int:
        """Forget the questions claimed before then, and their answers; returns how many."""
        async with self._database.write() as connection:
            return (
                await connection.execute(delete(QUESTIONS).where(QUESTIONS.c.claimed_at < before))
            ).rowcount

    async def _finish(self, question: IncomingQuestion, now: datetime, **values: str) -> None:
        finishing = update(QUESTIONS).where(_is(question))
        async with self._database.write() as connection:
            await connection.execute(finishing.values(finished_at=now, reply_token=None, **values))


def _is(question: IncomingQuestion) -> ColumnElement[bool]:
    return (QUESTIONS.c.platform == question.conversation.platform.value) & (
        QUESTIONS.c.event_id == question.event_id
    )


def _row(question: IncomingQuestion) -> dict[str, Any]:
    return {
        "event_id": question.event_id,
        "platform": question.conversation.platform.value,
        "workspace": question.conversation.workspace,
        "channel": question.conversation.channel,
        "thread": question.conversation.thread,
        "asker": question.asker,
        "text": question.text,
        "asked_at": question.asked_at,
        "reply_token": question.reply_token,
    }


def _question(row: Row[Any]) -> IncomingQuestion:
    return IncomingQuestion(
        event_id=row.event_id,
        conversation=Conversation(
            platform=row.platform, workspace=row.workspace, channel=row.channel, thread=row.thread
        ),
        asker=row.asker,
        text=row.text,
        asked_at=row.asked_at,
        reply_token=row.reply_token,
    )


def _reply(row: Row[Any]) -> Reply | None:
    if row.answered_at is None:
        return None
    answer = Answer.model_validate_json(row.body) if row.body else None
    return Reply(answer_id=row.answer_id, answer=answer, notice=row.notice)
