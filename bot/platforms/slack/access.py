"""Who is the bot in Slack, and may it come in?"""

import asyncio

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import PlatformRefused
from bot.observability import log
from bot.platforms.slack.events import Identity
from bot.platforms.slack.socket_mode import pause
from bot.platforms.slack.trouble import FAILURES, read

_BOT_TOKEN = "OAuth & Permissions → Bot User OAuth Token"  # noqa: S105 - where to find it
_APP_TOKEN = "Basic Information → App-Level Tokens (scope connections:write; Socket Mode switched on)"  # noqa: S105


async def introduce(client: AsyncWebClient, stopping: asyncio.Event) -> Identity | None:
    """Ask Slack who the bot is, for as long as Slack is away; None where `stopping` came first.

    Raises PlatformRefused for a token that Slack refuses.
    """
    tries = 0
    while not stopping.is_set():
        try:
            said = await client.auth_test()
        except FAILURES as failure:
            trouble = read(failure)
            if not trouble.passing:
                raise _refused("SLACK__BOT_TOKEN", trouble.code, _BOT_TOKEN) from None
            log.warning("platform_lost", platform="slack", error=trouble.code)
            await pause(trouble.wait(tries), stopping)
            tries += 1
        else:
            return Identity(user_id=said["user_id"], bot_id=said.get("bot_id") or "", team_id=said["team_id"])
    return None


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Ask for the address of a new Socket Mode connection, good for one try within seconds.

    Raises PlatformRefused for a token that Slack refuses, else one of FAILURES.
    """
    try:
        said = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as failure:
        trouble = read(failure)
        if trouble.passing:
            raise
        raise _refused("SLACK__APP_TOKEN", trouble.code, _APP_TOKEN) from None
    return str(said["url"])


def _refused(setting: str, code: str, where: str) -> PlatformRefused:
    return PlatformRefused(
        f"Slack refused {setting} ({code}).", f"Copy it anew from api.slack.com/apps → your app → {where}."
    )
