"""Do the settings of who may see what fit the people and channels that there are?"""

from collections.abc import Iterator

from bot.cli.checks.finding import Finding, fine, problem
from bot.settings import Settings


def who_may_manage(settings: Settings) -> Finding:
    """Whether somebody may say in a channel what it sees."""
    named = settings.access.managers
    if named:
        return fine("access", f"{len(named)} may bind channels to collections and add memos from chat.")
    return fine(
        "access",
        "ACCESS__MANAGERS names nobody, so channels are bound and memos added on the command line only.",
    )


def added_directly(settings: Settings) -> Finding:
    """Where memos go that are added in a direct message."""
    from bot.access import collection_name

    given = settings.contributions.collection
    if given and collection_name(given) is None:
        return problem(
            "contributions",
            f"CONTRIBUTIONS__COLLECTION: {given!r} names no collection. "
            "A name is one word, or words with / between.",
        )
    return fine("contributions", f"memos added in direct messages go to {given or 'no collection'}.")


def of_workspace(settings: Settings, team_id: str) -> Iterator[Finding]:
    """Whether the Slack channels and groups in the settings are of the workspace that the token belongs to."""
    given = settings.access
    for setting, keys in (("ACCESS__CHANNELS", given.channels), ("ACCESS__ROLES", given.roles)):
        for key in keys:
            platform, _, rest = key.partition(":")
            workspace = rest.partition("/")[0]
            if platform == "slack" and workspace != team_id:
                yield problem(
                    "access",
                    f"{setting} names {key}, and the bot is in workspace {team_id}: write slack:{team_id}/...",
                )


def needs_groups(settings: Settings) -> bool:
    """Whether the bot asks Slack who is in a user group."""
    return any(key.startswith("slack:") for key in settings.access.roles)
