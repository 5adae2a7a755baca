"""Who and what is there: people, channels, threads, messages, commands?"""

import time
from typing import Any

from tests.servers.fake_discord import payloads
from tests.servers.fake_discord.payloads import Payload
from tests.servers.fake_discord.rules import Refused, check_message, pings


class World:
    """One guild with a bot, its people and what they wrote. No network.

    `nonce_seconds` is how long a nonce keeps a message from being posted a second time.
    """

    def __init__(self, nonce_seconds: float = 300) -> None:
        self.nonce_seconds = nonce_seconds
        self.users: dict[str, Payload] = {}
        self.members: dict[str, Payload] = {}
        self.channels: dict[str, Payload] = {}
        self.messages: dict[str, dict[str, Payload]] = {}
        self.roles: list[Payload] = []
        self.commands: list[Payload] = []
        self.bot = self.person("quoth", bot=True)
        self.owner = self.person("owner")
        self.guild_id = payloads.snowflake()
        self._dms: dict[str, Payload] = {}
        self._nonces: dict[tuple[str, str], tuple[float, Payload]] = {}

    def person(self, name: str, *, bot: bool = False) -> Payload:
        made = payloads.user(name, bot=bot)
        self.users[made["id"]] = made
        self.members[made["id"]] = payloads.member()
        return made

    def channel(self, name: str) -> Payload:
        return self._add(payloads.text_channel(self.guild_id, name, len(self.channels)))

    def remove(self, channel: Payload) -> None:
        """Delete a channel."""
        del self.channels[channel["id"]]

    def role(self, name: str, *people: Payload) -> Payload:
        """A role that these people have; it allows nothing by itself."""
        made = {
            **payloads.everyone_role(payloads.snowflake()),
            "name": name,
            "permissions": "0",
            "position": 1,
        }
        self.roles.append(made)
        for person in people:
            self.members[person["id"]]["roles"].append(made["id"])
        return made

    def hide(self, channel: Payload, *but_for: Payload) -> None:
        """Let nobody view `channel` but the bot and those who have one of these roles."""
        view = str(1 << 10)
        channel["permission_overwrites"] = [
            {"id": self.guild_id, "type": 0, "allow": "0", "deny": view},
            {"id": self.bot["id"], "type": 1, "allow": view, "deny": "0"},
            *({"id": role["id"], "type": 0, "allow": view, "deny": "0"} for role in but_for),
        ]

    def find_member(self, guild_id: str, user_id: str) -> Payload:
        if guild_id != self.guild_id:
            raise Refused(404, 10004, "Unknown Guild")
        if user_id not in self.members:
            raise Refused(404, 10007, "Unknown Member")
        return {**self.members[user_id], "user": self.users[user_id]}

    def thread(self, parent: Payload, name: str) -> Payload:
        return self._add(payloads.thread(parent, name, self.owner["id"]))

    def dm(self, with_user: Payload) -> Payload:
        if with_user["id"] not in self._dms:
            self._dms[with_user["id"]] = self._add(payloads.dm_channel(with_user))
        return self._dms[with_user["id"]]

    def _add(self, channel: Payload) -> Payload:
        self.channels[channel["id"]] = channel
        self.messages[channel["id"]] = {}
        return channel

    def guild_snapshot(self) -> Payload:
        """GUILD_CREATE: the guild as a bot without the members intent sees it."""
        channels = [one for one in self.channels.values() if one["type"] == payloads.GUILD_TEXT]
        threads = [one for one in self.channels.values() if one["type"] == payloads.PUBLIC_THREAD]
        return {
            **payloads.guild(self.guild_id, self.owner["id"]),
            "roles": [payloads.everyone_role(self.guild_id), *self.roles],
            "joined_at": payloads.now(),
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "threads": threads,
            "members": [{**self.members[self.bot["id"]], "user": self.bot}],
            "channels": channels,
        }

    def find_channel(self, channel_id: str) -> Payload:
        if channel_id not in self.channels:
            raise Refused(404, 10003, "Unknown Channel")
        return self.channels[channel_id]

    def post(self, channel: Payload, author: Payload, body: Payload, **extra: Any) -> Payload:
        """Write a message as Discord would store it: checked, pings resolved, the reply's reference attached."""
        message = self.made(channel, author, body, **extra)
        self.messages[channel["id"]][message["id"]] = message
        return message

    def made(self, channel: Payload, author: Payload, body: Payload, **extra: Any) -> Payload:
        """Such a message, written nowhere."""
        check_message(body)
        content = body.get("content") or ""
        users, roles, everyone = pings(content, body.get("allowed_mentions"))
        replied_to = self._replied_to(channel, body.get("message_reference"))
        message: Payload = {
            "id": payloads.snowflake(),
            "channel_id": channel["id"],
            "author": author,
            "content": content,
            "timestamp": payloads.now(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": everyone,
            "mentions": [self.users[one] for one in users if one in self.users],
            "mention_roles": roles,
            "attachments": [],
            "embeds": as_stored(body.get("embeds")),
            "pinned": False,
            "type": payloads.REPLY if replied_to else payloads.DEFAULT,
            "components": payloads.components(body.get("components")),
            "flags": body.get("flags") or 0,
        }
        if replied_to:
            message |= _reference(replied_to, channel)
            allowed = body.get("allowed_mentions")
            if allowed is None or allowed.get("replied_user", False):
                message["mentions"].append(replied_to["author"])
        return message | extra

    def post_once(self, channel: Payload, author: Payload, body: Payload) -> tuple[Payload, bool]:
        """As `post`, but a nonce that was used a short while ago gives the first message; True when it is new."""
        key = (channel["id"], str(body.get("nonce")))
        made_at, known = self._nonces.get(key, (0.0, {}))
        if body.get("enforce_nonce") and known and time.monotonic() - made_at < self.nonce_seconds:
            return known, False
        message = self.post(channel, author, body)
        if body.get("nonce") is not None:
            self._nonces[key] = (time.monotonic(), message)
        return message, True

    def history(
        self, channel_id: str, limit: int, *, after: str | None = None, before: str | None = None
    ) -> list[Payload]:
        """Newest first; with `after` the `limit` messages that came next, with `before` those that came last before."""
        written = sorted(self.messages[self.find_channel(channel_id)["id"]].values(), key=_age)
        if after is None:
            return [one for one in written if before is None or int(one["id"]) < int(before)][-limit:][::-1]
        return [one for one in written if int(one["id"]) > int(after)][:limit][::-1]

    def _replied_to(self, channel: Payload, reference: Payload | None) -> Payload | None:
        if reference is None:
            return None
        there = self.messages.get(str(reference.get("channel_id") or channel["id"]), {})
        found = there.get(str(reference["message_id"]))
        if found is None and reference.get("fail_if_not_exists", True):
            raise Refused(400, 50035, "Invalid Form Body: message_reference: Unknown message")
        return found

    def as_event(self, message: Payload) -> Payload:
        """The message as the gateway sends it."""
        channel = self.channels[message["channel_id"]]
        event = {**message, "channel_type": channel["type"]}
        if "guild_id" not in channel:
            return event
        author = self.members.get(message["author"]["id"]) or payloads.member()
        return event | {"guild_id": channel["guild_id"], "member": author}


def as_stored(embeds: list[Payload] | None) -> list[Payload]:
    return [
        {key: value for key, value in one.items() if key != "flags"} | {"type": "rich"}
        for one in embeds or []
    ]


def _reference(message: Payload, channel: Payload) -> Payload:
    where = {"guild_id": channel["guild_id"]} if "guild_id" in channel else {}
    return {
        "message_reference": {
            "type": 0,
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            **where,
        },
        "referenced_message": {key: value for key, value in message.items() if key != "referenced_message"},
    }


def _age(message: Payload) -> int:
    return int(message["id"])
