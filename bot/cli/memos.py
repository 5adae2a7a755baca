"""How are memos put into the library, looked at, and taken out again?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import adding
from bot.cli.options import AsJson, MemosFolder

if TYPE_CHECKING:
    from bot.storage import MemoLine, Store
    from retrieval import Memo

app = typer.Typer(no_args_is_help=True, help="The library of memos.")

MemoId = Annotated[str, typer.Argument(metavar="ID", help="The memo's id, as `quoth memos list` shows it.")]


for command in (adding.add, adding.confirm, adding.watch):
    app.command()(command)


@app.command("list")
def list_(*, memos: MemosFolder = None, as_json: AsJson = False) -> None:
    """List the memos of the library (or of a folder): id, date, title, source."""
    from bot.cli.output import print_json

    lines = _folder_lines(memos) if memos else _library_lines()
    if as_json:
        print_json(lines)
        return
    for line in lines:
        typer.echo(_plain("{memo_id}  {published}  {title}  ({source})".format_map(line | _dated(line))))
    if not lines:
        typer.echo(f"There are no memos. Add some with: quoth memos add PATH{_until_then(memos)}", err=True)


@app.command()
def show(
    memo_id: MemoId,
    *,
    memos: MemosFolder = None,
    text: Annotated[
        bool, typer.Option("--text", help="Print the canonical text, exactly, and nothing else.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is known about a memo, or its text: the text that every quote's place counts in."""
    from bot.cli.output import exact, print_json
    from bot.cli.sources import memos_of
    from bot.errors import UnknownMemo

    memo = next((memo for memo in memos_of(memos) if memo.id == memo_id), None)
    if memo is None:
        raise UnknownMemo(memo_id)
    if as_json:
        print_json(_known(memo) | ({"text": memo.text} if text else {}))
    elif text:
        exact(memo.text)
    else:
        for name, value in _known(memo).items():
            if value not in (None, "", []):
                shown = ", ".join(value) if isinstance(value, list) else str(value)
                typer.echo(f"{name + ':':<13}{_plain(shown)}")


@app.command()
def remove(memo_id: MemoId) -> None:
    """Take a memo out of the library."""
    from bot.cli.sources import drop_stale_index, with_store
    from bot.errors import UnknownMemo
    from bot.library import utc_now

    async def work(store: "Store") -> None:
        if not await store.memos.remove(memo_id, utc_now()):
            raise UnknownMemo(memo_id)

    with_store(work)
    drop_stale_index()
    typer.echo(f"Removed {_plain(memo_id)}.")


def _until_then(folder: Path | None) -> str:
    """Where answers come from while the library is empty."""
    from bot.seeds import seeds_folder

    seeds = None if folder else seeds_folder()
    return (
        f" (until then answers come from seeds/; see them with: quoth memos list --memos {seeds})"
        if seeds
        else ""
    )


def _library_lines() -> list[dict[str, Any]]:
    from bot.cli.sources import library_may_exist, with_store

    async def work(store: "Store") -> "list[MemoLine]":
        return await store.memos.listing()

    lines = with_store(work) if library_may_exist() else []
    return [line.model_dump(mode="json", exclude={"came"}) for line in lines]


def _folder_lines(folder: Path) -> list[dict[str, Any]]:
    from bot.cli.sources import folder_memos

    shown = ("memo_id", "title", "author", "published", "source", "sha256", "characters")
    return [{name: _known(memo)[name] for name in shown} for memo in folder_memos(folder)]


def _known(memo: "Memo") -> dict[str, Any]:
    """What is known about `memo`, without its text; named as in a citation."""
    known = memo.model_dump(mode="json", exclude={"id", "text", "blocks", "read_from"})
    return {"memo_id": memo.id, **known, "characters": len(memo.text)}


def _dated(line: dict[str, Any]) -> dict[str, str]:
    return {"published": f"{line['published'] or 'no date':<10}"}


def _plain(text: str) -> str:
    from retrieval import printable

    return printable(text)
