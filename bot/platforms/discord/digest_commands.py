"""What are `/digest` and `/watch`, and which words do their options mean?

Each use becomes the command that says the same in words, and goes its way.
"""

from functools import cache
from zoneinfo import available_timezones

import discord
from discord import app_commands

from bot.digest import Part, Quiet
from bot.digests.reading import parted
from bot.digests.words import timetable
from bot.errors import MalformedTimes
from bot.platforms.discord.commands import Take
from bot.rendering.discord import escaped

SUGGESTED = 25
"""Choices that Discord shows at most while somebody writes."""

_FOR_ASKER_ALONE = frozenset({"list", "status", "preview", "why", "help", "topics"})
_ID = 6  # characters of a schedule's or topic's id
_SHORT, _LONG = 200, 900
_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
_INSTALLS = app_commands.AppInstallationType(guild=True, user=False)
_QUIET = [
    app_commands.Choice(name="say so on the first such day, then keep quiet", value=Quiet.FIRST.value),
    app_commands.Choice(name="keep quiet", value=Quiet.SILENT.value),
    app_commands.Choice(name="say so each time", value=Quiet.EACH.value),
]
_OPTIONS = {
    "when": "For example: weekdays at 9, first Monday of the month at 9, or cron: 0 9 * * 1-5",
    "zone": "Time zone, for example Europe/Berlin",
    "parts": "What it shows, for example: new, changed, topics (without: everything)",
    "quiet": "What happens when there is nothing new",
    "digest": "The digest's id, where there are several",
}

Words = app_commands.Range[str, 1, _SHORT]
Id = app_commands.Range[str, _ID, _ID]


def concerns_asker_alone(text: str) -> bool:
    """Whether what is said to a command is for whoever gave it only."""
    command = parted(text)
    return command is not None and command[0] in _FOR_ASKER_ALONE


def digest_group(take: Take) -> app_commands.Group:
    """`/digest schedule`, `list`, `preview`, ... in guilds and in direct messages with the bot."""
    group = app_commands.Group(
        name="digest",
        description="Scheduled posts of what is new in the memos.",
        allowed_contexts=_CONTEXTS,
        allowed_installs=_INSTALLS,
    )
    _add_making(group, take)
    for verb, said in {
        "preview": "See what it would say now; only you do.",
        "now": "Post it at once.",
        "pause": "Send nothing until it is resumed; what is new gathers.",
        "resume": "Go on after a pause, or after it stopped by itself.",
        "remove": "End it for good; what it posted stays.",
    }.items():
        group.add_command(_about_one(verb, said, take))
    _add_asking(group, take)
    return group


def watch_command(take: Take) -> app_commands.Command[app_commands.Group, ..., None]:
    """`/watch question:`, in guilds and in direct messages with the bot."""

    @app_commands.command(
        name="watch", description="Ask a question again of everything new, and post it here."
    )
    @app_commands.describe(question="Your question, in your own words")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def watch(interaction: discord.Interaction, question: app_commands.Range[str, 1, _LONG]) -> None:
        await take(interaction, f"watch {question}")

    return watch


def _add_making(group: app_commands.Group, take: Take) -> None:
    @group.command(name="schedule", description="Post a digest here, at the times that you say.")
    @app_commands.describe(**{name: _OPTIONS[name] for name in ("when", "zone", "parts", "quiet")})
    @app_commands.choices(quiet=_QUIET)
    @app_commands.autocomplete(zone=_zones, parts=_parts)
    async def schedule(
        interaction: discord.Interaction,
        when: Words,
        zone: Words | None = None,
        parts: Words | None = None,
        quiet: str | None = None,
    ) -> None:
        times = _times(when, zone)
        if wrong := _wrong(times):
            await _refuse(interaction, wrong)
        else:
            await take(interaction, f"digest {times}{_chosen(parts, quiet)}")

    @group.command(
        name="change", description="Change when a digest is due, what it shows, or its quiet days."
    )
    @app_commands.describe(**_OPTIONS)
    @app_commands.choices(quiet=_QUIET)
    @app_commands.autocomplete(zone=_zones, parts=_parts)
    async def change(  # noqa: PLR0913, PLR0917 - each is an option
        interaction: discord.Interaction,
        when: Words | None = None,
        zone: Words | None = None,
        parts: Words | None = None,
        quiet: str | None = None,
        digest: Id | None = None,
    ) -> None:
        times = _times(when, zone) if when else ""
        if zone and not when:
            await _refuse(interaction, "Say the times too: their zone goes with them.")
        elif not (when or parts or quiet):
            await _refuse(interaction, "Say what is to change: when, parts, or quiet.")
        elif times and (wrong := _wrong(times)):
            await _refuse(interaction, wrong)
        else:
            await take(interaction, f"{_words('digest change', digest, times)}{_chosen(parts, quiet)}")


