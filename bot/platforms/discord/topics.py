"""Which button under a digest, or under a topic in it, was pressed, and what is said to whoever pressed it?

A button's custom id says everything: presses are understood by any process, also after a restart.
"""

from collections.abc import Mapping
from typing import Any, Literal, cast

import aiohttp
import discord

from bot.observability import DROPPED, log
from bot.platforms.base import Press, TopicPress
from bot.platforms.discord.events import conversation
from bot.rendering import limits
from bot.rendering.digests import discord as rendering
from bot.rendering.discord import escaped, escaped_length

_Action = Literal["unwatch", "less", "why"]
_ACTIONS: Mapping[str, _Action] = {
    rendering.UNWATCH: "unwatch",
    rendering.LESS: "less",
    rendering.WHY: "why",
}
_NOBODY = discord.AllowedMentions.none()
_FAILURES = (discord.DiscordException, OSError, TimeoutError, aiohttp.ClientError)


class Topics:
    """Hands presses to whom `take_presses` named, and shows what they say to whoever pressed, alone."""

    def __init__(self) -> None:
        self._press: Press | None = None

    def take_presses(self, press: Press) -> None:
        """Hand presses to `press` from now on."""
        self._press = press

    def concerns(self, used: discord.Interaction) -> bool:
        """Whether one of these buttons was pressed."""
        return used.type is discord.InteractionType.component and _parted(used)[0] in _ACTIONS

    async def pressed(self, used: discord.Interaction) -> None:
        """Do what the button says.

        Discord tells several processes, or one again after a break, of the same press: only who may acknowledge it
        does it, within the three seconds that there are.
        """
        action, topic_id = _parted(used)
        if self._press is None or used.channel_id is None or not topic_id:
            _drop(used, "nobody_takes_presses" if self._press is None else "incomplete")
            return
        try:
            await used.response.defer(ephemeral=True, thinking=True)
        except _FAILURES as trouble:
            log.info("press_not_acknowledged", platform="discord", error=type(trouble).__name__)
            _drop(used, "not_acknowledged")
            return
        said = await self._press(_press(used, _ACTIONS[action], topic_id))
        first, *rest = in_messages(said)
        try:
            await used.edit_original_response(content=first, allowed_mentions=_NOBODY)
            for content in rest:
                await used.followup.send(content, ephemeral=True, allowed_mentions=_NOBODY)
        except _FAILURES as trouble:  # it is done all the same
            log.warning("presser_not_told", platform="discord", error=type(trouble).__name__)


def in_messages(said: str) -> list[str]:
    """`said`, escaped, in as few messages as hold it, whole lines in each."""
    messages = [""]
    for line in said.split("\n"):
        shown = escaped(limits.shortened(line, limits.DISCORD_CONTENT, escaped_length))
        longer = f"{messages[-1]}\n{shown}" if messages[-1] else shown
        if limits.utf16(longer) <= limits.DISCORD_CONTENT:
            messages[-1] = longer
        else:
            messages.append(shown)
    return messages


def _press(used: discord.Interaction, action: _Action, topic_id: str) -> TopicPress:
    where = used.channel or discord.Object(used.channel_id or 0)
    guild = used.guild or (discord.Object(used.guild_id) if used.guild_id else None)
    return TopicPress(action, topic_id, conversation(where, guild), str(used.user.id))


def _parted(used: discord.Interaction) -> tuple[str, str]:
    """What a button's custom id says: the action, and the id of the topic or the digest."""
    data = cast("Mapping[str, Any]", used.data or {})
    custom_id = str(data.get("custom_id", ""))
    action, _, topic_id = custom_id.rpartition(":")
    return action, topic_id


def _drop(used: discord.Interaction, reason: str) -> None:
    DROPPED.labels("discord", reason).inc()
    log.info("question_dropped", platform="discord", event_id=str(used.id), reason=reason)
