"""Which collections does a memo belong to, and which may a channel see?"""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
