"""Which way does a question go, from the platform's event to the posted reply, and what if that way is cut?

Each step is written down before the next begins: claimed, answered, then posted or lost. A claim is a lease. When
a process dies, another finds its questions after the lease has run out (`recover`), and goes on from the step
that was written down last. What may have been posted already is posted with `again=True`: the platform looks for
it first. Posting is given up before the lease ends, so that two processes never post the same reply at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from bot.access import Access, Rules
from bot.errors import DatabaseTrouble, PlatformRefused
from bot.library import Library
from bot.models import IncomingQuestion, PlatformName, Reply
from bot.observability import DROPPED, POSTS, bound, log
from bot.platforms.base import Ask, Platform
from bot.questions.pace import Pace, Verdict
from bot.questions.replying import Command, Replying, cleaned, log_failure
from bot.rendering import wording
from bot.storage import Store, Unfinished

LEASE = timedelta(minutes=2)
FOR_POSTING = 0.9
"""The share of a lease that posting may take."""

MOST_TRIES_TO_ANSWER = 5
"""After so many the question is lost: something about it brings every process down."""

MOST_TRIES_TO_POST = 30
"""After so many the reply is lost: with the usual lease the platform was out of reach for an hour."""

SEEN_BEFORE, TOO_FAST = "seen before", "too fast"
"""Why a question is dropped."""

_ANSWERS = UUID("5f0b1a5e-6f0c-4a83-9d53-3f2d3b9a7c11")


def answer_id_of(platform: PlatformName, event_id: str) -> str:
    """The id of the answer to an event: 16 hexadecimal digits, the same each time it is answered."""
    return uuid5(_ANSWERS, f"{platform.value}:{event_id}").hex[:16]


class Questions:
    """Takes questions in from any platform, and sees to it that each gets one reply.

    `now` is the clock; `lease` is how long another process waits before it takes a question over; `access` says who
    sees what (without it: by the rules that hold where the settings say nothing).
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        library: Library,
        store: Store,
        *,
        at_most: int,
        per_passage: int = 1,
        max_chars: int,
        threshold: float | None,
        per_minute: int,
        now: Callable[[], datetime],
        lease: timedelta = LEASE,
        access: Access | None = None,
    ) -> None:
        access = access or Access(library, store, Rules(), now)
        self._replying = Replying(
            library,
            access,
            at_most=at_most,
            per_passage=per_passage,
            max_chars=max_chars,
            threshold=threshold,
        )
        self._kept, self._now, self._lease = store.questions, now, lease
        self._per_minute, self._pace = per_minute, Pace(per_minute)
        self._under_way = UnderWay()

    def understand(self, command: Command) -> None:
        """Let `command` look at every question first: what it says to one is the reply."""
        self._replying.understand(command)

    def ask_for(self, platform: Platform) -> Ask:
        """The function that `platform` hands its questions to."""

        async def ask(question: IncomingQuestion) -> None:
            with self._under_way.one(), bound(question_id=question.event_id, platform=platform.name.value):
                try:
                    await self._take_in(platform, question)
                except Exception as error:  # noqa: BLE001 - a platform's own loop must not end by one question
                    log_failure(error)

        return ask

    async def recover(self, platform: Platform) -> int:
        """Finish what another process, or an earlier one, began and left; returns how many were taken over.

        Raises DatabaseTrouble where they cannot be looked up.
        """
        with self._under_way.one():
            left = await self._kept.unfinished(platform.name, self._now(), self._until())
            await asyncio.gather(*(self._finish(platform, one) for one in left))
        return len(left)

    async def drain(self) -> None:
        """Wait until no question is under way."""
        await self._under_way.none.wait()

    async def _take_in(self, platform: Platform, question: IncomingQuestion) -> None:
        log.info("question_received")
        question = question.model_copy(update={"text": cleaned(question.text)})
        answer_id = answer_id_of(platform.name, question.event_id)
        try:
            is_new = await self._kept.claim(question, self._now(), self._until())
        except DatabaseTrouble as trouble:  # nothing is known about it, but its asker waits
            log.error("question_failed", answer_id=answer_id, error=str(trouble))
            await self._post(
                platform, question, Reply(answer_id=answer_id, notice=wording.went_wrong(answer_id))
            )
            return
        if not is_new:
            _dropped(platform, SEEN_BEFORE)
            return
        asker = (platform.name, question.conversation.workspace, question.asker)
        verdict = self._pace.of(asker, self._now())
        if verdict is Verdict.FINE:
            reply = await self._replying.to(question, answer_id, platform)
            await self._hand_over(platform, question, reply)
            return
        _dropped(platform, TOO_FAST)
        if verdict is Verdict.TOO_FAST:
            notice = wording.too_fast(self._per_minute)
            await self._hand_over(platform, question, Reply(answer_id=answer_id, notice=notice))
        else:
            await self._written(self._kept.lost(question, TOO_FAST, self._now()))

    async def _finish(self, platform: Platform, left: Unfinished) -> None:
        question = left.question
        with bound(question_id=question.event_id, platform=platform.name.value):
            if left.tries > (MOST_TRIES_TO_POST if left.reply else MOST_TRIES_TO_ANSWER):
                await self._lose(platform, question, f"given up after {left.tries - 1} tries")
                return
            try:
                reply = left.reply or await self._replying.to(
                    question, answer_id_of(platform.name, question.event_id), platform
                )
                await self._hand_over(platform, question, reply, again=True)
            except Exception as error:  # noqa: BLE001 - the others are finished all the same
                log_failure(error)

    async def _hand_over(
        self, platform: Platform, question: IncomingQuestion, reply: Reply, *, again: bool = False
    ) -> None:
        """Write the reply down, then post it. What cannot be written down is posted all the same."""
        await self._written(self._kept.answered(question, reply, self._now(), self._until()))
        await self._post(platform, question, reply, again=again)

    async def _post(
        self, platform: Platform, question: IncomingQuestion, reply: Reply, *, again: bool = False
    ) -> None:
        try:
            async with asyncio.timeout(FOR_POSTING * self._lease.total_seconds()):
                message_id = await platform.post(question, reply, again=again)
        except PlatformRefused as refused:
            await self._lose(platform, question, str(refused))
        except Exception as error:  # noqa: BLE001 - whatever it is, the lease runs out and it is tried again
            POSTS.labels(platform.name.value, "delayed").inc()
            log.warning("reply_delayed", answer_id=reply.answer_id, error=type(error).__name__)
        else:
            POSTS.labels(platform.name.value, "posted").inc()
            log.info("reply_posted", answer_id=reply.answer_id)
            await self._written(self._kept.posted(question, message_id, self._now()))

    async def _lose(self, platform: Platform, question: IncomingQuestion, reason: str) -> None:
        POSTS.labels(platform.name.value, "lost").inc()
        log.error("reply_lost", reason=reason)
        await self._written(self._kept.lost(question, reason, self._now()))

    async def _written(self, step: Awaitable[None]) -> None:
        """Write a step down. Where the database fails just then the reply is still given, and the step repeated."""
        try:
            await step
        except DatabaseTrouble as trouble:
            log.error("question_failed", error=str(trouble))

    def _until(self) -> datetime:
        return self._now() + self._lease


class UnderWay:
    """How many questions are under way; `none` is set while there are none."""

    def __init__(self) -> None:
        self._count = 0
        self.none = asyncio.Event()
        self.none.set()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one in, and out at the end."""
        self._count += 1
        self.none.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self.none.set()


def _dropped(platform: Platform, reason: str) -> None:
    DROPPED.labels(platform.name.value, reason).inc()
    log.info("question_dropped", reason=reason)
