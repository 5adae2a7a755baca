"""Which requests were served? (never with which token)"""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.observability import PAGES, log

_PAGES = frozenset({"memos", "digests", "healthz", "metrics", "slack"})
_ASKED_BY_MACHINES = frozenset({"healthz", "metrics"})


class AccessLog:
    """Logs and counts each request under the page's kind.

    Neither the path nor the query is written down: a link's token opens a memo, and a stranger's path is noise.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500  # where the application dies before it answers

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            page = _kind(scope["path"])
            PAGES.labels(page=page, status=str(status)).inc()
            write = log.debug if page in _ASKED_BY_MACHINES else log.info
            took_ms = round((time.perf_counter() - began) * 1000, 1)
            write("page_served", page=page, method=scope["method"], status=status, took_ms=took_ms)


def _kind(path: str) -> str:
    first = path.split("/", 2)[1].removesuffix(".atom") if path.startswith("/") else ""
    return first if first in _PAGES else "other" if first else "front"
