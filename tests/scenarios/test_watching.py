"""Is a change in a watched folder answered from within two seconds, also while others ask and many files come?"""

import asyncio
import json
import os
import shutil
import signal
import statistics
import sys
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from time import monotonic

import pytest

from bot.library import Library
from bot.storage import open_store
from retrieval import answer
from tests.scenarios.discord_scene import replied_to
from tests.servers.fake_discord import FakeDiscord

TWO_SECONDS = 2.0
PATIENCE = 60.0
"""Seconds until a test gives up: a machine that is shared may pause."""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "memos"
    folder.mkdir()
    for number in range(12):
        (folder / f"memo{number}.txt").write_text(f"Memo {number}\n\nThe colour of memo {number} is grey.\n")
    return folder


@asynccontextmanager
async def program(tmp_path, *arguments, dies=False, **settings):
    """`quoth` with these arguments as a process of its own, over the library in `tmp_path`; stopped at the end."""
    log = tmp_path / "log.txt"
    with log.open("ab") as writing:
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *map(str, arguments),
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "DATABASE_URL": url_in(tmp_path),
                "LOG__FORMAT": "text",
                **settings,
            },
            stderr=writing,
        )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(running.wait(), PATIENCE)
        assert code == (-signal.SIGKILL if dies else 0), log.read_text()


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'quoth.db'}"


class Elsewhere:
    """A process of its own that answers from the same library: this one."""

    def __init__(self, store):
        self.library = Library(store)

    async def says(self, question):
        """What is quoted in answer to a question."""
        await self.library.refresh()
        found = await asyncio.to_thread(answer, self.library.index, question, threshold=0)
        return [excerpt.quote for excerpt in found.excerpts]

    async def memos(self):
        await self.library.refresh()
        return {memo.source: memo_id for memo_id, memo in self.library.index.memos.items()}


@pytest.fixture
async def elsewhere(tmp_path):
    async with open_store(url_in(tmp_path)) as store:
        yield Elsewhere(store)


async def until(condition, seconds=PATIENCE):
    """Seconds until `condition()` held."""
    began = monotonic()
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)
    return monotonic() - began


def says(elsewhere, question, words):
    async def holds():
        return any(words in quote for quote in await elsewhere.says(question))

    return holds


def knows(elsewhere, expected):
    async def holds():
        return expected(await elsewhere.memos())

    return holds


def is_logged(log, event):
    async def holds():
        return event in log.read_text()

    return holds


async def in_time(changes):
    """Make each change, wait for it; most of them take at most two seconds, and all of them come."""
    took = []
    for change, holds in changes:
        change()
        took.append(await until(holds))
    assert statistics.median(took) <= TWO_SECONDS, took


def replaced(path, text):
    """Write as editors do: another file, then renamed over the first."""
    other = path.with_name(f".{path.name}.new")
    other.write_text(text)
    other.replace(path)


async def test_adding_changing_renaming_and_deleting_are_live(tmp_path, folder, elsewhere):
    async with program(tmp_path, "memos", "watch", folder):
        await until(knows(elsewhere, lambda memos: len(memos) == 12))
        colour = "What is the colour of memo 3?"
        await in_time(
            [
                (
                    lambda: (folder / "new.md").write_text("# Boats\n\nThe ferry leaves at nine."),
                    says(elsewhere, "When does the ferry leave?", "at nine"),
                ),
                (
                    lambda: (folder / "memo3.txt").write_text("Memo 3\n\nThe colour of memo 3 is blue.\n"),
                    says(elsewhere, colour, "blue"),
                ),
                (
                    lambda: replaced(folder / "memo3.txt", "Memo 3\n\nThe colour of memo 3 is green.\n"),
                    says(elsewhere, colour, "green"),
                ),
                (
                    lambda: (folder / "memo3.txt").rename(folder / "third.txt"),
                    knows(elsewhere, lambda memos: memos.get("third.txt") == "memo3"),
                ),
                (
                    lambda: shutil.copytree(folder, folder / "copy", ignore=shutil.ignore_patterns("copy")),
                    knows(elsewhere, lambda memos: len(memos) == 26),
                ),
                (
                    lambda: (folder / "copy").rename(folder / "kept"),
                    knows(elsewhere, lambda memos: memos.get("kept/third.txt") == "copy-third"),
                ),
                (
                    (folder / "new.md").unlink,
                    knows(elsewhere, lambda memos: "new.md" not in memos and "kept/new.md" in memos),
                ),
            ]
        )


