"""Is the schema the one that this version needs, and how does it become that?

A change of the tables is a new module in `migrations/versions`, and its revision is added to REVISIONS. Alembic
is imported only where there is something to change: asking for the status is one cheap query.
"""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, inspect, text

from bot.errors import DatabaseTrouble
from bot.storage.address import Address
from bot.storage.database import Database
from bot.storage.tables import METADATA

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every revision, oldest first; the last is the one that this version needs."""

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x51_75_6F_74_68
"""The key of PostgreSQL's advisory lock that an upgrade holds."""


class SchemaStatus(NamedTuple):
    """The revision that stands (None: no tables yet) and the one that this version needs."""

    current: str | None
    wanted: str

    @property
    def up_to_date(self) -> bool:
        """Whether there is nothing to do."""
        return self.current == self.wanted


async def status_of(database: Database) -> SchemaStatus:
    """Look the revision up; DatabaseTrouble where a newer version has been at work here."""
    async with database.read() as connection:
        current = await connection.run_sync(_current)
    _refuse_unknown(database.address, current)
    return SchemaStatus(current, REVISIONS[-1])


async def upgrade_address(address: Address) -> SchemaStatus:
    """Bring the schema up to date; any number of processes may try at once, and one does it.

    On connections of its own, without foreign keys: SQLite changes a table by making it anew.
    """
    database = Database(address, foreign_keys=False)
    try:
        if address.file:
            async with database.read() as connection:
                await connection.run_sync(_log_ahead)
        async with database.write() as connection:
            await connection.run_sync(_upgrade, address)
        return await status_of(database)
    finally:
        await database.close()


async def make_in_memory(database: Database) -> None:
    """Make the tables of a database in memory, which has no past to migrate from (and no time to wait for it)."""
    async with database.write() as connection:
        await connection.run_sync(METADATA.create_all)


def _log_ahead(connection: Connection) -> None:
    """Switch an SQLite file to a write-ahead log, outside of any transaction. The file remembers it."""
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _upgrade(connection: Connection, address: Address) -> None:
    if not address.is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    current = _current(connection)  # now that nobody else can change it
    _refuse_unknown(address, current)
    if current == REVISIONS[-1]:
        return
    from alembic import command  # noqa: PLC0415 - 0.3 s, and rarely needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
    if address.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise DatabaseTrouble(
            f"The database {address.shown} was not upgraded: rows in it point to rows that are gone.",
            "Restore it from a backup.",
        )


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_unknown(address: Address, current: str | None) -> None:
    if current is not None and current not in REVISIONS:
        raise DatabaseTrouble(
            f"The database {address.shown} has schema {current}, and this version of Quoth knows none later "
            f"than {REVISIONS[-1]}.",
            "Install the newest version of Quoth.",
        )
