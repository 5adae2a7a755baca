"""Is a digest posted once, wherever the process that sends it is killed?

The platform is a file that every process appends to: what was written before a kill stands there afterwards, whether or
not the process came to know of it. The chat services' own ways of looking a message up are tested with them.
"""

import asyncio
import json
import multiprocessing
import os
import random
import signal
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access import Access, Rules
from bot.digest import Schedule
from bot.digests.grounds import Grounds
from bot.digests.runner import Digests
from bot.digests.words import timetable
from bot.library import Library
from bot.models import Conversation, PlatformName
from bot.platforms.base import Place
from bot.storage import open_store
from retrieval import Memo

TIMES_KILLED = 100
PATIENCE = 60
START = datetime(2024, 10, 7, 6, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
STEPS = ["claim", "composed", "post_digest", "posted", "settle", "settled"]
"""Where a process dies: before it claims, before what it composed is kept, before and after posting, before and after settling."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


class Sheet:
    """A platform that is a file: a line for each message."""

    name = PlatformName.SLACK

    def __init__(self, path, dies_at=None):
        self._path, self._dies_at = Path(path), dies_at

    async def place(self, question):
        return Place(direct=False)

    async def shared_channels(self, question):
        return ()

    async def roles(self, question, among):
        return ()

    def left_out(self, digest):
        return ()

    def take_presses(self, press):
        pass

    async def preview(self, question, digest):
        pass

    async def tell(self, person, said):
        pass

    async def post_digest(self, digest, *, again=False):
        if again:
            for number, line in enumerate(messages(self._path)):
                if line["digest_id"] == digest.digest_id:
                    return str(number)
        dies(self._dies_at, "post_digest")
        await asyncio.sleep(0.005)  # the way there
        with self._path.open("a") as sheet:
            sheet.write(json.dumps({"digest_id": digest.digest_id, "due": digest.due.isoformat()}) + "\n")
        await asyncio.sleep(0.005)  # and back
        dies(self._dies_at, "posted")
        return "there"


def messages(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def dies(at, step):
    """Die here, as by kill -9: nothing is finished, nothing is said."""
    if at == step:
        os.kill(os.getpid(), signal.SIGKILL)


def dying(store, step):
    """Make the store's steps deadly."""
    deliveries = store.deliveries
    for name, afterwards in (("claim", None), ("composed", None), ("settle", "settled")):

        def deadly(name, afterwards):
            real = getattr(deliveries, name)

            async def run(*args, **named):
                dies(step, name)
                done = await real(*args, **named)
                dies(step, afterwards)
                return done

            return run

        setattr(deliveries, name, deadly(name, afterwards))
    return store


def sends(url, sheet, now, dies_at=None):
    """In a process of its own: send what is due at `now`."""
    asyncio.run(sent(url, sheet, now, dies_at))


async def sent(url, sheet, now, dies_at=None):
    async with open_store(url) as store:
        library = Library(dying(store, dies_at) if dies_at else store)
        grounds = Grounds(store, library, Access(library, store, Rules(), lambda: now))
        digests = Digests(
            store,
            grounds,
            {PlatformName.SLACK: Sheet(sheet, dies_at)},
            now=lambda: now,
            catch_up=timedelta(hours=12),
            max_chars=300,
        )
        await digests.send_due()


@contextmanager
def running(*arguments):
    """A process that sends; killed at the end wherever it is then."""
    process = PROCESSES.Process(target=sends, args=arguments)
    process.start()
    try:
        yield process
    finally:
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join(PATIENCE)
        assert process.exitcode in (0, -signal.SIGKILL)


async def scheduled(url):
    """A digest that is due each day at nine, over a library with something in it."""
    table = timetable("every day at 9", "UTC")
    async with open_store(url) as store:
        await store.schedules.add(
            Schedule(
                schedule_id="s1",
                conversation=Conversation(platform=PlatformName.SLACK, workspace="T1", channel="C1"),
                words="every day at 9",
                crons=table.crons,
                zone="UTC",
                quiet="each",
                maker="U1",
                made_at=START,
                since=START,
                next_due=table.after(START),
            )
        )
        await store.memos.add([Memo(id="tea", title="Tea", text="The kettle is descaled on Fridays.")], START)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'quoth.db'}"


@pytest.fixture
def sheet(tmp_path):
    return tmp_path / "sheet"


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_any_step_of_the_way_it_is_posted_once(url, sheet, step):
    await scheduled(url)
    nine = START + timedelta(hours=3)
    with running(url, sheet, nine, step) as process:
        await asyncio.to_thread(process.join, PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    for minutes in (1, 3, 6):  # one while the lease lasts, two after it
        await sent(url, sheet, nine + timedelta(minutes=minutes))
    assert [line["due"] for line in messages(sheet)] == [nine.isoformat()]


async def test_killed_a_hundred_times_at_random_each_digest_is_posted_once(url, sheet):
    await scheduled(url)
    chance = random.Random(7)
    began = time.monotonic()
    with running(url, sheet, START) as process:
        await asyncio.to_thread(process.join, PATIENCE)
    whole = 1.3 * (time.monotonic() - began) + 0.03
    interrupted = 0
    for day in range(TIMES_KILLED):
        nine = START + timedelta(hours=3) + day * A_DAY
        with running(url, sheet, nine) as one, running(url, sheet, nine + timedelta(seconds=30)) as other:
            await asyncio.to_thread(one.join, chance.uniform(0, whole))
            await asyncio.to_thread(other.join, chance.uniform(0, whole))
        interrupted += -signal.SIGKILL in {one.exitcode, other.exitcode}
        await sent(url, sheet, nine + timedelta(minutes=4))
    assert interrupted > TIMES_KILLED // 10, "hardly any process was killed on the way"
    expected = [(START + timedelta(hours=3) + day * A_DAY).isoformat() for day in range(TIMES_KILLED)]
    assert [line["due"] for line in messages(sheet)] == expected
