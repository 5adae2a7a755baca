"""Can the bot answer just now, and how much has it done?"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import version

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.observability import REGISTRY, log

PATIENCE = 2
"""Seconds that the database has for one small question."""

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

IsReady = Callable[[], Mapping[str, bool]]


class Health:
    """Says whether every part works: 200 where all do, 503 where one does not.

    `is_ready` names each part (the index, each platform) and whether it works; `ask_database` returns where the
    database answers and raises where it does not.
    """

    def __init__(self, is_ready: IsReady, ask_database: Callable[[], Awaitable[object]]) -> None:
        self._is_ready, self._ask_database = is_ready, ask_database
        self._version = version("quoth")

    async def healthz(self, _: Request) -> Response:
        """Check every part."""
        parts = {"database": await self._database(), **self._is_ready()}
        well = all(parts.values())
        said = {"status": "ok" if well else "trouble", "version": self._version, "parts": parts}
        return JSONResponse(said, 200 if well else 503, _HEADERS)

    async def _database(self) -> bool:
        try:
            await asyncio.wait_for(self._ask_database(), PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            log.warning("database_lost", error=type(error).__name__)
            return False
        return True


async def metrics(_: Request) -> Response:
    """Counts and times, as Prometheus reads them."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST, headers=_HEADERS)
