"""Which way does an offered file go, from the platform's event to the posted receipt, and what if that way is cut?

As for questions, each step is written down before the next begins, and a claim is a lease: claimed, each file added
(or not), reported, then posted or lost. A process that dies leaves an offer that another takes up; files that were
added by then are found as added, so that each is added once, and there is one receipt.
"""

import asyncio
import re
import traceback
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import aiohttp

from bot.access import Access
from bot.contributions.correcting import Pressing
from bot.contributions.rooms import Chat, NoRoom, Room, Rooms, person_of
from bot.contributions.understanding import entry_of, refused, understand
from bot.errors import BotError, DatabaseTrouble, FileRefused, PlatformRefused
from bot.library import Library
from bot.models import Entry, Fate, Offer, PlatformName, Receipt, SharedFile
from bot.observability import DROPPED, OFFERED, POSTS, bound, log
from bot.rendering.receipts import wording
from bot.storage import Arrival, Store, UnfinishedOffer
from retrieval import Memo

LEASE = timedelta(minutes=5)
"""Renewed after each file: fetching and reading one, with all limits used up, takes less."""
FOR_POSTING = 0.9
MOST_TRIES = 5
MOST_TRIES_TO_POST = 30
MOST_FILES = 10
"""Files of one message that are read."""

SEEN_BEFORE = "seen before"
_OFFERS = UUID("a3b7c6f4-3d0e-4f0c-9a7e-54f2f5b7a9d1")
_NOT_STORABLE = re.compile(r"[\0\ud800-\udfff]")
_OUTAGES = (aiohttp.ClientError, OSError, TimeoutError)


