"""How are memos put into the library from files and folders, and kept as those are?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.folders import Outcome
    from bot.storage import Store

Check = Annotated[
    bool,
    typer.Option(
        "--check", help="Compare the bytes of every file, whatever its size and time; try failed ones again."
    ),
]
Sync = Annotated[
    bool,
    typer.Option(
        "--sync",
        help="Also take out the memos whose files are gone from these folders. More than WATCH__CONFIRM_ABOVE of a "
        "folder's memos wait for: quoth memos confirm.",
    ),
]


def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files and folders; folders are read to the bottom."),
    ],
    *,
    check: Check = False,
    sync: Sync = False,
    as_json: AsJson = False,
) -> None:
    """Add files and folders; only what changed since is read. A bad file is reported; exit code 3 if any failed."""
    from bot.cli.output import notice, print_json
    from bot.cli.progress import counting
    from bot.cli.sources import with_store
    from bot.folders import Progress, Removals
    from bot.folders import add as take_in
    from bot.settings import read_settings

    settings = read_settings()
    quietly()
    try:
        with counting() as count:

            async def work(store: "Store") -> "Outcome":
                return await take_in(
                    store,
                    paths,
                    check=check,
                    removals=Removals(settings.watch.confirm_above) if sync else None,
                    limits=settings.reading.limits,
                    progress=Progress(count.found, count.result),
                )

            outcome = with_store(work)
            for failure in outcome.failed:
                count.failure(failure.why)
    except KeyboardInterrupt:
        notice("Stopped. The library changes all at once, at the end: to go on, add the same again.")
        raise
    _name_the_changed(outcome)
    if as_json:
        print_json(_document(outcome))
    else:
        typer.echo(_summary(outcome, paths))
    raise typer.Exit(3 if outcome.failed or outcome.held else 0)


def confirm(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="Without any: all that wait.")
    ] = None,
) -> None:
    """Let the memos go whose files are gone and whose removal waits for a yes; quoth doctor names them."""
    from bot.cli.output import notice
    from bot.cli.sources import with_store
    from bot.folders import confirm as let_go
    from bot.folders import waiting
    from bot.settings import read_settings
    from retrieval import printable

    limits = read_settings().reading.limits

    async def work(store: "Store") -> "dict[Path, Outcome]":
        found = await waiting(store, folders or ())
        return {folder: await let_go(store, folder, memos, limits) for folder, memos in found.items()}

    quietly()
    outcomes = with_store(work)
    if not outcomes:
        notice("No removal waits for a yes.")
    for folder, outcome in outcomes.items():
        typer.echo(f"{printable(str(folder))}: {_summary(outcome, [folder])}")
    raise typer.Exit(3 if any(outcome.held for outcome in outcomes.values()) else 0)


def watch(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders, to the bottom.")],
) -> None:
    """Keep the library as the folders are: what is added, changed, renamed or deleted is live within two seconds."""
    import asyncio

    from bot import app
    from bot.settings import read_settings
    from retrieval import NoSuchPath

    for folder in folders:
        if not folder.exists():
            raise NoSuchPath(folder)
        if not folder.is_dir():
            raise typer.BadParameter(f"{folder} is not a folder.", param_hint="FOLDER")
    asyncio.run(app.watch(read_settings(), folders))


def quietly() -> None:
    """Leave what the library logs to `quoth run`; here only warnings are for people."""
    from bot.observability import set_up_logging

    set_up_logging("warning", "text")


def _name_the_changed(outcome: "Outcome") -> None:
    """Name each: a file of the same name in another folder may have taken its place."""
    from bot.cli.output import notice

    for memo_id in outcome.changes.changed:
        notice(f"changed: {memo_id}")
    for memo_id in outcome.changes.removed:
        notice(f"removed: {memo_id}")
    for folder, memos in outcome.held.items():
        notice(
            f"held back: {memos} memos whose files are gone from {folder}. To let them go: quoth memos confirm"
        )


def _document(outcome: "Outcome") -> dict[str, Any]:
    failed = [{"path": failure.path, "why": failure.why} for failure in outcome.failed]
    files = {"read": outcome.read, "passed": outcome.passed, "moved": outcome.moved}
    return {**outcome.changes._asdict(), "failed": failed, "files": files, "held": dict(outcome.held)}


def _summary(outcome: "Outcome", paths: "Iterable[Path]") -> str:
    from retrieval import printable

    counts = {
        "added": len(outcome.changes.added),
        "changed": len(outcome.changes.changed),
        "removed": len(outcome.changes.removed),
        "unchanged": len(outcome.changes.unchanged),
        "failed": len(outcome.failed),
        "held back": sum(outcome.held.values()),
    }
    said = ", ".join(f"{count} {fate}" for fate, count in counts.items() if count)
    where = ", ".join(printable(str(path)) for path in paths)
    return f"{said}." if said else f"No file to read in {where} (hidden files and READMEs are passed over)."
