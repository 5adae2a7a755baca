"""What is said to a question: an answer, or a notice?"""

import asyncio
import re
import traceback
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial

import retrieval
from bot.access import Access, Refused, View, answered, is_command
from bot.library import Library
from bot.models import LONGEST_QUESTION, IncomingQuestion, Reply
from bot.observability import ANSWER_SECONDS, QUESTIONS, log
from bot.platforms.base import Membership
from bot.rendering import wording
from retrieval import Answer, Index, RetrievalError

Command = Callable[[IncomingQuestion, View, Membership], Awaitable[str | None]]
"""Says something to a question that is a command, given what may be seen where it was asked; None to any other."""

AT_ONCE = 2
"""Questions answered at the same time. More threads would only wait for each other."""

_NOT_STORABLE = re.compile(r"[\0\ud800-\udfff]")
_HELP = re.compile(r"[\s/!.?]*((help|hi|hello|hey)( there)?[\s!.?]*)?", re.IGNORECASE)
"""Asking for help, a greeting alone, or nothing at all."""
_OKAY = r"ok|okay|o\.k|great|perfect|got it|understood"
_THANKS = r"(many )?(thanks|thank you|thank u|thx|ty|cheers)( (again|a lot|so much|very much|quoth))?"
_COURTESY = re.compile(rf"\s*(({_OKAY})[\s,.!]*)?(({_THANKS})|({_OKAY}))[\s!.]*", re.IGNORECASE)
"""Thanks or assent, and nothing else: with one more word it is searched for."""


class Replying:
    """Makes the reply to a question; whatever goes wrong, there is one."""

    def __init__(  # noqa: PLR0913 - the settings of an answer
        self,
        library: Library,
        access: Access,
        *,
        at_most: int,
        per_passage: int = 1,
        max_chars: int,
        threshold: float | None,
    ) -> None:
        self._library, self._access = library, access
        self._answer = partial(
            retrieval.answer,
            at_most=at_most,
            per_passage=per_passage,
            max_chars=max_chars,
            threshold=threshold,
        )
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._commands: list[Command] = []

    def understand(self, command: Command) -> None:
        """Let `command` look at every question first: what it says to one is the reply."""
        self._commands.append(command)

    async def to(self, question: IncomingQuestion, answer_id: str, who: Membership) -> Reply:
        """The reply to `question`, from what may be seen where it was asked (as `who` knows it now, not then).

        It ends on the index that it begins with.
        """
        platform = question.conversation.platform.value
        with ANSWER_SECONDS.labels(platform).time():
            reply, outcome = await self._made(question, answer_id, who)
        QUESTIONS.labels(platform, outcome).inc()
        quotes = len(reply.answer.excerpts) if reply.answer else 0
        log.info("question_answered", answer_id=answer_id, outcome=outcome, excerpts=quotes)
        return reply

    async def _made(self, question: IncomingQuestion, answer_id: str, who: Membership) -> tuple[Reply, str]:
        try:
            view = await self._access.view_for(question, who)
            if isinstance(view, Refused):
                log.info("question_refused", answer_id=answer_id, reason=view.reason)
                return Reply(answer_id=answer_id, notice=view.said), "refused"
            if (commanded := await self._commanded(question, view, who)) is not None:
                return Reply(answer_id=answer_id, notice=commanded), "notice"
            if notice := _notice(question.text):
                return Reply(answer_id=answer_id, notice=notice), "notice"
            answer = await self._answered(question.text, view)
        except RetrievalError as refused:  # it says what is wrong with the question
            return Reply(answer_id=answer_id, notice=str(refused)), "notice"
        except Exception as error:  # noqa: BLE001 - the asker is told, and the log has it
            log_failure(error, answer_id=answer_id)
            return Reply(answer_id=answer_id, notice=wording.went_wrong(answer_id)), "failed"
        return Reply(answer_id=answer_id, answer=answer), answer.outcome.value

    async def _commanded(self, question: IncomingQuestion, view: View, who: Membership) -> str | None:
        """What is said to a command; None to a question."""
        if is_command(question.text):
            return await answered(self._access, question, who)
        for command in self._commands:
            if (said := await command(question, view, who)) is not None:
                return said
        return None

    async def _answered(self, text: str, view: View) -> Answer:
        """The answer from what `view` sees, as if there were nothing else."""
        day = retrieval.as_of(text)
        index = await (self._access.index(view) if day is None else self._as_of(day, view))
        async with self._turns:
            answer = await asyncio.to_thread(self._answer, index, text)
        return await self._library.remarked(answer)

    async def _as_of(self, day: date, view: View) -> Index:
        """An index over the memos that `view` sees, as they stood at the end of `day`."""
        seen = await asyncio.to_thread(view.only, await self._library.memos_at(day))
        return await self._library.over(seen)


def cleaned(text: str) -> str:
    """The text without white space around it, and without what no database takes (NUL, half characters)."""
    return _NOT_STORABLE.sub("\ufffd", text).strip()


def asks_nothing(text: str) -> bool:
    """Whether the whole of `text` is small talk (a greeting, thanks, a call for help), which no memo answers."""
    return _small_talk(text) is not None


def log_failure(error: BaseException, **about: str) -> None:
    """Log where in the code it went wrong. What the error says is left out: it may repeat the question."""
    log.error(
        "question_failed",
        error=type(error).__name__,
        where="".join(traceback.format_tb(error.__traceback__)),
        **about,
    )


def _notice(text: str) -> str | None:
    if len(text) > LONGEST_QUESTION:
        return wording.question_too_long(LONGEST_QUESTION)
    return _small_talk(text)


def _small_talk(text: str) -> str | None:
    if _HELP.fullmatch(text):
        return wording.HELP
    if _COURTESY.fullmatch(text):
        return wording.AT_YOUR_DISPOSAL
    return None
