"""Which chat services does this process speak to, and with what links?"""

from collections.abc import Collection

from pydantic import SecretStr

from bot.app.parts import Parts
from bot.app.roles import Role
from bot.app.supervisor import GRACE
from bot.platforms.base import Platform
from bot.settings import Settings
from bot.storage import Store
from bot.web import Links

LINKS = "links"
"""The name that the store keeps the links' secret under."""


async def links_of(settings: Settings, store: Store) -> Links:
    """What signs the links to memos."""
    given = settings.web.link_secret
    secret = given.get_secret_value() if given else await store.secrets.get_or_make(LINKS)
    return Links(secret, settings.web.public_url, settings.web.link_days)


def platforms_of(settings: Settings, playing: Collection[Role], links: Links, parts: Parts) -> list[Platform]:
    """The chat services of this process. Their SDKs are heavy: only what is used is loaded."""
    platforms: list[Platform] = []
    if Role.SLACK in playing:
        platforms.append(_slack(settings, links, parts))
    if Role.DISCORD in playing:
        platforms.append(_discord(settings, links, parts))
    return platforms


def _slack(settings: Settings, links: Links, parts: Parts) -> Platform:
    from bot.platforms.slack import SlackPlatform  # noqa: PLC0415 - loaded where it is used

    given = settings.slack
    return SlackPlatform(
        _plain(given.bot_token),
        _plain(given.app_token) or None,
        _plain(given.signing_secret) or None,
        given.api_url,
        links,
        page_link=links.digest,
        grace=GRACE,
        contributions=parts.contributions,
        files_url=given.files_url,
    )


def _discord(settings: Settings, links: Links, parts: Parts) -> Platform:
    from bot.platforms.discord.adapter import DiscordPlatform  # noqa: PLC0415 - loaded where it is used

    given = settings.discord
    return DiscordPlatform(
        _plain(given.token),
        given.api_url,
        given.gateway_url,
        links,
        page_link=links.digest,
        grace=GRACE,
        contributions=parts.contributions,
        files_url=given.files_url,
    )


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
