"""What happens when somebody presses a button under a receipt: undo, or correct title and date?"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.access import Access
from bot.library import Library
from bot.models import Entry, Fate, Offer, Receipt
from bot.observability import log
from bot.rendering.labels import one_line
from bot.rendering.receipts import wording
from bot.storage import Change, Correction, Standing, Store

BUTTONS_LAST = timedelta(days=7)
LONGEST_TITLE = 300
"""Characters, in the form and of a corrected title."""

_SAID = {
    Change.UNDONE_BEFORE: wording.UNDONE_BEFORE,
    Change.CHANGED: wording.CHANGED_SINCE,
    Change.FORGOTTEN: wording.FORGOTTEN,
}


class Form(NamedTuple):
    """What stands in the form for correcting a memo before anybody changes it."""

    contribution_id: str
    title: str
    published: date | None


class Pressed(NamedTuple):
    """What came of a press: a line for who pressed, alone ("": none), and what the message shows from now on.

    `receipt` is None where the message stays as it is; `offer` is what it answers, where that is known.
    """

    said: str = ""
    offer: Offer | None = None
    receipt: Receipt | None = None


class Pressing:
    """Undoes and corrects what came from chat, for those who may add memos, for some days. `now` is the clock."""

    def __init__(self, library: Library, store: Store, access: Access, now: Callable[[], datetime]) -> None:
        self._library, self._kept, self._access, self._now = library, store.contributions, access, now

    async def form(self, contribution_id: str, presser: str) -> Form | Pressed:
        """The form that corrects what `presser` (the platform's user id) points at, or why there is none."""
        standing = await self._standing(contribution_id, presser)
        if isinstance(standing, Pressed):
            return standing
        entry = _entry(standing)
        return Form(contribution_id, one_line(entry.title)[:LONGEST_TITLE], entry.published)

    async def undo(self, contribution_id: str, presser: str) -> Pressed:
        """Take out the versions that the file brought and put the former ones back."""
        standing = await self._standing(contribution_id, presser)
        if isinstance(standing, Pressed):
            return standing
        person = _person(standing, presser)
        change = await self._kept.undo(standing.contribution, person, self._now())
        if change is not Change.DONE:
            return _unchanged(standing, change)
        log.info("contribution_undone", contribution=contribution_id, by=person)
        await self._release(standing, person)
        return await self._show(standing, _entry(standing).model_copy(update={"fate": Fate.UNDONE}))

    async def correct(
        self, contribution_id: str, presser: str, title: str, published: date | None
    ) -> Pressed:
        """Let the memo be known by this title and this date (None: it has none), whatever is read from its file."""
        standing = await self._standing(contribution_id, presser)
        if isinstance(standing, Pressed):
            return standing
        title = one_line(title)[:LONGEST_TITLE]
        entry = _entry(standing)
        if not title:
            return Pressed(wording.NO_TITLE, standing.offer)
        as_shown = one_line(entry.title)[:LONGEST_TITLE]
        if (title, published) == (as_shown, entry.published):
            return Pressed(wording.NOTHING_NEW, standing.offer)
        said = entry.title if title == as_shown else title  # a title longer than the form is not cut by it
        person, key = _person(standing, presser), standing.contribution.memos[0]
        correction = Correction(key, said, published, person, self._now())
        change = await self._kept.correct(standing.contribution, correction)
        if change is not Change.DONE:
            return _unchanged(standing, change)
        log.info("contribution_corrected", contribution=contribution_id, memo=key.memo_id, by=person)
        news = {"title": said, "published": published, "corrected": True}
        return await self._show(standing, entry.model_copy(update=news))

    async def _standing(self, contribution_id: str, presser: str) -> Standing | Pressed:
        """How the contribution stands, where `presser` may change it and it can still be changed."""
        standing = await self._kept.standing(contribution_id)
        if standing is None:
            return Pressed(wording.UNKNOWN_CONTRIBUTION)
        person = _person(standing, presser)
        if not self._access.may_manage(standing.offer.model_copy(update={"asker": presser})):
            log.info("press_refused", reason="not allowed", by=person)
            return Pressed(wording.not_allowed(person), standing.offer)
        if self._now() - standing.contribution.came > BUTTONS_LAST:
            return Pressed(wording.expired(BUTTONS_LAST.days), standing.offer)
        if standing.contribution.undone_at is not None:
            return _unchanged(standing, Change.UNDONE_BEFORE)
        return standing

    async def _release(self, standing: Standing, person: str) -> None:
        """Take what was added out of its collections: another memo of that id must not turn up in them."""
        entry = standing.contribution.entry
        if entry.fate is Fate.ADDED and entry.collections:
            for memo_id, _ in standing.contribution.memos:
                await self._access.collect(memo_id, entry.collections, person, belongs=False)

    async def _show(self, standing: Standing, entry: Entry) -> Pressed:
        receipt = await self._kept.say(standing.offer, entry)
        await self._library.refresh()
        return Pressed("", standing.offer, receipt)


def _unchanged(standing: Standing, change: Change) -> Pressed:
    """Nothing was changed; the message is shown anew, since its buttons told another story."""
    said = _SAID[change]
    if change is Change.FORGOTTEN:
        said = f"{said} {standing.contribution.memos[0].memo_id}"
    return Pressed(said, standing.offer, standing.receipt)


def _entry(standing: Standing) -> Entry:
    """What is said of the contribution now."""
    mine = standing.contribution.contribution_id
    told = (entry for entry in standing.receipt.entries if entry.contribution_id == mine)
    return next(told, standing.contribution.entry)


def _person(standing: Standing, presser: str) -> str:
    return f"{standing.offer.conversation.platform.value}:{presser}"
