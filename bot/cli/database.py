"""Is the database's schema the one that this version needs, and how does it become that?"""

from typing import TYPE_CHECKING

import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from bot.storage import SchemaStatus

app = typer.Typer(no_args_is_help=True, help="The database's schema.")


@app.command()
def upgrade() -> None:
    """Bring the schema up to date; safe to repeat. An SQLite file is made where there is none."""
    import asyncio

    from bot.settings import read_settings
    from bot.storage import upgrade as bring_up_to_date

    status = asyncio.run(bring_up_to_date(read_settings().database_url.get_secret_value()))
    typer.echo(_sentence(status))


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Say which schema stands and which is needed. Exit code 1 when they differ."""
    import asyncio

    from bot.cli.output import print_json
    from bot.settings import read_settings
    from bot.storage import schema_status

    status = asyncio.run(schema_status(read_settings().database_url.get_secret_value()))
    if as_json:
        print_json(
            {"current": status.current, "wanted": status.wanted, "up_to_date": status.up_to_date},
        )
    else:
        typer.echo(_sentence(status))
    raise typer.Exit(0 if status.up_to_date else 1)


def _sentence(status: "SchemaStatus") -> str:
    if status.up_to_date:
        return f"The schema is up to date ({status.current})."
    return f"The schema is {status.current or 'not there yet'}, {status.wanted} is needed. Run: quoth database upgrade"
