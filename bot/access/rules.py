"""What do the settings say about who may see what?"""

from collections.abc import Iterable, Mapping
from typing import Literal

from bot.access.allowed import Allowed, read_allowed
from bot.access.names import AUTO, is_key, is_person
from bot.errors import SetupError
from bot.models import Frozen

Direct = Literal["channels", "roles", "nothing"]


class Rules(Frozen):
    """Who may see what, as far as the settings say.

    `channels` and `roles` are by key (`bot.access.names`); `unbound` is what channels see that nobody bound, None:
    everything until the first is bound, nothing from then on. `direct` says what direct messages go by.
    """

    managers: frozenset[str] = frozenset()
    channels: Mapping[str, Allowed] = {}
    unbound: Allowed | None = None
    direct: Direct = "channels"
    roles: Mapping[str, Allowed] = {}
    shared_channels: bool = False
    guests: bool = False

    @property
    def divide(self) -> bool:
        """Whether the settings already say that not everybody sees the same."""
        return bool(self.channels or self.roles)


def read_rules(  # noqa: PLR0913 - each is a setting
    *,
    managers: Iterable[str] = (),
    channels: Mapping[str, Iterable[str]] | None = None,
    unbound: Iterable[str] = (AUTO,),
    direct: Direct = "channels",
    roles: Mapping[str, Iterable[str]] | None = None,
    shared_channels: bool = False,
    guests: bool = False,
) -> Rules:
    """Read the settings of the section `access`. Raises SetupError where one cannot be understood."""
    people = frozenset(managers)
    for person in people:
        if not is_person(person):
            raise SetupError(
                f"ACCESS__MANAGERS: {person!r} names nobody.",
                "Write people like this: slack:U0123, discord:456.",
            )
    words = tuple(unbound)
    is_auto = [word.strip().lower() for word in words] == [AUTO]
    if roles and direct != "roles":
        raise SetupError(
            "ACCESS__ROLES is not used.", "Set ACCESS__DIRECT=roles too, or leave ACCESS__ROLES out."
        )
    return Rules(
        managers=people,
        channels=_by_key("ACCESS__CHANNELS", channels or {}, "slack:T0123/C0123 or discord:123/456"),
        unbound=None if is_auto else read_allowed(words, "ACCESS__UNBOUND"),
        direct=direct,
        roles=_by_key("ACCESS__ROLES", roles or {}, "slack:T0123/S0123 or discord:123/789"),
        shared_channels=shared_channels,
        guests=guests,
    )


def _by_key(setting: str, given: Mapping[str, Iterable[str]], right: str) -> dict[str, Allowed]:
    for key in given:
        if not is_key(key):
            raise SetupError(f"{setting}: {key!r} is not understood.", f"Write it like this: {right}.")
    return {key: read_allowed(names, setting) for key, names in given.items()}