class Contributions:
    """Takes offers in from any platform, and sees to it that each file is added once and each offer answered once.

    `direct_collection` is where memos go that are added in a direct message ("": nowhere in particular). `now` is the
    clock; `lease` is how long another process waits before it takes an offer over. `pressing` is for the buttons
    under the receipts.
    """

    def __init__(  # noqa: PLR0913 - each is a part or a setting of its own
        self,
        library: Library,
        store: Store,
        access: Access,
        *,
        now: Callable[[], datetime],
        direct_collection: str = "",
        lease: timedelta = LEASE,
    ) -> None:
        self._library, self._access = library, access
        self._kept, self._contributions = store.offers, store.contributions
        self._now, self._lease = now, lease
        self._rooms = Rooms(access, direct_collection)
        self._turn = asyncio.Semaphore(1)  # reading is work for a whole core
        self.pressing = Pressing(library, store, access, now)

    async def take_in(self, platform: Chat, offer: Offer) -> None:
        """Add what is offered and post what came of it. Returns when that is done; never raises."""
        with bound(offer_id=offer.event_id, platform=platform.name.value):
            try:
                await self._take_in(platform, _cleaned(offer))
            except Exception as error:  # noqa: BLE001 - a platform's own loop must not end by one offer
                _log_failure(error)

    async def recover(self, platform: Chat) -> int:
        """Finish what another process, or an earlier one, began and left; returns how many were taken over.

        Raises DatabaseTrouble where they cannot be looked up.
        """
        left = await self._kept.unfinished(platform.name, self._now(), self._until())
        for one in left:
            with bound(offer_id=one.offer.event_id, platform=platform.name.value):
                try:
                    await self._finish(platform, one)
                except Exception as error:  # noqa: BLE001 - the others are finished all the same
                    _log_failure(error)
        return len(left)

    async def _take_in(self, platform: Chat, offer: Offer) -> None:
        log.info("offer_received", files=len(offer.files))
        try:
            is_new = await self._kept.claim(offer, self._now(), self._until())
        except DatabaseTrouble as trouble:  # nothing is known about it, but somebody waits
            log.error("offer_failed", error=str(trouble))
            receipt = Receipt(receipt_id=_id(offer, "receipt"), notice=wording.NOTHING_ADDED)
            await self._post(platform, offer, receipt)
            return
        if not is_new:
            DROPPED.labels(platform.name.value, SEEN_BEFORE).inc()
            log.info("offer_dropped", reason=SEEN_BEFORE)
            return
        await self._hand_over(platform, offer, await self._receipt(platform, offer))

    async def _finish(self, platform: Chat, left: UnfinishedOffer) -> None:
        if left.tries > (MOST_TRIES_TO_POST if left.receipt else MOST_TRIES):
            await self._lose(platform, left.offer, f"given up after {left.tries - 1} tries")
            return
        receipt = left.receipt or await self._receipt(platform, left.offer)
        await self._hand_over(platform, left.offer, receipt, again=True)

    async def _receipt(self, platform: Chat, offer: Offer) -> Receipt:
        """Add the files of `offer`, one after the other; what came of each."""
        receipt_id = _id(offer, "receipt")
        await self._library.refresh()  # what another process added a moment ago counts too
        room = await self._rooms.of(platform, offer)
        if isinstance(room, NoRoom):
            DROPPED.labels(platform.name.value, room.reason).inc()
            log.info("offer_dropped", reason=room.reason, by=person_of(offer))
            return Receipt(receipt_id=receipt_id, notice=room.said)
        entries = []
        for place, file in enumerate(offer.files[:MOST_FILES]):
            entries.append(await self._entry(platform, offer, file, _id(offer, str(place)), room))
            await self._kept.renew(offer, self._until())
        await self._library.refresh()
        left_out = len(offer.files) - len(entries)
        notice = wording.files_left_out(left_out, MOST_FILES) if left_out else None
        return Receipt(receipt_id=receipt_id, entries=tuple(entries), notice=notice)

    async def _entry(
        self, platform: Chat, offer: Offer, file: SharedFile, contribution_id: str, room: Room
    ) -> Entry:
        """Add one file; what came of it. Whatever goes wrong with it, the others are added."""
        try:
            entry = await self._added(platform, offer, file, contribution_id, room)
        except FileRefused as why:
            entry = refused(file, contribution_id, str(why))
        except DatabaseTrouble as trouble:
            log.error("offer_failed", error=str(trouble))
            entry = refused(file, contribution_id, wording.NOTHING_ADDED)
        except (*_OUTAGES, BotError) as trouble:
            log.warning("file_out_of_reach", error=type(trouble).__name__)
            entry = refused(file, contribution_id, wording.OUT_OF_REACH)
        except Exception as error:  # noqa: BLE001 - who shared it is told, and the log has it
            _log_failure(error)
            entry = refused(file, contribution_id, wording.NOTHING_ADDED)
        OFFERED.labels(platform.name.value, entry.fate.value).inc()
        return entry

    async def _added(
        self, platform: Chat, offer: Offer, file: SharedFile, contribution_id: str, room: Room
    ) -> Entry:
        person = person_of(offer)
        async with self._turn:
            understood = await understand(platform, file, self._library.limits)
        entry = entry_of(understood, file, contribution_id, room.collections if room.divided else None)

        def tell(arrival: Arrival) -> Entry:
            if arrival.fate is Fate.NOT_ADDED:
                return refused(file, contribution_id, wording.ANOTHERS_ID)
            if arrival.fate is Fate.ALREADY_THERE:
                return entry.model_copy(update={"fate": arrival.fate, "title": arrival.title or entry.title})
            return entry.model_copy(update={"fate": arrival.fate, "former": arrival.title})

        said = await self._contributions.add(
            offer,
            understood.memos,
            contribution_id=contribution_id,
            contributor=person,
            tell=tell,
            now=self._now(),
            visible=room.visible,
        )
        if said.fate in (Fate.ADDED, Fate.NEW_VERSION):
            await self._collect(understood.memos, room, person)
        ids = [memo.id for memo in understood.memos]
        log.info("memo_contributed", fate=said.fate.value, memos=ids, by=person, contribution=contribution_id)
        return said

    async def _collect(self, memos: Collection[Memo], room: Room, person: str) -> None:
        for memo in memos:
            if room.collections:
                await self._access.collect(memo.id, room.collections, person)

    async def _hand_over(
        self, platform: Chat, offer: Offer, receipt: Receipt, *, again: bool = False
    ) -> None:
        """Write the receipt down, then post it. What cannot be written down is posted all the same."""
        try:
            await self._kept.reported(offer, receipt, self._now(), self._until())
        except DatabaseTrouble as trouble:
            log.error("offer_failed", error=str(trouble))
        await self._post(platform, offer, receipt, again=again)

    async def _post(self, platform: Chat, offer: Offer, receipt: Receipt, *, again: bool = False) -> None:
        try:
            async with asyncio.timeout(FOR_POSTING * self._lease.total_seconds()):
                message_id = await platform.acknowledge(offer, receipt, again=again)
        except PlatformRefused as why:
            await self._lose(platform, offer, str(why))
        except Exception as error:  # noqa: BLE001 - whatever it is, the lease runs out and it is tried again
            POSTS.labels(platform.name.value, "delayed").inc()
            log.warning("receipt_delayed", receipt_id=receipt.receipt_id, error=type(error).__name__)
        else:
            POSTS.labels(platform.name.value, "posted").inc()
            log.info("receipt_posted", receipt_id=receipt.receipt_id)
            await self._kept.posted(offer, message_id, self._now())

    async def _lose(self, platform: Chat, offer: Offer, reason: str) -> None:
        POSTS.labels(platform.name.value, "lost").inc()
        log.error("receipt_lost", reason=reason)
        await self._kept.lost(offer, reason, self._now())

    def _until(self) -> datetime:
        return self._now() + self._lease


def _id(offer: Offer, what: str) -> str:
    """The id of something about an offer: 16 hexadecimal digits, the same each time the offer is taken up."""
    platform: PlatformName = offer.conversation.platform
    return uuid5(_OFFERS, f"{platform.value}:{offer.event_id}:{what}").hex[:16]


def _cleaned(offer: Offer) -> Offer:
    """The offer without what no database takes (NUL, half characters)."""
    files = tuple(
        file.model_copy(update={"name": _NOT_STORABLE.sub("\ufffd", file.name)}) for file in offer.files
    )
    return offer.model_copy(update={"text": _NOT_STORABLE.sub("\ufffd", offer.text).strip(), "files": files})


def _log_failure(error: BaseException) -> None:
    """Log where in the code it went wrong; what the error says may repeat the file."""
    log.error(
        "offer_failed",
        error=type(error).__name__,
        where="".join(traceback.format_tb(error.__traceback__)),
    )
