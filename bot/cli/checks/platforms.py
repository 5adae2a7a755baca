"""Do Slack and Discord accept the tokens, grant the scopes, and tell the same time?"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from typing import Any, NamedTuple

import aiohttp

from bot.cli.checks import access
from bot.cli.checks.finding import Finding, fine, problem
from bot.settings import Settings

PATIENCE = aiohttp.ClientTimeout(total=8)
MISSING = "discord.py is not installed. In Quoth's own folder run: pip install -e '.[discord]'."
CLOCK_MAY_DIFFER_BY = 60
"""Seconds. Slack refuses signatures that are five minutes off; a clock that is a minute off is on its way there."""


class _Reply(NamedTuple):
    """What an HTTP API said: status, headers (names in lower case), JSON body."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


async def slack(settings: Settings) -> AsyncIterator[Finding]:
    """Tokens, scopes and clock, as Slack sees them."""
    given = settings.slack
    if given.bot_token is None:
        yield fine("slack", "SLACK__BOT_TOKEN is not set, so Slack is left out.")
        return
    base = given.api_url.rstrip("/")
    reply = await _call("POST", f"{base}/auth.test", f"Bearer {given.bot_token.get_secret_value()}")
    if isinstance(reply, str):
        yield problem("slack", f"{given.api_url} {reply}. Check the network, and SLACK__API_URL.")
        return
    if reply.body.get("ok") is True:
        yield fine("slack bot token", f"{reply.body.get('user')} in workspace {reply.body.get('team')}.")
        yield slack_scopes(reply.headers.get("x-oauth-scopes"), user_groups=access.needs_groups(settings))
        for finding in access.of_workspace(settings, str(reply.body.get("team_id") or "")):
            yield finding
    else:
        said = reply.body.get("error", f"HTTP {reply.status}")
        yield problem(
            "slack bot token",
            f"Slack says {said}. Copy SLACK__BOT_TOKEN from OAuth & Permissions → Bot User OAuth Token.",
        )
    if given.app_token:
        yield await socket_mode(f"{base}/apps.connections.open", given.app_token.get_secret_value())
    elif given.signing_secret:
        yield fine("slack events", f"signed HTTP at {settings.web.public_url or ''}/slack/events.")
    yield clock("slack", reply.headers.get("date"))


def slack_scopes(granted: str | None, *, user_groups: bool) -> Finding:
    """Whether the token may do all that the manifest asks for. Slack names its scopes in a header."""
    from bot.platforms.slack.manifest import manifest

    if granted is None:
        return fine("slack scopes", "this API does not name them.")
    told = manifest(socket_mode=True, public_url=None, user_groups=user_groups)
    needed = set(told["oauth_config"]["scopes"]["bot"])
    lacking = sorted(needed - {scope.strip() for scope in granted.split(",")})
    if lacking:
        return problem(
            "slack scopes",
            f"{', '.join(lacking)} missing. Update the app with `quoth manifest slack`, then reinstall it.",
        )
    return fine("slack scopes", "all granted.")


async def socket_mode(url: str, app_token: str) -> Finding:
    """Whether Slack would open a socket for this app token."""
    reply = await _call("POST", url, f"Bearer {app_token}")
    if isinstance(reply, str):
        return problem("slack events", f"{url} {reply}. Check the network, and SLACK__API_URL.")
    if reply.body.get("ok") is not True:
        said = reply.body.get("error", f"HTTP {reply.status}")
        return problem(
            "slack events",
            f"Slack says {said}. Copy SLACK__APP_TOKEN from Basic Information → App-Level Tokens "
            "(scope connections:write).",
        )
    return fine("slack events", "Socket Mode.")


async def discord(settings: Settings) -> AsyncIterator[Finding]:
    """Token and clock, as Discord sees them."""
    given = settings.discord
    if given.token is None:
        yield fine("discord", "DISCORD__TOKEN is not set, so Discord is left out.")
        return
    if find_spec("discord") is None:
        yield problem("discord", MISSING)
    reply = await _call(
        "GET", f"{given.api_url.rstrip('/')}/users/@me", f"Bot {given.token.get_secret_value()}"
    )
    if isinstance(reply, str):
        yield problem("discord", f"{given.api_url} {reply}. Check the network, and DISCORD__API_URL.")
        return
    if reply.status == 200:
        yield fine("discord token", f"{reply.body.get('username')}.")
    else:
        yield problem(
            "discord token",
            f"Discord says HTTP {reply.status}. Copy DISCORD__TOKEN from the application's Bot page (Reset Token).",
        )
    yield clock("discord", reply.headers.get("date"))


def clock(whose: str, date_header: str | None) -> Finding:
    """Whether this machine's clock agrees with the `Date` that the platform's server named."""
    try:
        theirs = parsedate_to_datetime(date_header or "").astimezone(UTC)
    except ValueError:
        return fine("clock", f"{whose} named no time to compare with.")
    off = abs((datetime.now(UTC) - theirs).total_seconds())
    if off > CLOCK_MAY_DIFFER_BY:
        return problem(
            "clock",
            f"{off:.0f} s off {whose}'s. Switch time synchronisation on (timedatectl set-ntp true).",
        )
    return fine("clock", f"agrees with {whose}'s to {max(off, 1):.0f} s.")


async def _call(method: str, url: str, authorization: str) -> _Reply | str:
    """Call an HTTP API; where nothing comes back, say so as the rest of a sentence, without what was sent."""
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.request(method, url, headers={"Authorization": authorization}) as reply,
        ):
            body = await reply.json(content_type=None)
            headers = {name.lower(): value for name, value in reply.headers.items()}
            return _Reply(reply.status, headers, body if isinstance(body, dict) else {})
    except TimeoutError:
        return "does not answer"
    except (aiohttp.ClientError, ValueError, OSError) as error:
        return f"cannot be used ({type(error).__name__})"
