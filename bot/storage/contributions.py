"""Which memos came from chat, who added them, and was that undone?

A contribution and the memos that it brings are written in one transaction, and so is undoing it: whatever happens,
the record says what the library holds.
"""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Entry, Fate, Frozen, Offer, Receipt
from bot.storage.corpus import lock_corpus
from bot.storage.corrections import Correction, MemoKey, keep
from bot.storage.database import Database
from bot.storage.memos import IS_CURRENT, MemoStore, rows_of
from bot.storage.offers import is_offer, offer_in, receipt_in
from bot.storage.tables import CONTRIBUTIONS, MEMO_VERSIONS, OFFERS
from retrieval import Memo


class Contribution(Frozen):
    """One offered file, the versions of memos that it brought, and whether that was undone.

    `came` is when they came: the former versions went at that same moment. `contributor` is "slack:U0123".
    """

    contribution_id: str
    memos: tuple[MemoKey, ...]
    entry: Entry
    contributor: str
    came: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None


class Standing(NamedTuple):
    """A contribution with the offer that it was part of, and what is said to that."""

    contribution: Contribution
    offer: Offer
    receipt: Receipt


class Arrival(NamedTuple):
    """How a memo arrived: added, a new version, already there (`memo_id` is whose), or not added at all.

    `title` is that of the former version, or of the memo that is there already.
    """

    fate: Fate
    memo_id: str
    title: str | None = None


class Change(Enum):
    """What came of undoing or correcting a contribution."""

    DONE = "done"
    UNDONE_BEFORE = "somebody undid it before"
    CHANGED = "its memo changed since"
    FORGOTTEN = "the former version is not kept any more"


class ContributionStore:
    """Offered files that became memos."""

    def __init__(self, database: Database, memos: MemoStore) -> None:
        self._database, self._memos = database, memos

    async def add(  # noqa: PLR0913 - what is known about one offered file
        self,
        offer: Offer,
        memos: Sequence[Memo],
        *,
        contribution_id: str,
        contributor: str,
        tell: Callable[[Arrival], Entry],
        now: datetime,
        visible: Collection[str] | None = None,
    ) -> Entry:
        """Make `memos` current (the file's own first), and write down who brought them; `tell` says what came of it.

        The same bytes again change nothing, nor does an id that a memo outside of `visible` has (ids of memos; None:
        all). Where an earlier try did it, what that said is returned.
        """
        rows = await rows_of(memos, now)
        async with self._database.write() as connection:
            await lock_corpus(self._database, connection)
            earlier = await _row_of(connection, contribution_id)
            if earlier is not None:
                return Entry.model_validate_json(earlier.entry)
            arrival = await _arrival(connection, memos, visible)
            entry = tell(arrival)
            if arrival.fate not in (Fate.ADDED, Fate.NEW_VERSION):
                return entry
            changes = await self._memos.change(connection, rows, (), now)
            came = {*changes.added, *changes.changed}
            row = {
                "contribution_id": contribution_id,
                "offer_id": await connection.scalar(select(OFFERS.c.id).where(is_offer(offer))),
                "file": entry.file,
                "memos": json.dumps([(memo.id, memo.sha256) for memo in memos if memo.id in came]),
                "entry": entry.model_dump_json(),
                "contributor": contributor,
                "came": now,
            }
            await connection.execute(insert(CONTRIBUTIONS), row)
        return entry

    async def undo(self, contribution: Contribution, by: str, now: datetime) -> Change:
        """Take out the versions that it brought, and put back the former ones; all of it, or nothing."""
        mine = CONTRIBUTIONS.c.contribution_id == contribution.contribution_id
        async with self._database.write() as connection:
            await lock_corpus(self._database, connection)
            if trouble := await _trouble(connection, contribution, contribution.memos):
                return trouble
            former = await _former(connection, contribution)
            if contribution.entry.fate is Fate.NEW_VERSION and not former:
                return Change.FORGOTTEN
            ids = {key.memo_id for key in contribution.memos}
            await self._memos.change(connection, await rows_of(former, now), ids, now)
            await connection.execute(update(CONTRIBUTIONS).where(mine).values(undone_at=now, undone_by=by))
        return Change.DONE

    async def correct(self, contribution: Contribution, correction: Correction) -> Change:
        """Keep `correction`, which is about one of its memos, and make that memo known by it."""
        async with self._database.write() as connection:
            await lock_corpus(self._database, connection)
            if trouble := await _trouble(connection, contribution, [correction.key]):
                return trouble
            await keep(self._database, connection, correction)
            body = select(MEMO_VERSIONS.c.body).where(
                IS_CURRENT, MEMO_VERSIONS.c.memo_id == correction.key.memo_id
            )
            memo = Memo.model_validate_json(await connection.scalar(body) or "")
            rows = await rows_of([memo], correction.corrected_at)  # `change` applies what was just kept
            await self._memos.change(connection, rows, (), correction.corrected_at)
        return Change.DONE

    async def standing(self, contribution_id: str) -> Standing | None:
        """The contribution of that id and what was said of it; None where there is none, or nothing was said yet."""
        wanted = select(CONTRIBUTIONS, OFFERS).join(OFFERS)
        wanted = wanted.where(CONTRIBUTIONS.c.contribution_id == contribution_id)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).first()
        receipt = None if row is None else receipt_in(row)
        if row is None or receipt is None:
            return None
        return Standing(_contribution(row), offer_in(row), receipt)

    async def say(self, offer: Offer, entry: Entry) -> Receipt | None:
        """Put `entry` in the place of the one about the same contribution; returns the whole as it now is."""
        async with self._database.write() as connection:
            asked = select(OFFERS).where(is_offer(offer)).with_for_update()
            row = (await connection.execute(asked)).first()
            receipt = None if row is None else receipt_in(row)
            if receipt is None:
                return None
            entries = tuple(
                entry if one.contribution_id == entry.contribution_id else one for one in receipt.entries
            )
            said = receipt.model_copy(update={"entries": entries})
            saying = update(OFFERS).where(is_offer(offer)).values(receipt=said.model_dump_json())
            await connection.execute(saying)
        return said


