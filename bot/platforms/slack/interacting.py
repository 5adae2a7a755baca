"""What is done in Slack about a press under a topic, and about somebody who wants to schedule a digest?"""

from collections.abc import Awaitable, Callable, Iterator

from slack_sdk.web.async_client import AsyncWebClient

from bot.observability import DROPPED, log
from bot.platforms.base import Ask, Press
from bot.platforms.slack.membership import Membership
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.scheduling import Opening
from bot.platforms.slack.topics import Pressed
from bot.platforms.slack.trouble import FAILURES, read
from bot.rendering.digests.slack_form import form
from bot.rendering.slack import escaped

_ANY_ZONE = "UTC"


class Interacting:
    """Hands presses on, once there is somebody who takes them (`take`), and opens the form."""

    def __init__(self, client: AsyncWebClient, posting: Posting, membership: Membership) -> None:
        self._client, self._posting, self._membership = client, posting, membership
        self._press: Press | None = None

    def take(self, press: Press) -> None:
        """Hand presses to `press` from now on."""
        self._press = press

    async def press(self, pressed: Pressed) -> None:
        """Do what a button says, and tell whoever pressed it, alone, what came of it."""
        if self._press is None:
            DROPPED.labels(platform="slack", reason="no_digests").inc()
            log.info("question_dropped", platform="slack", reason="no_digests", kind="block_actions")
            return
        said = {"text": escaped(await self._press(pressed.press))}
        for way in self._ways_to_presser(pressed, said):
            try:
                await way()
            except FAILURES as failure:
                log.warning("asker_not_told", platform="slack", error=read(failure).code)
            else:
                return

    async def open(self, opening: Opening, ask: Ask) -> None:
        """Open the form. Where that fails what was typed is asked instead, and answered in words."""
        zone = await self._membership.zone_of(opening.person) or _ANY_ZONE
        view = form(opening.reference, zone, asks_where=opening.command is None)
        try:
            await self._client.views_open(trigger_id=opening.trigger_id, view=view)
        except FAILURES as failure:  # the trigger holds for three seconds
            log.warning("form_not_opened", platform="slack", error=read(failure).code)
            if opening.command:
                await ask(opening.command)

    def _ways_to_presser(
        self, pressed: Pressed, said: dict[str, str]
    ) -> Iterator[Callable[[], Awaitable[object]]]:
        url, person = pressed.response_url, pressed.press.asker
        if url:
            shown = {"response_type": "ephemeral", "replace_original": False, **said}
            yield lambda: self._posting.respond(url, shown)
        where = {"channel": pressed.press.conversation.channel, "thread_ts": pressed.thread}
        yield lambda: self._posting.whisper(where, person, said)
