"""How is Discord connected to, and how is a reply posted there?

discord.py is an extra: it is imported when a DiscordPlatform is made, not with this module.
"""

import asyncio
from collections.abc import Collection, Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.contributions import NOT_HANDED_OUT, Contributions, download
from bot.digest import Digest, Item, PageLink
from bot.errors import FileRefused, SetupError
from bot.models import IncomingQuestion, MemoLink, Offer, PlatformName, Receipt, Reply, SharedFile
from bot.observability import log
from bot.platforms.base import Ask, Place, Press, SharedChannel
from bot.rendering import discord as rendering
from bot.rendering.receipts import discord as receipts


class DiscordPlatform:
    """Discord: `/ask`, mentions in servers, direct messages. An object runs once.

    `token` is the bot's; `api_url` and `gateway_url` are where Discord is (None: the gateway that the API names);
    `link` opens a quote in the reading room, `page_link` a digest's full page; after `stop`, questions under way
    have `grace` seconds to finish (what is not posted by then is taken up by `Questions.recover` at the next
    start); what Discord says of people holds for `remember` seconds. Files that are offered go to `contributions`
    (None: nowhere); they are fetched from below `files_url`. Raises SetupError where discord.py is not installed.
    """

    name = PlatformName.DISCORD

    def __init__(  # noqa: PLR0913 - each is one setting
        self,
        token: str,
        api_url: str,
        gateway_url: str | None,
        link: MemoLink,
        *,
        page_link: PageLink = lambda _: None,
        grace: float = 20.0,
        remember: float = 60.0,
        contributions: Contributions | None = None,
        files_url: str = "https://cdn.discordapp.com/",
    ) -> None:
        if find_spec("discord") is None:
            raise SetupError(
                "Discord needs discord.py, which is missing.",
                'In Quoth\'s own folder run: pip install -e ".[discord]".',
            )
        from bot.platforms.discord.connection import Connection  # noqa: PLC0415 - discord.py is an extra
        from bot.platforms.discord.digests import Digests  # noqa: PLC0415 - discord.py is an extra
        from bot.platforms.discord.membership import Membership  # noqa: PLC0415 - discord.py is an extra
        from bot.platforms.discord.posting import Poster  # noqa: PLC0415 - discord.py is an extra
        from bot.platforms.discord.sharing import Sharing  # noqa: PLC0415 - discord.py is an extra
        from bot.platforms.discord.topics import Topics  # noqa: PLC0415 - discord.py is an extra

        self._connection = Connection(token, api_url, gateway_url)
        self._poster = Poster(self._connection.client)
        self._digests = Digests(self._connection.reached, link, page_link)
        self._topics = Topics()
        self._membership = Membership(self._connection.client, remember)
        self._sharing = Sharing(self, contributions) if contributions else None
        self._link, self._grace, self._files_url = link, grace, files_url
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()

    @property
    def connected(self) -> bool:
        """Whether events can arrive just now."""
        return self._connection.hearing

    async def run(self, ask: Ask) -> None:
        """Take questions in until `stop`; PlatformRefused where Discord will not have the bot."""
        self._idle.clear()
        try:
            async with self._connection:
                try:
                    await _first_of(
                        self._connection.hold(ask, self._begin, self._sharing, self._topics),
                        self._stopping.wait(),
                    )
                finally:
                    await self._connection.stop_hearing()
                    await self._finish()
                    await self._membership.close()
        finally:
            self._idle.set()

    async def stop(self) -> None:
        """Take no more questions in, finish those under way, disconnect."""
        self._stopping.set()
        await self._idle.wait()

    async def place(self, question: IncomingQuestion) -> Place:
        """Who reads along where `question` was asked?"""
        return await self._membership.place(question)

    async def shared_channels(self, question: IncomingQuestion) -> Collection[SharedChannel]:
        """The channels that the asker and the bot can both view. Raises PlaceUnknown."""
        return await self._membership.shared_channels(question)

    async def roles(self, question: IncomingQuestion, among: Collection[str]) -> Collection[str]:
        """Those of the roles `among` that the asker has. Raises PlaceUnknown."""
        return await self._membership.roles(question, among)

    async def post(self, question: IncomingQuestion, reply: Reply, *, again: bool = False) -> str:
        """Reply where `question` was asked and return the message's id; waits until Discord is reached.

        Outages are sat out for some while, then raised as they are. Raises PlatformRefused where Discord says no;
        the asker is told directly, where that works.
        """
        message = rendering.message(reply, self._link)
        return await self._poster.post(question, message, reply.answer_id, again=again)

    async def post_digest(self, digest: Digest, *, again: bool = False) -> str:
        """Post `digest` in its conversation and return the message's id; also before `run`.

        Raises PlatformRefused where the channel is gone, or has removed the bot; what else goes wrong as it is.
        """
        return await self._digests.post(digest, again=again)

    def left_out(self, digest: Digest) -> Collection[Item]:
        """The items of `digest` that its message has no room for."""
        return self._digests.left_out(digest)

    async def preview(self, question: IncomingQuestion, digest: Digest) -> None:
        """Show `digest` to the asker of `question` alone. Raises PlatformRefused where that cannot be done."""
        await self._digests.preview(question, digest)

    def take_presses(self, press: Press) -> None:
        """Hand presses of the buttons under topics to `press` from now on."""
        self._topics.take_presses(press)

    async def tell(self, person: str, said: str) -> None:
        """Send a person a direct message, best effort."""
        await self._digests.tell(person, said)

    async def fetch(self, file: SharedFile, into: Path, at_most: int) -> None:
        """Write the bytes of `file` to `into`; no token is needed for that. Raises FileRefused."""
        if not file.address:
            raise FileRefused(NOT_HANDED_OUT)
        await download(file.address, into, at_most=at_most, place=self._files_url)

    async def acknowledge(self, offer: Offer, receipt: Receipt, *, again: bool = False) -> str:
        """Reply to `offer` and return the message's id; otherwise as `post`."""
        return await self._poster.post(offer, receipts.message(receipt), receipt.receipt_id, again=again)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception():
            log.error("question_failed", platform="discord", exc_info=task.exception())

    async def _finish(self) -> None:
        try:
            async with asyncio.timeout(self._grace):
                while self._under_way:
                    await asyncio.wait(self._under_way)
        except TimeoutError:
            # They were recorded when they came in, and are taken up again at the next start.
            log.warning("questions_left", platform="discord", count=len(self._under_way))
        left = list(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _first_of(work: Coroutine[Any, Any, None], ending: Coroutine[Any, Any, object]) -> None:
    """Do `work` until `ending` is done; what `work` raises is raised."""
    working, waiting = asyncio.create_task(work), asyncio.create_task(ending)
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        working.cancel()
        waiting.cancel()
        await asyncio.gather(working, waiting, return_exceptions=True)
