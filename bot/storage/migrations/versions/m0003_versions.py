"""What was added for keeping, citing and pruning versions of memos?"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

AT_ONCE = 500
"""Answers that are read at a time."""


def upgrade() -> None:
    """Make the tables, and note which versions the answers given so far quote."""
    with op.batch_alter_table("corpus") as corpus:
        corpus.add_column(
            sa.Column(
                "forgotten_before",
                sa.DateTime(timezone=True),
                comment="old versions that went until then were pruned",
            )
        )
    citations = op.create_table(
        "citations",
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("memo_id", sa.Text(), nullable=False),
        sa.Column(
            "sha256", sa.Text(), nullable=False, comment="of the source file of the version that was quoted"
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.answer_id"], name="fk_citations_answer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", "memo_id", "sha256", name="pk_citations"),
    )
    op.create_index("ix_citations_memo_id_sha256", "citations", ["memo_id", "sha256"])
    connection = op.get_bind()
    for rows in _quoted_so_far(connection):
        connection.execute(sa.insert(citations), rows)


def _quoted_so_far(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """Rows for the answers that are kept, some answers at a time."""
    last = ""
    while True:
        found = connection.execute(
            sa.text(
                "SELECT answer_id, body FROM answers WHERE answer_id > :last ORDER BY answer_id LIMIT :most"
            ),
            {"last": last, "most": AT_ONCE},
        ).all()
        if not found:
            return
        last = found[-1].answer_id
        quoted = {
            (row.answer_id, each["citation"]["memo_id"], each["citation"]["sha256"])
            for row in found
            for each in json.loads(row.body)["excerpts"]
        }
        if quoted:
            yield [
                {"answer_id": answer_id, "memo_id": memo_id, "sha256": sha256}
                for answer_id, memo_id, sha256 in sorted(quoted)
            ]
