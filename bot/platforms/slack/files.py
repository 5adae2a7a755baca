"""How do shared files come out of Slack?"""

from pathlib import Path

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.contributions import NOT_HANDED_OUT, download
from bot.errors import FileRefused
from bot.models import Offer, SharedFile
from bot.observability import log
from bot.platforms.slack.events import shared_files
from bot.platforms.slack.trouble import FAILURES, read


class Files:
    """Fetches files from `files_url`, where Slack keeps them: the bot's token goes to no other place."""

    def __init__(self, client: AsyncWebClient, files_url: str) -> None:
        self._client, self._files_url = client, files_url

    async def fetch(self, file: SharedFile, into: Path, at_most: int) -> None:
        """Write the bytes of `file` to `into` (see `TakesFiles`)."""
        address = file.address or await self._address(file)
        token = {"Authorization": f"Bearer {self._client.token}"}
        await download(address, into, at_most=at_most, place=self._files_url, headers=token)

    async def above(self, offer: Offer) -> tuple[SharedFile, ...]:
        """The files of the message that begins the thread of `offer`; none where the bot may not look."""
        where = offer.conversation
        if not where.thread:
            return ()
        try:
            page = await self._client.conversations_replies(channel=where.channel, ts=where.thread, limit=1)
        except FAILURES as failure:
            log.warning("thread_not_looked_up", error=read(failure).code)
            return ()
        return shared_files(next(iter(page.get("messages") or ()), {}))

    async def _address(self, file: SharedFile) -> str:
        """Ask Slack where a file is; it does not say so in every event."""
        try:
            told = await self._client.files_info(file=file.file_id)
        except SlackApiError as failure:
            trouble = read(failure)
            if trouble.passing:
                raise ConnectionError(trouble.code) from None
            log.warning("file_not_handed_out", error=trouble.code)
            raise FileRefused(NOT_HANDED_OUT) from None
        [known] = shared_files({"files": [told["file"]]})
        if not known.address:
            raise FileRefused(NOT_HANDED_OUT)
        return known.address
