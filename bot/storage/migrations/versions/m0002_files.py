"""Which files were read into the library, so that unchanged ones are not read again?"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _folders()
    _files()
    _file_memos()


def _folders() -> None:
    op.create_table(
        "folders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False, comment="absolute, links followed"),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="counts the changes: who compared with an older one is refused",
        ),
        sa.Column(
            "held",
            sa.Integer(),
            nullable=False,
            comment="memos whose files are gone, and whose removal waits for a yes",
        ),
        sa.Column("held_since", MOMENT),
        sa.Column("claimed_by", sa.Text(), comment="the process that watches the folder"),
        sa.Column("claimed_until", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_folders"),
        sa.UniqueConstraint("root", name="uq_folders_root"),
    )


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("folder_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False, comment="below the folder"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes; -1: read it again"),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column(
            "sha256",
            sa.Text(),
            comment="of the bytes; empty where they could not be had, or are to be read again",
        ),
        sa.Column("reader", sa.Text(), nullable=False, comment="the version of the code that read it"),
        sa.Column("failure", sa.Text(), comment="why it cannot be read"),
        sa.Column("seen", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name="fk_files_folder_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("folder_id", "path", name="pk_files"),
    )


def _file_memos() -> None:
    op.create_table(
        "file_memos",
        sa.Column("folder_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("memo_id", sa.Text(), nullable=False),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="the file's path, or that of the part of it which is the memo",
        ),
        sa.Column(
            "owns", sa.Boolean(), nullable=False, comment="false: another file gave a memo of that id later"
        ),
        sa.ForeignKeyConstraint(
            ["folder_id", "path"],
            ["files.folder_id", "files.path"],
            name="fk_file_memos_folder_id_path",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("folder_id", "path", "memo_id", name="pk_file_memos"),
    )
    owners = sa.text("owns")
    op.create_index(
        "uq_file_memos_owner",
        "file_memos",
        ["memo_id"],
        unique=True,
        sqlite_where=owners,
        postgresql_where=owners,
    )
