"""How is the whole state copied while it is in use, and put back?

An SQLite file is copied by SQLite's own online backup, which sees the file as it stood at one moment and holds nobody
up. A copy is checked before it takes its name, and takes it at once. PostgreSQL brings its own programs for both.
"""

import os
import shlex
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

from bot.errors import AlreadyThere, DatabaseTrouble, MalformedArchive
from bot.storage.address import Address, read_address
from bot.storage.schema import REVISIONS

BUSY_SECONDS = 10


def back_up(url: str, file: Path, *, force: bool = False) -> None:
    """Copy the database that `url` names into `file`, while it is in use.

    AlreadyThere where `file` exists (without `force`); DatabaseTrouble where there is nothing to copy, or where
    another program makes the copy.
    """
    source = _sqlite_file(url, "pg_dump --format=custom --file={file} {database}", file)
    if not source.is_file():
        raise DatabaseTrouble(f"There is no database {source} yet.", "There is nothing to back up.")
    _refuse_itself(source, file)
    _refuse_to_overwrite(file, force=force)
    with _beside(file) as unfinished:
        _copy(source, unfinished)
        _check(unfinished, source)
        _settle(unfinished, file)


def restore(url: str, file: Path, *, force: bool = False) -> str:
    """Put the backup in `file` in the place of the database that `url` names; returns the backup's schema revision.

    An older schema is brought up to date when the database is opened next. AlreadyThere where there is a database
    already (without `force`), MalformedArchive where the backup is damaged or none, DatabaseTrouble while
    another process has the database open.
    """
    target = _sqlite_file(url, "pg_restore --clean --if-exists --no-owner --dbname={database} {file}", file)
    if not file.is_file():
        raise MalformedArchive(f"There is no file {file}.", "Name a file that quoth backup made.")
    _refuse_itself(target, file)
    _refuse_to_overwrite(target, force=force)
    with _beside(target) as unfinished:
        try:
            _copy(file, unfinished)
        except DatabaseTrouble as trouble:
            raise MalformedArchive(f"{file} cannot be read as a backup: {trouble.args[0]}") from None
        revision = _check(unfinished, file)
        with closing(sqlite3.connect(unfinished)) as connection:
            connection.execute(
                "PRAGMA journal_mode = WAL"
            )  # as every database of ours; the file remembers it
        with _nobody_in(target):
            _settle(unfinished, target)
    return revision


def _sqlite_file(url: str, command: str, file: Path) -> Path:
    """The file of an SQLite address; for PostgreSQL DatabaseTrouble with the command that does it there."""
    address = read_address(url)
    if address.file:
        return address.file
    if address.is_sqlite:
        raise DatabaseTrouble("A database in memory is not kept.", "Set DATABASE_URL to sqlite:///FILE.")
    command = command.format(file=shlex.quote(str(file)), database=shlex.quote(_without_password(address)))
    raise DatabaseTrouble(
        f"{address.shown} is PostgreSQL, which has programs of its own for this.",
        f"Run: {command} (it asks for the password).",
    )


def _without_password(address: Address) -> str:
    """The address as PostgreSQL's programs take it. Its options stay out: a password may stand among them."""
    parts = urlsplit(address.dsn or "")
    user = f"{quote(parts.username, safe='%')}@" if parts.username else ""
    return address.shown.replace("://", f"://{user}", 1)


def _refuse_itself(database: Path, file: Path) -> None:
    if database.exists() and file.exists() and database.samefile(file):
        raise AlreadyThere(said=f"{file} is the database itself.", remedy="Name another file.")


def _refuse_to_overwrite(file: Path, *, force: bool) -> None:
    if not file.parent.is_dir():
        raise AlreadyThere(said=f"There is no folder {file.parent}.", remedy="Make it, or name another file.")
    if file.is_dir():
        raise AlreadyThere(said=f"{file} is a folder.", remedy="Name a file.")
    if file.exists() and not force:
        raise AlreadyThere(
            said=f"{file} is there already.",
            remedy="Name another file, or add --force to write over this one.",
        )


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """An empty file in the same folder, for its owner's eyes only; gone at the end unless it got its name."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
    finally:
        for left in (unfinished, *_companions(unfinished)):
            left.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(_uri(source), uri=True, timeout=BUSY_SECONDS)) as there,
            closing(sqlite3.connect(target)) as here,
        ):
            there.backup(here)
            here.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.Error as trouble:
        raise DatabaseTrouble(f"{source} cannot be copied: {trouble}.") from None


def _check(copy: Path, named: Path) -> str:
    """The schema revision of a copy; MalformedArchive where it is damaged, or no database of ours."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            stray = connection.execute("PRAGMA foreign_key_check").fetchone()
            known = connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            ).fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    except sqlite3.Error as trouble:
        raise MalformedArchive(f"{named} is damaged, or no database: {trouble}.") from None
    if said != ["ok"] or stray:
        raise MalformedArchive(
            f"{named} is damaged: {said[0] if said != ['ok'] else 'rows point to rows that are gone'}."
        )
    if row is None:
        raise MalformedArchive(f"{named} is no database of Quoth.", "Name a file that quoth backup made.")
    if row[0] not in REVISIONS:
        raise MalformedArchive(
            f"{named} has schema {row[0]}, and this version of Quoth knows none later than {REVISIONS[-1]}.",
            "Install the newest version of Quoth.",
        )
    return str(row[0])


@contextmanager
def _nobody_in(target: Path) -> Iterator[None]:
    """Hold the database that is to be replaced; DatabaseTrouble while anybody else has it open.

    A file with a write-ahead log leaves that mode only for whoever has it alone, and then has nothing beside it.
    """
    if not target.exists():
        yield
        return
    with closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as trouble:
            if "locked" not in str(trouble):
                raise DatabaseTrouble(f"{target} cannot be replaced: {trouble}.") from None
            raise DatabaseTrouble(
                f"{target} is open in another process.", "Stop the bot (quoth run) first, then restore again."
            ) from None
        except sqlite3.DatabaseError:
            pass  # what stands there is no database any more: nobody can be at work in it
        try:
            yield
        except BaseException:  # it stays in its place, so it is left as it was
            if connection.in_transaction:
                connection.execute("ROLLBACK")
                connection.execute("PRAGMA journal_mode = WAL")
            raise


def _settle(unfinished: Path, file: Path) -> None:
    """Give a finished copy its name, so that a power cut leaves the one or the other."""
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    for left in _companions(file):  # of the database that was: to the new one they would be damage
        left.unlink(missing_ok=True)
    unfinished.replace(file)
    with suppress(OSError):  # not every system lets a folder be opened
        handle = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _companions(file: Path) -> list[Path]:
    """What SQLite may keep beside a database."""
    return [file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm", "-journal")]


def _uri(file: Path) -> str:
    return f"{file.absolute().as_uri()}?mode=ro"