def _add_asking(group: app_commands.Group, take: Take) -> None:
    @group.command(name="list", description="See when digests are due here, and what became of the last one.")
    async def status(interaction: discord.Interaction) -> None:
        await take(interaction, "digest list")

    @group.command(name="why", description="Learn why a memo was, or was not, in the digest of a day.")
    @app_commands.describe(memo="The memo's id", date="The day of the digest: 2024-10-07")
    async def why(
        interaction: discord.Interaction, memo: Words, date: app_commands.Range[str, 10, 10]
    ) -> None:
        await take(interaction, f"digest why {memo} {date}")

    @group.command(name="topics", description="See which questions are watched here.")
    async def topics(interaction: discord.Interaction) -> None:
        await take(interaction, "topics")

    @group.command(name="unwatch", description="Ask a watched question no longer.")
    @app_commands.describe(topic="The topic's id (see: topics)")
    async def unwatch(interaction: discord.Interaction, topic: Id) -> None:
        await take(interaction, f"unwatch {topic}")


def _about_one(
    verb: str, description: str, take: Take
) -> app_commands.Command[app_commands.Group, ..., None]:
    """A subcommand that names a digest, or none where there is only one."""

    @app_commands.command(name=verb, description=description)
    @app_commands.describe(digest=_OPTIONS["digest"])
    async def command(interaction: discord.Interaction, digest: Id | None = None) -> None:
        await take(interaction, _words(f"digest {verb}", digest))

    return command


def _words(*parts: str | None) -> str:
    return " ".join(filter(None, parts))


def _times(when: str, zone: str | None) -> str:
    return f"{when.strip()} in {zone.strip()}" if zone else when.strip()


def _chosen(parts: str | None, quiet: str | None) -> str:
    """The options behind the times, in the words of a command."""
    return (f"; show {parts.strip(' ,')}" if parts else "") + (f"; quiet {quiet}" if quiet else "")


def _wrong(times: str) -> str | None:
    """Why `times` name none: words that were given as times must not be taken for another command."""
    try:
        timetable(times, "UTC")
    except MalformedTimes as wrong:
        return str(wrong)
    return None


async def _refuse(interaction: discord.Interaction, said: str) -> None:
    await interaction.response.send_message(
        escaped(said), ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )


async def _zones(_: discord.Interaction, written: str) -> list[app_commands.Choice[str]]:
    """Zones that begin with what is written, then those that hold it."""
    sought = written.strip().casefold().replace(" ", "_")
    found = [name for name in _all_zones() if sought in name.casefold()]
    # The city is what people write first.
    found.sort(key=lambda name: not any(part.startswith(sought) for part in name.casefold().split("/")))
    return [app_commands.Choice(name=name, value=name) for name in found[:SUGGESTED]]


@cache
def _all_zones() -> tuple[str, ...]:
    """The zones that are named by a place, and UTC."""
    named = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return ("UTC", *sorted(named))


async def _parts(_: discord.Interaction, written: str) -> list[app_commands.Choice[str]]:
    """One part more than those that are written already."""
    *before, last = (name.strip().casefold() for name in written.split(","))
    left = [part.value for part in Part if part.value not in before and part.value.startswith(last)]
    offered = [", ".join([*filter(None, before), name]) for name in left]
    return [app_commands.Choice(name=name[:100], value=name) for name in offered if len(name) <= _SHORT]
