"""Which memos does a command leave out, because a collection does not hold them or a channel does not see them?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.access import Standing, View
    from bot.storage import Store

Collections = Annotated[
    list[str] | None,
    typer.Option(
        "--collections",
        metavar="NAME",
        help="Answer from the memos of this collection alone; may be said several times.",
    ),
]
AsChannel = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="CHANNEL",
        help="Answer as this channel is answered: slack:T0123/C0123, discord:123/456.",
    ),
]


def view_of(folder: Path | None, collections: Sequence[str] | None, channel: str | None) -> "View | None":
    """What `--collections` and `--as` leave to be seen of `folder`, or of the library; None where neither is given.

    Both together: what the channel sees of these collections is not meant, and is wrong usage.
    """
    if not collections and channel is None:
        return None
    if collections and channel is not None:
        raise typer.BadParameter("say --collections or --as, not both.", param_hint="--as")
    if folder and channel is not None:
        raise typer.BadParameter(
            "channels see the library, not a folder. Leave --memos out.", param_hint="--as"
        )
    from bot.access import View, read_allowed
    from bot.cli.sources import memos_of
    from bot.errors import SetupError

    if channel is not None:
        allowed = standing().seen_in(key_of(channel)).allowed
    else:
        try:
            allowed = read_allowed(
                [name for one in collections or () for name in one.split(",")], "--collections"
            )
        except SetupError as wrong:
            raise typer.BadParameter(str(wrong), param_hint="--collections") from None
    given = {} if folder else standing().given
    return View(allowed, given, memos_of(folder))


def key_of(channel: str) -> str:
    """A channel's key as it was typed; wrong usage where it is none."""
    from bot.access import is_key

    if not is_key(channel):
        raise typer.BadParameter(
            "write a channel like this: slack:T0123/C0123, or discord:GUILD/CHANNEL.", param_hint="CHANNEL"
        )
    return channel


def standing() -> "Standing":
    """How things stand with collections and channels, by the settings and by what was said."""
    from bot.access import Standing, read_rules
    from bot.cli.sources import library_may_exist, with_store
    from bot.settings import read_settings
    from bot.storage import Said

    rules = read_rules(**dict(read_settings().access))

    async def work(store: "Store") -> Said:
        return await store.collections.said()

    return Standing(rules, with_store(work) if library_may_exist() else Said())
