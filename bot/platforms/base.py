"""What must a chat service be able to do?"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from bot.models import IncomingQuestion, Offer, PlatformName, Receipt, Reply, SharedFile

Ask = Callable[[IncomingQuestion], Awaitable[None]]
"""Take a question in. Returns when it was answered and posted (by `Platform.post`), or dropped; never raises."""


class Platform(Protocol):
    """A chat service: turns its events into questions for `ask`, and posts replies."""

    name: PlatformName

    async def run(self, ask: Ask) -> None:
        """Connect and take questions in until `stop` is called; questions under way are finished first.

        Raises PlatformRefused where trying again cannot help (a wrong token).
        """
        ...

    async def stop(self) -> None:
        """Take no more questions in, finish those under way, disconnect. Safe to call at any time."""
        ...

    async def post(self, question: IncomingQuestion, reply: Reply, *, again: bool = False) -> str:
        """Post `reply` where `question` was asked and return the message's id.

        `again` says that an earlier try may have reached the platform: look for that message first (or use the
        platform's own idempotency) and return its id instead of posting a second one.
        Raises PlatformRefused where the message cannot be posted.
        """
        ...

    @property
    def connected(self) -> bool:
        """Whether events can arrive just now."""
        ...


class TakesFiles(Protocol):
    """A chat service in which people share files."""

    name: PlatformName

    async def fetch(self, file: SharedFile, into: Path, at_most: int) -> None:
        """Write the bytes of `file` to `into`, `at_most` of them.

        Raises FileRefused where there is no having them: too many, deleted, kept elsewhere. An outage is raised as
        it is.
        """
        ...

    async def acknowledge(self, offer: Offer, receipt: Receipt, *, again: bool = False) -> str:
        """Post `receipt` where `offer` was made and return the message's id; as `Platform.post` otherwise."""
        ...
