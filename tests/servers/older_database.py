"""How does a test get a database as an earlier version of the program left it?"""

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bot.storage.address import read_address
from bot.storage.database import Database
from bot.storage.schema import MIGRATIONS


async def make_database(url: str, revision: str, rows: dict[str, dict[str, Any]]) -> None:
    """Make the empty database that `url` names as it was at `revision`, with one row in each table of `rows`."""
    database = Database(read_address(url), foreign_keys=False)
    try:
        async with database.write() as connection:
            await connection.run_sync(_migrate, revision)
            for table, row in rows.items():
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                await connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    finally:
        await database.close()


def _migrate(connection: Connection, revision: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, revision)
