"""What must a chat service be able to do?"""

from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from bot.digest import Digest, Item
from bot.models import Conversation, IncomingQuestion, Offer, PlatformName, Receipt, Reply, SharedFile

Ask = Callable[[IncomingQuestion], Awaitable[None]]
"""Take a question in. Returns when it was answered and posted (by `Platform.post`), or dropped; never raises."""


class Place(NamedTuple):
    """What is known of where a question was asked: between its asker and the bot alone (`direct`)?

    `outside`: people of other organisations read along, or ask. `guest`: the asker is a guest of the team.
    """

    direct: bool
    outside: bool = False
    guest: bool = False


class SharedChannel(NamedTuple):
    """A channel that the asker and the bot are both in, by its key (slack:T0123/C0123); `outside` as in Place."""

    key: str
    outside: bool = False


class Membership(Protocol):
    """What a chat service knows of its people. What was looked up may be a minute old.

    All of it raises PlaceUnknown where it cannot be found out: then nothing may be answered.
    """

    async def place(self, question: IncomingQuestion) -> Place:
        """Who reads along where `question` was asked?"""
        ...

    async def shared_channels(self, question: IncomingQuestion) -> Collection[SharedChannel]:
        """The channels that the asker of `question` and the bot are both in."""
        ...

    async def roles(self, question: IncomingQuestion, among: Collection[str]) -> Collection[str]:
        """Those of the groups `among` (by key: slack:T0123/S0123, discord:GUILD/ROLE) that the asker is in."""
        ...


class Platform(Membership, Protocol):
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


class TopicPress(NamedTuple):
    """Somebody pressed "unwatch" or "less" (like this) under what is new for a topic, or "why" under a digest.

    `topic_id` is the topic's id; of "why" it is the digest's.
    """

    action: Literal["unwatch", "less", "why"]
    topic_id: str
    conversation: Conversation
    asker: str


Press = Callable[[TopicPress], Awaitable[str]]
"""Do what a button says; returns what is said to whoever pressed it. Never raises."""


@runtime_checkable
class PostsDigests(Membership, Protocol):
    """A chat service that digests are posted to."""

    name: PlatformName

    async def post_digest(self, digest: Digest, *, again: bool = False) -> str:
        """Post `digest` in its conversation and return the message's id; as `Platform.post` otherwise.

        Raises PlatformRefused where it can never be posted there: the channel is gone, or has removed the bot.
        """
        ...

    def left_out(self, digest: Digest) -> Collection[Item]:
        """The items of `digest` that its message has no room for."""
        ...

    async def preview(self, question: IncomingQuestion, digest: Digest) -> None:
        """Show a digest to the asker of `question` alone. Raises PlatformRefused where that cannot be done."""
        ...

    def take_presses(self, press: Press) -> None:
        """Hand presses of the buttons under a digest's topics to `press` from now on."""
        ...

    async def tell(self, person: str, said: str) -> None:
        """Send a person a line of their own, best effort; raises nothing for a person who cannot be reached."""
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
