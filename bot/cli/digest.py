"""How are digests scheduled, looked at and sent from the command line?"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.options import AsJson
from bot.cli.views import key_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.digest import Delivery, Part, Schedule
    from bot.digests.managing import Managing
    from bot.models import Conversation
    from bot.storage import Store

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True, help="Scheduled posts: what is new, what changed, what was asked for."
)

ScheduleId = Annotated[
    str, typer.Argument(metavar="ID", help="The digest's id, as `quoth digest list` shows it.")
]
Zone = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Time zone, as in Europe/Berlin; without it DIGESTS__ZONE.")
]
Parts = Annotated[
    str | None,
    typer.Option(
        metavar="PART,...",
        help="new, changed, departed, topics, most_quoted, open_questions, review_due; without it all.",
    ),
]
QuietDays = Annotated[
    str,
    typer.Option("--quiet", metavar="WHEN", help="When nothing is new: first (say so once), silent, each."),
]
FROM_HERE = "command line"


@app.command()
def add(
    words: Annotated[
        str,
        typer.Argument(metavar="WHEN", help='"weekdays at 9", "first Monday of the month at 9", or cron.'),
    ],
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="CHANNEL", help="slack:T0123/C0123, or discord:GUILD/CHANNEL.")
    ],
    maker: Annotated[
        str, typer.Option("--maker", metavar="PERSON", help="Whom to tell when it stops: U0123.")
    ] = "",
    zone: Zone = None,
    parts: Parts = None,
    quiet: QuietDays = "first",
    as_json: AsJson = False,
) -> None:
    """Schedule a digest for a channel, and show the next three times."""
    where, chosen = _conversation(to), _parts(parts)

    async def work(managing: "Managing") -> "Schedule":
        return await managing.make(where, maker, words, zone=zone, parts=chosen, quiet=_quiet(quiet))

    _show(_managed(work), as_json=as_json)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the digests: when they are due, and what became of the last one."""
    from bot.cli.output import print_json
    from bot.digests import wording

    async def work(managing: "Managing") -> "list[tuple[Schedule, Delivery | None]]":
        return [(each, await managing.last(each)) for each in await managing.all()]

    found = _managed(work)
    if as_json:
        print_json([_known(schedule, last) for schedule, last in found])
        return
    for schedule, last in found:
        _say(f"{_place(schedule)}  {wording.status(schedule, _following(schedule), last)}")
    if not found:
        typer.echo(
            'No digest is scheduled. Make one with: quoth digest add "weekdays at 9" --to CHANNEL', err=True
        )


