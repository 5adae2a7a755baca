"""How is a digest posted at once, by somebody at the machine?"""

from typing import NamedTuple

from bot.app.connecting import links_of, platforms_of
from bot.app.digesting import digests_of
from bot.app.parts import built
from bot.app.roles import Role
from bot.digest import Delivery, Schedule
from bot.digests.runner import Digests
from bot.errors import BotError, SetupError, UnknownSchedule
from bot.observability import log
from bot.settings import Settings


class Sent(NamedTuple):
    """What became of a delivery, and its schedule."""

    delivery: Delivery
    schedule: Schedule


async def sent_now(settings: Settings, schedule_id: str) -> Sent:
    """Post the digest of a schedule. Raises UnknownSchedule, SetupError where its platform is not configured."""
    async with built(settings) as parts:
        schedule = await parts.store.schedules.get(schedule_id)
        if schedule is None:
            raise UnknownSchedule(schedule_id)
        name = schedule.conversation.platform.value
        if name not in set(Role):
            raise SetupError(f"Digests to {name} are posted where it runs.")
        links = await links_of(settings, parts.store)
        platforms = platforms_of(settings, {Role(name)}, links, parts)
        digests = digests_of(settings, parts, platforms)
        try:
            return Sent(await _posted(digests, schedule_id), schedule)
        finally:
            for platform in platforms:
                await platform.stop()


async def _posted(digests: Digests, schedule_id: str) -> Delivery:
    """Send it; an outage is told as one, and what was composed is kept for the bot that runs."""
    try:
        return await digests.send_now(schedule_id)
    except BotError:
        raise
    except Exception as outage:  # noqa: BLE001 - each platform has outages of its own kinds
        log.warning("digest_delayed", error=type(outage).__name__)
        raise BotError(
            f"The digest could not be posted just now ({type(outage).__name__}).",
            "A bot that runs tries it again within minutes; see: quoth digest list.",
        ) from None
