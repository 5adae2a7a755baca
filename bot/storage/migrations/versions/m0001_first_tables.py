"""What stood in the first schema? Memos by version, questions with their answers, secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the first tables."""
    _memos()
    _questions()
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )


def _memos() -> None:
    op.create_table(
        "corpus",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_corpus"),
    )
    op.create_table(
        "memo_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("memo_id", sa.Text(), nullable=False),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="of the memo as it was read: text, title, blocks, all",
        ),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the source file"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text()),
        sa.Column("published", sa.Text(), comment="YYYY-MM-DD"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="the memo, as JSON"),
        sa.Column("came", MOMENT, nullable=False),
        sa.Column("went", MOMENT, comment="empty while this version is the current one"),
        sa.PrimaryKeyConstraint("id", name="pk_memo_versions"),
    )
    current = sa.text("went IS NULL")
    op.create_index(
        "uq_memo_versions_current",
        "memo_versions",
        ["memo_id"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    op.create_index("ix_memo_versions_memo_id_sha256", "memo_versions", ["memo_id", "sha256"])


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text()),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("reply_token", sa.Text(), comment="a credential: emptied when the question is finished"),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("claimed_until", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("answer_id", sa.Text()),
        sa.Column("notice", sa.Text()),
        sa.Column("message_id", sa.Text()),
        sa.Column("lost_because", sa.Text()),
        sa.Column("finished_at", MOMENT, comment="posted or lost: nothing more is to be done"),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.UniqueConstraint("platform", "event_id", name="uq_questions_platform_event_id"),
    )
    unfinished = sa.text("finished_at IS NULL")
    op.create_index("ix_questions_claimed_at", "questions", ["claimed_at"])
    op.create_index(
        "ix_questions_unfinished",
        "questions",
        ["platform", "claimed_until"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_table(
        "answers",
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="the answer, as JSON"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="fk_answers_question_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", name="pk_answers"),
    )
    op.create_index("ix_answers_question_id", "answers", ["question_id"])
