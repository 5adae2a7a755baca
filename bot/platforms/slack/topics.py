"""Which button under a digest, or under a topic in it, was pressed, and by whom? Pure, like `events`."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from bot.models import Conversation, PlatformName
from bot.platforms.base import TopicPress
from bot.platforms.slack.events import Dropped
from bot.rendering.digests import slack

_ACTIONS: Mapping[str, Literal["unwatch", "less", "why"]] = {
    slack.UNWATCH: "unwatch",
    slack.LESS: "less",
    slack.WHY: "why",
}


class Pressed(NamedTuple):
    """A press, and where what is said to it is shown to whoever pressed, alone: a response URL, a thread."""

    press: TopicPress
    response_url: str | None
    thread: str | None


def is_under_topic(body: Mapping[str, Any]) -> bool:
    """Whether one of these buttons was pressed."""
    return _pressed(body).get("action_id") in _ACTIONS


def to_pressed(body: Mapping[str, Any]) -> Pressed | Dropped:
    """The press of a button under a topic."""
    pressed, container = _pressed(body), body.get("container") or {}
    person, channel = _id(body, "user"), _id(body, "channel") or str(container.get("channel_id") or "")
    if not (person and channel and pressed.get("value")):
        return Dropped(reason="incomplete", kind=str(body.get("type", "")))
    workspace = _id(body, "team") or str((body.get("user") or {}).get("team_id", ""))
    press = TopicPress(
        action=_ACTIONS[pressed["action_id"]],
        topic_id=str(pressed["value"]),
        conversation=Conversation(platform=PlatformName.SLACK, workspace=workspace, channel=channel),
        asker=person,
    )
    return Pressed(press, body.get("response_url") or None, container.get("thread_ts") or None)


def _pressed(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(iter(body.get("actions") or ()), {})


def _id(body: Mapping[str, Any], name: str) -> str:
    return str((body.get(name) or {}).get("id") or "")
