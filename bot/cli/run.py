"""Which roles does this process start: those that are configured, or those that are named?"""

from typing import Annotated

import typer


def run(
    roles: Annotated[
        list[str] | None, typer.Argument(metavar="[ROLE]...", help="slack, discord, web, digests, watch.")
    ] = None,
) -> None:
    """Start what is configured, or the roles named; stop with Ctrl-C or SIGTERM."""
    import asyncio

    from bot import app
    from bot.settings import read_settings

    for name in roles or []:
        if name not in set(app.Role):
            raise typer.BadParameter(f"{name!r} is not one of {', '.join(app.Role)}.", param_hint="ROLE")
    asyncio.run(app.run(read_settings(), roles))