async def test_a_folder_that_vanishes_for_a_moment_loses_nothing_and_one_that_is_emptied_waits(
    tmp_path, folder, elsewhere
):
    logged = partial(is_logged, tmp_path / "log.txt")
    async with program(tmp_path, "memos", "watch", folder):
        await until(knows(elsewhere, lambda memos: len(memos) == 12))
        folder.rename(tmp_path / "away")
        await until(logged("folder_gone"))
        assert len(await elsewhere.memos()) == 12
        folder.mkdir()  # a mount point with nothing mounted
        await until(logged("removal_held"))
        assert len(await elsewhere.memos()) == 12
        folder.rmdir()
        (tmp_path / "away").rename(folder)
        await until(logged("removal_settled"))
        (folder / "memo1.txt").write_text("Memo 1\n\nThe colour of memo 1 is red.\n")
        await until(says(elsewhere, "What is the colour of memo 1?", "red"))
        assert len(await elsewhere.memos()) == 12


async def test_a_file_is_read_when_it_is_whole(tmp_path, folder, elsewhere):
    async with program(tmp_path, "memos", "watch", folder):
        await until(knows(elsewhere, lambda memos: len(memos) == 12))
        seen = set()
        with (folder / "long.txt").open("w") as writing:
            for number in range(15):
                writing.write(f"Line {number} of the long memo, which is written slowly.\n\n")
                writing.flush()
                await asyncio.sleep(0.1)
                seen |= set(await elsewhere.memos())
        assert "long.txt" not in seen
        await until(says(elsewhere, "What is line 14 of the long memo?", "Line 14"))


async def test_on_a_share_that_says_nothing_changes_are_found_by_looking(tmp_path, folder, elsewhere):
    async with program(tmp_path, "memos", "watch", folder, WATCH__POLLING="always"):
        await until(knows(elsewhere, lambda memos: len(memos) == 12))
        names = [folder / f"memo{number}.txt" for number in range(5)]
        await in_time(
            (
                lambda path=path: path.unlink(),
                knows(elsewhere, lambda memos, path=path: path.name not in memos),
            )
            for path in names
        )


async def test_of_two_that_watch_one_does_the_work_and_the_other_takes_over(tmp_path, folder, elsewhere):
    logged = partial(is_logged, tmp_path / "log.txt")
    async with program(tmp_path, "memos", "watch", folder, dies=True) as first:
        await until(knows(elsewhere, lambda memos: len(memos) == 12))
        async with program(tmp_path, "memos", "watch", folder):
            await until(logged("folder_left"))
            assert (tmp_path / "log.txt").read_text().count("folder_watched") == 1
            first.kill()
            (folder / "a.txt").write_text("The anchor is heavy.")
            await until(says(elsewhere, "What is heavy?", "anchor"))
            assert (tmp_path / "log.txt").read_text().count("folder_watched") == 2


async def test_the_running_bot_answers_from_what_changed_while_others_ask_and_files_come(tmp_path, folder):
    async with FakeDiscord() as discord:
        bot = Asked(discord)
        async with program(
            tmp_path,
            "run",
            "discord",
            "watch",
            DISCORD__TOKEN=discord.token,
            DISCORD__API_URL=discord.api_url,
            DISCORD__GATEWAY_URL=discord.gateway_url,
            WATCH__FOLDERS=str(folder),
            ANSWERS__PER_MINUTE="100000",
        ):
            await discord.until(lambda: discord.gateway.connected, timeout=PATIENCE)
            await until(bot.quotes("What is the colour of memo 4?", "grey"))
            askers = [asyncio.create_task(bot.ask_without_end(number)) for number in range(3)]
            coming = asyncio.create_task(asyncio.to_thread(drop, folder, 150))
            took = []
            for colour in ("red", "blue", "green", "white", "black"):
                replaced(folder / "memo4.txt", f"Memo 4\n\nThe colour of memo 4 is {colour}.\n")
                took.append(await until(bot.quotes("What is the colour of memo 4?", colour)))
            for asker in askers:
                asker.cancel()
            await coming
            assert bot.answered > 5
            assert statistics.median(took) <= TWO_SECONDS, took


def drop(folder, files):
    """Copy many files into the folder."""
    for number in range(files):
        (folder / f"more{number}.txt").write_text(
            f"More {number}\n\n" + "Words about many other things. " * 200
        )


class Asked:
    """The bot, as it is asked in Discord."""

    def __init__(self, discord):
        self.discord, self.answered, self._names = discord, 0, count()
        self.channel = discord.channel("general")

    async def ask(self, question):
        """What the bot says, as Discord got it."""
        asker = self.discord.person(f"person{next(self._names)}")
        asked = await self.discord.mention(asker, self.channel, question)

        def replies():
            return [one for one in self.discord.from_bot(self.channel) if replied_to(one) == asked["id"]]

        await self.discord.until(replies, timeout=PATIENCE)
        self.answered += 1
        return json.dumps(replies())

    def quotes(self, question, words):
        async def holds():
            return words in await self.ask(question)

        return holds

    async def ask_without_end(self, number):
        while True:
            await self.ask(f"What is the colour of memo {number}?")
