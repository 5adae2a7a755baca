"""What is done with each kind of payload, once it is known to be Slack's? Acknowledged first, then read."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.models import IncomingQuestion, Offer
from bot.platforms.slack import actions, commands, events, scheduling, topics
from bot.platforms.slack.actions import Filled, Press
from bot.platforms.slack.client import QUIET, web_client
from bot.platforms.slack.events import Dropped, Identity
from bot.platforms.slack.scheduling import Opening
from bot.platforms.slack.topics import Pressed
from bot.rendering.digests.slack_form import FORM

Heard = IncomingQuestion | Offer | Press | Filled | Pressed | Opening | Dropped
Hear = Callable[[Heard], None]
"""Takes what was understood, and returns at once."""

_ANYTHING = re.compile("", re.DOTALL)


def listeners(
    me: Identity, api_url: str, hear: Hear, note: Callable[[dict[str, Any]], None] = lambda _: None
) -> AsyncApp:
    """Tell Bolt what to do. Whatever is subscribed to is acknowledged, also what nobody listens for.

    `note` is shown every event before `hear` takes what was understood of it.
    """

    async def authorize() -> AuthorizeResult:
        # Known since the start: asking Slack again for each event would hold up its acknowledgement.
        return AuthorizeResult(
            enterprise_id=None, team_id=me.team_id, bot_user_id=me.user_id, bot_id=me.bot_id
        )

    app = AsyncApp(
        name="quoth",
        logger=QUIET,
        client=web_client(None, api_url),
        authorize=authorize,
        request_verification_enabled=False,  # done before, over the raw bytes (`http`)
        ignoring_self_events_enabled=False,  # done in `events`, and counted
        ssl_check_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    async def on_event(body: dict[str, Any]) -> None:
        note(body)
        hear(events.understand(body, me))

    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(commands.acknowledgement(body) or "")
        command = commands.understand(body, datetime.now(UTC))
        hear(scheduling.opening_of(command) if scheduling.asks_for_form(command) else command)

    async def on_anything_else(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        hear(Dropped(reason="not_a_message", kind=str(body.get("type", ""))))

    async def on_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        if body.get("callback_id") == scheduling.SHORTCUT:
            hear(scheduling.to_opening(body))
        else:
            hear(actions.to_offer(body, datetime.now(UTC)))

    async def on_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        hear(topics.to_pressed(body) if topics.is_under_topic(body) else actions.to_press(body))

    async def on_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        schedules = (body.get("view") or {}).get("callback_id") == FORM
        if wrong := scheduling.complaints(body) if schedules else actions.complaints(body):
            await ack(response_action="errors", errors=wrong)
        else:
            await ack()
        hear(scheduling.to_question(body, datetime.now(UTC)) if schedules else actions.to_filled(body))

    app.event(_ANYTHING)(on_event)
    app.command(_ANYTHING)(on_command)
    app.shortcut(_ANYTHING)(on_shortcut)
    app.action(_ANYTHING)(on_button)
    app.view(_ANYTHING)(on_form)
    app.options(_ANYTHING)(on_anything_else)
    return app
