"""What would a digest of some memos look like, without an account or a database?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.digest import log_quietly


def demo(
    memos: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Memos to tell of; without it seeds/.")
    ] = None,
    *,
    watch: Annotated[
        list[str] | None,
        typer.Option("--watch", metavar="QUESTION", help="A standing question; several may be said."),
    ] = None,
) -> None:
    """Post a digest of some memos here, as if they had come since yesterday. Nothing is kept; no account is needed."""
    import asyncio

    from bot.app.demo import Demo
    from bot.app.demo import demo as posted
    from bot.cli.output import colour, notice, width
    from bot.platforms.console import Console
    from bot.seeds import seeds_folder
    from bot.settings import read_settings
    from retrieval import NoSuchPath

    folder = memos or seeds_folder()
    if folder is None:
        raise typer.BadParameter("there is no seeds/ here; name a folder.", param_hint="DIR")
    if not folder.exists():
        raise NoSuchPath(folder)
    log_quietly()
    console = Console((), typer.echo, colour=colour(), width=width())
    now = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    asyncio.run(posted(read_settings(), Demo(folder, now, watch or ()), console, notice))
