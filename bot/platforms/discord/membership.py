"""Who reads along in Discord, and what is somebody a member of?

Discord has no guests, and no channels shared with other organisations: whoever is in a server belongs to it. Which
channels somebody can view follows from roles and overwrites, which the gateway keeps up to date; only the person's
own roles are looked up.
"""

from collections.abc import Awaitable, Callable, Collection

import aiohttp
import discord

from bot.errors import PlaceUnknown
from bot.models import IncomingQuestion
from bot.platforms.base import Place, SharedChannel
from bot.platforms.remembering import Remembered

REMEMBER = 60.0
"""Seconds for which a look-up holds. Somebody who lost a role may see for so long what it sees."""

UNKNOWN_GUILD, MISSING_ACCESS, UNKNOWN_MEMBER, UNKNOWN_USER = 10004, 50001, 10007, 10013
_NOT_THERE = frozenset({UNKNOWN_GUILD, MISSING_ACCESS, UNKNOWN_MEMBER, UNKNOWN_USER})


class Membership:
    """What Discord knows of its people, through the client that `client` waits for. See `platforms.base.Membership`."""

    def __init__(self, client: Callable[[], Awaitable[discord.Client]], remember: float = REMEMBER) -> None:
        self._client = client
        self._members: Remembered[discord.Member | None] = Remembered(remember)

    async def place(self, question: IncomingQuestion) -> Place:
        """Direct messages have no server; everybody else is one of it."""
        return Place(direct=not question.conversation.workspace)

    async def shared_channels(self, question: IncomingQuestion) -> Collection[SharedChannel]:
        """The channels that the asker and the bot can both view, in every server that they share."""
        client = await self._ready()
        found = []
        for guild in client.guilds:
            member = await self._member(guild, question.asker)
            if member is None:
                continue
            found += [
                SharedChannel(f"discord:{guild.id}/{channel.id}")
                for channel in guild.channels
                if channel.permissions_for(member).view_channel
                and channel.permissions_for(guild.me).view_channel
            ]
        return found

    async def roles(self, question: IncomingQuestion, among: Collection[str]) -> Collection[str]:
        """Those roles among `among` (discord:GUILD/ROLE) that the asker has."""
        client, found = await self._ready(), []
        for key in among:
            guild_id, _, role_id = key.removeprefix("discord:").partition("/")
            guild = client.get_guild(int(guild_id)) if guild_id.isdecimal() and role_id.isdecimal() else None
            member = await self._member(guild, question.asker) if guild else None
            if member and any(role.id == int(role_id) for role in member.roles):
                found.append(key)
        return found

    async def close(self) -> None:
        """Give up what is being looked up."""
        await self._members.forget()

    async def _ready(self) -> discord.Client:
        """The client, once it knows its servers."""
        client = await self._client()
        await client.wait_until_ready()
        return client

    async def _member(self, guild: discord.Guild, person: str) -> discord.Member | None:
        """The person as a member of `guild`; None where they are none."""

        async def look_up() -> discord.Member | None:
            try:
                return await guild.fetch_member(int(person))
            except discord.HTTPException as refused:
                if refused.code in _NOT_THERE or refused.status == 404:
                    return None
                raise PlaceUnknown(
                    f"Discord did not say who somebody is (HTTP {refused.status}, code {refused.code})."
                ) from None
            except (OSError, TimeoutError, aiohttp.ClientError, RuntimeError) as trouble:
                raise PlaceUnknown(
                    f"Discord did not say who somebody is ({type(trouble).__name__})."
                ) from None

        # Of this connection's guild: another has its own, and knows the roles as they are there.
        return await self._members.get((id(guild), guild.id, person), look_up)
