"""Which files were read into the library, so that unchanged ones are not read again?"""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
