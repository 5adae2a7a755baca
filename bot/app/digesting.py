"""How are digests sent beside answering, and commanded where people talk?"""

from collections.abc import Collection
from datetime import timedelta

from bot.access import is_key
from bot.app.parts import Parts
from bot.digest import Part, Quiet
from bot.digests.commanding import Commanding
from bot.digests.grounds import Grounds
from bot.digests.managing import Managing
from bot.digests.runner import Digests
from bot.digests.stated import Stated, bring_about
from bot.errors import MalformedTimes, SetupError
from bot.library import utc_now
from bot.models import Conversation, PlatformName
from bot.platforms.base import Platform, PostsDigests
from bot.settings import ScheduleSettings, Settings


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
    wanted = [_stated(each, settings.digests.zone) for each in settings.digests.schedules]
    try:
        await bring_about(parts.store, wanted, utc_now)
    except MalformedTimes as wrong:
        raise SetupError(f"DIGESTS__SCHEDULES: {wrong}", "Mend that setting.") from None


def _stated(given: ScheduleSettings, zone: str) -> Stated:
    if not is_key(given.to):
        raise SetupError(
            f"DIGESTS__SCHEDULES: {given.to!r} names no channel.",
            "Write it as slack:T0123/C0123, or discord:1/2.",
        )
    if wrong := [name for name in given.show if name not in set(Part)]:
        raise SetupError(
            f"DIGESTS__SCHEDULES: there is no part {wrong[0]!r}.", f"They are: {', '.join(Part)}."
        )
    platform, _, rest = given.to.partition(":")
    workspace, _, channel = rest.partition("/")
    return Stated(
        name=given.name,
        conversation=Conversation(platform=PlatformName(platform), workspace=workspace, channel=channel),
        words=given.when,
        zone=given.zone or zone,
        parts=tuple(part for part in Part if part in given.show) or tuple(Part),
        quiet=Quiet(given.quiet),
        maker=given.maker,
    )
