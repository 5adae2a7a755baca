"""What would a digest of some memos look like?"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bot.access import Access, Rules
from bot.app.parts import IN_MEMORY, add_folder
from bot.digest import Quiet
from bot.digests.grounds import Grounds
from bot.digests.managing import Managing
from bot.digests.runner import Digests
from bot.library import Library
from bot.models import PlatformName
from bot.platforms.console import HERE, Console
from bot.settings import Settings
from bot.storage import open_store

A_DAY = timedelta(days=1)


class Demo(NamedTuple):
    """The memos to tell of, when it is (the digest's due time), and the standing questions."""

    folder: Path
    now: datetime
    topics: Sequence[str]


async def demo(settings: Settings, wanted: Demo, console: Console, say: Callable[[str], object]) -> None:
    """Post to the console what a digest would say the day after these memos came. Nothing is kept.

    `say` gets a line for each file that cannot be read, and one where there are no memos at all.
    """
    moment = wanted.now - A_DAY
    async with open_store(IN_MEMORY) as store:
        library = Library(store, now=lambda: moment)
        rules = Access(library, store, Rules(), lambda: moment)
        managing = Managing(store, lambda: moment, settings.digests.zone)
        schedule = await managing.make(HERE, "you", "every day at 9", quiet=Quiet.EACH)
        for question in wanted.topics:
            await managing.watch(HERE, "you", question)
        moment += A_DAY / 2
        await add_folder(library, wanted.folder, say)
        if not library.index.memos:
            say(f"{wanted.folder} holds no memos.")
        moment = wanted.now
        digests = Digests(
            store,
            Grounds(store, library, rules),
            {PlatformName.CONSOLE: console},
            now=lambda: moment,
            catch_up=A_DAY,
            max_chars=settings.answers.max_chars,
        )
        await digests.send_now(schedule.schedule_id)
