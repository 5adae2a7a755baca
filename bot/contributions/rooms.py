"""May a file be added here, into which collections, and which memos may be spoken of?"""

from collections.abc import Collection
from typing import NamedTuple, Protocol, runtime_checkable

from bot.access import Access, Allowed, Refused, Standing, View, channel_key, collection_name
from bot.errors import SetupError
from bot.models import IncomingQuestion, Offer
from bot.platforms.base import Membership, TakesFiles
from bot.rendering.receipts import wording


@runtime_checkable
class Chat(TakesFiles, Membership, Protocol):
    """A chat service that takes files and knows who may read along."""


class Room(NamedTuple):
    """Where memos go that are added in a conversation.

    `visible` are the ids of the memos that it may hear of; None: all. `divided`: not everybody sees the same.
    """

    collections: tuple[str, ...] = ()
    visible: Collection[str] | None = None
    divided: bool = True


class NoRoom(NamedTuple):
    """Nothing is added: why, in a word for the log, and the one line that is said."""

    reason: str
    said: str


class Rooms:
    """Where what is offered may go. `direct_collection` is for direct messages ("": nowhere in particular).

    Raises SetupError where that names no collection.
    """

    def __init__(self, access: Access, direct_collection: str) -> None:
        self._access, self._direct = access, collection_name(direct_collection)
        if direct_collection and self._direct is None:
            raise SetupError(
                f"CONTRIBUTIONS__COLLECTION: {direct_collection!r} names no collection.",
                "A name is one word, or words with / between.",
            )

    async def of(self, platform: Chat, offer: Offer) -> Room | NoRoom:
        """The room for what `offer` holds. Raises DatabaseTrouble."""
        if not self._access.may_manage(offer):
            return NoRoom("not allowed", wording.not_allowed(person_of(offer)))
        if not offer.files:
            return NoRoom("no file", wording.no_file(platform.name))
        place = await self._access.place_of(offer, platform)
        if isinstance(place, Refused):
            return NoRoom(*place)
        view = await self._access.view_for(offer, platform)
        if isinstance(view, Refused):
            return NoRoom(*view)
        standing = await self._access.standing()
        if place.direct:
            return Room(
                (self._direct,) if self._direct else (),
                _visible(view),
                standing.divided or bool(self._direct),
            )
        return _channel_room(standing.seen_in(channel_key(offer.conversation)).allowed, view, standing)


def _channel_room(allowed: Allowed, view: View, standing: Standing) -> Room | NoRoom:
    """The channel's own collections; a channel that sees everything has none of its own."""
    if allowed.everything:
        return Room(divided=standing.divided)
    if not allowed.names:
        return NoRoom("not bound", wording.NOT_BOUND)
    return Room(tuple(sorted(allowed.names)), _visible(view))


def person_of(question: IncomingQuestion) -> str:
    """Who wrote it, as people are written down: slack:U0123."""
    return f"{question.conversation.platform.value}:{question.asker}"


def _visible(view: View) -> Collection[str] | None:
    return None if view.allowed.everything else frozenset(memo.id for memo in view.memos)
