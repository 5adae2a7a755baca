"""Which digests are scheduled, which were delivered, and what was told where?"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "schedules",
        sa.Column("schedule_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, comment="the channel, as a key"),
        sa.Column("next_due", MOMENT, comment="empty while nothing is to come: paused, or stopped"),
        sa.Column("body", sa.Text(), nullable=False, comment="the schedule, as JSON"),
        sa.PrimaryKeyConstraint("schedule_id", name="pk_schedules"),
    )
    op.create_index("ix_schedules_place", "schedules", ["place"])
    op.create_index("ix_schedules_next_due", "schedules", ["next_due"])
    _deliveries()
    op.create_table(
        "topics",
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="the topic, as JSON"),
        sa.PrimaryKeyConstraint("topic_id", name="pk_topics"),
    )
    op.create_index("ix_topics_place", "topics", ["place"])
    op.create_table(
        "told",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="of a passage or an item that was told there"),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("place", "key", name="pk_told"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("schedule_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claimed_until", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), comment="as JSON, from when it was composed"),
        sa.Column("reasons", sa.Text(), comment="as JSON: why each memo is or is not in it"),
        sa.Column("told", sa.Text(), comment="as JSON: the keys of what it tells"),
        sa.Column("message_id", sa.Text()),
        sa.Column("said", sa.Text(), comment="why it was missed or failed"),
        sa.Column("settled_at", MOMENT),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_deliveries"),
        sa.UniqueConstraint("schedule_id", "due", name="uq_deliveries_schedule_id_due"),
    )
    unsettled = sa.text("settled_at IS NULL")
    op.create_index(
        "ix_deliveries_claimed",
        "deliveries",
        ["claimed_until"],
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )
    op.create_index("ix_deliveries_place_due", "deliveries", ["place", "due"])
