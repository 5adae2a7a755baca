"""Does `quoth run discord` answer in Discord, as a program of its own, and stop when it is told to?"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.rendering import wording
from tests.scenarios.discord_scene import replied_to
from tests.servers.fake_discord import FakeDiscord

QUESTION = "What is the Squad?"


async def run_quoth(discord: FakeDiscord, folder: Path, token: str) -> asyncio.subprocess.Process:
    settings = {
        "DISCORD__TOKEN": token,
        "DISCORD__API_URL": discord.api_url,
        "DISCORD__GATEWAY_URL": discord.gateway_url,
        "DATABASE_URL": f"sqlite:///{folder / 'quoth.db'}",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        "discord",
        cwd=folder,
        env={"PATH": os.environ["PATH"], **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def test_it_answers_from_the_seeds_stops_on_sigterm_and_says_no_secret(tmp_path: Path):
    async with FakeDiscord() as discord:
        alice, general = discord.person("alice"), discord.channel("general")
        program = await run_quoth(discord, tmp_path, discord.token)
        await discord.until(lambda: discord.gateway.connected, timeout=60)
        asked = await discord.mention(alice, general, QUESTION)
        used = await discord.slash(alice, general, "ask", question=QUESTION)
        await discord.until(lambda: len(discord.from_bot(general)) == 2, timeout=60)

        program.send_signal(signal.SIGTERM)
        written, _ = await asyncio.wait_for(program.communicate(), 60)

        assert program.returncode == 0, written.decode()
        replies = discord.from_bot(general)
        assert {one["content"] for one in replies} == {wording.QUOTED}
        assert asked["id"] in map(replied_to, replies)
        assert discord.token not in written.decode()
        assert used["token"] not in written.decode()


async def test_a_wrong_token_is_one_line_that_names_the_setting_and_a_code_of_its_own(tmp_path: Path):
    async with FakeDiscord() as discord:
        program = await run_quoth(discord, tmp_path, "not.the.token")
        written, _ = await asyncio.wait_for(program.communicate(), 60)

    assert program.returncode not in (0, 1, 2)
    assert b"DISCORD__TOKEN" in written
    assert b"Traceback" not in written
    assert b"not.the.token" not in written
