"""What must be in order before the bot can run, and what is to be done where it is not?

Each check yields findings; none raises, prints a secret, or waits longer than its `PATIENCE`.
"""

from collections.abc import AsyncIterator

from bot import app
from bot.cli.checks import access, machine, names, platforms
from bot.cli.checks.finding import Finding, problem
from bot.settings import Settings

__all__ = ["Finding", "findings"]


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """All findings, in the order in which they are best put right."""
    for wrong in app.problems(settings):
        yield problem("settings", wrong)
    for finding in names.misspelt():
        yield finding
    database_url = settings.database_url.get_secret_value()
    yield machine.disk(database_url)
    async for finding in machine.database(database_url):
        yield finding
    for finding in machine.watched(settings.watch.folders):
        yield finding
    yield machine.reading(settings.reading.limits)
    yield machine.scoring()
    yield machine.port(settings.web.host, settings.web_port)
    yield machine.reading_room(settings.web.public_url)
    yield access.who_may_manage(settings)
    yield access.added_directly(settings)
    async for finding in platforms.slack(settings):
        yield finding
    async for finding in platforms.discord(settings):
        yield finding
