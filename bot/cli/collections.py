"""Which collections are there, which memos are in them, and which channels see them?"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson
from bot.cli.views import key_of, standing

if TYPE_CHECKING:
    from bot.access import Access, Allowed, Seen, Standing
    from retrieval import Memo

app = typer.Typer(no_args_is_help=True, help="Collections of memos, and the channels that see them.")

Channel = Annotated[
    str, typer.Argument(metavar="CHANNEL", help="slack:T0123/C0123, or discord:GUILD/CHANNEL.")
]
Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names of collections.")]
FROM_HERE = "command line"
"""Who said it, where it was said here."""


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the collections: how many memos each holds, and which channels see it."""
    from bot.access import collections_of
    from bot.cli.output import print_json
    from bot.cli.sources import library_memos

    now, held = standing(), dict[str, int]()
    for memo in library_memos():
        for name in collections_of(memo, now.given):
            held[name] = held.get(name, 0) + 1
    channels = now.bound_channels()
    named = {name for seen in channels.values() for name in seen.allowed.names}
    rows = [
        {
            "name": name,
            "memos": held.get(name, 0),
            "channels": [key for key, seen in channels.items() if seen.allowed.sees((name,))],
        }
        for name in sorted({*held, *named})
    ]
    if as_json:
        print_json({"collections": rows, "unbound": now.unbound.shown})
        return
    for row in rows:
        _say(f"{row['name']}  {row['memos']}  {' '.join(row['channels']) or '(no channel)'}")  # type: ignore[arg-type]
    if not rows:
        typer.echo("There are no collections: no memo lies in a folder or names one.", err=True)
    _say(f"Channels that nobody bound see: {', '.join(now.unbound.shown)}.")


@app.command()
def show(channel: Channel, *, as_json: AsJson = False) -> None:
    """Show what a channel sees, and who said so."""
    from bot.access import View
    from bot.cli.output import print_json
    from bot.cli.sources import library_memos

    now, key = standing(), key_of(channel)
    seen = now.seen_in(key)
    memos = View(seen.allowed, now.given, library_memos()).memos
    if as_json:
        print_json({"channel": key, "sees": seen.allowed.shown, "memos": len(memos), "because": why(seen)})
    else:
        _say(f"{key} sees {', '.join(seen.allowed.shown)}: {len(memos)} memos ({why(seen)}).")


@app.command()
def use(channel: Channel, names: Names) -> None:
    """Bind a channel to collections: it sees their memos and no others. * is everything."""
    from bot.access import Allowed

    key, before = key_of(channel), standing()
    if before.seen_in(key).by_settings:
        raise typer.BadParameter("ACCESS__CHANNELS says what this channel sees.", param_hint="CHANNEL")
    allowed = _allowed(names)

    async def work(access: "Access") -> None:
        await access.bind(key, allowed, FROM_HERE)

    _with_access(work)
    _say(f"{key} sees {', '.join(allowed.shown)} from now on.")
    _warn_where_first(before)
    held = Allowed(names=_all_names())
    for name in sorted(allowed.names - held.names):
        typer.echo(f"No memo is in the collection {name} yet.", err=True)


@app.command()
def clear(channel: Channel) -> None:
    """Unbind a channel: it sees what channels see that nobody bound."""
    key, before = key_of(channel), standing()
    if before.seen_in(key).by_settings:
        raise typer.BadParameter("ACCESS__CHANNELS says what this channel sees.", param_hint="CHANNEL")
    if key not in before.bound_channels():
        _say(f"Nobody bound {key}, so nothing changed: it sees {', '.join(before.unbound.shown)}.")
        return

    async def work(access: "Access") -> None:
        await access.bind(key, None, FROM_HERE)

    _with_access(work)
    _say(f"{key} is not bound any more and sees {', '.join(standing().unbound.shown)}.")


