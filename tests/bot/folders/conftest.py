"""What do the tests of folders share? A library, a folder, and how one is brought like the other."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from bot.folders import Progress, Removals, add
from bot.storage import open_store

LONG_AGO = 1_600_000_000


@pytest.fixture
async def store():
    async with open_store("sqlite://") as store:
        yield store


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "memos"
    folder.mkdir()
    put(folder / "tea.txt", "The kettle is descaled on Fridays by the office team.")
    put(folder / "coffee.txt", "Fresh beans arrive on Mondays from the roastery.")
    return folder


def put(path, text, *, age=LONG_AGO):
    """Write a file whose time is `age`: one that nobody is at work on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (age, age))
    return path


class Keeper:
    """Takes folders in, noting which files were read."""

    def __init__(self, store):
        self.store = store
        self.read = []
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    async def add(self, *paths, share=None, **more):
        self.read = []
        self.now += timedelta(minutes=1)
        return await add(
            self.store,
            paths,
            removals=None if share is None else Removals(share),
            progress=Progress(result=lambda result: self.read.append(result.path.name)),
            now=lambda: self.now,
            **more,
        )

    async def texts(self):
        return {memo.id: memo.text for memo in await self.store.memos.all()}


@pytest.fixture
def keeper(store):
    return Keeper(store)
