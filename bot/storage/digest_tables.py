"""Which tables are there for digests, and what stands in their columns?"""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint, text

from bot.storage.tables import METADATA, Moment

SCHEDULES = Table(
    "schedules",
    METADATA,
    Column("schedule_id", Text, primary_key=True),
    Column("place", Text, nullable=False, index=True, comment="the channel, as a key"),
    Column("next_due", Moment, comment="empty while nothing is to come: paused, or stopped"),
    Column("body", Text, nullable=False, comment="the schedule, as JSON"),
)
Index("ix_schedules_next_due", SCHEDULES.c.next_due)

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("delivery_id", Text, primary_key=True),
    Column("schedule_id", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("due", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("claimed_until", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("digest", Text, comment="as JSON, from when it was composed"),
    Column("reasons", Text, comment="as JSON: why each memo is or is not in it"),
    Column("told", Text, comment="as JSON: the keys of what it tells"),
    Column("message_id", Text),
    Column("said", Text, comment="why it was missed or failed"),
    Column("settled_at", Moment),
    UniqueConstraint("schedule_id", "due"),
)
Index(
    "ix_deliveries_claimed",
    DELIVERIES.c.claimed_until,
    sqlite_where=text("settled_at IS NULL"),
    postgresql_where=text("settled_at IS NULL"),
)
Index("ix_deliveries_place_due", DELIVERIES.c.place, DELIVERIES.c.due)

TOPICS = Table(
    "topics",
    METADATA,
    Column("topic_id", Text, primary_key=True),
    Column("place", Text, nullable=False, index=True),
    Column("body", Text, nullable=False, comment="the topic, as JSON"),
)

TOLD = Table(
    "told",
    METADATA,
    Column("place", Text, primary_key=True),
    Column("key", Text, primary_key=True, comment="of a passage or an item that was told there"),
    Column("told_at", Moment, nullable=False),
)
