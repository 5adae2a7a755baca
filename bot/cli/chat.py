"""How does one talk to the whole bot at a prompt, without an account?"""

import sys
from collections.abc import Iterator

import typer

from bot.cli.options import MemosFolder


def chat(memos: MemosFolder = None) -> None:
    """Talk to the bot here, a question a line; `exit` or Ctrl-D to leave."""
    import asyncio

    from bot import app
    from bot.cli.output import colour, width
    from bot.settings import read_settings

    asyncio.run(app.chat(read_settings(), memos, _typed_lines(), typer.echo, colour=colour(), width=width()))


def _typed_lines() -> Iterator[str]:
    """What is typed, a line at a time, with a prompt where somebody sits there."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    import readline  # noqa: F401 - gives `input` its history and editing

    while True:
        try:
            yield input("> ")
        except EOFError:  # Ctrl-D: the shell's prompt begins on a line of its own
            typer.echo()
            return