async def _row_of(connection: AsyncConnection, contribution_id: str) -> Any:
    wanted = select(CONTRIBUTIONS).where(CONTRIBUTIONS.c.contribution_id == contribution_id)
    return (await connection.execute(wanted)).first()


async def _trouble(
    connection: AsyncConnection, contribution: Contribution, keys: Sequence[MemoKey]
) -> Change | None:
    """Why the versions `keys` of a contribution cannot be touched any more; None where they can."""
    row = await _row_of(connection, contribution.contribution_id)
    if row is None or row.undone_at is not None:
        return Change.UNDONE_BEFORE
    current = await _current(connection, [key.memo_id for key in keys])
    return Change.CHANGED if any(current.get(key.memo_id) != key.sha256 for key in keys) else None


async def _arrival(
    connection: AsyncConnection, memos: Sequence[Memo], visible: Collection[str] | None
) -> Arrival:
    """How the first of `memos` would arrive, as the library stands."""
    own = memos[0]
    twins = [
        row for row in await _lines(connection, MEMO_VERSIONS.c.sha256 == own.sha256) if _seen(row, visible)
    ]
    if twins:
        twin = min(twins, key=lambda row: (row.memo_id != own.id, row.memo_id))
        return Arrival(Fate.ALREADY_THERE, twin.memo_id, twin.title)
    theirs = await _lines(connection, MEMO_VERSIONS.c.memo_id.in_([memo.id for memo in memos]))
    if not all(_seen(row, visible) for row in theirs):
        return Arrival(Fate.NOT_ADDED, own.id)
    former = next((row for row in theirs if row.memo_id == own.id), None)
    return Arrival(Fate.NEW_VERSION if former else Fate.ADDED, own.id, former.title if former else None)


def _seen(row: Any, visible: Collection[str] | None) -> bool:
    return visible is None or row.memo_id in visible


async def _lines(connection: AsyncConnection, where: ColumnElement[bool]) -> Sequence[Any]:
    columns = MEMO_VERSIONS.c.memo_id, MEMO_VERSIONS.c.title
    return (await connection.execute(select(*columns).where(IS_CURRENT, where))).all()


async def _current(connection: AsyncConnection, memo_ids: Sequence[str]) -> dict[str, str]:
    """The file hashes of current memos, by id."""
    columns = MEMO_VERSIONS.c.memo_id, MEMO_VERSIONS.c.sha256
    wanted = select(*columns).where(IS_CURRENT, MEMO_VERSIONS.c.memo_id.in_(memo_ids))
    return {row.memo_id: row.sha256 for row in await connection.execute(wanted)}


async def _former(connection: AsyncConnection, contribution: Contribution) -> list[Memo]:
    """The versions that went when those of the contribution came."""
    ids = [key.memo_id for key in contribution.memos]
    wanted = select(MEMO_VERSIONS.c.body).where(
        MEMO_VERSIONS.c.memo_id.in_(ids), MEMO_VERSIONS.c.went == contribution.came
    )
    return [Memo.model_validate_json(body) for body in await connection.scalars(wanted)]


def _contribution(row: Any) -> Contribution:
    return Contribution(
        contribution_id=row.contribution_id,
        memos=tuple(MemoKey(*key) for key in json.loads(row.memos)),
        entry=Entry.model_validate_json(row.entry),
        contributor=row.contributor,
        came=row.came,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )
