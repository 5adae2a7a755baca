"""What is said to a question: an answer, or a notice?"""

import asyncio
import re
import traceback
from functools import partial

import retrieval
from bot.library import Library
from bot.models import IncomingQuestion, Reply
from bot.observability import ANSWER_SECONDS, QUESTIONS, log
from bot.rendering import wording
from retrieval import Answer, RetrievalError

LONGEST = 1_000
"""Characters that a question may have: people ask in a line or two, and more is a paste."""

AT_ONCE = 2
"""Questions answered at the same time. More threads would only wait for each other."""

_NOT_STORABLE = re.compile(r"[\0\ud800-\udfff]")
_HELP = re.compile(r"[\s/!.?]*((help|hi|hello|hey)( there)?[\s!.?]*)?", re.IGNORECASE)
"""Asking for help, a greeting alone, or nothing at all."""


class Replying:
    """Makes the reply to a question; whatever goes wrong, there is one."""

    def __init__(self, library: Library, *, at_most: int, max_chars: int, threshold: float | None) -> None:
        self._library = library
        self._answer = partial(retrieval.answer, at_most=at_most, max_chars=max_chars, threshold=threshold)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def to(self, question: IncomingQuestion, answer_id: str) -> Reply:
        """The reply to `question`; it ends on the index that it begins with."""
        platform = question.conversation.platform.value
        with ANSWER_SECONDS.labels(platform).time():
            reply, outcome = await self._made(question.text, answer_id)
        QUESTIONS.labels(platform, outcome).inc()
        quotes = len(reply.answer.excerpts) if reply.answer else 0
        log.info("question_answered", answer_id=answer_id, outcome=outcome, excerpts=quotes)
        return reply

    async def _made(self, text: str, answer_id: str) -> tuple[Reply, str]:
        if notice := _notice(text):
            return Reply(answer_id=answer_id, notice=notice), "notice"
        try:
            answer = await self._answered(text)
        except RetrievalError as refused:  # it says what is wrong with the question
            return Reply(answer_id=answer_id, notice=str(refused)), "notice"
        except Exception as error:  # noqa: BLE001 - the asker is told, and the log has it
            log_failure(error, answer_id=answer_id)
            return Reply(answer_id=answer_id, notice=wording.went_wrong(answer_id)), "failed"
        return Reply(answer_id=answer_id, answer=answer), answer.outcome.value

    async def _answered(self, text: str) -> Answer:
        index = self._library.index
        async with self._turns:
            return await asyncio.to_thread(self._answer, index, text)


def cleaned(text: str) -> str:
    """The text without white space around it, and without what no database takes (NUL, half characters)."""
    return _NOT_STORABLE.sub("\ufffd", text).strip()


def log_failure(error: BaseException, **about: str) -> None:
    """Log where in the code it went wrong. What the error says is left out: it may repeat the question."""
    log.error(
        "question_failed",
        error=type(error).__name__,
        where="".join(traceback.format_tb(error.__traceback__)),
        **about,
    )


def _notice(text: str) -> str | None:
    if _HELP.fullmatch(text):
        return wording.HELP
    if len(text) > LONGEST:
        return wording.question_too_long(LONGEST)
    return None
