"""What happens to a command, a pressed button, a form: acknowledged in time, deferred, filled in?"""

import time
from typing import Any

from tests.servers.fake_discord import payloads
from tests.servers.fake_discord.payloads import EPHEMERAL, LOADING, Payload
from tests.servers.fake_discord.rules import Refused, check_message, invalid
from tests.servers.fake_discord.world import World, as_stored

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, MODAL = 4, 5, 6, 9
PRESSED, FILLED = 3, 5
"""Kinds of interactions."""


class Used:
    """One use of a command: what was sent to the bot, and the bot's reply so far."""

    def __init__(self, event: Payload) -> None:
        self.event, self.at = event, time.monotonic()
        self.reply: Payload | None = None
        self.modal: Payload | None = None
        self.whispers: list[Payload] = []


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
        return self._begin(asker, channel, data)

    def use_on(self, asker: Payload, message: Payload, name: str) -> Payload:
        """What the bot is sent when `asker` picks a command in the menu of `message`."""
        command = next((one for one in self._world.commands if one["name"] == name), None)
        if command is None:
            raise LookupError(f"the bot has not registered {name}")
        data: Payload = {
            "id": command["id"],
            "name": name,
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return self._begin(asker, self._world.channels[message["channel_id"]], data)

    def press(self, asker: Payload, message: Payload, custom_id: str) -> Payload:
        """What the bot is sent when `asker` presses a button under `message`."""
        data: Payload = {"id": 1, "custom_id": custom_id, "component_type": 2}
        return self._begin(asker, self._world.channels[message["channel_id"]], data, PRESSED, message)

    def fill_in(self, asker: Payload, message: Payload, modal: Payload, fields: dict[str, str]) -> Payload:
        """What the bot is sent when `asker` sends the form `modal`, which a button under `message` opened."""
        rows = [
            {
                "id": number,
                "type": 1,
                "components": [{"id": number + 10, "type": 4, "custom_id": name, "value": value}],
            }
            for number, (name, value) in enumerate(fields.items(), 1)
        ]
        data: Payload = {"custom_id": modal["custom_id"], "components": rows}
        return self._begin(asker, self._world.channels[message["channel_id"]], data, FILLED, message)

    def _begin(
        self, asker: Payload, channel: Payload, data: Payload, kind: int = 2, message: Payload | None = None
    ) -> Payload:
        joined = self._world.members[asker["id"]] if "guild_id" in channel else None
        event = payloads.interaction(self._world.bot["id"], channel, asker, joined, data, kind)
        event |= {"message": message} if message else {}
        self.used[event["token"]] = Used(event)
        return event

    def acknowledge(self, token: str, body: Payload) -> Payload | None:
        """The callback: a message, the promise of one, or a form. Returns the message that now stands in the channel."""
        used = self._valid(token)
        if used.reply is not None or used.modal is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if time.monotonic() - used.at > self.ack_seconds:
            raise Refused(404, 10062, "Unknown interaction")
        data = body.get("data") or {}
        if body["type"] == DEFERRED_MESSAGE:
            used.reply = self._write(used, {"content": "…", "flags": LOADING}, content="")
        elif body["type"] == MESSAGE:
            used.reply = self._write(used, data)
        elif body["type"] == DEFERRED_UPDATE and "message" in used.event:
            used.reply = used.event["message"]
        elif body["type"] == MODAL and used.event["type"] != FILLED:
            used.modal = data
        else:
            raise invalid("type", "BASE_TYPE_CHOICES", "unknown callback type")
        return used.reply

    def follow_up(self, token: str, body: Payload) -> Payload:
        """One more message; one that its reader alone sees stands in no channel."""
        used = self._valid(token)
        check_message(body)
        if not body.get("flags", 0) & EPHEMERAL:
            raise invalid("flags", "BASE_TYPE_CHOICES", "only whispers are served")
        message = self._world.made(self._world.channels[used.event["channel_id"]], self._world.bot, body)
        used.whispers.append(message)
        return message

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
        message["components"] = payloads.components(body.get("components"))
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
            type=payloads.CHAT_INPUT_COMMAND
            if used.event["data"]["type"] == 1
            else payloads.CONTEXT_MENU_COMMAND,
            application_id=self._world.bot["id"],
            webhook_id=self._world.bot["id"],
            interaction_metadata=payloads.interaction_metadata(used.event),
            **extra,
        )
