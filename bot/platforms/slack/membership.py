"""Who reads along in a Slack channel, and what is somebody a member of?"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import PlaceUnknown
from bot.models import IncomingQuestion
from bot.observability import log
from bot.platforms.base import Place, SharedChannel
from bot.platforms.remembering import Remembered
from bot.platforms.slack.trouble import FAILURES, Trouble, read

REMEMBER = 60.0
"""Seconds for which a look-up holds. Somebody who left a channel may see for so long what it sees."""
TRIES, LONGEST_WAIT = 3, 3.0
"""How often Slack is asked in all, and the seconds that are waited at most in between: an asker is waiting."""

AT_ONCE = 1.0
"""Seconds that somebody may wait who opens a form: Slack lets it be opened for three."""

_NOT_A_MEMBER = frozenset({"channel_not_found", "not_in_channel", "is_archived"})
_PAGE = 200
_MOST_PAGES = 50
_CHANNELS = "public_channel,private_channel"

Said = Mapping[str, Any]


class Membership:
    """What Slack knows of its people and channels, remembered for a minute. See `bot.platforms.base.Membership`."""

    def __init__(self, client: AsyncWebClient, remember: float = REMEMBER) -> None:
        self._client = client
        self._channels: Remembered[Said] = Remembered(remember)
        self._people: Remembered[Said] = Remembered(remember)
        self._members: Remembered[Mapping[str, bool]] = Remembered(remember)
        self._groups: Remembered[frozenset[str]] = Remembered(remember)
        self._shared: Remembered[bool] = Remembered(remember)

    def heard(self, body: Mapping[str, Any]) -> None:
        """Note what an event says of its channel: that it was shared just now is not looked up for a minute."""
        channel = (body.get("event") or {}).get("channel")
        if body.get("is_ext_shared_channel") is True and isinstance(channel, str):
            self._shared.put(channel, known=True)

    async def place(self, question: IncomingQuestion) -> Place:
        """Who reads along where `question` was asked, and whether its asker is one of the team."""
        where = question.conversation.channel
        channel, person = await asyncio.gather(self._channel(where), self._asker(question))
        return Place(
            direct=bool(channel.get("is_im")),
            outside=bool(self._shared.known(where))
            or is_shared(channel)
            or is_outsider(person, question.conversation.workspace),
            guest=bool(person.get("is_restricted") or person.get("is_ultra_restricted")),
        )

    async def shared_channels(self, question: IncomingQuestion) -> Collection[SharedChannel]:
        """The public and private channels that the asker and the bot are both in; group messages are none."""
        theirs, ours = await asyncio.gather(self._channels_of(question.asker), self._channels_of(None))
        workspace = question.conversation.workspace
        return [
            SharedChannel(f"slack:{workspace}/{channel}", outside=ours[channel] or theirs[channel])
            for channel in sorted(theirs.keys() & ours.keys())
        ]

    async def roles(self, question: IncomingQuestion, among: Collection[str]) -> Collection[str]:
        """Those user groups among `among` (slack:T0123/S0123) that the asker is in."""
        ours = f"slack:{question.conversation.workspace}/"
        groups = sorted(key for key in among if key.startswith(ours))
        members = await asyncio.gather(*(self._group(key.removeprefix(ours)) for key in groups))
        return [key for key, people in zip(groups, members, strict=True) if question.asker in people]

    async def zone_of(self, user: str) -> str | None:
        """The time zone in somebody's profile, where it can be known at once: a form waits for it."""
        try:
            async with asyncio.timeout(AT_ONCE):
                return str((await self._person(user)).get("tz") or "") or None
        except (PlaceUnknown, TimeoutError):
            log.debug("zone_unknown", platform="slack")
            return None

    async def close(self) -> None:
        """Give up what is being looked up."""
        for remembered in (self._channels, self._people, self._members, self._groups):
            await remembered.forget()

    async def _channel(self, channel: str) -> Said:
        async def look_up() -> Said:
            return _part(
                await self._said(lambda: self._client.conversations_info(channel=channel)), "channel"
            )

        return await self._channels.get(channel, look_up)

    async def _asker(self, question: IncomingQuestion) -> Said:
        """Who asks; nobody does for a digest that was scheduled at the machine."""
        return await self._person(question.asker) if question.asker else {}

    async def _person(self, user: str) -> Said:
        async def look_up() -> Said:
            return _part(await self._said(lambda: self._client.users_info(user=user)), "user")

        return await self._people.get(user, look_up)

    async def _group(self, group: str) -> frozenset[str]:
        async def look_up() -> frozenset[str]:
            said = await self._said(lambda: self._client.usergroups_users_list(usergroup=group))
            return frozenset(said.get("users") or ())

        return await self._groups.get(group, look_up)

    async def _channels_of(self, user: str | None) -> Mapping[str, bool]:
        """The channels that `user` (None: the bot) is in, each with whether it is shared with others."""
        return await self._members.get(user, lambda: self._all_channels_of(user))

    async def _all_channels_of(self, user: str | None) -> Mapping[str, bool]:
        asked: dict[str, Any] = {"types": _CHANNELS, "exclude_archived": True, "limit": _PAGE}
        if user:
            asked["user"] = user
        found: dict[str, bool] = {}
        for _ in range(_MOST_PAGES):
            page = await self._said(lambda: self._client.users_conversations(**asked))
            found |= {channel["id"]: is_shared(channel) for channel in page.get("channels") or ()}
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not asked["cursor"]:
                break
        return found  # more than so many are left out: seeing less than one may is safe

    async def _said(self, call: Callable[[], Awaitable[Any]]) -> Said:
        """What Slack says, asked again where that may help. Raises PlaceUnknown with Slack's own word for why not."""
        for tries in range(TRIES):
            try:
                return _understood((await call()).data)
            except FAILURES as failure:
                trouble = read(failure)
                if not trouble.passing or tries == TRIES - 1 or trouble.wait(0) > LONGEST_WAIT:
                    raise _unknown(failure, trouble) from None
            await asyncio.sleep(min(trouble.wait(tries), LONGEST_WAIT))
        raise AssertionError("the last try returns or raises")


def _understood(data: object) -> Said:
    return data if isinstance(data, dict) else {}


def _part(said: Said, name: str) -> Said:
    part = said.get(name)
    if not isinstance(part, Mapping):  # nothing is taken for granted where it decides who sees what
        raise PlaceUnknown("Slack did not say who reads along (an answer that is not understood).")
    return part


def is_shared(channel: Said) -> bool:
    """Whether people of other organisations read a channel, or will as soon as they accept an invitation."""
    return any(
        channel.get(what) for what in ("is_ext_shared", "is_pending_ext_shared", "pending_connected_team_ids")
    )


def is_outsider(person: Said, workspace: str) -> bool:
    """Whether somebody is of another organisation: a stranger, or of a workspace that is not ours."""
    team = person.get("team_id")
    elsewhere = bool(team) and bool(workspace) and team != workspace and not person.get("enterprise_user")
    return bool(person.get("is_stranger")) or elsewhere


def _unknown(failure: Exception, trouble: Trouble) -> PlaceUnknown:
    said = f"Slack did not say who reads along ({trouble.code})."
    if trouble.code == "missing_scope" and isinstance(failure, SlackApiError):
        needed = str(failure.response.get("needed") or "")
        said = (
            f"Slack did not say who reads along: the app has no leave to ask (scope {needed or 'missing'})."
        )
    return PlaceUnknown(said, not_a_member=trouble.code in _NOT_A_MEMBER)
