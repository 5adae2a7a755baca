"""How do the memos, or the whole state, move out of here and in again?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from bot.moving import Exported
    from bot.storage import Store, TakenIn

Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]


def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is new or empty.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write every memo with all its versions into a folder: text files for people, and a manifest for `import`."""
    from bot.cli.output import print_json
    from bot.cli.sources import with_store

    async def work(store: "Store") -> "Exported":
        from bot.moving import export as write_out

        return await write_out(store, folder)

    written = with_store(work)
    if as_json:
        print_json({"folder": str(folder), **written._asdict()})
    else:
        typer.echo(
            f"Exported {_memos(written.memos)}, {written.versions:,} versions in all, to {_plain(folder)}."
        )


def import_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What `quoth memos export` wrote.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Take in what `export` wrote, every version with its times; all of it or, where anything is wrong, nothing."""
    from bot.cli.output import print_json
    from bot.cli.sources import with_store

    async def work(store: "Store") -> "TakenIn":
        from bot.moving import take_in

        return await take_in(store, folder)

    taken = with_store(work)
    if as_json:
        print_json(taken._asdict())
    else:
        already = f", {len(taken.unchanged):,} were there already" if taken.unchanged else ""
        typer.echo(f"Imported {_memos(len(taken.added))}{already}.")


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    *,
    force: Force = False,
) -> None:
    """Copy the whole state into FILE while the bot runs (SQLite): memos, questions, answers and secrets."""
    from bot.storage import back_up

    back_up(_database_url(), file, force=force)
    typer.echo(
        f"Backed up to {_plain(file)}. It holds secrets and people's words: keep it as safe as the database."
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `quoth backup` made.")],
    *,
    force: Force = False,
) -> None:
    """Put the state in FILE in the place of the database (SQLite), checked first; the bot must be stopped."""
    from bot.storage import restore as put_back

    revision = put_back(_database_url(), file, force=force)
    typer.echo(f"Restored from {_plain(file)} (schema {revision}).")


def _database_url() -> str:
    from bot.settings import read_settings

    return read_settings().database_url.get_secret_value()


def _memos(number: int) -> str:
    return "one memo" if number == 1 else f"{number:,} memos"


def _plain(path: Path) -> str:
    from retrieval import printable

    return printable(str(path))
