"""Which process watches which folder?"""

from datetime import datetime

from sqlalchemy import or_, update

from bot.storage.database import Database
from bot.storage.tables import FOLDERS


class FolderStore:
    """Claims on folders. A claim is a lease: another may take the folder over when it has run out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, root: str, watcher: str, now: datetime, until: datetime) -> bool:
        """Take the folder until `until`, or keep it until then; False where another watcher has it."""
        is_free = or_(
            FOLDERS.c.claimed_by.is_(None), FOLDERS.c.claimed_by == watcher, FOLDERS.c.claimed_until <= now
        )
        claiming = update(FOLDERS).where(FOLDERS.c.root == root, is_free).returning(FOLDERS.c.id)
        making = self._database.insert_or_skip(FOLDERS)
        async with self._database.write() as connection:
            await connection.execute(making, {"root": root, "revision": 0, "held": 0})
            claimed = await connection.execute(claiming.values(claimed_by=watcher, claimed_until=until))
            return claimed.first() is not None

    async def release(self, root: str, watcher: str) -> None:
        """Leave the folder to whoever comes, where `watcher` has it."""
        leaving = update(FOLDERS).where(FOLDERS.c.root == root, FOLDERS.c.claimed_by == watcher)
        async with self._database.write() as connection:
            await connection.execute(leaving.values(claimed_by=None, claimed_until=None))
