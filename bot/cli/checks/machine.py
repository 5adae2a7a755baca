"""Are this machine's disk, database and port ready?"""

import os
import socket
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from bot.cli.checks.finding import Finding, fine, problem
from bot.cli.sources import sqlite_file
from bot.errors import DatabaseTrouble
from retrieval import IS_COMPILED, ReadingLimits, limits_memory, printable


def disk(database_url: str) -> Finding:
    """Whether the library's file can be written."""
    file = sqlite_file(database_url)
    if file is None:
        return fine("write access", "the database is not a file here, none is needed.")
    at = file if file.exists() else file.resolve().parent
    if not at.exists():
        return problem("write access", f"{at} does not exist: make it, or change DATABASE_URL.")
    if not os.access(at, os.W_OK) or not os.access(file.resolve().parent, os.W_OK):
        return problem("write access", f"{at} cannot be written: change its owner, or change DATABASE_URL.")
    return fine("write access", f"{file} can be written.")


async def database(database_url: str) -> AsyncIterator[Finding]:
    """Whether the database can be reached, has the schema that is needed, and holds memos."""
    from bot.storage import open_store, schema_status

    file = sqlite_file(database_url)
    if file and not file.exists():
        yield fine("database", "there is none yet; it is made when the bot starts, or a memo is added.")
        return
    try:
        status = await schema_status(database_url)
        if not status.up_to_date:
            said = f"its schema is {status.current or 'not there yet'}, {status.wanted} is needed. "
            yield problem("database", f"{said}Run: quoth database upgrade.")
            return
        async with open_store(database_url, create=False) as store:
            memos = await store.memos.count()
            held = await store.files.held()
    except DatabaseTrouble as trouble:
        yield problem("database", str(trouble).removesuffix(" Run: quoth doctor."))
        return
    yield fine("database", f"its schema is up to date; it holds {memos} {'memo' if memos == 1 else 'memos'}.")
    for root, gone, since in held:
        yield waiting(root, gone, since)


def waiting(root: str, memos: int, since: datetime) -> Finding:
    """A removal that waits for a yes."""
    return problem(
        "memos",
        f"the files of {memos} {'memo' if memos == 1 else 'memos'} are gone from {printable(root)} since "
        f"{since:%d %B %Y %H:%M} UTC. Bring them back, or let the memos go with: quoth memos confirm.",
    )


def watched(folders: Iterable[Path]) -> Iterator[Finding]:
    """Whether the folders to watch are there."""
    for folder in folders:
        name = printable(str(folder))
        if not folder.is_dir():
            yield problem("watch", f"{name} is no folder. Make or mount it, or change WATCH__FOLDERS.")
        elif not os.access(folder, os.R_OK | os.X_OK):
            yield problem("watch", f"{name} cannot be looked into: change its permissions.")
        else:
            yield fine("watch", f"{name} is there.")


def reading(limits: ReadingLimits) -> Finding:
    """What reading one file may cost here."""
    memory = f"{limits.memory // 1024**2:,} MiB" if limits_memory() else "any"
    said = f"each file is read in a process of its own, which has {limits.seconds:g} seconds and {memory} of memory."
    if not limits_memory():
        said += " This system keeps no limit on memory: read files of strangers on Linux."
    return fine("reading", said)


def port(host: str, number: int) -> Finding:
    """Whether the web port is free."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            return problem(
                "web port",
                f"{number} on {host}: {error.strerror}. Stop what listens there (a running Quoth?), or set WEB__PORT.",
            )
    return fine("web port", f"{number} on {host} is free.")


def reading_room(public_url: str | None) -> Finding:
    """Whether answers carry links; going without is allowed."""
    if public_url is None:
        return fine("reading room", "WEB__PUBLIC_URL is not set, so answers carry no links to the memos.")
    return fine("reading room", f"answers link to {public_url}.")


def scoring() -> Finding:
    """Whether the compiled part was built when this was installed."""
    if IS_COMPILED:
        return fine("scoring", "the compiled part is there.")
    return fine(
        "scoring",
        "the compiled part is not there: the same answers, slower in a large library. With a C compiler and Python's "
        "headers (on Debian and Ubuntu: apt install gcc python3-dev) install Quoth again.",
    )