@app.command()
def log(*, as_json: AsJson = False) -> None:
    """Show who bound which channel, and who put which memo into which collection, and when."""
    from bot.cli.output import print_json
    from bot.cli.sources import library_may_exist, with_store
    from bot.storage import Said

    said = with_store(lambda store: store.collections.said()) if library_may_exist() else Said()
    if as_json:
        print_json(said.model_dump(mode="json"))
        return
    lines = [
        (
            one.said_at,
            f"{one.channel} {'unbound' if one.names is None else f'sees {_listed(one.names)}'}",
            one.said_by,
        )
        for one in said.bindings
    ] + [
        (one.said_at, f"{one.memo_id} {'into' if one.belongs else 'out of'} {one.name}", one.said_by)
        for one in said.assignments
    ]
    for when, what, who in sorted(lines):
        _say(f"{when:%Y-%m-%d %H:%M:%S} UTC  {what}  (by {who})")


def collect(
    memo_id: Annotated[
        str, typer.Argument(metavar="ID", help="The memo's id, as `quoth memos list` shows it.")
    ],
    names: Names,
    *,
    out: Annotated[
        bool, typer.Option("--out", help="Take it out again of collections that it was put into by command.")
    ] = False,
) -> None:
    """Put a memo into collections, whatever its folder says; it lasts when the memo is read again."""
    from bot.access import collection_name, collections_of
    from bot.cli.sources import library_memos
    from bot.errors import UnknownMemo

    memo = next((memo for memo in library_memos() if memo.id == memo_id), None)
    if memo is None:
        raise UnknownMemo(memo_id)
    words = [word for one in names for word in one.split(",") if word.strip()]
    wrong = [word for word in words if collection_name(word) is None]
    if wrong or not words:
        raise typer.BadParameter(f"{(wrong or [''])[0]!r} names no collection.", param_hint="NAME")
    chosen = {name for word in words if (name := collection_name(word))}
    before = standing()

    async def work(access: "Access") -> None:
        await access.collect(memo_id, chosen, FROM_HERE, belongs=not out)

    _with_access(work)
    after = collections_of(memo, standing().given)
    _say(f"{memo_id} is in: {_listed(sorted(after)) or 'no collection'}.")
    for name in sorted(chosen & after) if out else ():
        typer.echo(f"It stays in {name} because of {_grounds(memo, name)}.", err=True)
    _warn_where_first(before)


def why(seen: "Seen") -> str:
    """Why a channel sees what it sees."""
    if seen.by_settings:
        return "by ACCESS__CHANNELS"
    if seen.binding:
        return f"bound by {seen.binding.said_by} at {seen.binding.said_at:%Y-%m-%d %H:%M} UTC"
    return "nobody bound it"


def _allowed(names: list[str]) -> "Allowed":
    """What the words after a channel let it see. No words at all are a slip: to show nothing one says so."""
    from bot.access import read_allowed
    from bot.errors import SetupError

    words = [word for one in names for word in one.replace(",", " ").split()]
    if not words:
        raise typer.BadParameter("name a collection, or write everything or nothing.", param_hint="NAME")
    try:
        return read_allowed(words, "NAME")
    except SetupError as wrong:
        raise typer.BadParameter(str(wrong).removeprefix("NAME: "), param_hint="NAME") from None


def _grounds(memo: "Memo", name: str) -> str:
    from bot.access import folder_collections, stated_collections

    if name in folder_collections(memo.source):
        return f"its folder ({memo.source})"
    return "its front matter" if name in stated_collections(memo) else "a collection below it"


def _warn_where_first(before: "Standing") -> None:
    """Say what the first use of collections does to all other channels."""
    if before.unbound.everything and not standing().unbound.everything:
        typer.echo(
            "From now on channels that nobody binds see no memos. To let them: ACCESS__UNBOUND=everything, "
            "or the names of collections.",
            err=True,
        )


def _all_names() -> frozenset[str]:
    from bot.access import collections_of
    from bot.cli.sources import library_memos

    given = standing().given
    return frozenset(name for memo in library_memos() for name in collections_of(memo, given))


def _with_access(work: Any) -> None:
    from bot.access import Access, read_rules
    from bot.cli.sources import with_store
    from bot.library import Library, utc_now
    from bot.observability import set_up_logging
    from bot.settings import read_settings

    set_up_logging("warning", "text")  # what is logged is for `quoth run`; here only warnings are for people
    rules = read_rules(**dict(read_settings().access))
    with_store(lambda store: work(Access(Library(store), store, rules, utc_now)))


def _listed(names: Any) -> str:
    return ", ".join(names) or "nothing"


def _say(line: str) -> None:
    from retrieval import printable

    typer.echo(printable(line))
