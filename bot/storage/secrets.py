"""Which secrets does the bot make for itself?"""

from secrets import token_urlsafe

from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.tables import SECRETS


class SecretStore:
    """Random secrets by name, each made once and the same for every process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get_or_make(self, name: str) -> str:
        """The secret called `name`; made where there was none (256 bits, safe in a URL)."""
        wanted = select(SECRETS.c.value).where(SECRETS.c.name == name)
        async with self._database.read() as connection:
            if secret := await connection.scalar(wanted):
                return str(secret)
        insert = self._database.insert_or_skip(SECRETS)
        async with self._database.write() as connection:
            await connection.execute(insert, {"name": name, "value": token_urlsafe(32)})
        async with self._database.read() as connection:  # another process may have been first
            return str(await connection.scalar(wanted))
