"""What would a digest say now, to somebody at the machine?"""

from collections.abc import Collection
from datetime import timedelta

from bot.access import Access, Refused
from bot.app.parts import rules_of
from bot.digest import Digest
from bot.digests.grounds import Grounds
from bot.digests.runner import Digests
from bot.errors import BotError, UnknownSchedule
from bot.library import Library, utc_now
from bot.models import IncomingQuestion
from bot.platforms.base import Place, SharedChannel
from bot.seeds import library_synonyms
from bot.settings import Settings
from bot.storage import Store


class Unasked:
    """Knows nothing of a platform's people: a channel is taken for what its binding says, whoever reads along."""

    async def place(self, question: IncomingQuestion) -> Place:
        """A channel."""
        del question
        return Place(direct=False)

    async def shared_channels(self, question: IncomingQuestion) -> Collection[SharedChannel]:
        """None that is known."""
        del question
        return ()

    async def roles(self, question: IncomingQuestion, among: Collection[str]) -> Collection[str]:
        """None that is known."""
        del question, among
        return ()


async def previewed(settings: Settings, store: Store, schedule_id: str) -> Digest:
    """The digest of a schedule as it would be now. Raises UnknownSchedule, and BotError where nothing is said there."""
    schedule = await store.schedules.get(schedule_id)
    if schedule is None:
        raise UnknownSchedule(schedule_id)
    library = Library(store, synonyms=library_synonyms(settings.answers.synonyms))
    await library.refresh()
    grounds = Grounds(store, library, Access(library, store, rules_of(settings), utc_now))
    now = utc_now()
    view = await grounds.view(schedule, Unasked(), now)
    if isinstance(view, Refused):
        raise BotError(view.said)
    digests = Digests(
        store, grounds, {}, now=utc_now, catch_up=timedelta(0), max_chars=settings.answers.max_chars
    )
    return (await digests.composed_for(schedule, view, "preview", now)).digest
