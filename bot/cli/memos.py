"""How are memos put into the library, looked at, and taken out again?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, MemosFolder

if TYPE_CHECKING:
    from bot.library import Addition
    from bot.storage import MemoLine, Store
    from retrieval import Memo

app = typer.Typer(no_args_is_help=True, help="The library of memos.")

MemoId = Annotated[str, typer.Argument(metavar="ID", help="The memo's id, as `quoth memos list` shows it.")]


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files and folders; folders are read to the bottom."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Add files and folders to the library. A bad file is reported and the rest is added; exit code 3 if any failed."""
    from bot.cli.output import notice, print_json
    from bot.cli.progress import counting
    from bot.cli.sources import with_store
    from bot.library import Library

    _log_quietly()
    with counting() as count:

        async def work(store: "Store") -> "Addition":
            return await Library(store).add(paths, count.result)

        addition = with_store(work)
    for (
        memo_id
    ) in addition.changes.changed:  # a file of the same name in another folder may have taken its place
        notice(f"changed: {memo_id}")
    if as_json:
        failed = [{"path": error.path, "why": str(error)} for error in addition.failed]
        print_json({**addition.changes._asdict(), "failed": failed})
    else:
        typer.echo(_summary(addition))
    raise typer.Exit(3 if addition.failed else 0)


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
                typer.echo(f"{name + ':':<12}{_plain(shown)}")


@app.command()
def remove(memo_id: MemoId) -> None:
    """Take a memo out of the library."""
    from bot.cli.sources import with_store
    from bot.library import Library

    async def work(store: "Store") -> None:
        await Library(store).remove(memo_id)

    _log_quietly()
    with_store(work)
    typer.echo(f"Removed {_plain(memo_id)}.")


def _log_quietly() -> None:
    """Leave what the library logs to `quoth run`; here only warnings are for people."""
    from bot.observability import set_up_logging

    set_up_logging("warning", "text")


def _summary(addition: "Addition") -> str:
    changes = addition.changes
    counts = {
        "added": changes.added,
        "changed": changes.changed,
        "unchanged": changes.unchanged,
        "failed": addition.failed,
    }
    return (
        f"{', '.join(f'{len(those)} {fate}' for fate, those in counts.items() if those) or 'nothing found'}."
    )


def _until_then(folder: Path | None) -> str:
    """Where answers come from while the library is empty."""
    from bot.seeds import seeds_folder

    seeds = None if folder else seeds_folder()
    return f" (until then answers come from: quoth memos list --memos {seeds})" if seeds else ""


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
