"""May this be answered, and from which memos? The one place that decides who sees what."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from bot.access import wording
from bot.access.allowed import EVERYTHING, NOTHING, Allowed
from bot.access.names import asker_names, channel_key
from bot.access.rules import Rules
from bot.access.standing import Seen, Standing
from bot.access.view import View, collections_of
from bot.errors import PlaceUnknown
from bot.library import Library
from bot.models import IncomingQuestion, PlatformName
from bot.observability import log
from bot.platforms.base import Membership, Place
from bot.storage import Store
from retrieval import Index, Memo

PATIENCE = 20.0
"""Seconds that a platform may take to say who reads along."""
MOST_VIEWS = 64
"""Views kept, those used last; a view is made of the memos in a moment."""


class Refused(NamedTuple):
    """A question that is not answered: why, in a word for the log, and the one line that is said."""

    reason: str
    said: str


class Access:
    """Says what a conversation may see, by the settings (`rules`) and by what was said in chat and on the command line.

    Asked anew for every question: a binding holds from the next question on, in every process.
    """

    def __init__(self, library: Library, store: Store, rules: Rules, now: Callable[[], datetime]) -> None:
        self._library, self._collections, self._now = library, store.collections, now
        self.rules = rules
        self._known: tuple[tuple[int, ...], Standing] | None = None
        self._views: OrderedDict[Allowed, tuple[Standing, Index, View]] = OrderedDict()

    async def view_for(self, question: IncomingQuestion, who: Membership) -> View | Refused:
        """What the conversation that `question` was asked in may see; `who` knows its platform's people.

        Where it cannot be found out, nothing is answered. Raises DatabaseTrouble.
        """
        allowed = await self._allowed(question, who)
        return allowed if isinstance(allowed, Refused) else await self.view_of(allowed)

    async def view_in(self, channel: str) -> View:
        """What the channel of this key sees, whoever asks there."""
        return await self.view_of((await self.standing()).seen_in(channel).allowed)

    async def view_of(self, allowed: Allowed) -> View:
        """What somebody sees who may see so much, of the library as it stands now."""
        standing, index = await self.standing(), self._library.index
        kept = self._views.get(allowed)
        if kept is None or kept[0] is not standing or kept[1] is not index:
            # Off the event loop: there may be ten thousand memos.
            view = await asyncio.to_thread(View, allowed, standing.given, self._library.memos)
            self._views[allowed] = (standing, index, view)
            while len(self._views) > MOST_VIEWS:
                self._views.popitem(last=False)
            return view
        self._views.move_to_end(allowed)
        return kept[2]

    async def index(self, view: View) -> Index:
        """The index that `view` is answered from: it was made as if there were no other memos."""
        if view.allowed.everything:
            return self._library.index
        return await self._library.over(view.memos)

    async def may_read_on(self, first: Memo, second: Memo) -> bool:
        """Whether everybody who may see the first memo may see the second, too."""
        standing = await self.standing()
        if self.rules.direct == "channels" and standing.same_for_all:
            return True
        return collections_of(first, standing.given) <= collections_of(second, standing.given)

    async def standing(self) -> Standing:
        """How things stand now; read again only where anything was said since. Raises DatabaseTrouble."""
        version = await self._collections.version()
        if self._known is None or self._known[0] != version:
            self._known = version, Standing(self.rules, await self._collections.said())
        return self._known[1]

    def may_manage(self, question: IncomingQuestion) -> bool:
        """Whether its asker may say what a channel sees."""
        return not self.rules.managers.isdisjoint(asker_names(question))

    async def place_of(self, question: IncomingQuestion, who: Membership) -> Place | Refused:
        """Where `question` was asked; Refused where nothing at all is said there."""
        try:
            async with asyncio.timeout(PATIENCE):
                place = await who.place(question)
        except (PlaceUnknown, TimeoutError) as unknown:
            return _unknown(unknown)
        if place.outside and not self.rules.shared_channels:
            return Refused("shared_with_others", wording.SHARED)
        if place.guest and not self.rules.guests:
            return Refused("guest", wording.GUEST)
        return place

    async def bind(self, channel: str, allowed: Allowed | None, said_by: str) -> Seen:
        """Let the channel of this key see so much (None: unbind it); returns what it sees now. Logged, with who."""
        names = None if allowed is None else ["*"] if allowed.everything else sorted(allowed.names)
        await self._collections.bind(channel, names, said_by, self._now())
        log.info(
            "channel_bound" if names is not None else "channel_unbound",
            channel=channel,
            collections=names,
            by=said_by,
        )
        return (await self.standing()).seen_in(channel)

    async def collect(
        self, memo_id: str, names: Collection[str], said_by: str, *, belongs: bool = True
    ) -> None:
        """Put a memo into collections (or take it out of those that it was put into); it lasts. Logged, with who."""
        await self._collections.assign(memo_id, sorted(names), said_by, self._now(), belongs=belongs)
        log.info("memo_collected", memo=memo_id, collections=sorted(names), belongs=belongs, by=said_by)

    async def _allowed(self, question: IncomingQuestion, who: Membership) -> Allowed | Refused:
        if question.conversation.platform is PlatformName.CONSOLE:
            return EVERYTHING  # whoever sits at the machine has the database itself
        standing = await self.standing()
        if (
            self.rules.shared_channels
            and self.rules.guests
            and self.rules.direct == "channels"
            and standing.same_for_all
        ):
            return EVERYTHING  # nothing depends on who asks, and where
        place = await self.place_of(question, who)
        if isinstance(place, Refused):
            return place
        if not place.direct:
            return standing.seen_in(channel_key(question.conversation)).allowed
        return await self._allowed_directly(question, who, standing)

    async def _allowed_directly(
        self, question: IncomingQuestion, who: Membership, standing: Standing
    ) -> Allowed | Refused:
        """What the asker of a direct message may see."""
        if self.rules.direct == "nothing":
            return NOTHING
        if self.rules.direct == "channels" and standing.same_for_all:
            return EVERYTHING
        if not question.asker:
            return NOTHING  # a digest without a maker; a platform that is asked about nobody tells of the bot itself
        try:
            async with asyncio.timeout(PATIENCE):
                if self.rules.direct == "roles":
                    return _all_of(
                        self.rules.roles[key]
                        for key in await who.roles(question, frozenset(self.rules.roles))
                    )
                shared = await who.shared_channels(question)
        except (PlaceUnknown, TimeoutError) as unknown:
            return _unknown(unknown)
        seen = (one.key for one in shared if self.rules.shared_channels or not one.outside)
        return _all_of(standing.seen_in(key).allowed for key in seen)


def _all_of(many: Iterable[Allowed]) -> Allowed:
    union = NOTHING
    for allowed in many:
        union |= allowed
    return union


def _unknown(unknown: Exception) -> Refused:
    not_a_member = isinstance(unknown, PlaceUnknown) and unknown.not_a_member
    log.warning("place_unknown", error=str(unknown) or type(unknown).__name__)
    if not_a_member:
        return Refused("not_a_member", wording.NOT_A_MEMBER)
    return Refused("place_unknown", wording.CANNOT_TELL)
