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
        if not press.corrects:
            await self._show(await self._pressing.undo(press.contribution_id, press.presser), press.presser)
            return
        form = await self._pressing.form(press.contribution_id, press.presser)
        if isinstance(form, Form):
            await self._open(press, receipts.form(form.contribution_id, form.title, form.published))
        else:
            await self._show(form, press.presser, press.channel)

    async def filled(self, filled: Filled) -> None:
        """Correct the memo."""
        pressed = await self._pressing.correct(
            filled.contribution_id, filled.presser, filled.title, filled.published
        )
        await self._show(pressed, filled.presser)

    async def _open(self, press: Press, view: dict[str, Any]) -> None:
        try:
            await self._client.views_open(trigger_id=press.trigger_id, view=view)
        except FAILURES as failure:  # the trigger holds for three seconds; a press can be repeated
            log.warning("form_not_opened", platform="slack", error=read(failure).code)

    async def _show(self, pressed: Pressed, presser: str, channel: str | None = None) -> None:
        """Show the message as it now is, and tell who pressed what there is to tell them."""
        if pressed.offer and pressed.receipt and pressed.message_id:
            await self._delivery.show(pressed.offer, pressed.message_id, pressed.receipt)
        if not pressed.said:
            return
        where = pressed.offer.conversation if pressed.offer else None
        text = escaped(pressed.said)
        try:
            if where or channel:
                await self._client.chat_postEphemeral(
                    channel=where.channel if where else str(channel),
                    thread_ts=where.thread if where else None,
                    user=presser,
                    text=text,
                )
            else:
                await self._client.chat_postMessage(channel=presser, text=text)
        except FAILURES as failure:
            log.warning("asker_not_told", platform="slack", error=read(failure).code)
