"""How do the roles run side by side, and how do they stop?"""

import asyncio
from collections.abc import Awaitable, Collection, Coroutine, Sequence
from typing import Any

from bot.app.signals import Stopping
from bot.errors import BotError
from bot.observability import log
from bot.platforms.base import Platform
from bot.questions import Questions
from bot.web import WebServer

Work = Coroutine[Any, Any, None]

FINISH, DRAIN, CLOSE = 6.0, 1.0, 3.0
"""Seconds for the platforms to finish what they took in, for replies under way, and for the web: ten in all."""

GRACE = 4.0
"""Seconds of FINISH that a platform gives its questions; the rest is for putting away what is left, and goodbyes."""


class Supervisor:
    """Runs platforms and the web until it is asked to stop.

    A platform that is refused (a wrong token) leaves the others running; when no platform is left, its error ends
    the process. Any other failure ends it too, after an orderly stop.
    """

    def __init__(self, questions: Questions, platforms: Sequence[Platform], server: WebServer | None) -> None:
        self._questions, self._platforms, self._server = questions, platforms, server
        self._left = len(platforms)
        self._failure: BaseException | None = None

    async def run(self, stopping: Stopping, chores: Collection[Work] = ()) -> None:
        """Run until `stopping.asked`, stop in order, then raise what ended it, if anything did.

        `chores` run beside the roles and are cancelled at the end.
        """
        async with asyncio.TaskGroup() as group:
            platforms = [group.create_task(self._hold(platform, stopping)) for platform in self._platforms]
            web = [group.create_task(self._serve(self._server, stopping))] if self._server else []
            beside = [group.create_task(chore) for chore in chores]
            await stopping.asked.wait()
            stop = group.create_task(self._stop(platforms, web))
            hurry = group.create_task(stopping.hurry.wait())
            await asyncio.wait({stop, hurry}, return_when=asyncio.FIRST_COMPLETED)
            for task in (stop, hurry, *beside, *platforms, *web):
                task.cancel()
        if self._failure:
            raise self._failure

    async def _hold(self, platform: Platform, stopping: Stopping) -> None:
        """Run one platform to its end."""
        failure: BaseException | None = None
        try:
            await platform.run(self._questions.ask_for(platform))
        except BotError as refused:
            log.error("platform_refused", platform=platform.name, reason=str(refused))
            failure = refused
        except Exception as error:  # noqa: BLE001 - it is logged, and raised at the end
            log.exception("platform_failed", platform=platform.name)
            self._end(stopping, "a platform failed", error)
        self._left -= 1
        if not self._left and not stopping.asked.is_set():
            self._end(stopping, "no platform is left", failure)

    async def _serve(self, server: WebServer, stopping: Stopping) -> None:
        try:
            await server.run()
        except Exception as error:  # noqa: BLE001 - it is logged, and raised at the end
            log.exception("web_failed")
            self._end(stopping, "the web failed", error)

    def _end(self, stopping: Stopping, why: str, failure: BaseException | None) -> None:
        self._failure = self._failure or failure
        if not stopping.asked.is_set():
            stopping.ask(why)

    async def _stop(
        self, platforms: Collection[asyncio.Task[None]], web: Collection[asyncio.Task[None]]
    ) -> None:
        """Stop in order, each step within its time: no new questions, no open replies, no more pages."""
        await _within(FINISH, "platforms", *(p.stop() for p in self._platforms), *platforms)
        await _within(DRAIN, "questions", self._questions.drain())
        if self._server:
            await _within(CLOSE, "web", self._server.stop(), *web)


async def _within(seconds: float, step: str, *work: Awaitable[None]) -> None:
    """Wait for all of `work`; what takes longer is left behind (the next start takes it up), what fails is logged."""
    tasks = [asyncio.ensure_future(each) for each in work]
    if not tasks:
        return
    done, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    if late:
        log.warning("stop_took_too_long", step=step, seconds=seconds)
        await asyncio.wait(late, timeout=1)
    for task in done:
        if not task.cancelled() and (error := task.exception()):
            log.error("stop_failed", step=step, exc_info=error)
