"""How does one talk to the whole bot at a prompt?"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from bot.app.digesting import digests_of
from bot.app.parts import IN_MEMORY, add_folder, built, read_seeds
from bot.observability import set_up_logging
from bot.platforms.console import Console
from bot.seeds import synonyms_in
from bot.settings import Settings
from retrieval import NoSuchPath

UNHURRIED = 1_000_000
"""Questions a minute at one's own prompt: nobody else has to wait."""


async def chat(  # noqa: PLR0913 - what a prompt is made of
    settings: Settings,
    memos: Path | None,
    lines: Iterable[str],
    write: Callable[[str], object],
    *,
    colour: bool = False,
    width: int = 80,
) -> None:
    """Answer `lines` from the library, or from the folder `memos` alone (nothing is kept then).

    `write` gets each reply, `colour` and `width` (columns) say how it may look. Raises NoSuchPath.
    """
    set_up_logging("warning", "text")
    with terminal_as_it_was():
        await _talk(settings, memos, Console(lines, write, colour=colour, width=width), write)


async def _talk(
    settings: Settings, memos: Path | None, console: Console, write: Callable[[str], object]
) -> None:
    if memos is not None and not memos.exists():  # noqa: ASYNC240 - once, before anything runs
        raise NoSuchPath(memos)
    synonyms = synonyms_in(memos) if memos else None
    database_url = IN_MEMORY if memos else None
    async with built(settings, database_url=database_url, per_minute=UNHURRIED, synonyms=synonyms) as parts:
        if memos:
            await add_folder(parts.library, memos, write)
        else:
            await read_seeds(parts.library, write)
        digests_of(settings, parts, [console])
        await console.run(parts.questions.ask_for(console))
        await parts.questions.drain()


@contextmanager
def terminal_as_it_was() -> Iterator[None]:
    """Undo at the end what a prompt did to the terminal: one that Ctrl-C left waiting would leave it without echo."""
    if not sys.stdin.isatty() or find_spec("termios") is None:
        yield
        return
    import termios  # noqa: PLC0415 - Windows has none

    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
