"""What is done in Discord with what people offer, press and fill in?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

import aiohttp
import discord

from bot.contributions import Chat, Contributions, Form, Pressed
from bot.models import Offer
from bot.observability import DROPPED, log
from bot.rendering.discord import escaped
from bot.rendering.receipts import discord as receipts
from bot.rendering.receipts import wording

TROUBLES = (discord.DiscordException, OSError, aiohttp.ClientError)
"""What a call of Discord may raise."""

_NOBODY = discord.AllowedMentions.none()


class Sharing:
    """Hands it to `contributions`, and shows what came of it. `chat` is the platform that this is part of."""

    def __init__(self, chat: Chat, contributions: Contributions) -> None:
        self._chat, self._contributions, self._pressing = chat, contributions, contributions.pressing

    async def take_in(self, offer: Offer) -> None:
        """Add what is offered."""
        await self._contributions.take_in(self._chat, offer)

    async def interaction(self, used: discord.Interaction) -> None:
        """Take in a pressed button or a form that was sent; anything else is not ours."""
        action, _, contribution_id = str(_data(used).get("custom_id", "")).rpartition(":")
        presser = str(used.user.id)
        try:
            if used.type is discord.InteractionType.modal_submit and action == receipts.CORRECT:
                await self._filled(used, contribution_id, presser)
            elif used.type is discord.InteractionType.component and action == receipts.CORRECT:
                await self._open(used, contribution_id, presser)
            elif used.type is discord.InteractionType.component and action == receipts.UNDO:
                await used.response.defer()
                await _show(used, await self._pressing.undo(contribution_id, presser))
            else:
                _drop(used, "unknown_button")
        except TROUBLES as trouble:  # what was changed is changed; the message shows it at the next press
            log.warning("receipt_not_shown", platform="discord", error=type(trouble).__name__)

    async def _open(self, used: discord.Interaction, contribution_id: str, presser: str) -> None:
        form = await self._pressing.form(contribution_id, presser)
        if isinstance(form, Form):
            await used.response.send_modal(
                _modal(receipts.form(form.contribution_id, form.title, form.published))
            )
        else:
            await used.response.defer()
            await _show(used, form)

    async def _filled(self, used: discord.Interaction, contribution_id: str, presser: str) -> None:
        given = _fields(used)
        await used.response.defer()
        try:
            written = given.get(receipts.DATE, "").strip()
            published = date.fromisoformat(written) if written else None
        except ValueError:
            await _show(used, Pressed(wording.NOT_A_DATE))
            return
        title = given.get(receipts.TITLE, "")
        await _show(used, await self._pressing.correct(contribution_id, presser, title, published))


def view_of(components: Sequence[Mapping[str, Any]]) -> discord.ui.View:
    """The buttons of a rendered message, as discord.py sends them.

    It is stopped: presses are taken by any process, also one that did not send the message.
    """
    view = discord.ui.View(timeout=None)
    for row, held in enumerate(components):
        for button in held["components"]:
            view.add_item(
                discord.ui.Button(
                    style=discord.ButtonStyle(button["style"]),
                    label=button["label"],
                    custom_id=button["custom_id"],
                    row=row,
                )
            )
    view.stop()
    return view


def _modal(form: Mapping[str, Any]) -> discord.ui.Modal:
    modal = discord.ui.Modal(title=form["title"], custom_id=form["custom_id"], timeout=None)
    for row in form["components"]:
        [field] = row["components"]
        modal.add_item(
            discord.ui.TextInput(
                label=field["label"],
                custom_id=field["custom_id"],
                default=field["value"] or None,
                placeholder=field.get("placeholder"),
                required=field["required"],
                max_length=field["max_length"],
            )
        )
    modal.stop()
    return modal


def _data(used: discord.Interaction) -> dict[str, Any]:
    """What came with the interaction, as Discord sent it."""
    return cast("dict[str, Any]", used.data or {})


def _fields(used: discord.Interaction) -> dict[str, str]:
    """What was written into a form, by field."""
    rows = _data(used).get("components") or []
    fields = (field for row in rows for field in row.get("components") or ())
    return {str(field.get("custom_id")): str(field.get("value") or "") for field in fields}


async def _show(used: discord.Interaction, pressed: Pressed) -> None:
    """Show the message as it now is, and tell who pressed what there is to tell them."""
    if pressed.receipt:
        shown = receipts.message(pressed.receipt)
        await used.edit_original_response(
            content=shown["content"] or None,
            embeds=[discord.Embed.from_dict(embed) for embed in shown["embeds"]],
            view=view_of(shown["components"]) if shown["components"] else None,
            allowed_mentions=_NOBODY,
        )
    if pressed.said:
        await used.followup.send(escaped(pressed.said), ephemeral=True, allowed_mentions=_NOBODY)


def _drop(used: discord.Interaction, reason: str) -> None:
    DROPPED.labels("discord", reason).inc()
    log.info("question_dropped", platform="discord", event_id=str(used.id), reason=reason)
