"""How does one talk to the bot without an account?"""

import asyncio
import contextlib
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from bot.digest import Digest, Item
from bot.models import Conversation, IncomingQuestion, PlatformName, Reply
from bot.platforms.base import Ask, Place, Press, SharedChannel
from bot.rendering import terminal
from bot.rendering.digests import terminal as digests

HERE = Conversation(platform=PlatformName.CONSOLE, channel="here")
GOODBYES = frozenset({"exit", "quit"})


class Console:
    """Takes a question a line from `lines` and shows each reply with `write` before it reads the next one.

    `lines` may block (a prompt does): it is read in a thread of its own. It ends the conversation, and so does `exit`.
    `colour` and `width` (columns) are those of the place that `write` writes to.
    """

    name = PlatformName.CONSOLE

    def __init__(
        self, lines: Iterable[str], write: Callable[[str], object], *, colour: bool = False, width: int = 80
    ) -> None:
        self._lines, self._write = iter(lines), write
        self._colour, self._width = colour, width
        self._stopped = asyncio.Event()
        self._posted = 0
        self._session = uuid.uuid4().hex
        self._running = False
        self._gone: OSError | None = None

    @property
    def connected(self) -> bool:
        """Whether a line that is typed now is read."""
        return self._running

    async def run(self, ask: Ask) -> None:
        """Answer line by line until the lines end, somebody says goodbye, or `stop` is called.

        Raises OSError where nothing can be written any more.
        """
        self._running = True
        try:
            async for number, line in self._until_goodbye():
                await ask(self._question(number, line))
        finally:
            self._running = False
        if self._gone:
            raise self._gone

    async def stop(self) -> None:
        """Read no more lines. The question under way is answered first."""
        self._stopped.set()

    async def post(self, question: IncomingQuestion, reply: Reply, *, again: bool = False) -> str:
        """Show `reply`. What was shown once is never shown `again`: a terminal loses nothing."""
        del question, again
        try:
            self._write(self._shown(reply))
        except OSError as gone:  # nobody reads any more: `run` ends with it
            self._gone = gone
            self._stopped.set()
            raise
        self._posted += 1
        return f"{self._session}-{self._posted}"

    async def post_digest(self, digest: Digest, *, again: bool = False) -> str:
        """Show a digest."""
        del again
        self._write(digests.digest(digest, colour=self._colour, width=self._width))
        self._posted += 1
        return f"{self._session}-{self._posted}"

    def left_out(self, digest: Digest) -> Collection[Item]:
        """Nothing: a terminal has room."""
        del digest
        return ()

    def take_presses(self, press: Press) -> None:
        """There is nothing to press: `unwatch` says the same."""
        del press

    async def preview(self, question: IncomingQuestion, digest: Digest) -> None:
        """Show a digest; there is nobody else."""
        del question
        self._write(digests.digest(digest, colour=self._colour, width=self._width))

    async def tell(self, person: str, said: str) -> None:
        """Show a line."""
        del person
        self._write(said)

    async def place(self, question: IncomingQuestion) -> Place:
        """Say that nobody reads along."""
        del question
        return Place(direct=True)

    async def shared_channels(self, question: IncomingQuestion) -> Collection[SharedChannel]:
        """There are no channels."""
        del question
        return ()

    async def roles(self, question: IncomingQuestion, among: Collection[str]) -> Collection[str]:
        """There are no groups."""
        del question, among
        return ()

    def _shown(self, reply: Reply) -> str:
        if reply.answer is not None:
            return terminal.answer(reply.answer, colour=self._colour, width=self._width)
        return reply.notice or ""

    def _question(self, number: int, line: str) -> IncomingQuestion:
        return IncomingQuestion(
            event_id=f"{self._session}-{number}",  # the library remembers events from earlier sessions too
            conversation=HERE,
            asker="you",
            text=line,
            asked_at=datetime.now(UTC),
        )

    async def _until_goodbye(self) -> AsyncIterator[tuple[int, str]]:
        number = 0
        while (line := await self._next_line()) is not None and line.strip().lower() not in GOODBYES:
            if line.strip():
                number += 1
                yield number, line.strip()

    async def _next_line(self) -> str | None:
        """The next line; None once there are no more or `stop` was called, even while a line is being waited for."""
        if self._stopped.is_set():
            return None
        line = _in_thread(self._lines)
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            both: list[asyncio.Future[Any]] = [line, stopped]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return line.result() if line.done() else None
        finally:
            stopped.cancel()
            line.cancel()


def _in_thread(lines: Iterator[str]) -> asyncio.Future[str | None]:
    """The next of `lines`, None after the last.

    The thread is a daemon and not of the loop's pool: a prompt that nobody answers must not keep the program alive.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[str | None] = loop.create_future()

    def settle(line: str | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(line)
        else:
            future.set_exception(error)

    def read() -> None:
        line, error = None, None
        try:
            line = next(lines, None)
        except BaseException as raised:  # noqa: BLE001 - handed to the awaiting side
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits for this line any more
            loop.call_soon_threadsafe(settle, line, error)

    threading.Thread(target=read, name="console", daemon=True).start()
    return future
