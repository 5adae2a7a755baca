"""Which roles does this process play, and do the settings allow them?"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from urllib.parse import urlsplit

from bot.access import read_rules
from bot.app.stating import digest_problems
from bot.errors import SetupError
from bot.settings import Settings

SHORTEST_LINK_SECRET = 16
"""Characters. One signed link is enough to try guesses against, at any speed."""


class Role(StrEnum):
    """What one process may do."""

    SLACK = "slack"
    DISCORD = "discord"
    WEB = "web"
    DIGESTS = "digests"
    WATCH = "watch"


def chosen(settings: Settings, named: Collection[str] | None) -> frozenset[Role]:
    """The roles that were named, or without names those that are configured. SetupError where one cannot be played."""
    if found := problems(settings):
        raise SetupError(" ".join(found))
    roles = frozenset(map(_role, named)) if named else configured(settings)
    for wrong in _impossible(settings, roles):
        raise wrong
    return roles


def configured(settings: Settings) -> frozenset[Role]:
    """The web always; a chat service where its token is set; watching where there are folders to watch."""
    roles = {Role.WEB}
    if settings.slack.bot_token:
        roles.add(Role.SLACK)
    if settings.discord.token:
        roles.add(Role.DISCORD)
    if roles & {Role.SLACK, Role.DISCORD}:
        roles.add(Role.DIGESTS)
    if settings.watch.folders:
        roles.add(Role.WATCH)
    return frozenset(roles)


def problems(settings: Settings) -> list[str]:
    """What keeps the bot from starting: a sentence each, with what to do. Asks nobody outside this process."""
    return [
        *_slack_problems(settings),
        *_web_problems(settings),
        *_access_problems(settings),
        *digest_problems(settings),
    ]


def remarks(settings: Settings) -> Iterator[str]:
    """What the bot can start without, but somebody may miss."""
    if not (settings.slack.bot_token or settings.discord.token):
        yield (
            "No chat service is configured, so nobody can ask: set SLACK__BOT_TOKEN or DISCORD__TOKEN "
            "(see .env.example), or try the bot with: quoth chat."
        )
    if not settings.web.public_url:
        yield "WEB__PUBLIC_URL is not set, so answers carry no links to the memos."


def slack_over_http(settings: Settings) -> bool:
    """Whether Slack's events arrive on the web port."""
    return settings.slack.app_token is None


def _slack_problems(settings: Settings) -> Iterator[str]:
    slack = settings.slack
    if slack.bot_token and not (slack.app_token or slack.signing_secret):
        yield (
            "Slack has a bot token but no way to send events: set SLACK__APP_TOKEN (Socket Mode) "
            "or SLACK__SIGNING_SECRET (signed HTTP)."
        )
    if not slack.bot_token and (slack.app_token or slack.signing_secret):
        yield "Slack is half set up: set SLACK__BOT_TOKEN too, or remove the other SLACK__ settings."
    if slack.signing_secret and not slack.signing_secret.get_secret_value().strip():
        yield "SLACK__SIGNING_SECRET holds only spaces: copy it from Basic Information → App Credentials."
    # Mixed-up tokens are the usual mistake; what was given is never repeated.
    if slack.bot_token and slack.bot_token.get_secret_value().startswith("xapp-"):
        yield "SLACK__BOT_TOKEN holds an app-level token: put the one that starts with xoxb- there."
    if slack.app_token and slack.app_token.get_secret_value().startswith("xoxb-"):
        yield "SLACK__APP_TOKEN holds a bot token: put the one that starts with xapp- there."


def _web_problems(settings: Settings) -> Iterator[str]:
    secret = settings.web.link_secret
    if secret and len(secret.get_secret_value().strip()) < SHORTEST_LINK_SECRET:
        yield (
            f"WEB__LINK_SECRET is shorter than {SHORTEST_LINK_SECRET} characters, so links could be forged by guessing "
            "it: make one with `openssl rand -base64 32`, or leave it out."
        )
    address = settings.web.public_url
    if address is None:
        return
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        yield "WEB__PUBLIC_URL is not a web address: write it like https://quoth.example.org."


def _access_problems(settings: Settings) -> Iterator[str]:
    try:
        read_rules(**dict(settings.access))
    except SetupError as wrong:
        yield f"{wrong.args[0]} {wrong.remedy}"


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise SetupError(f"There is no role {name!r}.", f"The roles are: {', '.join(Role)}.") from None


def _impossible(settings: Settings, roles: frozenset[Role]) -> Iterator[SetupError]:
    if Role.DIGESTS in roles and not (settings.slack.bot_token or settings.discord.token):
        yield SetupError("The role digests needs somewhere to post: SLACK__BOT_TOKEN or DISCORD__TOKEN.")
    if Role.WATCH in roles and not settings.watch.folders:
        yield SetupError("The role watch needs WATCH__FOLDERS.", "Or run: quoth memos watch FOLDER.")
    if Role.SLACK in roles and not settings.slack.bot_token:
        yield SetupError("The role slack needs SLACK__BOT_TOKEN.")
    if Role.DISCORD in roles and not settings.discord.token:
        yield SetupError("The role discord needs DISCORD__TOKEN.")
    if Role.SLACK in roles and Role.WEB not in roles and slack_over_http(settings):
        yield SetupError(
            "Slack's signed HTTP events arrive on the web port, so the role slack needs the role web.",
            "Run: quoth run slack web. Or set SLACK__APP_TOKEN for Socket Mode.",
        )
