"""Does the bot answer at a prompt as it does in a chat service?"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.app import chat
from bot.models import LONGEST_QUESTION, IncomingQuestion, Reply
from bot.platforms.console import Console
from bot.rendering import wording
from bot.settings import Settings
from retrieval import NoSuchPath
from tests.conftest import ROOT, SEEDS

SQUAD = "What is the Squad?"
QUOTE = 'is the "Squad" with Australia, Japan, and the Philippines'
PATIENCE = 60


@pytest.fixture(autouse=True)
def restored_logging(logging_as_it_was):
    """`chat` sets logging up for its process, which here is the tests'."""


@pytest.fixture
def settings(tmp_path: Path):
    return Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'quoth.db'}")


def straight(text):
    """`text` without what the terminal adds to it: lines, the bar beside a quote."""
    return " ".join(text.replace("│", " ").split())


async def said(settings, lines, memos: Path | None = SEEDS):
    """What the bot says to `lines`, one after the other."""
    shown: list[str] = []
    await asyncio.wait_for(chat(settings, memos, lines, shown.append, width=300), PATIENCE)
    return shown


async def test_a_question_is_answered_with_the_quote(settings):
    (reply,) = await said(settings, [SQUAD])
    assert QUOTE in straight(reply)
    assert "Harris vs. Trump" in reply


async def test_a_question_that_the_memos_cannot_answer_gets_no_quote(settings):
    (reply,) = await said(settings, ["What is the recipe for kimchi?"])
    assert "kimchi" in reply
    assert "Harris vs. Trump" not in reply.split("\n")[0]


async def test_each_line_is_answered_before_the_next_one_is_read(settings):
    shown = []

    def lines():
        for count in range(3):
            assert len(shown) == count
            yield SQUAD

    await chat(settings, SEEDS, lines(), shown.append)
    assert len(shown) == 3


async def test_a_question_that_is_too_long_is_told_so(settings):
    (reply,) = await said(settings, ["kettle " * LONGEST_QUESTION])
    assert reply == wording.question_too_long(LONGEST_QUESTION)


@pytest.mark.parametrize("goodbye", ["exit", "quit", " EXIT "])
async def test_goodbye_ends_the_conversation(settings, goodbye):
    assert len(await said(settings, [SQUAD, goodbye, SQUAD])) == 1


async def test_an_empty_line_is_no_question(settings):
    assert len(await said(settings, ["", "   ", SQUAD])) == 1


async def test_the_library_answers_where_no_folder_is_named_and_later_sessions_too(settings):
    first = await said(settings, [SQUAD], memos=None)
    assert "read 2 memos from seeds/" in first[0]
    again = await said(settings, [SQUAD], memos=None)
    assert (
        len(again) == 1
    )  # the library is not empty any more; the question is not taken for one asked before
    assert again[0] == first[1]


async def test_a_folder_leaves_the_library_as_it_is(settings, tmp_path):
    await said(settings, [SQUAD])
    assert not list(tmp_path.iterdir())


async def test_a_file_that_cannot_be_read_is_named_and_the_others_answer(settings, tmp_path):
    folder = tmp_path / "memos"
    folder.mkdir()
    (folder / "good.txt").write_text("Squad\n\nThe Squad is a group of four states.\n", encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    left_out, reply = await said(settings, [SQUAD], memos=folder)
    assert "empty.txt: the file holds no words" in left_out
    assert "group of four states" in reply


async def test_a_folder_that_is_not_there_is_an_error(settings, tmp_path):
    with pytest.raises(NoSuchPath):
        await said(settings, [SQUAD], memos=tmp_path / "nowhere")


async def test_an_error_while_reading_lines_is_not_swallowed(settings):
    def lines():
        yield SQUAD
        raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone"):
        await said(settings, lines())


async def test_nobody_typing_holds_nothing_up():
    asked, released = threading.Event(), threading.Event()

    def lines():
        asked.set()
        released.wait(PATIENCE)
        yield "too late"

    async def never(question: IncomingQuestion) -> None:
        pytest.fail(f"{question.text} was asked after the stop")

    console = Console(lines(), print)
    assert not console.connected
    running = asyncio.create_task(console.run(never))
    await asyncio.to_thread(asked.wait, PATIENCE)
    assert console.connected
    await console.stop()
    await asyncio.wait_for(running, PATIENCE)
    assert not console.connected
    released.set()


async def test_a_reader_who_went_away_ends_the_conversation(settings):
    def write(_):
        raise BrokenPipeError

    def lines():
        while True:
            yield SQUAD

    with pytest.raises(BrokenPipeError):
        await asyncio.wait_for(chat(settings, SEEDS, lines(), write), PATIENCE)


async def test_a_notice_is_shown_as_it_is():
    shown = []
    console = Console([SQUAD], shown.append)

    async def ask(question: IncomingQuestion) -> None:
        await console.post(question, Reply(answer_id="1", notice="Too fast."))

    await console.run(ask)
    assert shown == ["Too fast."]


def chatting(tmp_path, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", *arguments],
        cwd=ROOT,
        env={"PATH": "", "DATABASE_URL": f"sqlite:///{tmp_path / 'quoth.db'}", "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def test_the_program_answers_what_is_piped_in(tmp_path):
    with chatting(tmp_path, "--memos", "seeds") as program:
        out, err = program.communicate(f"{SQUAD}\n", timeout=PATIENCE)
    assert QUOTE in straight(out)
    assert (program.returncode, err) == (0, "")


def test_ctrl_c_at_the_prompt_ends_the_program_in_silence(tmp_path):
    with chatting(tmp_path, "--memos", "seeds") as program:
        program.stdin.write(f"{SQUAD}\n")
        program.stdin.flush()
        assert program.stdout.readline()  # it answered, and waits for the next line
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=PATIENCE)
    assert (program.returncode, err) == (130, "")


def test_ctrl_c_leaves_the_terminal_as_it_was(tmp_path):
    termios, pty = pytest.importorskip("termios"), pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    program = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--memos", "seeds"],
        cwd=ROOT,
        env={"PATH": "", "TERM": "dumb", "PYTHONUTF8": "1"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    try:
        shown = b""
        while b"> " not in shown:
            shown += os.read(ours, 1000)
        program.send_signal(signal.SIGINT)
        assert program.wait(PATIENCE) == 130
        assert termios.tcgetattr(theirs) == before
    finally:
        program.kill()
        program.wait()
        os.close(ours)
        os.close(theirs)


async def test_the_synonyms_beside_a_folders_memos_are_used(settings, tmp_path):
    (tmp_path / "tea.txt").write_text("The kettle is descaled on Fridays by the office team.")
    (tmp_path / "synonyms.txt").write_text("kettle, boiler\n")
    (reply,) = await said(settings, ["When is the boiler descaled?"], tmp_path)
    assert "Also searched: boiler = kettle." in straight(reply)


async def test_a_malformed_filter_is_told_at_the_prompt(settings):
    (reply,) = await said(settings, ["alliances before:tomorrow"])
    assert (
        "'before:tomorrow' is not a filter I understand. Write it like this: before:2024-10-03"
        in straight(reply)
    )
