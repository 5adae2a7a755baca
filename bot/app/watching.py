"""How are folders watched, beside answering or alone?"""

import asyncio
from collections.abc import Collection
from pathlib import Path

from bot.app.signals import Stopping
from bot.folders.watching import Manner
from bot.folders.watching import watch as watch_folders
from bot.library import Library
from bot.observability import log, set_up_logging
from bot.settings import Settings
from bot.storage import Store, open_store


async def watch(settings: Settings, folders: Collection[Path]) -> None:
    """Keep the library as `folders` are until SIGTERM or SIGINT; others answer from it. Raises DatabaseTrouble."""
    set_up_logging(settings.log.level, "text")
    with Stopping.on_signals() as stopping:
        async with (
            open_store(settings.database_url.get_secret_value()) as store,
            asyncio.TaskGroup() as group,
        ):
            watching = group.create_task(watch_folders(store, folders, manner(settings), _nobody_here))
            await stopping.asked.wait()
            watching.cancel()
    log.info("stopped")


async def watch_beside(settings: Settings, store: Store, library: Library) -> None:
    """Keep the library as the settings' folders are, and its index here, until cancelled."""
    await watch_folders(store, settings.watch.folders, manner(settings), library.refresh)


def manner(settings: Settings) -> Manner:
    """How the settings say that folders are watched."""
    return Manner(settings.watch.confirm_above, settings.watch.polling, settings.reading.limits)


async def _nobody_here() -> None:
    """Nobody answers in this process, so there is no index to renew."""
