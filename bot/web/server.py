"""How is the web served inside this process, and how does it stop?"""

import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import SetupError

FINISH_WITHIN = 2
"""Seconds that requests under way have to finish once the server is asked to stop."""


class _Embedded(uvicorn.Server):
    """uvicorn without its signal handlers: who embeds it decides when it stops."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the process's signals alone."""
        yield


class WebServer:
    """Serves `app` on `host` and `port` (0: any free port; `port` then says which).

    Listens from the moment it is made; raises SetupError where it cannot.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        # It would write down whole addresses, and a link's token is in them; `access` does it without.
        # uvicorn's own option is not enough: it logs all the same where somebody gave that logger a handler.
        logging.getLogger("uvicorn.access").disabled = True
        self._server = _Embedded(
            uvicorn.Config(
                app,
                access_log=False,
                log_config=None,
                lifespan="off",
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_graceful_shutdown=FINISH_WITHIN,
            )
        )

    async def run(self) -> None:
        """Serve until `stop` is called; requests under way are finished first."""
        try:
            await self._server.serve([self._socket])
        finally:
            self._socket.close()

    async def stop(self) -> None:
        """Take no more requests in. Safe to call at any time, also before `run`."""
        self._server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        raise SetupError(
            f"The web cannot listen on port {port} of {host}: {error.strerror}.",
            "Stop what listens there, or set WEB__HOST and WEB__PORT.",
        ) from error
