"""Which pages are there, and what does each one show?"""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.errors import BotError
from bot.observability import log
from bot.rendering.html import memo_body
from bot.storage import Store
from bot.web.access import AccessLog
from bot.web.health import Health, IsReady, metrics
from bot.web.links import Grant, LinkRefused, Links
from bot.web.looks import page
from retrieval import Memo

CHANGED = "This memo has changed since it was quoted. You are reading the words that were quoted, as they were then."
TAKEN_OUT = "This memo has been taken out of the library since it was quoted."
PLACE_LOST = "The quoted passage cannot be marked here: the memo was read anew since it was quoted."


def create_web(
    store: Store,
    links: Links,
    *,
    extra_routes: Sequence[BaseRoute] = (),
    is_ready: IsReady,
    show_metrics: bool = True,
) -> Starlette:
    """Put the site together: the reading room, its health, its counts, and the routes that platforms bring."""
    health, room = Health(is_ready, store.ping), ReadingRoom(store, links)
    site = Starlette(
        routes=[
            Route("/", front),
            Route("/memos/{memo_id:path}", room.memo),
            Route("/healthz", health.healthz),
            *([Route("/metrics", metrics)] if show_metrics else []),
            Route("/robots.txt", robots),
            *extra_routes,
        ],
        middleware=[Middleware(AccessLog)],
        exception_handlers={
            LinkRefused: link_refused,
            HTTPException: no_such_page,
            BotError: not_now,
            Exception: not_now,
        },
    )
    site.router.redirect_slashes = False  # such a redirect would lead to whatever host the request names
    return site


class ReadingRoom:
    """Shows a memo, as it stood when it was quoted, to whoever has a link that was made for that quote."""

    def __init__(self, store: Store, links: Links) -> None:
        self._memos, self._links = store.memos, links

    async def memo(self, request: Request) -> Response:
        """Show one memo with the quote marked. Nothing is looked up before the link is known to be good.

        A memo that was taken out of the library is not shown any more, whoever has a link to it.
        """
        memo_id = self._links.memo_id_at(request.path_params["memo_id"])
        grant = self._links.open(memo_id, request.query_params.get("token", ""))
        quoted = await self._memos.get(grant.memo_id, grant.sha256)
        now = await self._memos.get(grant.memo_id)
        if quoted is None or now is None:
            return page("notice.html", 410, title="This memo is gone", paragraphs=[TAKEN_OUT])
        # Off the event loop: a memo may be a book, and questions are waiting.
        return await asyncio.to_thread(_memo_page, quoted, grant, changed=now.text != quoted.text)


def _memo_page(memo: Memo, grant: Grant, *, changed: bool) -> Response:
    quoted = grant.span if 0 <= grant.span.start < grant.span.end <= len(memo.text) else None
    return page(
        "memo.html",
        memo=memo,
        url=_web_address(memo.url),
        body=Markup(memo_body(memo, quoted)),  # noqa: S704 - memo_body escapes whatever the memo holds
        quoted=quoted,
        notices=([] if quoted else [PLACE_LOST]) + ([CHANGED] if changed else []),
        version=memo.sha256[:12],
        expires=grant.expires,
    )


def _web_address(url: str | None) -> str | None:
    """`url` where it leads to a web page; a memo may name anything, javascript: included."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


async def front(_: Request) -> Response:
    """Say what this is, to somebody who came without a link."""
    return page(
        "notice.html",
        title="Quoth answers from your team's memos",
        paragraphs=[
            "Ask it in Slack or Discord. It replies with quotes, word for word, each with the place it stands in.",
            "This is its reading room: a link in an answer opens the memo here, with the quoted words marked.",
        ],
    )


async def robots(_: Request) -> Response:
    """Keep crawlers out; there is nothing here without a link."""
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


async def link_refused(_: Request, error: Exception) -> Response:
    """Say that the link does not open anything; the same whether there is such a memo or not."""
    assert isinstance(error, LinkRefused)  # noqa: S101 - what it is registered for
    why = error.args[0]
    log.info("page_refused", reason=type(error).__name__)
    return page("notice.html", 403, title="This link does not open", paragraphs=[why, error.remedy])


async def no_such_page(_: Request, error: Exception) -> Response:
    """Say that there is nothing at that address, or nothing that can be done that way."""
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    titles = {404: "There is no such page", 405: "That cannot be done here"}
    answer = page(
        "notice.html",
        error.status_code,
        title=titles.get(error.status_code, error.detail),
        paragraphs=["Memos open by the links in the bot's answers."],
    )
    answer.headers.update(error.headers or {})
    return answer


async def not_now(_: Request, error: Exception) -> Response:
    """Say that something is wrong here; what, stands in the log."""
    log.error("page_failed", error=type(error).__name__)
    return page(
        "notice.html",
        503 if isinstance(error, BotError) else 500,
        title="The page cannot be shown now",
        paragraphs=["Please try again in a minute. If it stays like this, tell whoever runs the bot."],
    )
