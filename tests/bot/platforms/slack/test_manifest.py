"""Is Slack told what the bot needs, and no more?"""

import json

from bot.platforms.slack import actions, scheduling
from bot.platforms.slack.manifest import manifest


def test_over_socket_mode_no_address_is_named():
    told = manifest(socket_mode=True, public_url=None)
    assert told["settings"]["socket_mode_enabled"]
    assert "https" not in json.dumps(told)


def test_over_http_slack_is_told_where_to_send_everything():
    told = manifest(socket_mode=False, public_url="https://quoth.example.org/")
    address = "https://quoth.example.org/slack/events"
    assert not told["settings"]["socket_mode_enabled"]
    assert told["settings"]["event_subscriptions"]["request_url"] == address
    assert told["features"]["slash_commands"][0]["url"] == address


def test_over_http_without_a_public_address_a_placeholder_says_so():
    told = manifest(socket_mode=False, public_url=None)
    assert told["settings"]["event_subscriptions"]["request_url"] == "https://YOUR-PUBLIC-URL/slack/events"


def test_the_app_hears_mentions_and_direct_messages_and_nothing_else_that_is_said():
    told = manifest(socket_mode=True, public_url=None)
    heard = set(told["settings"]["event_subscriptions"]["bot_events"])
    assert heard == {"app_mention", "message.im", "app_home_opened"}


def test_the_app_asks_for_no_scope_that_shows_addresses_or_changes_anything_but_its_own_posts():
    scopes = set(manifest(socket_mode=True, public_url=None)["oauth_config"]["scopes"]["bot"])
    assert {"app_mentions:read", "chat:write", "commands", "files:read", "im:history"} <= scopes
    assert not [
        s for s in scopes if s.startswith(("users:read.email", "usergroups", "team")) or s.endswith("manage")
    ]
    assert {scope for scope in scopes if scope.endswith(":write")} == {"assistant:write", "chat:write"}


def test_user_groups_are_asked_about_only_where_the_settings_name_one():
    def scopes(**more):
        return set(manifest(socket_mode=True, public_url=None, **more)["oauth_config"]["scopes"]["bot"])

    assert scopes(user_groups=True) - scopes() == {"usergroups:read"}


def test_there_are_shortcuts_that_add_the_files_of_a_message_and_schedule_a_digest():
    for socket_mode in (True, False):
        told = manifest(socket_mode=socket_mode, public_url="https://quoth.example.org")
        shortcuts = told["features"]["shortcuts"]
        assert ("message", actions.SHORTCUT) in [(one["type"], one["callback_id"]) for one in shortcuts]
        assert ("global", scheduling.SHORTCUT) in [(one["type"], one["callback_id"]) for one in shortcuts]
        assert all(len(one["name"]) <= 24 for one in shortcuts)
        assert all(len(one["description"]) <= 150 for one in shortcuts)
        reached = {} if socket_mode else {"request_url": "https://quoth.example.org/slack/events"}
        assert told["settings"]["interactivity"] == {"is_enabled": True, **reached}


def test_texts_stay_inside_slacks_limits():
    told = manifest(socket_mode=True, public_url=None)
    assert len(told["display_information"]["name"]) <= 35
    assert len(told["display_information"]["description"]) <= 140
    assert len(told["features"]["agent_view"]["agent_description"]) <= 300
