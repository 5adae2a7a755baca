"""What must Slack be told about the app?"""

from typing import Any

from bot.platforms.slack.actions import SHORTCUT
from bot.platforms.slack.commands import COMMAND
from bot.platforms.slack.http import PATH
from bot.platforms.slack.scheduling import SHORTCUT as SCHEDULE

_DESCRIPTION = "Answers questions with word-for-word quotes from your team's memos, each with its source."
_SCOPES = {
    "app_mentions:read": "hears when it is mentioned",
    "assistant:write": "stands among the agents, with prompts to start from",
    "channels:history": "looks for its own reply or digest before it posts again after a failure, in public channels",
    "channels:read": "sees which public channels are shared with others, and which an asker is in",
    "chat:write": "posts answers and digests",
    "commands": "the slash command and the shortcuts",
    "files:read": "reads the files that people allowed to ask it to add to the memos",
    "groups:history": "the same look, in private channels",
    "groups:read": "sees the same of private channels that it is in",
    "im:history": "reads direct messages to it",
    "im:read": "sees that a direct message is between its asker and itself",
    "mpim:history": "the same look, in group messages",
    "mpim:read": "sees that a group message is none of these",
    "users:read": "tells guests and people of other organisations from the team",
}
"""What the app may do, and why it needs to. Where the bot is not a member it reads nothing."""

_GROUP_SCOPE = "usergroups:read"
"""What else it needs where the settings say what members of user groups see."""

_EVENTS = ("app_home_opened", "app_mention", "message.im")
_PROMPTS = {"What can you do?": "help"}
_NO_ADDRESS = "https://YOUR-PUBLIC-URL"


def manifest(*, socket_mode: bool, public_url: str | None, user_groups: bool = False) -> dict[str, Any]:
    """Write the manifest to paste at api.slack.com/apps → Create New App → From a manifest.

    Over HTTP, `public_url` is where Slack reaches the bot; without it a placeholder stands in its place.
    `user_groups`: the bot asks who is in one.
    """
    scopes = {*_SCOPES, _GROUP_SCOPE} if user_groups else _SCOPES
    address = f"{(public_url or _NO_ADDRESS).rstrip('/')}{PATH}"
    reached = {} if socket_mode else {"request_url": address}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Quoth",
            "description": _DESCRIPTION,
            "background_color": "#1f2937",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": _DESCRIPTION,
                "suggested_prompts": [{"title": t, "message": m} for t, m in _PROMPTS.items()],
            },
            "bot_user": {"display_name": "Quoth", "always_online": True},
            "shortcuts": [
                {
                    "name": "Add to memos",
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": "Reads the files of a message into the memos",
                },
                {
                    "name": "Schedule a digest",
                    "type": "global",
                    "callback_id": SCHEDULE,
                    "description": "Posts what is new in the memos, when you say",
                },
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Ask the memos",
                    "usage_hint": "your question",
                    "should_escape": True,
                    **({} if socket_mode else {"url": address}),
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(scopes)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(_EVENTS), **reached},
            "interactivity": {"is_enabled": True, **reached},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }
