"""How are digests sent beside answering, and commanded where people talk?"""

from collections.abc import Collection
from datetime import timedelta

from bot.app.parts import Parts
from bot.app.stating import stated
from bot.digests.commanding import Commanding
from bot.digests.grounds import Grounds
from bot.digests.managing import Managing
from bot.digests.runner import Digests
from bot.digests.stated import bring_about
from bot.library import utc_now
from bot.platforms.base import Platform, PostsDigests
from bot.settings import Settings


def digests_of(settings: Settings, parts: Parts, platforms: Collection[Platform]) -> Digests:
    """What sends the digests of the platforms of this process; their conversations understand commands from now on."""
    posters = {platform.name: platform for platform in platforms if isinstance(platform, PostsDigests)}
    digests = Digests(
        parts.store,
        Grounds(parts.store, parts.library, parts.access),
        posters,
        now=utc_now,
        catch_up=timedelta(hours=settings.digests.catch_up_hours),
        max_chars=settings.answers.max_chars,
    )
    managing = Managing(parts.store, utc_now, settings.digests.zone)
    commanding = Commanding(managing, digests, parts.access, posters)
    parts.questions.understand(commanding.answered)
    for poster in posters.values():
        poster.take_presses(commanding.pressed)
    return digests


async def make_stated(settings: Settings, parts: Parts) -> None:
    """Make the schedules just those that the settings say, beside those of commands. Raises SetupError."""
    await bring_about(parts.store, stated(settings), utc_now)
