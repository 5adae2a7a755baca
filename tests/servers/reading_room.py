"""How is the reading room served to a test? On a real port, from a real database, by the server that ships."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.routing import BaseRoute

from bot.storage import Store, open_store
from bot.web import Links, WebServer, create_web
from retrieval import Memo, Span

TODAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAYS = 30


@dataclass
class Room:
    """A reading room that is open. `now` and `ready` may be changed while it is."""

    store: Store
    server: WebServer
    links: Links
    client: httpx.AsyncClient
    running: asyncio.Task[None]
    now: datetime = TODAY
    ready: dict[str, bool] = field(default_factory=lambda: {"index": True})

    def path(self, memo: Memo, span: Span) -> str:
        """Where `span` of `memo` is read."""
        return self.links.path(memo.id, memo.sha256, span)

    def url(self, memo: Memo, span: Span) -> str:
        """The same, for a browser."""
        return f"http://127.0.0.1:{self.server.port}{self.path(memo, span)}"

    async def open(self, memo: Memo, span: Span) -> httpx.Response:
        """Read `span` of `memo`."""
        return await self.client.get(self.path(memo, span))


@asynccontextmanager
async def open_room(
    memos: Sequence[Memo] = (),
    *,
    extra_routes: Sequence[BaseRoute] = (),
    show_metrics: bool = True,
    **further: Any,
) -> AsyncIterator[Room]:
    """Open a room over `memos`; close it at the end. `further` is what `create_web` takes besides."""
    async with open_store("sqlite://") as store:
        await store.memos.add(memos, TODAY)
        links = Links("a secret of the test", "http://reading-room.test", DAYS, lambda: room.now)

        def is_ready() -> Mapping[str, bool]:
            return room.ready

        app = create_web(
            store, links, extra_routes=extra_routes, is_ready=is_ready, show_metrics=show_metrics, **further
        )
        server = WebServer(app, "127.0.0.1", 0)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as client:
            room = Room(store, server, links, client, asyncio.create_task(server.run()))
            try:
                yield room
            finally:
                await server.stop()
                await room.running
