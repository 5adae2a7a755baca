"""How does the bot connect to Slack, acknowledge what arrives, and post?"""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.errors import PlatformRefused, SetupError
from bot.models import IncomingQuestion, MemoLink, PlatformName, Reply
from bot.observability import DROPPED, log
from bot.platforms.base import Ask
from bot.platforms.slack import commands, events, http
from bot.platforms.slack.client import QUIET, close, session_of, web_client
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.events import Dropped, Identity
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.socket_mode import SocketMode, pause
from bot.platforms.slack.trouble import FAILURES, read

_ANYTHING = re.compile("", re.DOTALL)


class SlackPlatform:
    """Slack: over Socket Mode where there is an app token, else over the signed HTTP requests that `routes` take.

    One instance runs once. `seconds_between_posts` holds for each channel; a reply that Slack does not take is
    tried again for `give_up_after` seconds; after `stop`, questions under way have `grace` seconds to finish
    (what is not posted by then is taken up by `Questions.recover` at the next start).
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
        seconds_between_posts: float = 1.0,
        give_up_after: float = 120.0,
        grace: float = 20.0,
    ) -> None:
        if not (app_token or signing_secret):
            raise SetupError(
                "Slack needs SLACK__APP_TOKEN (Socket Mode) or SLACK__SIGNING_SECRET (HTTP).",
                "Copy one of them from api.slack.com/apps → your app → Basic Information.",
            )
        self._app_token, self._grace = app_token, grace
        self._client = web_client(bot_token, api_url)
        self._delivery = Delivery(self._client, link, Pace(seconds_between_posts), give_up_after)
        self._socket = SocketMode(self._address, self._take_envelope) if app_token else None
        # An empty secret would be a key that everybody has.
        self._verifier = SignatureVerifier(signing_secret) if signing_secret and not app_token else None
        self._api_url = api_url
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
            me = await self._introduce()
            if me is None:
                return
            self._ask, self._bolt = ask, self._listeners(me)
            if self._socket:
                await self._socket.run(self._stopping)
            else:
                log.info("platform_connected", platform="slack", mode="http")
                await self._stopping.wait()
        finally:
            self._bolt = None
            await self._finish()
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

    async def _introduce(self) -> Identity | None:
        """Ask Slack who the bot is, as long as it takes; None where `stop` came first."""
        tries = 0
        while not self._stopping.is_set():
            try:
                said = await self._client.auth_test()
            except FAILURES as failure:
                trouble = read(failure)
                if not trouble.passing:
                    raise _refused(
                        "SLACK__BOT_TOKEN", trouble.code, "OAuth & Permissions → Bot User OAuth Token"
                    ) from None
                log.warning("platform_lost", platform="slack", error=trouble.code)
                await pause(trouble.wait(tries), self._stopping)
                tries += 1
            else:
                return Identity(
                    user_id=said["user_id"], bot_id=said.get("bot_id") or "", team_id=said["team_id"]
                )
        return None

    async def _address(self) -> str:
        try:
            said = await self._client.apps_connections_open(app_token=str(self._app_token))
        except SlackApiError as failure:
            trouble = read(failure)
            if trouble.passing:
                raise
            where = "Basic Information → App-Level Tokens (scope connections:write; Socket Mode switched on)"
            raise _refused("SLACK__APP_TOKEN", trouble.code, where) from None
        return str(said["url"])

    # acknowledge

    @property
    def routes(self) -> list[BaseRoute]:
        """What the web server must serve for Slack; nothing over Socket Mode."""
        return [] if self._socket else [Route(http.PATH, self._take_request, methods=["POST"])]

    async def _take_request(self, request: Request) -> Response:
        body = await http.read_body(request)
        if body is None:
            return Response(status_code=413)
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
        request = AsyncBoltRequest(mode="socket_mode", body=envelope.get("payload") or {})
        answer = await self._bolt.async_dispatch(request)
        return (
            commands.ACKNOWLEDGEMENT
            if envelope.get("type") == "slash_commands" and answer.status == 200
            else None
        )

    def _listeners(self, me: Identity) -> AsyncApp:
        """Tell Bolt what to do with each kind of payload. Whatever is subscribed to is acknowledged."""

        async def authorize() -> AuthorizeResult:
            # Known since the start: asking Slack again for each event would hold up its acknowledgement.
            return AuthorizeResult(
                enterprise_id=None, team_id=me.team_id, bot_user_id=me.user_id, bot_id=me.bot_id
            )

        app = AsyncApp(
            name="quoth",
            logger=QUIET,
            client=web_client(None, self._api_url),
            authorize=authorize,
            request_verification_enabled=False,  # done before, over the raw bytes
            ignoring_self_events_enabled=False,  # done in events, where it is counted
            ssl_check_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )

        async def on_event(body: dict[str, Any]) -> None:
            self._hear(events.understand(body, me))

        async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack(commands.ACKNOWLEDGEMENT)
            self._hear(commands.understand(body, datetime.now(UTC)))

        async def on_anything_else(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack()
            self._drop(Dropped(reason="not_a_message", kind=str(body.get("type", ""))))

        app.event(_ANYTHING)(on_event)
        app.command(_ANYTHING)(on_command)
        for listen in (app.action, app.shortcut, app.view, app.options):
            listen(_ANYTHING)(on_anything_else)
        return app

    def _hear(self, heard: IncomingQuestion | Dropped) -> None:
        if isinstance(heard, Dropped):
            self._drop(heard)
        elif self._ask is not None:
            task = asyncio.ensure_future(self._ask(heard))
            self._under_way.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception():
            log.error("question_failed", platform="slack", exc_info=task.exception())

    def _drop(self, dropped: Dropped) -> None:
        DROPPED.labels(platform="slack", reason=dropped.reason).inc()
        say = log.debug if dropped.reason == "own_post" else log.info
        say("question_dropped", platform="slack", **dropped.model_dump())

    async def _finish(self) -> None:
        if not self._under_way:
            return
        _, late = await asyncio.wait(self._under_way, timeout=self._grace)
        for task in late:
            task.cancel()
        if late:  # they were recorded when they came in, and are taken up again at the next start
            log.warning("questions_left", platform="slack", questions=len(late))
            await asyncio.wait(late)

    # post

    async def post(self, question: IncomingQuestion, reply: Reply, *, again: bool = False) -> str:
        """Post `reply` where `question` was asked; return the id of the message (see `Delivery.post`)."""
        session_of(self._client)
        return await self._delivery.post(question, reply, again=again)


def _refused(setting: str, code: str, where: str) -> PlatformRefused:
    return PlatformRefused(
        f"Slack refused {setting} ({code}).", f"Copy it anew from api.slack.com/apps → your app → {where}."
    )
