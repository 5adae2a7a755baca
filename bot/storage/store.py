"""How is the database opened, and what lies in it?"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bot.errors import DatabaseTrouble
from bot.storage.address import Address, read_address
from bot.storage.answers import AnswerStore
from bot.storage.archive import ArchiveStore
from bot.storage.collections import CollectionStore
from bot.storage.contributions import ContributionStore
from bot.storage.database import Database
from bot.storage.deliveries import DeliveryStore
from bot.storage.files import FileStore
from bot.storage.folders import FolderStore
from bot.storage.memos import MemoStore
from bot.storage.offers import OfferStore
from bot.storage.questions import QuestionStore
from bot.storage.schedules import ScheduleStore
from bot.storage.schema import SchemaStatus, make_in_memory, status_of, upgrade_address
from bot.storage.secrets import SecretStore
from bot.storage.topics import TopicStore
from bot.storage.versions import VersionStore


@dataclass(frozen=True)
class Store:
    """Everything that is kept, by concern."""

    memos: MemoStore
    files: FileStore
    folders: FolderStore
    versions: VersionStore
    archive: ArchiveStore
    questions: QuestionStore
    answers: AnswerStore
    collections: CollectionStore
    offers: OfferStore
    contributions: ContributionStore
    schedules: ScheduleStore
    deliveries: DeliveryStore
    topics: TopicStore
    secrets: SecretStore
    database: Database

    async def ping(self) -> None:
        """Ask the database for nothing; DatabaseTrouble where it does not answer."""
        async with self.database.read() as connection:
            await connection.execute(text("SELECT 1"))


@asynccontextmanager
async def open_store(url: str, *, create: bool = True) -> AsyncIterator[Store]:
    """Open the database that `url` names; close it at the end.

    An SQLite file is made and its schema brought up to date, unless `create` is false. DatabaseTrouble where
    the database cannot be used, or where a PostgreSQL schema is not the one needed.
    """
    address = read_address(url)
    if address.file:
        _check_file(address.file, create=create)
    database = Database(address)
    try:
        await _ensure_schema(database, create=create)
        memos = MemoStore(database)
        yield Store(
            memos=memos,
            files=FileStore(database, memos),
            folders=FolderStore(database),
            versions=VersionStore(database),
            archive=ArchiveStore(database),
            questions=QuestionStore(database),
            answers=AnswerStore(database),
            collections=CollectionStore(database),
            offers=OfferStore(database),
            contributions=ContributionStore(database, memos),
            schedules=ScheduleStore(database),
            deliveries=DeliveryStore(database),
            topics=TopicStore(database),
            secrets=SecretStore(database),
            database=database,
        )
    finally:
        await database.close()


async def schema_status(url: str) -> SchemaStatus:
    """Say which schema stands in the database that `url` names, and which is needed. Changes nothing."""
    address = read_address(url)
    if address.file and not address.file.exists():
        _check_folder(address.file)
        return await _status_in_memory()
    database = Database(address)
    try:
        return await status_of(database)
    finally:
        await database.close()


async def upgrade(url: str) -> SchemaStatus:
    """Bring the schema of the database that `url` names up to date. Safe to repeat, and from several processes."""
    address = read_address(url)
    if address.file:
        _check_file(address.file, create=True)
    return await upgrade_address(address)


async def _ensure_schema(database: Database, *, create: bool) -> None:
    address = database.address
    if address.is_sqlite and not address.file:
        await make_in_memory(database)
        return
    status = await status_of(database)
    if status.up_to_date:
        return
    if not (create and address.file):
        raise DatabaseTrouble(
            f"The database {address.shown} has schema {status.current or 'none'}, and {status.wanted} is needed.",
            "Run: quoth database upgrade.",
        )
    await upgrade_address(address)


async def _status_in_memory() -> SchemaStatus:
    """The status of a file that is not there yet: that of an empty database."""
    database = Database(Address(shown="sqlite://"))
    try:
        return await status_of(database)
    finally:
        await database.close()


def _check_file(file: Path, *, create: bool) -> None:
    """See that `file` can be used, and make it for its owner's eyes only: it holds secrets and people's words."""
    _check_folder(file)
    if file.is_dir():
        raise DatabaseTrouble(f"DATABASE_URL: {file} is a folder, not a file.", "Name a file in it.")
    if file.exists():
        if not os.access(file, os.R_OK | os.W_OK):
            raise DatabaseTrouble(
                f"DATABASE_URL: {file} cannot be read and written.", "Give the bot the right to."
            )
        return
    if not create:
        raise DatabaseTrouble(f"There is no database {file} yet.", "Run: quoth database upgrade.")
    try:
        file.touch(mode=0o600)
    except OSError as refused:
        raise DatabaseTrouble(
            f"DATABASE_URL: {file} cannot be made: {refused.strerror}.",
            "Name a folder that the bot may write to.",
        ) from None


def _check_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise DatabaseTrouble(
            f"DATABASE_URL: there is no folder {file.parent}.", "Make it, or name another file."
        )
