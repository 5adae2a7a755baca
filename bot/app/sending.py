"""How is a digest posted at once, by somebody at the machine?"""

from typing import NamedTuple

from bot.app.connecting import links_of, platforms_of
from bot.app.digesting import digests_of
from bot.app.parts import built
from bot.app.roles import Role
from bot.digest import Delivery, Schedule
from bot.errors import SetupError, UnknownSchedule
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
            return Sent(await digests.send_now(schedule_id), schedule)
        finally:
            for platform in platforms:
                await platform.stop()
