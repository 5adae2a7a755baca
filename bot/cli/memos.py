"""How are memos put into the library, looked at, and taken out again?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, MemosFolder

if TYPE_CHECKING:
    from bot.library import Library
    from retrieval import Memo

app = typer.Typer(no_args_is_help=True, help="The library of memos.")

MemoId = Annotated[str, typer.Argument(metavar="ID", help="The memo's id, as `quoth memos list` shows it.")]


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files and folders; folders are read to the bottom."),
    ],
) -> None:
    """Add files and folders to the library. A bad file is reported and the rest is added; exit code 3 if any failed."""
    from bot.cli.progress import counting
    from bot.cli.sources import with_library

    with counting() as count:

        async def work(library: "Library") -> None:
            await library.add(paths, count.result)

        with_library(_database_url(), work)
    typer.echo(count.summary())
    raise typer.Exit(3 if count.failed else 0)


@app.command("list")
def list_(*, memos: MemosFolder = None, as_json: AsJson = False) -> None:
    """List the memos of the library (or of a folder): id, date, title, source."""
    from bot.cli.output import print_json
    from bot.cli.sources import folder_index, library_index

    found = list((folder_index(memos) if memos else library_index()).memos.values())
    if as_json:
        print_json([_known(memo) for memo in found])
    for memo in [] if as_json else found:
        date = memo.published.isoformat() if memo.published else "no date"
        typer.echo(_plain(f"{memo.id}  {date:<10}  {memo.title}  ({memo.source})"))
    if not found:
        typer.echo("The library is empty. Add memos with: quoth memos add PATH", err=True)


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
    from bot.cli.sources import index_of
    from bot.errors import UnknownMemo

    memo = index_of(memos).memos.get(memo_id)
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
                typer.echo(f"{name + ':':<12}{_plain(shown)}")


@app.command()
def remove(memo_id: MemoId) -> None:
    """Take a memo out of the library."""
    from bot.cli.sources import with_library

    async def work(library: "Library") -> None:
        await library.remove(memo_id)

    with_library(_database_url(), work)
    typer.echo(f"Removed {_plain(memo_id)}.")


def _database_url() -> str:
    from bot.settings import read_settings

    return read_settings().database_url


def _known(memo: "Memo") -> dict[str, Any]:
    """What is known about `memo`, without its text."""
    return memo.model_dump(mode="json", exclude={"text", "blocks", "read_from"}) | {
        "characters": len(memo.text)
    }


def _plain(text: str) -> str:
    from retrieval import printable

    return printable(text)
