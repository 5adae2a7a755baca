"""What does somebody ask for by a shortcut, a button or a form? Pure, like `events`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.models import Conversation, Frozen, Offer, PlatformName
from bot.platforms.slack.events import Dropped, shared_files
from bot.rendering.receipts import slack as receipts
from bot.rendering.receipts import wording

SHORTCUT = "add_to_memos"
"""The callback of the message shortcut that the manifest declares."""


class Pointed(Frozen):
    """A contribution, and the message with the receipt that tells of it."""

    contribution_id: str
    channel: str
    message_ts: str

    @property
    def reference(self) -> str:
        """The same in one word, for a form to carry."""
        return f"{self.contribution_id} {self.channel} {self.message_ts}"


class Press(Frozen):
    """Somebody pressed a button under a receipt; `trigger_id` opens a form for some seconds."""

    at: Pointed
    corrects: bool
    presser: str
    trigger_id: str


class Filled(Frozen):
    """Somebody sent the form that corrects a memo."""

    at: Pointed
    presser: str
    title: str
    published: date | None


def to_offer(body: Mapping[str, Any], now: datetime) -> Offer | Dropped:
    """The files of the message that a shortcut was used on, offered by who used it."""
    kind = str(body.get("type", ""))
    if body.get("callback_id") != SHORTCUT or kind != "message_action":
        return Dropped(reason="unknown_shortcut", kind=kind)
    message: Mapping[str, Any] = body.get("message") or {}
    ts = message.get("ts") or body.get("message_ts")
    channel, user = _id(body, "channel"), _id(body, "user")
    if not (ts and channel and user and body.get("trigger_id")):
        return Dropped(reason="incomplete", kind=kind)
    return Offer(
        event_id=str(body["trigger_id"]),
        conversation=Conversation(
            platform=PlatformName.SLACK,
            workspace=_id(body, "team") or str((body.get("user") or {}).get("team_id", "")),
            channel=channel,
            thread=str(message.get("thread_ts") or ts),
        ),
        asker=user,
        text="",  # what somebody wrote there is nobody's business here, and is not kept
        asked_at=now,
        files=shared_files(message),
    )


def to_press(body: Mapping[str, Any]) -> Press | Dropped:
    """The press of a button under a receipt."""
    pressed: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
    kind = str(body.get("type", ""))
    if pressed.get("action_id") not in (receipts.CORRECT, receipts.UNDO):
        return Dropped(reason="unknown_button", kind=kind)
    at = Pointed(
        contribution_id=str(pressed.get("value") or ""),
        channel=_id(body, "channel"),
        message_ts=str((body.get("container") or {}).get("message_ts") or ""),
    )
    if not (at.contribution_id and at.channel and at.message_ts and _id(body, "user")):
        return Dropped(reason="incomplete", kind=kind)
    return Press(
        at=at,
        corrects=pressed["action_id"] == receipts.CORRECT,
        presser=_id(body, "user"),
        trigger_id=str(body.get("trigger_id") or ""),
    )


def to_filled(body: Mapping[str, Any]) -> Filled | Dropped:
    """The form that somebody sent."""
    kind, view = str(body.get("type", "")), body.get("view") or {}
    if view.get("callback_id") != receipts.CORRECT:
        return Dropped(reason="unknown_form", kind=kind)
    reference = str(view.get("private_metadata") or "").split(" ")
    if complaints(body) or len(reference) != 3 or not _id(body, "user"):
        return Dropped(reason="not_filled_in", kind=kind)
    chosen = _field(view, receipts.DATE).get("selected_date")
    return Filled(
        at=Pointed(contribution_id=reference[0], channel=reference[1], message_ts=reference[2]),
        presser=_id(body, "user"),
        title=str(_field(view, receipts.TITLE).get("value")),
        published=date.fromisoformat(chosen) if chosen else None,
    )


def complaints(body: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a form that somebody sent, by field: shown beside it, and the form stays open."""
    view = body.get("view") or {}
    if view.get("callback_id") != receipts.CORRECT:
        return {}
    found = {}
    if not str(_field(view, receipts.TITLE).get("value") or "").strip():
        found[receipts.TITLE] = wording.NO_TITLE
    try:
        date.fromisoformat(_field(view, receipts.DATE).get("selected_date") or "2000-01-01")
    except (TypeError, ValueError):
        found[receipts.DATE] = wording.NOT_A_DATE
    return found


def _field(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    values = (view.get("state") or {}).get("values") or {}
    return (values.get(name) or {}).get(name) or {}


def _id(body: Mapping[str, Any], name: str) -> str:
    return str((body.get(name) or {}).get("id") or "")
