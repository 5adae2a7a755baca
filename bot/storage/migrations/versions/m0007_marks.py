"""What was added for telling what changed in the library since a moment?"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Find the versions that ended lately without reading all of them."""
    ended = sa.text("went IS NOT NULL")
    op.create_index(
        "ix_memo_versions_went", "memo_versions", ["went"], sqlite_where=ended, postgresql_where=ended
    )


def downgrade() -> None:
    """Take the index away."""
    op.drop_index("ix_memo_versions_went", "memo_versions")
