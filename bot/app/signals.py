"""When is the process asked to stop, and when to stop at once?"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from bot.observability import log


class Stopping:
    """`asked` is set by the first SIGTERM or SIGINT, `hurry` by the second."""

    def __init__(self) -> None:
        self.asked, self.hurry = asyncio.Event(), asyncio.Event()

    def ask(self, why: str) -> None:
        """Ask to stop; asked again, to stop at once."""
        log.info("stop_asked", why=why, again=self.asked.is_set())
        (self.hurry if self.asked.is_set() else self.asked).set()

    @classmethod
    @contextmanager
    def on_signals(cls) -> Iterator["Stopping"]:
        """Listen to the signals for as long as the block runs."""
        loop, stopping, heard = asyncio.get_running_loop(), cls(), []
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, stopping.ask, number.name)
                heard.append(number)
            except (NotImplementedError, ValueError, RuntimeError) as why:
                # Windows, or a loop outside the main thread: Ctrl-C still ends the program, less gently.
                log.debug("signal_not_heard", signal=number.name, why=str(why))
        try:
            yield stopping
        finally:
            for number in heard:
                loop.remove_signal_handler(number)
