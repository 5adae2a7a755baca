"""What happens to a slash command: acknowledged in time, deferred, filled in?"""

import time
from typing import Any

from tests.servers.fake_discord import payloads
from tests.servers.fake_discord.payloads import LOADING, Payload
from tests.servers.fake_discord.rules import Refused, check_message, invalid
from tests.servers.fake_discord.world import World, as_stored

MESSAGE, DEFERRED_MESSAGE = 4, 5


class Used:
    """One use of a command: what was sent to the bot, and the bot's reply so far."""

    def __init__(self, event: Payload) -> None:
        self.event, self.at = event, time.monotonic()
        self.reply: Payload | None = None


class Interactions:
    """All uses of commands by token; `ack_seconds` to acknowledge, `token_seconds` to reply."""

    def __init__(self, world: World, ack_seconds: float = 3, token_seconds: float = 900) -> None:
        self._world = world
        self.ack_seconds, self.token_seconds = ack_seconds, token_seconds
        self.used: dict[str, Used] = {}

    def use(self, asker: Payload, channel: Payload, name: str, options: dict[str, str]) -> Payload:
        """What the bot is sent when `asker` uses the command; LookupError where it was never registered."""
        command = next((one for one in self._world.commands if one["name"] == name), None)
        if command is None:
            raise LookupError(f"the bot has not registered /{name}")
        data: Payload = {
            "id": command["id"],
            "name": name,
            "type": 1,
            "options": [{"name": key, "type": 3, "value": value} for key, value in options.items()],
        }
        joined = self._world.members[asker["id"]] if "guild_id" in channel else None
        event = payloads.interaction(self._world.bot["id"], channel, asker, joined, data)
        self.used[event["token"]] = Used(event)
        return event

    def acknowledge(self, token: str, body: Payload) -> Payload:
        """The callback: a message, or the promise of one. Returns the message that now stands in the channel."""
        used = self._valid(token)
        if used.reply is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if time.monotonic() - used.at > self.ack_seconds:
            raise Refused(404, 10062, "Unknown interaction")
        data = body.get("data") or {}
        if body["type"] == DEFERRED_MESSAGE:
            used.reply = self._write(used, {"content": "…", "flags": LOADING}, content="")
        elif body["type"] == MESSAGE:
            used.reply = self._write(used, data)
        else:
            raise invalid("type", "BASE_TYPE_CHOICES", "unknown callback type")
        return used.reply

    def original(self, token: str) -> Payload:
        reply = self._valid(token).reply
        if reply is None:
            raise Refused(404, 10015, "Unknown Webhook")
        return reply

    def edit_original(self, token: str, body: Payload) -> Payload:
        message = self.original(token)
        check_message({**message, **body})
        message["content"] = body.get("content") or ""
        message["embeds"] = as_stored(body.get("embeds"))
        message["flags"] &= ~LOADING
        message["edited_timestamp"] = payloads.now()
        return message

    def _valid(self, token: str) -> Used:
        if token not in self.used:
            raise Refused(404, 10015, "Unknown Webhook")
        if time.monotonic() - self.used[token].at > self.token_seconds:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return self.used[token]

    def _write(self, used: Used, body: Payload, **extra: Any) -> Payload:
        return self._world.post(
            self._world.channels[used.event["channel_id"]],
            self._world.bot,
            body,
            type=payloads.CHAT_INPUT_COMMAND,
            application_id=self._world.bot["id"],
            webhook_id=self._world.bot["id"],
            interaction_metadata=payloads.interaction_metadata(used.event),
            **extra,
        )
