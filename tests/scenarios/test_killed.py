"""Is the library as it was, or as it was to be, whenever the process that changes it is killed?"""

import asyncio
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from bot.app import watch
from bot.folders import Removals, add
from bot.settings import Settings
from bot.storage import open_store

KILLED_ADDING, KILLED_WATCHING = 40, 10
MEMOS = 30
NEVER_ASK = 1.0
PATIENCE = 60

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])  # so that fifty processes do not load the program fifty times


def state(number):
    """The folder's files in state `number`: most differ from those in any other state, some are only in this one."""
    files = {f"memo{n}.txt": f"Memo {n}\n\nThis is its text in state {number}.\n" * 20 for n in range(MEMOS)}
    files |= {f"same{n}.txt": f"Memo {n} that never changes.\n" for n in range(5)}
    return files | {f"only{number}-{n}.txt": f"Only in state {number}.\n" for n in range(5)}


def bring(folder, files):
    """Give the folder these files and no others."""
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def adds(url, folder):
    """In a process of its own: bring the library to the folder's state."""
    asyncio.run(added(url, folder))


async def added(url, folder):
    async with open_store(url) as store:
        return await add(store, [folder], removals=Removals(NEVER_ASK))


def watches(url, folder):
    """In a process of its own: keep the library in the folder's state."""
    settings = Settings(_env_file=None, database_url=url, watch={"confirm_above": NEVER_ASK})
    asyncio.run(watch(settings, [folder]))


@contextmanager
def running(work, *arguments):
    """A process that does `work`, killed at the end wherever it is then."""
    process = PROCESSES.Process(target=work, args=arguments)
    process.start()
    try:
        yield process
    finally:
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join(PATIENCE)
        assert process.exitcode in (0, -signal.SIGKILL)


async def library(url):
    """The memos by source, having seen that the file is whole and that its version is that of its memos."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    async with open_store(url) as store, open_store("sqlite://") as fresh:
        memos = await store.memos.all()
        await fresh.memos.add(memos, datetime.now(UTC))
        assert await store.memos.version() == await fresh.memos.version()
    return {memo.source: memo.text for memo in memos}


async def expected(folder):
    """The memos by source, as a library has them that knows only this folder as it is now."""
    async with open_store("sqlite://") as store:
        await add(store, [folder])
        return {memo.source: memo.text for memo in await store.memos.all()}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "memos"
    folder.mkdir()
    return folder


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'quoth.db'}"


@pytest.fixture
def chance():
    """Random, and the same each time."""
    return random.Random(5)


async def test_who_adds_leaves_the_library_as_it_was_or_as_it_was_to_be(folder, url, chance):
    bring(folder, state(0))
    began = time.monotonic()
    with running(adds, url, folder) as process:
        await asyncio.to_thread(process.join, PATIENCE)
    whole = time.monotonic() - began
    before = await library(url)
    fates = []
    for number in range(1, KILLED_ADDING + 1):
        bring(folder, state(number))
        with running(adds, url, folder) as process:
            await asyncio.to_thread(process.join, chance.uniform(0, 1.2 * whole))
        after = await expected(folder)
        left = await library(url)
        assert left in (before, after)
        fates.append(left == after)
        outcome = await added(url, folder)
        assert await library(url) == after
        written = any((outcome.changes.added, outcome.changes.changed, outcome.changes.removed))
        assert written != fates[-1], "what was written down is not written again, and all else is"
        before = after
    assert any(fates), "it was never let finish"
    assert not all(fates), "it was never interrupted"


async def test_who_watches_leaves_each_memo_as_it_was_or_as_it_was_to_be(folder, url, chance):
    bring(folder, state(0))
    await added(url, folder)
    before = await library(url)
    for number in range(1, KILLED_WATCHING + 1):
        with running(watches, url, folder):
            await asyncio.sleep(chance.uniform(0.1, 0.6))
            bring(folder, state(number))
            await asyncio.sleep(chance.uniform(0.2, 1.2))
        after = await expected(folder)
        for source, text in (await library(url)).items():
            assert text in (before.get(source), after.get(source))
        await added(url, folder)
        assert await library(url) == after
        before = after
