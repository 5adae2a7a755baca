"""What was added for keeping, citing and pruning versions of memos?"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
