"""What is done now and then, beside answering?"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.app.parts import Parts
from bot.app.supervisor import Work
from bot.contributions import Chat
from bot.observability import log
from bot.platforms.base import Platform
from bot.settings import Settings

A_DAY = timedelta(days=1).total_seconds()
LOOK_FOR_MEMOS = 0.5
"""Seconds after which memos that another process added are found here too: one small query tells."""
KEEP_INDEX = 60.0
"""Seconds after which what was found out about new memos is kept for the next start."""
LOOK_FOR_UNFINISHED = 30.0
"""Seconds after which questions are looked for whose process died: their lease has run out."""
LOOK_FOR_CONNECTION = 0.2

P = TypeVar("P", bound=Platform)


def chores(settings: Settings, parts: Parts, platforms: Collection[Platform]) -> list[Work]:
    """Everything that runs beside the roles of this process."""
    keep = timedelta(days=settings.retention_days)

    async def forget() -> None:
        await parts.store.questions.prune(datetime.now(UTC) - keep)
        await parts.store.deliveries.prune(datetime.now(UTC) - keep)

    return [
        _every(A_DAY, "forget", forget),
        _every(LOOK_FOR_MEMOS, "refresh", parts.library.refresh),
        _every(KEEP_INDEX, "keep", parts.library.keep),
        *(_recover(platform, parts.questions.recover) for platform in platforms),
        *(
            _recover(platform, parts.contributions.recover)
            for platform in platforms
            if isinstance(platform, Chat)
        ),
    ]


async def _every(seconds: float, chore: str, do: Callable[[], Awaitable[object]]) -> None:
    """Do it now and each time `seconds` have passed; what fails is tried again then."""
    while True:
        try:
            await do()
        except Exception:  # noqa: BLE001 - logged; a chore never ends the bot
            log.exception("chore_failed", chore=chore)
        await asyncio.sleep(seconds)


async def _recover(platform: P, recover: Callable[[P], Awaitable[object]]) -> None:
    """Finish what an earlier process, or one that died, took in and did not get to."""
    while not platform.connected:  # noqa: ASYNC110 - a platform has no event for it
        await asyncio.sleep(LOOK_FOR_CONNECTION)
    await _every(LOOK_FOR_UNFINISHED, "recover", lambda: recover(platform))
