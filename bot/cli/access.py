"""Why does a channel see a memo, or not?"""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.collections import Channel, why
from bot.cli.options import AsJson
from bot.cli.views import key_of, standing

if TYPE_CHECKING:
    from bot.access import Standing
    from retrieval import Memo

app = typer.Typer(no_args_is_help=True, help="Who may see what.")


@app.callback()
def _group() -> None:
    """Keep `explain` a command of its own while it is the only one."""


@app.command()
def explain(
    channel: Channel,
    memo_id: Annotated[
        str, typer.Argument(metavar="MEMO", help="The memo's id, as `quoth memos list` shows it.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Say whether a channel sees a memo, and why. Exit code 1 where it does not."""
    from bot.access import View
    from bot.cli.output import print_json
    from bot.cli.sources import library_memos
    from bot.errors import UnknownMemo
    from retrieval import printable

    key, now, memos = key_of(channel), standing(), library_memos()
    memo = next((memo for memo in memos if memo.id == memo_id), None)
    if memo is None:
        raise UnknownMemo(memo_id)
    seen = now.seen_in(key)
    sees = View(seen.allowed, now.given, memos).sees(memo)
    grounds = _grounds(memo, now)
    if as_json:
        print_json(
            {
                "channel": key,
                "memo_id": memo_id,
                "sees": sees,
                "channel_sees": seen.allowed.shown,
                "because": why(seen),
                "collections": grounds,
            }
        )
    else:
        for line in (
            f"{memo_id} is in: {_written(grounds) or 'no collection'}.",
            f"{key} sees {', '.join(seen.allowed.shown)} ({why(seen)}).",
            f"So {key} {'sees' if sees else 'does not see'} {memo_id}.",
            *([] if sees else [_next_step(key, grounds, by_settings=seen.by_settings)]),
        ):
            typer.echo(printable(line))
    raise typer.Exit(0 if sees else 1)


def _grounds(memo: "Memo", now: "Standing") -> dict[str, list[str]]:
    """The collections that a memo is in, each with what puts it there."""
    from bot.access import collections_of, folder_collections, stated_collections

    return {
        name: [
            *(["folder"] if name in folder_collections(memo.source) else []),
            *(["front matter"] if name in stated_collections(memo) else []),
            *(["command"] if name in now.given.get(memo.id, ()) else []),
        ]
        or ["a collection below it"]
        for name in sorted(collections_of(memo, now.given))
    }


def _written(grounds: dict[str, list[str]]) -> str:
    return ", ".join(f"{name} (by {' and '.join(by)})" for name, by in grounds.items())


def _next_step(channel: str, grounds: dict[str, list[str]], *, by_settings: bool) -> str:
    if not grounds:
        return "Put the memo into a collection first: quoth memos collect ID NAME."
    if by_settings:
        return f"To change that: add one of these names to {channel} in ACCESS__CHANNELS."
    return f"To change that: quoth collections use {channel} NAME (it replaces what the channel sees now)."