@app.command()
def change(
    schedule_id: ScheduleId,
    words: Annotated[
        str | None, typer.Argument(metavar="WHEN", help="New times; without them they stay.")
    ] = None,
    *,
    zone: Zone = None,
    parts: Parts = None,
    quiet: Annotated[str | None, typer.Option("--quiet", metavar="WHEN", help="first, silent, each.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change when a digest is due, what it shows, or what happens when nothing is new."""

    async def work(managing: "Managing") -> "Schedule":
        return await managing.change(
            schedule_id,
            FROM_HERE,
            words=words,
            zone=zone,
            parts=_parts(parts) if parts else None,
            quiet=_quiet(quiet) if quiet else None,
        )

    _show(_managed(work), as_json=as_json)


@app.command()
def pause(schedule_id: ScheduleId) -> None:
    """Send nothing until it is resumed; what is new gathers."""
    from bot.digests import wording

    _say(wording.paused(_managed(lambda managing: managing.pause(schedule_id, FROM_HERE))))


@app.command()
def resume(schedule_id: ScheduleId, *, as_json: AsJson = False) -> None:
    """Go on with a digest that was paused, or that stopped by itself."""
    _show(_managed(lambda managing: managing.resume(schedule_id, FROM_HERE)), as_json=as_json)


@app.command()
def remove(schedule_id: ScheduleId) -> None:
    """End a digest for good; what it posted stays."""
    _managed(lambda managing: managing.remove(schedule_id, FROM_HERE))
    _say(f"Removed digest {schedule_id}.")


@app.command()
def preview(schedule_id: ScheduleId, *, as_json: AsJson = False) -> None:
    """Show what a digest would say now. Nothing is posted."""
    from bot.app.previewing import previewed
    from bot.cli.output import colour, print_json, width
    from bot.cli.sources import with_store
    from bot.rendering.digests import terminal
    from bot.settings import read_settings

    log_quietly()
    digest = with_store(lambda store: previewed(read_settings(), store, schedule_id))
    if as_json:
        print_json(digest.model_dump(mode="json"))
    else:
        typer.echo(terminal.digest(digest, colour=colour(), width=width()))


@app.command("send-now")
def send_now(schedule_id: ScheduleId) -> None:
    """Post a digest at once, due times aside."""
    import asyncio

    from bot.app.sending import sent_now
    from bot.digests import wording
    from bot.settings import read_settings

    log_quietly()
    delivery, schedule = asyncio.run(sent_now(read_settings(), schedule_id))
    _say(wording.sent(delivery, schedule.zone))
    raise typer.Exit(0 if delivery.message_id or delivery.state.value == "empty" else 3)


@app.command()
def why(
    memo_id: Annotated[str, typer.Argument(metavar="MEMO", help="The memo's id.")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="The day of the digest: 2024-10-07.")],
) -> None:
    """Say why a memo was, or was not, in the digests of a day."""
    from bot.digests import wording

    date = wording.day(day)
    if date is None:
        raise typer.BadParameter("write the day like this: 2024-10-07", param_hint="DATE")
    _say(wording.why(memo_id, date, _managed(lambda managing: managing.why(memo_id, date))))


def _managed(work: "Callable[[Managing], Awaitable[T]]") -> T:
    """Do `work` on the schedules in the database that the settings name."""
    from bot.cli.sources import with_store
    from bot.digests.managing import Managing
    from bot.library import utc_now
    from bot.settings import read_settings

    zone = read_settings().digests.zone
    log_quietly()

    async def opened(store: "Store") -> T:
        return await work(Managing(store, utc_now, zone))

    return with_store(opened)


def log_quietly() -> None:
    """Leave what is logged to `quoth run`; here only warnings are for people."""
    from bot.observability import set_up_logging

    set_up_logging("warning", "text")


def _show(schedule: "Schedule", *, as_json: bool) -> None:
    from bot.cli.output import print_json
    from bot.digests import wording

    if as_json:
        print_json(_known(schedule, None))
    else:
        _say(wording.made(schedule, _following(schedule)))


def _following(schedule: "Schedule") -> list[datetime]:
    from bot.digests.managing import following

    return following(schedule)


def _known(schedule: "Schedule", last: "Delivery | None") -> dict[str, Any]:
    known = schedule.model_dump(mode="json", exclude={"conversation"})
    next_times = [moment.isoformat() for moment in _following(schedule)]
    shown = last.model_dump(mode="json", exclude={"digest", "reasons"}) if last else None
    return {**known, "to": _place(schedule), "next": next_times, "last": shown}


def _place(schedule: "Schedule") -> str:
    from bot.digest import place_of

    return place_of(schedule.conversation)


def _conversation(to: str) -> "Conversation":
    from bot.models import Conversation, PlatformName

    platform, _, rest = key_of(to).partition(":")
    if platform == PlatformName.CONSOLE:
        raise typer.BadParameter(
            "digests go to Slack and Discord; here it is: digest demo.", param_hint="--to"
        )
    workspace, _, channel = rest.partition("/")
    return Conversation(platform=PlatformName(platform), workspace=workspace, channel=channel)


def _parts(written: str | None) -> "tuple[Part, ...]":
    from bot.digest import Part

    if written is None:
        return tuple(Part)
    names = [name.strip().replace("-", "_") for name in written.split(",")]
    if wrong := [name for name in names if name not in set(Part)]:
        raise typer.BadParameter(f"{wrong[0]!r} is none; they are: {', '.join(Part)}.", param_hint="--parts")
    return tuple(Part(name) for name in names)


def _quiet(written: str) -> Any:
    from bot.digest import Quiet

    if written not in set(Quiet):
        raise typer.BadParameter(f"{written!r} is none; they are: {', '.join(Quiet)}.", param_hint="--quiet")
    return Quiet(written)


def _say(line: str) -> None:
    from retrieval import printable

    typer.echo("\n".join(map(printable, line.split("\n"))))
