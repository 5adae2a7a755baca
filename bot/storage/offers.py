"""Which files were offered as memos, by whom, and how far did each offer get?"""

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, select, update

from bot.models import Conversation, Offer, PlatformName, Receipt, SharedFile
from bot.storage.database import Database
from bot.storage.tables import OFFERS


class UnfinishedOffer(NamedTuple):
    """An offer that was claimed and not finished: its receipt, if it got that far, and which try this is (from 2)."""

    offer: Offer
    receipt: Receipt | None
    tries: int


class OfferStore:
    """Offers by their platform's event id: claimed, reported, then posted or lost.

    A claim is a lease, as for questions: whoever claims must finish until then, or another may take the offer over.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, offer: Offer, now: datetime, until: datetime) -> bool:
        """Take the offer until `until`; False where anybody, in any process, took it before."""
        claiming = self._database.insert_or_skip(OFFERS).returning(OFFERS.c.id)
        row = _row(offer) | {"claimed_at": now, "claimed_until": until, "tries": 1}
        async with self._database.write() as connection:
            return (await connection.execute(claiming, row)).first() is not None

    async def renew(self, offer: Offer, until: datetime) -> None:
        """Keep the offer until `until`: it is still being worked on."""
        await self._set(offer, claimed_until=until)

    async def reported(self, offer: Offer, receipt: Receipt, now: datetime, until: datetime) -> None:
        """Save the receipt, and renew the lease for posting it."""
        await self._set(offer, reported_at=now, receipt=receipt.model_dump_json(), claimed_until=until)

    async def posted(self, offer: Offer, message_id: str, now: datetime) -> None:
        """The receipt stands in the conversation as `message_id`."""
        await self._set(offer, finished_at=now, message_id=message_id, reply_token=None)

    async def lost(self, offer: Offer, reason: str, now: datetime) -> None:
        """There will be no receipt, because of `reason`."""
        await self._set(offer, finished_at=now, lost_because=reason, reply_token=None)

    async def unfinished(
        self, platform: PlatformName, now: datetime, until: datetime
    ) -> list[UnfinishedOffer]:
        """Take over, until `until`, the offers whose lease has run out; two who try at once share them out."""
        taking = (
            update(OFFERS)
            .where(
                OFFERS.c.platform == platform.value,
                OFFERS.c.finished_at.is_(None),
                OFFERS.c.claimed_until <= now,
            )
            .values(claimed_until=until, tries=OFFERS.c.tries + 1)
            .returning(OFFERS.c.id)
        )
        async with self._database.write() as connection:
            mine = (await connection.scalars(taking)).all()
            found = select(OFFERS).where(OFFERS.c.id.in_(mine)).order_by(OFFERS.c.id)
            rows = (await connection.execute(found)).all()
        return [UnfinishedOffer(offer_in(row), receipt_in(row), row.tries) for row in rows]

    async def _set(self, offer: Offer, **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(OFFERS).where(is_offer(offer)).values(**values))


def is_offer(offer: Offer) -> ColumnElement[bool]:
    """Whether a row of OFFERS is that of `offer`."""
    return (OFFERS.c.platform == offer.conversation.platform.value) & (OFFERS.c.event_id == offer.event_id)


def offer_in(row: Row[Any]) -> Offer:
    """The offer in a row of OFFERS."""
    return Offer(
        event_id=row.event_id,
        conversation=Conversation(
            platform=row.platform, workspace=row.workspace, channel=row.channel, thread=row.thread
        ),
        asker=row.asker,
        text=row.text,
        asked_at=row.asked_at,
        reply_token=row.reply_token,
        files=tuple(SharedFile.model_validate(one) for one in json.loads(row.files)),
    )


def receipt_in(row: Row[Any]) -> Receipt | None:
    """The receipt in a row of OFFERS; None where it did not get that far."""
    return Receipt.model_validate_json(row.receipt) if row.receipt else None


def _row(offer: Offer) -> dict[str, Any]:
    return {
        "event_id": offer.event_id,
        "platform": offer.conversation.platform.value,
        "workspace": offer.conversation.workspace,
        "channel": offer.conversation.channel,
        "thread": offer.conversation.thread,
        "asker": offer.asker,
        "text": offer.text,
        "files": json.dumps([file.model_dump() for file in offer.files]),
        "asked_at": offer.asked_at,
        "reply_token": offer.reply_token,
    }
