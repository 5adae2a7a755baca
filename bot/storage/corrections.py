"""What did people say of a memo's title and date, whatever is read from its file?

A correction belongs to one version of a memo: it holds each time that the same bytes are read again, and not for
other bytes. The memo's text is never touched.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import CORRECTIONS
from retrieval import Memo


class MemoKey(NamedTuple):
    """A memo by its id, in the version that was read from the file with this hash."""

    memo_id: str
    sha256: str


class Correction(NamedTuple):
    """What somebody said of one version of a memo: this is its title, and its date (None: it has none)."""

    key: MemoKey
    title: str
    published: date | None
    corrected_by: str
    corrected_at: datetime


async def keep(database: Database, connection: AsyncConnection, correction: Correction) -> None:
    """Within a transaction: keep a correction; of two for the same version the later counts."""
    key = {"memo_id": correction.key.memo_id, "sha256": correction.key.sha256}
    values = {
        "title": correction.title,
        "published": correction.published.isoformat() if correction.published else None,
        "corrected_by": correction.corrected_by,
        "corrected_at": correction.corrected_at,
    }
    changing = update(CORRECTIONS).values(**values)
    for name, value in key.items():
        changing = changing.where(CORRECTIONS.c[name] == value)
    await connection.execute(database.insert_or_skip(CORRECTIONS), key | values)
    await connection.execute(changing)


async def kept(connection: AsyncConnection) -> Mapping[MemoKey, Correction]:
    """Every correction. They are few: a person made each."""
    found = (
        Correction(
            key=MemoKey(row.memo_id, row.sha256),
            title=row.title,
            published=date.fromisoformat(row.published) if row.published else None,
            corrected_by=row.corrected_by,
            corrected_at=row.corrected_at,
        )
        for row in await connection.execute(select(CORRECTIONS))
    )
    return {one.key: one for one in found}


def corrected(memo: Memo, correction: Correction) -> Memo:
    """Return `memo` as it is to be known. Where the text says otherwise, that is no longer where it was read."""
    news = {"title": correction.title, "published": correction.published}
    overruled = {name for name, value in news.items() if getattr(memo, name) != value}
    left = {name: span for name, span in memo.read_from.items() if name not in overruled}
    return memo.model_copy(update=news | {"read_from": left})
