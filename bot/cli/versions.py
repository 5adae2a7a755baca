"""Which versions of a memo are kept, and which old ones are dropped?"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.storage import Pruned, Store, VersionLine


def versions(
    memo_id: Annotated[
        str, typer.Argument(metavar="ID", help="The memo's id, as `quoth memos list` shows it.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """List every version of a memo that is kept, newest first: when it came and went, its hash and its title."""
    from bot.cli.output import print_json
    from bot.cli.sources import library_may_exist, with_store
    from bot.errors import UnknownMemo

    async def work(store: "Store") -> "list[VersionLine]":
        return await store.versions.history(memo_id)

    lines = with_store(work) if library_may_exist() else []
    if not lines:
        raise UnknownMemo(memo_id)
    if as_json:
        print_json([line.model_dump(mode="json") for line in lines])
    else:
        for line in lines:
            typer.echo(_shown(line))


def prune(
    *,
    days: Annotated[
        float | None,
        typer.Option(min=0, metavar="N", help="Days that a version is kept after it went (VERSIONS_DAYS)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be dropped.")] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Drop also versions that a kept answer cites: its links stop opening."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Drop versions of memos that went from the library long ago; never a current one, nor one that an answer cites."""
    from bot.cli.output import print_json
    from bot.cli.sources import drop_stale_index, library_may_exist, with_store
    from bot.library import utc_now
    from bot.settings import read_settings
    from bot.storage import Pruned

    kept_for = read_settings().versions_days if days is None else days

    async def work(store: "Store") -> "Pruned":
        return await store.versions.prune(_before(utc_now(), kept_for), force=force, dry_run=dry_run)

    pruned = with_store(work) if library_may_exist() else Pruned((), ())
    if not dry_run:
        drop_stale_index()
    if as_json:
        print_json(_document(pruned, dry_run=dry_run))
    else:
        for said in _sentences(pruned, dry_run=dry_run):
            typer.echo(said)


def _before(now: datetime, days: float) -> datetime:
    """The moment before which a version must have gone; the earliest there is where that lies before all times."""
    try:
        return now - timedelta(days=days)
    except OverflowError:
        return datetime.min.replace(tzinfo=now.tzinfo)


def _document(pruned: "Pruned", *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "dropped": [line.model_dump(mode="json") for line in pruned.dropped],
        "kept_because_cited": [line.model_dump(mode="json") for line in pruned.cited],
    }


def _sentences(pruned: "Pruned", *, dry_run: bool) -> "Iterator[str]":
    if dry_run:
        yield from map(_shown, pruned.dropped)
    yield f"{'Would drop' if dry_run else 'Dropped'} {_counted(len(pruned.dropped))}."
    if pruned.cited:
        yield f"Kept {_counted(len(pruned.cited))} that answers cite; --force drops those too."


def _counted(number: int) -> str:
    return "one old version" if number == 1 else f"{number:,} old versions"


def _shown(line: "VersionLine") -> str:
    from retrieval import printable

    went = f"{line.went:%Y-%m-%d %H:%M}" if line.went else "current"
    cited = "  (cited)" if line.cited else ""
    return printable(f"{line.came:%Y-%m-%d %H:%M} to {went:<16}  {line.sha256[:12]:<12}  {line.title}{cited}")
