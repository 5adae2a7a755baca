"""Which tables are there, and what stands in their columns?"""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class Moment(TypeDecorator[datetime]):
    """A point in time. Goes in with its time zone, comes out in UTC; SQLite keeps UTC without saying so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: it would mean something else on each machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Say that it is UTC."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

MEMO_VERSIONS = Table(
    "memo_versions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("memo_id", Text, nullable=False),
    Column("digest", Text, nullable=False, comment="of the memo as it was read: text, title, blocks, all"),
    Column("sha256", Text, nullable=False, comment="of the source file"),
    Column("title", Text, nullable=False),
    Column("author", Text),
    Column("published", Text, comment="YYYY-MM-DD"),
    Column("source", Text, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("body", Text, nullable=False, comment="the memo, as JSON"),
    Column("came", Moment, nullable=False),
    Column("went", Moment, comment="empty while this version is the current one"),
)
"""A row for each time that a version of a memo was current: from `came` until `went`."""

Index(
    "uq_memo_versions_current",
    MEMO_VERSIONS.c.memo_id,
    unique=True,
    sqlite_where=text("went IS NULL"),
    postgresql_where=text("went IS NULL"),
)
Index("ix_memo_versions_memo_id_sha256", MEMO_VERSIONS.c.memo_id, MEMO_VERSIONS.c.sha256)

CORPUS = Table(
    "corpus",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Text, nullable=False),
    Column("forgotten_before", Moment, comment="old versions that went until then were pruned"),
)
"""One row: the version of the set of current memos. Whoever changes the set locks it."""

QUESTIONS = Table(
    "questions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text),
    Column("asker", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("reply_token", Text, comment="a credential: emptied when the question is finished"),
    Column("claimed_at", Moment, nullable=False),
    Column("claimed_until", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("answered_at", Moment),
    Column("answer_id", Text),
    Column("notice", Text),
    Column("message_id", Text),
    Column("lost_because", Text),
    Column("finished_at", Moment, comment="posted or lost: nothing more is to be done"),
    UniqueConstraint("platform", "event_id"),
)
Index("ix_questions_claimed_at", QUESTIONS.c.claimed_at)
Index(
    "ix_questions_unfinished",
    QUESTIONS.c.platform,
    QUESTIONS.c.claimed_until,
    sqlite_where=text("finished_at IS NULL"),
    postgresql_where=text("finished_at IS NULL"),
)

ANSWERS = Table(
    "answers",
    METADATA,
    Column("answer_id", Text, primary_key=True),
    Column("question_id", ForeignKey("questions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("body", Text, nullable=False, comment="the answer, as JSON"),
)

CITATIONS = Table(
    "citations",
    METADATA,
    Column("answer_id", ForeignKey("answers.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("memo_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True, comment="of the source file of the version that was quoted"),
)
"""Which versions of memos the kept answers quote."""

Index("ix_citations_memo_id_sha256", CITATIONS.c.memo_id, CITATIONS.c.sha256)

SECRETS = Table(
    "secrets",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
