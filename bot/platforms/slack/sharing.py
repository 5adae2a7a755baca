"""What is done in Slack with what people offer, press and fill in?"""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.contributions import Chat, Contributions, Form, Pressed
from bot.models import Offer
from bot.observability import log
from bot.platforms.slack.actions import Filled, Press
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.files import Files
from bot.platforms.slack.trouble import FAILURES, read
from bot.rendering.receipts import slack as receipts
from bot.rendering.slack import escaped


class Sharing:
    """Hands it to `contributions`, and shows what came of it."""

    def __init__(
        self, client: AsyncWebClient, files: Files, delivery: Delivery, contributions: Contributions
    ) -> None:
        self._client, self._files, self._delivery = client, files, delivery
        self._contributions, self._pressing = contributions, contributions.pressing

    async def take_in(self, chat: Chat, offer: Offer) -> None:
        """Add what is offered: the files of the message, or else of the one that begins its thread."""
        found = offer if offer.files else offer.model_copy(update={"files": await self._files.above(offer)})
        await self._contributions.take_in(chat, found)

    async def press(self, press: Press) -> None:
        """Open the form, or undo."""
        contribution_id = press.at.contribution_id
        if not press.corrects:
            await self._show(await self._pressing.undo(contribution_id, press.presser), press)
            return
        form = await self._pressing.form(contribution_id, press.presser)
        if isinstance(form, Form):
            await self._open(press, receipts.form(press.at.reference, form.title, form.published))
        else:
            await self._show(form, press)

    async def filled(self, filled: Filled) -> None:
        """Correct the memo."""
        pressed = await self._pressing.correct(
            filled.at.contribution_id, filled.presser, filled.title, filled.published
        )
        await self._show(pressed, filled)

    async def _open(self, press: Press, view: dict[str, Any]) -> None:
        try:
            await self._client.views_open(trigger_id=press.trigger_id, view=view)
        except FAILURES as failure:  # the trigger holds for three seconds; a press can be repeated
            log.warning("form_not_opened", platform="slack", error=read(failure).code)

    async def _show(self, pressed: Pressed, by: Press | Filled) -> None:
        """Show the message as it now is, and tell who pressed what there is to tell them, alone."""
        if pressed.receipt:
            await self._delivery.show(by.at.channel, by.at.message_ts, pressed.receipt)
        if not pressed.said:
            return
        try:
            await self._client.chat_postEphemeral(
                channel=by.at.channel,
                thread_ts=pressed.offer.conversation.thread if pressed.offer else None,
                user=by.presser,
                text=escaped(pressed.said),
            )
        except FAILURES as failure:
            log.warning("asker_not_told", platform="slack", error=read(failure).code)
