"""Which tables are there, and what stands in their columns?"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
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
Index(
    "ix_memo_versions_went",
    MEMO_VERSIONS.c.went,
    sqlite_where=text("went IS NOT NULL"),
    postgresql_where=text("went IS NOT NULL"),
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

FOLDERS = Table(
    "folders",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("root", Text, nullable=False, unique=True, comment="absolute, links followed"),
    Column(
        "revision",
        Integer,
        nullable=False,
        comment="counts the changes: who compared with an older one is refused",
    ),
    Column(
        "held",
        Integer,
        nullable=False,
        comment="memos whose files are gone, and whose removal waits for a yes",
    ),
    Column("held_since", Moment),
    Column("claimed_by", Text, comment="the process that watches the folder"),
    Column("claimed_until", Moment),
)
"""The folders that memos were read from."""

FILES = Table(
    "files",
    METADATA,
    Column("folder_id", ForeignKey("folders.id", ondelete="CASCADE"), primary_key=True),
    Column("path", Text, primary_key=True, comment="below the folder"),
    Column("size", BigInteger, nullable=False, comment="bytes; -1: read it again"),
    Column("mtime_ns", BigInteger, nullable=False),
    Column(
        "sha256", Text, comment="of the bytes; empty where they could not be had, or are to be read again"
    ),
    Column("reader", Text, nullable=False, comment="the version of the code that read it"),
    Column("failure", Text, comment="why it cannot be read"),
    Column("seen", Moment, nullable=False),
)
"""The files that were read, and how they looked then: what looks the same is not read again."""

FILE_MEMOS = Table(
    "file_memos",
    METADATA,
    Column("folder_id", Integer, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("memo_id", Text, primary_key=True),
    Column(
        "source", Text, nullable=False, comment="the file's path, or that of the part of it which is the memo"
    ),
    Column("owns", Boolean, nullable=False, comment="false: another file gave a memo of that id later"),
    ForeignKeyConstraint(["folder_id", "path"], ["files.folder_id", "files.path"], ondelete="CASCADE"),
)
"""Which memos each file gave."""

Index(
    "uq_file_memos_owner",
    FILE_MEMOS.c.memo_id,
    unique=True,
    sqlite_where=text("owns"),
    postgresql_where=text("owns"),
)

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

MEMO_COLLECTIONS = Table(
    "memo_collections",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("memo_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("belongs", Boolean, nullable=False, comment="whether it does from now on; the last row counts"),
    Column("said_by", Text, nullable=False),
    Column("said_at", Moment, nullable=False),
)
"""Which memos were put into collections by command, and taken out again."""

CHANNEL_BINDINGS = Table(
    "channel_bindings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False, comment="slack:T0123/C0123"),
    Column("names", Text, comment="as JSON; empty: bound no longer; the last row counts"),
    Column("said_by", Text, nullable=False),
    Column("said_at", Moment, nullable=False),
)
"""Which collections channels were bound to."""

SECRETS = Table(
    "secrets",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

OFFERS = Table(
    "offers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text),
    Column("asker", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("files", Text, nullable=False, comment="as they were shared, as JSON"),
    Column("asked_at", Moment, nullable=False),
    Column("reply_token", Text, comment="a credential: emptied when the offer is finished"),
    Column("claimed_at", Moment, nullable=False),
    Column("claimed_until", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reported_at", Moment),
    Column("receipt", Text, comment="what is said to it now, as JSON"),
    Column("message_id", Text),
    Column("lost_because", Text),
    Column("finished_at", Moment, comment="posted or lost: nothing more is to be done"),
    UniqueConstraint("platform", "event_id"),
)
"""Files that people offered as memos; the rows stay, as the record of who added what."""

Index(
    "ix_offers_unfinished",
    OFFERS.c.platform,
    OFFERS.c.claimed_until,
    sqlite_where=text("finished_at IS NULL"),
    postgresql_where=text("finished_at IS NULL"),
)

CONTRIBUTIONS = Table(
    "contributions",
    METADATA,
    Column("contribution_id", Text, primary_key=True),
    Column("offer_id", ForeignKey("offers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("file", Text, nullable=False, comment="its name, as shared"),
    Column("memos", Text, nullable=False, comment="ids and file hashes of the versions that came, as JSON"),
    Column("entry", Text, nullable=False, comment="what was understood when they came, as JSON"),
    Column("contributor", Text, nullable=False, comment="slack:U0123"),
    Column("came", Moment, nullable=False, comment="when its memos came: the same moment in memo_versions"),
    Column("undone_at", Moment),
    Column("undone_by", Text),
)
"""A row for each offered file that became a memo, written together with the memo."""

CORRECTIONS = Table(
    "corrections",
    METADATA,
    Column("memo_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True, comment="of the source file: another version is not corrected"),
    Column("title", Text, nullable=False),
    Column("published", Text, comment="YYYY-MM-DD; empty: it has no date"),
    Column("corrected_by", Text, nullable=False),
    Column("corrected_at", Moment, nullable=False),
)
"""What people said of a memo's title and date, whatever is read from its file."""
