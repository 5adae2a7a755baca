"""Which collections does a memo belong to, and which may a channel see?"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables. Rows are only added to them: they are also the record of who said what, and when."""
    op.create_table(
        "memo_collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("memo_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "belongs",
            sa.Boolean(),
            nullable=False,
            comment="whether it does from now on; the last row counts",
        ),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_memo_collections"),
    )
    op.create_table(
        "channel_bindings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False, comment="slack:T0123/C0123"),
        sa.Column("names", sa.Text(), comment="as JSON; empty: bound no longer; the last row counts"),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_channel_bindings"),
    )
