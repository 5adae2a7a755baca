"""How does the bot connect to Slack, acknowledge what arrives, and post?"""

import asyncio
import json
from collections.abc import Awaitable, Collection, Mapping
from pathlib import Path
from typing import Any

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.contributions import Contributions
from bot.digest import Digest, Item, PageLink
from bot.errors import SetupError
from bot.models import IncomingQuestion, MemoLink, Offer, PlatformName, Receipt, Reply, SharedFile
from bot.observability import DROPPED, log
from bot.platforms.base import Ask, Place, SharedChannel
from bot.platforms.base import Press as TakePress
from bot.platforms.slack import commands, http
from bot.platforms.slack.access import introduce, socket_address
from bot.platforms.slack.actions import Filled, Press
from bot.platforms.slack.client import close, session_of, web_client
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.digests import Digests
from bot.platforms.slack.events import Dropped
from bot.platforms.slack.files import Files
from bot.platforms.slack.interacting import Interacting
from bot.platforms.slack.listeners import Heard, listeners
from bot.platforms.slack.membership import REMEMBER, Membership
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.scheduling import Opening
from bot.platforms.slack.sharing import Sharing
from bot.platforms.slack.socket_mode import SocketMode
from bot.platforms.slack.topics import Pressed


class SlackPlatform:
    """Slack: over Socket Mode where there is an app token, else over the signed HTTP requests that `routes` take.

    One instance runs once. `page_link` is where digests are read in full. `seconds_between_posts` holds for each
    channel, `seconds_between_digests` for each workspace; a reply that Slack does not take is
    tried again for `give_up_after` seconds; after `stop`, questions under way have `grace` seconds to finish
    (what is not posted by then is taken up by `Questions.recover` at the next start). What Slack says of channels and
    people holds for `remember` seconds. Files that are offered go to `contributions` (None: nowhere);
    they are fetched from `files_url`, with the bot's token.
    """

    name = PlatformName.SLACK

    def __init__(  # noqa: PLR0913 - each is one setting
        self,
        bot_token: str,
        app_token: str | None,
        signing_secret: str | None,
        api_url: str,
        link: MemoLink,
        *,
        page_link: PageLink = lambda _: None,
        seconds_between_posts: float = 1.0,
        seconds_between_digests: float = 0.25,
        give_up_after: float = 90.0,
        grace: float = 20.0,
        remember: float = REMEMBER,
        contributions: Contributions | None = None,
        files_url: str = "https://files.slack.com/",
    ) -> None:
        if not (app_token or signing_secret):
            raise SetupError(
                "Slack needs SLACK__APP_TOKEN (Socket Mode) or SLACK__SIGNING_SECRET (HTTP).",
                "Copy one of them from api.slack.com/apps → your app → Basic Information.",
            )
        self._grace, self._api_url = grace, api_url
        self._client = web_client(bot_token, api_url)
        self._membership = Membership(self._client, remember)
        posting = Posting(self._client, Pace(seconds_between_posts), give_up_after)
        self._delivery = Delivery(self._client, link, posting)
        self._digests = Digests(self._client, posting, Pace(seconds_between_digests), link, page_link)
        self._interacting = Interacting(self._client, posting, self._membership)
        self._files = Files(self._client, files_url)
        self._sharing = contributions and Sharing(self._client, self._files, self._delivery, contributions)
        self._socket = (
            SocketMode(lambda: socket_address(self._client, app_token), self._take_envelope)
            if app_token
            else None
        )
        # An empty secret would be a key that everybody has.
        self._verifier = SignatureVerifier(signing_secret) if signing_secret and not app_token else None
        self._ask: Ask | None = None
        self._bolt: AsyncApp | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._running = False
        self._stopping, self._finished = asyncio.Event(), asyncio.Event()

    # connect

    async def run(self, ask: Ask) -> None:
        """Connect and take questions in until `stop`. Raises PlatformRefused for a token that Slack refuses."""
        self._running = True
        session_of(self._client)
        try:
            me = await introduce(self._client, self._stopping)
            if me is None:
                return
            self._ask, self._bolt = ask, listeners(me, self._api_url, self._hear, self._membership.heard)
            if self._socket:
                await self._socket.run(self._stopping)
            else:
                log.info("platform_connected", platform="slack", mode="http")
                await self._stopping.wait()
        finally:
            self._bolt = None
            try:
                await self._finish()
            finally:
                await self._membership.close()
                await close(self._client)
                self._finished.set()

    async def stop(self) -> None:
        """Take no more questions in, finish those under way, disconnect."""
        self._stopping.set()
        if self._running:
            await self._finished.wait()
        else:
            await close(self._client)

    @property
    def connected(self) -> bool:
        """Whether events can arrive just now."""
        return self._bolt is not None and (self._socket is None or self._socket.connected)

    # acknowledge

    @property
    def routes(self) -> list[BaseRoute]:
        """What the web server must serve for Slack; nothing over Socket Mode."""
        return [] if self._socket else [Route(http.PATH, self._take_request, methods=["POST"])]

    async def _take_request(self, request: Request) -> Response:
        try:
            body = await http.read_body(request)
        except HTTPException as refused:
            return Response(status_code=refused.status_code)
        if self._verifier is None or not http.is_signed(self._verifier, request.headers, body):
            self._drop(Dropped(reason="bad_signature"))
            return Response(status_code=401)
        if self._bolt is None:
            return Response(status_code=503)  # starting or stopping: Slack sends it again
        answer = await self._bolt.async_dispatch(to_async_bolt_request(request, body))
        return to_starlette_response(answer)

    async def _take_envelope(self, envelope: Mapping[str, Any]) -> dict[str, Any] | None:
        if self._bolt is None:
            return None
        payload = envelope.get("payload") or {}
        answer = await self._bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        if answer.status != 200:
            return None
        if envelope.get("type") == "slash_commands":
            return commands.acknowledgement(payload)
        said = json.loads(answer.body) if answer.body else None  # what is wrong with a form
        return said if isinstance(said, dict) else None

    def _hear(self, heard: Heard) -> None:
        if isinstance(heard, Dropped):
            self._drop(heard)
        elif work := self._work(heard):
            task = asyncio.ensure_future(work)
            self._under_way.add(task)
            task.add_done_callback(self._done)

    def _work(  # noqa: PLR0911 - one for each kind
        self, heard: IncomingQuestion | Offer | Press | Filled | Pressed | Opening
    ) -> Awaitable[None] | None:
        """What there is to do about it."""
        match heard:
            case Offer() if self._sharing:
                return self._sharing.take_in(self, heard)
            case Press() if self._sharing:
                return self._sharing.press(heard)
            case Filled() if self._sharing:
                return self._sharing.filled(heard)
            case Pressed():
                return self._interacting.press(heard)
            case Opening() if self._ask:
                return self._interacting.open(heard, self._ask)
            case IncomingQuestion() if self._ask:
                return self._ask(heard)
            case _:
                return None

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception():
            log.error("question_failed", platform="slack", exc_info=task.exception())

    def _drop(self, dropped: Dropped) -> None:
        DROPPED.labels(platform="slack", reason=dropped.reason).inc()
        say = log.debug if dropped.reason == "own_post" else log.info
        say("question_dropped", platform="slack", **dropped.model_dump())

    async def _finish(self) -> None:
        """Let what is under way end within `grace`; also where this itself is cut short, nothing is left running."""
        try:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=self._grace)
        finally:
            late = [task for task in self._under_way if not task.done()]
            for task in late:
                task.cancel()
            if late:  # they were recorded when they came in, and are taken up again at the next start
                log.warning("questions_left", platform="slack", questions=len(late))
                await asyncio.wait(late)

    # who reads along

    async def place(self, question: IncomingQuestion) -> Place:
        """Who reads along where `question` was asked? Raises PlaceUnknown."""
        session_of(self._client)
        return await self._membership.place(question)

    async def shared_channels(self, question: IncomingQuestion) -> Collection[SharedChannel]:
        """The channels that the asker and the bot are both in. Raises PlaceUnknown."""
        session_of(self._client)
        return await self._membership.shared_channels(question)

    async def roles(self, question: IncomingQuestion, among: Collection[str]) -> Collection[str]:
        """Those of the user groups `among` that the asker is in. Raises PlaceUnknown."""
        session_of(self._client)
        return await self._membership.roles(question, among)

    # files

    async def fetch(self, file: SharedFile, into: Path, at_most: int) -> None:
        """Write the bytes of `file` to `into`, `at_most` of them. Raises FileRefused where there is no having it."""
        session_of(self._client)
        await self._files.fetch(file, into, at_most)

    async def acknowledge(self, offer: Offer, receipt: Receipt, *, again: bool = False) -> str:
        """Post `receipt` in the thread of `offer`; return the id of the message (see `Delivery.post`)."""
        session_of(self._client)
        return await self._delivery.report(offer, receipt, again=again)

    # digests

    async def post_digest(self, digest: Digest, *, again: bool = False) -> str:
        """Post `digest` in its channel, in no thread; return the id of the message (see `Digests.post`)."""
        session_of(self._client)
        return await self._digests.post(digest, again=again)

    def left_out(self, digest: Digest) -> Collection[Item]:
        """The items of `digest` that its message has no room for."""
        return self._digests.left_out(digest)

    async def preview(self, question: IncomingQuestion, digest: Digest) -> None:
        """Show `digest` to the asker of `question` alone. Raises PlatformRefused where that cannot be done."""
        session_of(self._client)
        await self._digests.preview(question, digest)

    def take_presses(self, press: TakePress) -> None:
        """Hand presses of the buttons under topics to `press` from now on."""
        self._interacting.take(press)

    async def tell(self, person: str, said: str) -> None:
        """Send a person a direct message, best effort."""
        session_of(self._client)
        await self._digests.tell(person, said)

    # post

    async def post(self, question: IncomingQuestion, reply: Reply, *, again: bool = False) -> str:
        """Post `reply` where `question` was asked; return the id of the message (see `Delivery.post`)."""
        session_of(self._client)
        return await self._delivery.post(question, reply, again=again)
