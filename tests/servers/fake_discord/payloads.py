"""What does Discord's JSON look like? Complete objects, as the published schema wants them."""

import datetime as dt
import itertools
import time
from typing import Any

Payload = dict[str, Any]

GUILD_TEXT, DM, PUBLIC_THREAD = 0, 1, 11
DEFAULT, REPLY, CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND = 0, 19, 20, 23
EPHEMERAL = 1 << 6
"""Flag of a message that one person sees."""
LOADING = 1 << 7
"""Flag of a deferred reply: "the bot is thinking"."""

_DISCORD_EPOCH_MS = 1420070400000
_count = itertools.count(1)
_ALL_PERMISSIONS = "2248473465835073"


def snowflake() -> str:
    """A new id: time-ordered, unique in this process."""
    return str((int(time.time() * 1000) - _DISCORD_EPOCH_MS) << 22 | (next(_count) & 0x3FFFFF))


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def user(name: str, *, bot: bool = False) -> Payload:
    return {
        "id": snowflake(),
        "username": name,
        "discriminator": "0",
        "global_name": None if bot else name.title(),
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "clan": None,
    }


def me(bot: Payload) -> Payload:
    """The bot's account as it sees itself."""
    return {
        **bot,
        "mfa_enabled": False,
        "locale": "en-US",
        "verified": True,
        "email": None,
        "premium_type": 0,
    }


def member() -> Payload:
    return {
        "roles": [],
        "nick": None,
        "avatar": None,
        "banner": None,
        "joined_at": now(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
        "avatar_decoration_data": None,
        "collectibles": None,
    }


def text_channel(guild_id: str, name: str, position: int) -> Payload:
    return {
        "id": snowflake(),
        "type": GUILD_TEXT,
        "guild_id": guild_id,
        "name": name,
        "position": position,
        "permission_overwrites": [],
        "nsfw": False,
        "rate_limit_per_user": 0,
        "topic": None,
        "parent_id": None,
        "last_message_id": None,
        "flags": 0,
    }


def dm_channel(recipient: Payload) -> Payload:
    return {"id": snowflake(), "type": DM, "last_message_id": None, "flags": 0, "recipients": [recipient]}


def thread(parent: Payload, name: str, owner_id: str) -> Payload:
    made = now()
    return {
        "id": snowflake(),
        "type": PUBLIC_THREAD,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": owner_id,
        "name": name,
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": 0,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": made,
            "locked": False,
            "create_timestamp": made,
        },
    }


def everyone_role(guild_id: str) -> Payload:
    return {
        "id": guild_id,
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": 0,
        "permissions": _ALL_PERMISSIONS,
        "managed": False,
        "mentionable": False,
        "flags": 0,
        "description": None,
    }


def guild(guild_id: str, owner_id: str) -> Payload:
    return {
        "id": guild_id,
        "name": "memos",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": owner_id,
        "application_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "features": [],
        "emojis": [],
        "stickers": [],
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "roles": [everyone_role(guild_id)],
    }


def ready(bot: Payload, guild_id: str, session_id: str, resume_url: str) -> Payload:
    """The gateway's first event: who the bot is and where to resume."""
    return {
        "v": 10,
        "user": me(bot),
        "guilds": [{"id": guild_id, "unavailable": True}],
        "session_id": session_id,
        "resume_gateway_url": resume_url,
        "private_channels": [],
        "relationships": [],
        "application": {"id": bot["id"], "flags": 0},
        "shard": [0, 1],
        "session_type": "normal",
        "user_settings": {},
        "_trace": [],
    }


def application(bot: Payload, owner: Payload) -> Payload:
    return {
        "id": bot["id"],
        "name": bot["username"],
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "ab" * 32,
        "flags": 0,
        "owner": owner,
        "team": None,
        "rpc_origins": [],
        "summary": "",
        "type": None,
        "hook": True,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "explicit_content_filter": 0,
        "integration_types_config": {"0": {}},
        "max_participants": None,
        "event_webhooks_url": None,
        "event_webhooks_status": 1,
        "event_webhooks_types": [],
        "flags_new": "0",
        "approximate_user_authorization_count": 0,
        "eligible_oauth2_scopes": [],
    }


def command(given: Payload, application_id: str) -> Payload:
    """A registered application command, as Discord hands it back."""
    return {
        "id": snowflake(),
        "application_id": application_id,
        "version": snowflake(),
        "type": 1,
        "nsfw": False,
        "default_member_permissions": None,
        "description": "",
        "name_localizations": None,
        "description_localizations": None,
        "integration_types": [0],
        "dm_permission": True,
        "contexts": None,
        **{key: value for key, value in given.items() if value is not None},
    }


def attachment(name: str, size: int, url: str) -> Payload:
    """A file that somebody shared, kept at `url`."""
    return {"id": snowflake(), "filename": name, "size": size, "url": url, "proxy_url": url}


def components(given: list[Payload] | None) -> list[Payload]:
    """The rows of buttons of a message, as Discord hands them back: numbered."""
    numbers = itertools.count(1)

    def numbered(component: Payload) -> Payload:
        made = {"id": next(numbers), **{name: value for name, value in component.items() if name != "row"}}
        return made | (
            {"components": [numbered(one) for one in made["components"]]} if "components" in made else {}
        )

    return [numbered(row) for row in given or []]


def interaction(  # one parameter a part of the payload
    application_id: str,
    channel: Payload,
    asker: Payload,
    joined: Payload | None,
    data: Payload,
    kind: int = 2,
) -> Payload:
    """What somebody used; `joined` is the asker as guild member, None in a direct message."""
    made: Payload = {
        "id": snowflake(),
        "application_id": application_id,
        "type": kind,
        "token": "interaction-token-" + snowflake(),
        "version": 1,
        "channel_id": channel["id"],
        "channel": {**channel, "permissions": _ALL_PERMISSIONS},
        "data": data,
        "locale": "en-US",
        "app_permissions": _ALL_PERMISSIONS,
        "entitlements": [],
        "authorizing_integration_owners": {"0": channel.get("guild_id", "0")},
        "context": 1 if joined is None else 0,
        "attachment_size_limit": 10485760,
    }
    if joined is None:
        return made | {"user": asker}
    guild_id = channel["guild_id"]
    return made | {
        "guild_id": guild_id,
        "guild": {"id": guild_id, "features": [], "locale": "en-US"},
        "guild_locale": "en-US",
        "member": {**joined, "user": asker, "permissions": _ALL_PERMISSIONS},
    }


def interaction_metadata(used: Payload) -> Payload:
    """What a reply to `used` carries: which interaction it answers."""
    return {
        "id": used["id"],
        "type": used["type"],
        "user": used.get("user") or used["member"]["user"],
        "authorizing_integration_owners": used["authorizing_integration_owners"],
        "name": used["data"]["name"],
        "command_type": used["data"]["type"],
    }
