"""Which digests do the settings ask for, and what in them cannot be understood?"""

from collections.abc import Iterator

from bot.access import is_key
from bot.digest import Part, Quiet
from bot.digests.stated import Stated
from bot.digests.words import timetable
from bot.errors import MalformedTimes, SetupError
from bot.models import Conversation, PlatformName
from bot.settings import ScheduleSettings, Settings


def stated(settings: Settings) -> list[Stated]:
    """The digests that the settings ask for. Raises SetupError where one cannot be understood."""
    for wrong in _wrong(settings):
        raise wrong
    return [_stated(each, settings.digests.zone) for each in settings.digests.schedules]


def digest_problems(settings: Settings) -> Iterator[str]:
    """What in the settings of digests cannot be understood: a sentence each, with the right form."""
    for wrong in _wrong(settings):
        yield str(wrong)


def _wrong(settings: Settings) -> Iterator[SetupError]:
    names = set[str]()
    for each in settings.digests.schedules:
        if each.name in names:
            yield _refused(f"two digests are called {each.name!r}.", "Give each a name of its own.")
        names.add(each.name)
        yield from _wrong_in(each, settings.digests.zone)


def _wrong_in(given: ScheduleSettings, zone: str) -> Iterator[SetupError]:
    if not is_key(given.to) or given.to.startswith(f"{PlatformName.CONSOLE}:"):
        yield _refused(f"{given.to!r} names no channel.", "Write it as slack:T0123/C0123, or discord:1/2.")
    for name in given.show:
        if name not in set(Part):
            yield _refused(f"there is no part {name!r}.", f"They are: {', '.join(Part)}.")
    try:
        timetable(given.when, given.zone or zone)
    except MalformedTimes as wrong:
        yield _refused(wrong.args[0], wrong.remedy or "")


def _refused(said: str, remedy: str) -> SetupError:
    return SetupError(f"DIGESTS__SCHEDULES: {said}", remedy)


def _stated(given: ScheduleSettings, zone: str) -> Stated:
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
