"""What does the program `quoth` offer, and which module answers each command?

The modules named here import at their top only what every command needs; a command imports the rest when it
runs, so that `quoth ask` does not wait for Slack, the database or the web to load.
"""

import os
import sys
from typing import Annotated

import typer

from bot.cli import (
    access,
    ask,
    chat,
    collections,
    database,
    demo,
    digest,
    doctor,
    manifest,
    measure,
    memos,
    moving,
    run,
    versions,
)
from bot.cli.trouble import Guard

app = typer.Typer(
    name="quoth",
    cls=Guard,
    help="Answers questions by quoting memos, each quote cited to its exact place.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("ask")(ask.ask)
app.command("chat")(chat.chat)
app.command("run")(run.run)
memos.app.command("collect")(collections.collect)
app.add_typer(memos.app, name="memos")
app.add_typer(collections.app, name="collections")
app.add_typer(access.app, name="access")
memos.app.command("versions")(versions.versions)
memos.app.command("prune")(versions.prune)
memos.app.command("export")(moving.export)
memos.app.command("import")(moving.import_)
app.command("backup")(moving.backup)
app.command("restore")(moving.restore)
digest.app.command("demo")(demo.demo)
app.add_typer(digest.app, name="digest")
app.command("evaluate")(measure.evaluate)
app.command("verify")(measure.verify)
app.command("doctor")(doctor.doctor)
app.add_typer(manifest.app, name="manifest")
app.add_typer(database.app, name="database")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the flag's value
    if wanted:
        from importlib.metadata import version

        typer.echo(f"quoth {version('quoth')}")
        raise typer.Exit


@app.callback()
def _every_command(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run `quoth` with the arguments of this process."""
    # numpy's linear algebra starts a thread a core when it is loaded; nothing here is large enough to use them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:  # memos hold curly quotes; a terminal that cannot show one gets "?" and not an error
            reconfigure(errors="replace")
    app()
