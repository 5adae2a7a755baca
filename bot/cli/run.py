"""Which roles does this process start: those that are configured, or those that are named?"""

from enum import StrEnum
from typing import Annotated

import typer


class Role(StrEnum):
    """What one process may do."""

    SLACK = "slack"
    DISCORD = "discord"
    WEB = "web"
    DIGESTS = "digests"


def run(
    roles: Annotated[
        list[Role] | None, typer.Argument(metavar="[ROLE]...", help="slack, discord, web, digests.")
    ] = None,
) -> None:
    """Start what is configured, or the roles named; stop with Ctrl-C or SIGTERM."""
    import asyncio

    from bot import app
    from bot.settings import read_settings

    settings = read_settings()
    asyncio.run(app.run(settings, [role.value for role in roles or []]))
