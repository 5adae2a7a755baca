"""Which pages are there, and what does each one show?"""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.errors import BotError
from bot.observability import log
from bot.storage import Store
from bot.web.access import AccessLog
from bot.web.digest_pages import DigestPages
from bot.web.health import Health, IsReady, metrics
from bot.web.links import LinkRefused, Links
from bot.web.looks import page
from bot.web.reading_room import MayReadOn, ReadingRoom, Successors, anybody


def create_web(  # noqa: PLR0913 - what the site is made of
    store: Store,
    links: Links,
    *,
    extra_routes: Sequence[BaseRoute] = (),
    is_ready: IsReady,
    show_metrics: bool = True,
    successors: Successors = lambda _: (),
    may_read_on: MayReadOn = anybody,
) -> Starlette:
    """Put the site together: the reading room, its health, its counts, and the routes that platforms bring."""
    health = Health(is_ready, store.ping)
    room = ReadingRoom(store, links, successors, may_read_on)
    digests = DigestPages(store, links)
    site = Starlette(
        routes=[
            Route("/", front),
            Route("/memos/{memo_id:path}", room.memo),
            Route("/digests", digests.place),
            Route("/digests.atom", digests.feed),
            Route("/digests/{digest_id}", digests.digest),
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
