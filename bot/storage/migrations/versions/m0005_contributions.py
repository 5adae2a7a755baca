"""Who added which memo from chat, and what did people say of its title and date?"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _offers()
    _contributions()
    op.create_table(
        "corrections",
        sa.Column("memo_id", sa.Text(), nullable=False),
        sa.Column(
            "sha256",
            sa.Text(),
            nullable=False,
            comment="of the source file: another version is not corrected",
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), comment="YYYY-MM-DD; empty: it has no date"),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("corrected_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("memo_id", "sha256", name="pk_corrections"),
    )


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text()),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False, comment="as they were shared, as JSON"),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("reply_token", sa.Text(), comment="a credential: emptied when the offer is finished"),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("claimed_until", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reported_at", MOMENT),
        sa.Column("receipt", sa.Text(), comment="what is said to it now, as JSON"),
        sa.Column("message_id", sa.Text()),
        sa.Column("lost_because", sa.Text()),
        sa.Column("finished_at", MOMENT, comment="posted or lost: nothing more is to be done"),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.UniqueConstraint("platform", "event_id", name="uq_offers_platform_event_id"),
    )
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_offers_unfinished",
        "offers",
        ["platform", "claimed_until"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def _contributions() -> None:
    op.create_table(
        "contributions",
        sa.Column("contribution_id", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False, comment="its name, as shared"),
        sa.Column(
            "memos",
            sa.Text(),
            nullable=False,
            comment="ids and file hashes of the versions that came, as JSON",
        ),
        sa.Column("entry", sa.Text(), nullable=False, comment="what was understood when they came, as JSON"),
        sa.Column("contributor", sa.Text(), nullable=False, comment="slack:U0123"),
        sa.Column(
            "came",
            MOMENT,
            nullable=False,
            comment="when its memos came: the same moment in memo_versions",
        ),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_by", sa.Text()),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name="fk_contributions_offer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contribution_id", name="pk_contributions"),
    )
    op.create_index("ix_contributions_offer_id", "contributions", ["offer_id"])
