"""What is not in order yet, and what is to be done about it?"""

from typing import TYPE_CHECKING

import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from bot.cli.checks import Finding


def doctor(*, as_json: AsJson = False) -> None:
    """Check settings, tokens, scopes, database, clock, write access and port. Exit code 1 when there is a problem."""
    import asyncio

    from bot.cli.output import print_json

    found = asyncio.run(_examine(as_json=as_json))
    if as_json:
        print_json([finding._asdict() for finding in found])
    raise typer.Exit(0 if all(finding.ok for finding in found) else 1)


async def _examine(*, as_json: bool) -> "list[Finding]":
    """Collect the findings; for people, print each as soon as it is known, for a platform may be slow to answer."""
    from bot.cli.checks import findings
    from bot.cli.checks.finding import Finding, fine, problem
    from bot.errors import SetupError
    from bot.settings import read_settings

    found = []

    def report(finding: Finding) -> None:
        found.append(finding)
        if not as_json:
            typer.echo(f"{'ok' if finding.ok else 'problem'} — {finding.thing}: {finding.said}")

    try:
        settings = read_settings()
    except SetupError as wrong:  # its own remedy is this very command
        report(problem("settings", f"{wrong.args[0]} Correct it in the environment or in .env."))
        return found
    report(fine("settings", "every value is understood."))
    async for finding in findings(settings):
        report(finding)
    return found
