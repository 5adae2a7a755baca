"""How is the database reached, and how do readers and writers keep out of each other's way?"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, Insert, Table, event, exc
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import DatabaseTrouble
from bot.storage.address import Address

WAIT_SECONDS = 10.0
"""How long a writer waits in all: for the writers before it in this process, and for another process's."""

CONNECT_SECONDS = 10
READERS = 4
"""Connections to an SQLite file; its single writer is one of them."""

WRITES_BY = "quoth_writes_by"
"""The option that makes a transaction a writer's: until when (monotonic seconds) it waits for the write lock."""


class Database:
    """An open database. `read` and `write` hand out connections; every trouble is a DatabaseTrouble.

    SQLite takes one writer at a time. Within the process writers queue up in order (an asyncio lock); between
    processes SQLite's own waiting decides, and each transaction takes the write lock when it begins, so that
    it cannot fail half-way. One deadline holds for both, so that those who queue behind a writer that waits in vain
    give up together with it. Readers are never held up (write-ahead log).
    """

    def __init__(self, address: Address, *, foreign_keys: bool = True) -> None:
        self.address = address
        self._troubles: tuple[type[Exception], ...] = (
            exc.DBAPIError,
            exc.TimeoutError,
            OSError,
            sqlite3.Error,
        )
        self._memory: sqlite3.Connection | None = None
        self._turn = asyncio.Lock() if address.is_sqlite else None
        with self._plainly():
            self._engine = self._sqlite(foreign_keys=foreign_keys) if address.is_sqlite else self._postgres()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read from."""
        with self._plainly():
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed at the end, undone where anything is raised."""
        until = monotonic() + WAIT_SECONDS
        writer = self._engine.execution_options(**{WRITES_BY: until})
        with self._plainly():
            async with self._in_turn(until), writer.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
        if self._memory:
            self._memory.close()

    def insert_or_skip(self, table: Table) -> Insert:
        """An insert that does nothing where such a row (by any unique key) stands already."""
        if self.address.is_sqlite:
            return sqlite_insert(table).on_conflict_do_nothing()
        from sqlalchemy.dialects.postgresql import insert as postgres_insert  # noqa: PLC0415 - not for SQLite

        return postgres_insert(table).on_conflict_do_nothing()

    @asynccontextmanager
    async def _in_turn(self, until: float) -> AsyncIterator[None]:
        """Hold the one place of a writer; PostgreSQL takes any number."""
        if self._turn is None:
            yield
            return
        try:
            async with asyncio.timeout(until - monotonic()):
                await self._turn.acquire()
        except TimeoutError:
            raise self._locked() from None
        try:
            yield
        finally:
            self._turn.release()

    def _locked(self) -> DatabaseTrouble:
        return DatabaseTrouble(
            f"The database {self.address.shown} cannot be used: it stayed locked for {WAIT_SECONDS:g} seconds, "
            "and one writer at a time may change it.",
            "Find the process that holds it (a backup, a shell, a second bot) and end it, or try again.",
        )

    def _sqlite(self, *, foreign_keys: bool) -> AsyncEngine:
        query: Mapping[str, str] = {}
        if self.address.file:
            name = str(self.address.file)
        else:  # shared, and kept by a connection of its own: a cancelled query closes the one that it used
            name, query = f"file:quoth-{uuid4().hex}", {"mode": "memory", "cache": "shared", "uri": "true"}
            self._memory = sqlite3.connect(f"{name}?mode=memory&cache=shared", uri=True)
        engine = create_async_engine(
            URL.create("sqlite+aiosqlite", database=name, query=query),
            connect_args={"timeout": WAIT_SECONDS},
            poolclass=AsyncAdaptedQueuePool,
            pool_size=READERS if self.address.file else 1,  # a shared memory knows no waiting for locks
            max_overflow=0,
            pool_timeout=WAIT_SECONDS,
            hide_parameters=True,  # the words of a question stay out of error texts
        )

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # the driver's own BEGIN comes too late to protect a read
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
            # With a write-ahead log this loses at most the last moments at a power cut, and breaks nothing.
            cursor.execute("PRAGMA synchronous = NORMAL")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def begin(connection: Connection) -> None:
            until = connection.get_execution_options().get(WRITES_BY)
            left = WAIT_SECONDS if until is None else max(0.0, until - monotonic())
            # Each time: the connection may have been a writer's before, with little time left.
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(left * 1000)}")
            connection.exec_driver_sql("BEGIN" if until is None else "BEGIN IMMEDIATE")

        return engine

    def _postgres(self) -> AsyncEngine:
        try:
            import asyncpg  # noqa: PLC0415 - an optional part
        except ModuleNotFoundError:
            raise DatabaseTrouble(
                "DATABASE_URL names PostgreSQL, and its driver is not installed.",
                "In Quoth's own folder run: pip install -e '.[postgres]'.",
            ) from None
        self._troubles += (asyncpg.PostgresError, asyncpg.InterfaceError)  # as raised while connecting
        return create_async_engine(
            "postgresql+asyncpg://",
            connect_args={"dsn": self.address.dsn, "timeout": CONNECT_SECONDS},
            pool_pre_ping=True,
            hide_parameters=True,
        )

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """Turn what the driver says into a sentence, without the statement and its values."""
        try:
            yield
        except self._troubles as trouble:
            if isinstance(trouble, exc.IntegrityError):
                raise
            if self.address.is_sqlite and "is locked" in str(trouble):
                raise self._locked() from None
            raise DatabaseTrouble(
                f"The database {self.address.shown} cannot be used: {_said(trouble)}.", _remedy(trouble)
            ) from None


def _said(trouble: Exception) -> str:
    """The driver's words, where they can hold neither a value nor the password."""
    cause: BaseException = trouble
    if isinstance(trouble, exc.DataError):
        return "a value cannot be stored"
    if isinstance(trouble, exc.DBAPIError) and trouble.orig:
        cause = trouble.orig.__cause__ or trouble.orig
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, OSError):
        return cause.strerror or "no connection"
    if isinstance(cause, ValueError):  # asyncpg on an address that it cannot read
        return "the address is not understood"
    return (str(cause).splitlines() or [""])[0].rstrip(".") or type(cause).__name__


def _remedy(trouble: Exception) -> str:
    said = str(trouble)
    if isinstance(trouble, exc.DataError):
        return "Take control characters out of it."
    if "not a database" in said:
        return "Name another file in DATABASE_URL, or restore this one from a backup."
    if "disk" in said or "readonly" in said or "read-only" in said:
        return "Make room, and let the bot write there."
    return "Check DATABASE_URL, and that the database is running. Run: quoth doctor."
