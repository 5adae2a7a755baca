"""What happens to a command, a pressed button, a form: acknowledged in time, deferred, filled in?"""

import time
from typing import Any

from tests.servers.fake_discord import payloads
from tests.servers.fake_discord.payloads import EPHEMERAL, LOADING, Payload
from tests.servers.fake_discord.rules import Refused, check_message, invalid
from tests.servers.fake_discord.world import World, as_stored

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, CHOICES, MODAL = 4, 5, 6, 8, 9
USED, PRESSED, WRITING, FILLED = 2, 3, 4, 5
"""Kinds of interactions."""


class Used:
    """One use of a command: what was sent to the bot, and the bot's reply so far.

    `whispers` are further messages that only the user sees, `choices` what was offered while they wrote.
    """

    def __init__(self, event: Payload) -> None:
        self.event, self.at = event, time.monotonic()
        self.reply: Payload | None = None
        self.modal: Payload | None = None
        self.whispers: list[Payload] = []
        self.choices: list[Payload] | None = None

    @property
    def told_alone(self) -> list[Payload]:
        """All that only the user sees, in order; "the bot is thinking" is not one yet."""
        first = [self.reply] if self.reply and self.reply["flags"] & EPHEMERAL else []
        return [one for one in [*first, *self.whispers] if not one["flags"] & LOADING]


class Interactions:
    """All uses of commands by token; `ack_seconds` to acknowledge, `token_seconds` to reply."""

    def __init__(self, world: World, ack_seconds: float = 3, token_seconds: float = 900) -> None:
        self._world = world
        self.ack_seconds, self.token_seconds = ack_seconds, token_seconds
        self.used: dict[str, Used] = {}

    def use(self, asker: Payload, channel: Payload, name: str, options: dict[str, str]) -> Payload:
        """What the bot is sent when `asker` uses the command ("ask", "digest list"); LookupError for one that is not there."""
        given = [self._option(name, key) | {"value": value} for key, value in options.items()]
        return self._begin(asker, channel, self._command(name, given))

    def write(self, asker: Payload, channel: Payload, name: str, option: str, written: str) -> Payload:
        """What the bot is sent while `asker` writes an option of the command."""
        given = [self._option(name, option) | {"value": written, "focused": True}]
        return self._begin(asker, channel, self._command(name, given), WRITING)

    def _command(self, name: str, given: list[Payload]) -> Payload:
        top, _, sub = name.partition(" ")
        options = [{"name": sub, "type": 1, "options": given}] if sub else given
        return {"id": self._known(top)["id"], "name": top, "type": 1, "options": options}

    def _option(self, name: str, option: str) -> Payload:
        """An option of a command as it is registered, by name and type."""
        top, _, sub = name.partition(" ")
        options = self._known(top).get("options") or []
        if sub:
            options = next(one for one in options if one["name"] == sub).get("options") or []
        found = next((one for one in options if one["name"] == option), None)
        if found is None:
            raise LookupError(f"/{name} has no option {option}")
        return {"name": option, "type": found["type"]}

    def _known(self, name: str) -> Payload:
        command = next((one for one in self._world.commands if one["name"] == name), None)
        if command is None:
            raise LookupError(f"the bot has not registered /{name}")
        return command

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
        if (body["type"] == CHOICES) != (used.event["type"] == WRITING):
            raise invalid(
                "type", "BASE_TYPE_CHOICES", "choices are offered to who is writing, and nothing else is"
            )
        if body["type"] == CHOICES:
            used.choices = data["choices"]
        elif body["type"] == DEFERRED_MESSAGE:
            alone = (data.get("flags") or 0) & EPHEMERAL
            used.reply = self._write(used, {"content": "…", "flags": LOADING | alone}, content="")
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
        """One more message; one that its reader alone sees stands in no channel.

        While the promised reply is not there yet, this is that reply, and whoever was to see it sees it.
        """
        used = self._valid(token)
        check_message(body)
        if used.reply and used.reply["flags"] & LOADING:
            return self.edit_original(token, body)
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
        channel = self._world.channels[used.event["channel_id"]]
        if used.event["type"] == USED:
            kinds = {1: payloads.CHAT_INPUT_COMMAND, 3: payloads.CONTEXT_MENU_COMMAND}
            extra |= {
                "type": kinds[used.event["data"]["type"]],
                "interaction_metadata": payloads.interaction_metadata(used.event),
            }
        extra |= {"application_id": self._world.bot["id"], "webhook_id": self._world.bot["id"]}
        alone = (body.get("flags") or 0) & EPHEMERAL
        write = self._world.made if alone else self._world.post  # what one person sees stands in no channel
        return write(channel, self._world.bot, body, **extra)
