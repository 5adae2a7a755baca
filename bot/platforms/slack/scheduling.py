"""What does somebody in Slack say by the form that schedules a digest? Pure, like `events`.

What is sent becomes the command that says the same in words, and goes its way.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bot.digest import Part, Quiet
from bot.digests.words import timetable
from bot.errors import MalformedTimes
from bot.models import Conversation, IncomingQuestion, PlatformName
from bot.platforms.slack.events import Dropped
from bot.rendering.digests import slack_form as form

SHORTCUT = "quoth_schedule_digest"
"""The callback of the global shortcut that the manifest declares."""

_ASKS_FOR_FORM = frozenset({"digest", "digests"})
_ANY_TIME = "every day at 9"


class Opening(NamedTuple):
    """Somebody wants to fill the form in; `trigger_id` opens it for some seconds.

    `command` is what they typed, to be answered in words where no form can be shown; None after the shortcut.
    """

    person: str
    trigger_id: str
    command: IncomingQuestion | None = None

    @property
    def reference(self) -> str:
        """Where it is asked for, for the form to carry; "" where the form asks that."""
        if self.command is None:
            return ""
        where = self.command.conversation
        return json.dumps([where.workspace, where.channel, self.command.reply_token])


def asks_for_form(command: IncomingQuestion) -> bool:
    """Whether a slash command says nothing but that it is about digests."""
    return command.text.strip().casefold() in _ASKS_FOR_FORM


def opening_of(command: IncomingQuestion) -> Opening:
    """The same as the wish to fill the form in: the id of a slash command opens one."""
    return Opening(command.asker, command.event_id, command)


def to_opening(body: Mapping[str, Any]) -> Opening | Dropped:
    """The use of the shortcut."""
    person = _id(body, "user")
    if not (person and body.get("trigger_id")):
        return Dropped(reason="incomplete", kind=str(body.get("type", "")))
    return Opening(person, str(body["trigger_id"]))


def complaints(body: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the form that somebody sent, by field: shown beside it, and the form stays open."""
    view: Mapping[str, Any] = body.get("view") or {}
    found = {}
    if not view.get("private_metadata") and not _chosen(view, form.WHERE, "selected_conversation"):
        found[form.WHERE] = form.NO_CHANNEL
    if not _parts(view):
        found[form.PARTS] = form.NO_PART
    zone = _zone(view)
    if wrong := _wrong(_ANY_TIME, zone or "UTC"):
        found[form.ZONE] = str(wrong.args[0])
    elif _wrong(_in_zone(_ANY_TIME, zone)):
        found[form.ZONE] = form.NO_ZONE
    elif wrong := _wrong(_times(view)):
        found[form.WHEN] = str(wrong)
    return found


def _wrong(words: str, zone: str = "UTC") -> MalformedTimes | None:
    try:
        timetable(words, zone)
    except MalformedTimes as wrong:
        return wrong
    return None


def to_question(body: Mapping[str, Any], now: datetime) -> IncomingQuestion | Dropped:
    """The form that somebody sent, as the command that says the same."""
    view: Mapping[str, Any] = body.get("view") or {}
    person = _id(body, "user")
    if complaints(body) or not (person and view.get("id")):
        return Dropped(reason="not_filled_in", kind=str(body.get("type", "")))
    workspace, channel, reply_token = _where(body, view)
    return IncomingQuestion(
        event_id=f"form-{view['id']}",
        conversation=Conversation(platform=PlatformName.SLACK, workspace=workspace, channel=channel),
        asker=person,
        text=_command(view),
        asked_at=now,
        reply_token=reply_token,
    )


def _where(body: Mapping[str, Any], view: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Workspace, channel, and by which address the person alone is replied to, where there is one."""
    if view.get("private_metadata"):
        workspace, channel, reply_token = json.loads(view["private_metadata"])
        return workspace, channel, reply_token
    given: Mapping[str, Any] = next(iter(body.get("response_urls") or ()), {})
    channel = str(given.get("channel_id") or _chosen(view, form.WHERE, "selected_conversation"))
    return _id(body, "team"), channel, given.get("response_url")


def _command(view: Mapping[str, Any]) -> str:
    parts = _parts(view)
    quiet = (_field(view, form.QUIET).get("selected_option") or {}).get("value") or Quiet.FIRST.value
    return "; ".join(
        [
            f"digest {_times(view)}",
            *([f"show {', '.join(parts)}"] if set(parts) != set(Part) else []),
            *([f"quiet {quiet}"] if quiet != Quiet.FIRST else []),
        ]
    )


def _times(view: Mapping[str, Any]) -> str:
    """The times in words, with their zone; one that the words name themselves goes first."""
    words = " ".join(str(_field(view, form.WHEN).get("value") or "").split())
    zone = _zone(view)
    try:
        names_its_own = timetable(words, zone).zone != zone or zone in words
    except MalformedTimes:
        names_its_own = False
    return words if names_its_own else _in_zone(words, zone)


def _in_zone(words: str, zone: str) -> str:
    return f"{words} in {zone}" if zone else words


def _zone(view: Mapping[str, Any]) -> str:
    return "".join(str(_field(view, form.ZONE).get("value") or "").split())


def _parts(view: Mapping[str, Any]) -> list[str]:
    chosen = {str(one.get("value")) for one in _field(view, form.PARTS).get("selected_options") or ()}
    return [part.value for part in Part if part.value in chosen]


def _chosen(view: Mapping[str, Any], name: str, what: str) -> str:
    return str(_field(view, name).get(what) or "")


def _field(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    values: Mapping[str, Any] = (view.get("state") or {}).get("values") or {}
    return (values.get(name) or {}).get(name) or {}


def _id(body: Mapping[str, Any], name: str) -> str:
    return str((body.get(name) or {}).get("id") or "")
