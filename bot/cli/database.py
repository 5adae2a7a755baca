"""Is the database's schema the one that this version needs, and how does it become that?"""

import typer

app = typer.Typer(no_args_is_help=True, help="The database's schema.")


@app.command()
def upgrade() -> None:
    """Bring the schema up to date; safe to repeat."""


@app.command()
def status() -> None:
    """Say which schema stands and which is needed. Exit code 1 when they differ."""
