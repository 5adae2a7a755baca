"""Which Slack events are questions or offer files, and what do they ask?

Pure: a payload in, a question, an offer or the reason for silence out.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.contributions import asks_to_add
from bot.models import Conversation, Frozen, IncomingQuestion, Offer, PlatformName, SharedFile


class Identity(Frozen):
    """Who the bot is in its workspace, as `auth.test` says."""

    user_id: str
    bot_id: str
    team_id: str


class Dropped(Frozen):
    """An event that gets no reply, and why: `reason` is one of a few words, `kind` is Slack's type of event."""

    reason: str
    kind: str = ""


_KINDS = frozenset({"app_mention", "message"})
_SUBTYPES_OF_QUESTIONS = frozenset({None, "", "file_share", "thread_broadcast"})
_REASON_OF_SUBTYPE = {"message_changed": "edit", "message_deleted": "deletion", "bot_message": "other_bot"}
_SLACKBOT = "USLACKBOT"


def understand(body: Mapping[str, Any], me: Identity) -> IncomingQuestion | Offer | Dropped:
    """Read an Events API payload: the question or the offer in it, or why the bot stays silent."""
    event: Mapping[str, Any] = body.get("event") or {}
    kind = str(event.get("type", ""))
    reason = _reason_for_silence(event, kind, me)
    if reason:
        return Dropped(reason=reason, kind=kind)
    text = readable(str(event.get("text") or ""), me.user_id)
    if not text and kind == "message":
        return Dropped(reason="no_text", kind=kind)  # a bare mention is answered: with what the bot can do
    question = IncomingQuestion(
        event_id=str(body["event_id"]),
        conversation=Conversation(
            platform=PlatformName.SLACK,
            workspace=str(body.get("team_id") or me.team_id),
            channel=str(event["channel"]),
            thread=event.get("thread_ts") or (event["ts"] if kind == "app_mention" else None),
        ),
        asker=str(event["user"]),
        text=text,
        asked_at=datetime.fromtimestamp(float(event["ts"]), UTC),
    )
    return _offer(question, event) if asks_to_add(text) else question


def shared_files(message: Mapping[str, Any]) -> tuple[SharedFile, ...]:
    """The files of a message. Where Slack does not say where one is kept, it has to be asked."""
    files: list[Mapping[str, Any]] = message.get("files") or []
    return tuple(
        SharedFile(
            file_id=str(file.get("id") or ""),
            name=str(file.get("name") or file.get("title") or ""),
            size=int(file.get("size") or 0),
            address=file.get("url_private_download") or file.get("url_private") or None,
        )
        for file in files
        if file.get("mode") != "tombstone"  # deleted
    )


def _offer(question: IncomingQuestion, event: Mapping[str, Any]) -> Offer:
    """An offer is answered in a thread of its own, also in a direct message: its buttons stay beside the file."""
    thread = question.conversation.thread or str(event["ts"])
    where = question.conversation.model_copy(update={"thread": thread})
    return Offer(**dict(question) | {"conversation": where, "files": shared_files(event)})


def _reason_for_silence(event: Mapping[str, Any], kind: str, me: Identity) -> str | None:
    if kind not in _KINDS:
        return "not_a_message"
    return _reason_by_author(event, me) or _reason_by_form(event) or _reason_by_place(event, kind)


def _reason_by_author(event: Mapping[str, Any], me: Identity) -> str | None:
    # An edit carries its message inside: without this look, an edit of the bot's own post would be "an edit".
    authors = (event, event.get("message") or {}, event.get("previous_message") or {})
    if any(a.get("user") == me.user_id or (a.get("bot_id") and a["bot_id"] == me.bot_id) for a in authors):
        return "own_post"
    if event.get("bot_id") or event.get("bot_profile") or event.get("user") == _SLACKBOT:
        return "other_bot"
    return None


def _reason_by_form(event: Mapping[str, Any]) -> str | None:
    subtype = event.get("subtype")
    if subtype not in _SUBTYPES_OF_QUESTIONS:
        return _REASON_OF_SUBTYPE.get(str(subtype), "not_said_by_a_person")
    if event.get("edited"):
        return "edit"
    if event.get("hidden"):
        return "hidden"
    if not (event.get("user") and event.get("channel") and event.get("ts")):
        return "not_said_by_a_person"
    return None


def _reason_by_place(event: Mapping[str, Any], kind: str) -> str | None:
    direct = event.get("channel_type") == "im" or str(event["channel"]).startswith("D")
    if kind == "app_mention":
        return "asked_twice" if direct else None  # in a direct message the message itself is the question
    return None if direct else "not_addressed"


_MARKUP = re.compile(r"<([^<>]*)>")
_ADDRESS = re.compile(r"^[\s,:;]+")


def readable(text: str, bot_user_id: str = "") -> str:
    """Turn Slack's markup into the words that its reader sees, mentions of the bot left out."""
    seen = _MARKUP.sub(lambda match: _as_seen(match[1], bot_user_id), text)
    seen = (
        seen.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )  # & last: "&amp;lt;" is "&lt;"
    return " ".join(_ADDRESS.sub("", seen).split())


def _as_seen(markup: str, bot_user_id: str) -> str:
    target, _, label = markup.partition("|")
    match target[:1]:
        case "@":  # without a label only an id is known, and an id is no word of a question
            return f"@{label}" if label and target[1:] != bot_user_id else " "
        case "#":
            return f"#{label}" if label else " "
        case "!":
            return label or f"@{target[1:].partition('^')[0]}"
        case _:
            return label or target.removeprefix("mailto:")
