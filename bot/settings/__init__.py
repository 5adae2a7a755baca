"""Which settings are there?

Declared here once, read once by `bot.app` and `bot.cli`; everything below gets the values that it needs.
The README's table is made from the descriptions.
"""

from collections.abc import Iterable

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict, SettingsError

from bot.errors import SetupError
from bot.settings.groups import (
    AccessSettings,
    AnswerSettings,
    ContributionSettings,
    DigestSettings,
    DiscordSettings,
    Group,
    LogSettings,
    ReadingSettings,
    ScheduleSettings,
    SlackSettings,
    WatchSettings,
    WebSettings,
)


class Settings(BaseSettings):
    """All settings, from the environment and `.env`."""

    model_config = SettingsConfigDict(
        env_nested_delimiter="__",
        env_file=".env",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    database_url: SecretStr = Field(  # a password may stand in it
        SecretStr("sqlite:///quoth.db"),
        description="Where memos, questions and answers are kept: sqlite:///FILE or postgresql://...",
    )
    port: int | None = Field(
        None, ge=0, le=65535, description="Port that a host assigns; it wins over WEB__PORT."
    )
    retention_days: float = Field(90, gt=0, description="Days that questions, answers and digests are kept.")
    versions_days: float = Field(
        365, ge=0, description="Days that quoth memos prune keeps a version after it went from the library."
    )
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
    web: WebSettings = WebSettings()
    answers: AnswerSettings = AnswerSettings()
    access: AccessSettings = AccessSettings()
    watch: WatchSettings = WatchSettings()
    reading: ReadingSettings = ReadingSettings()
    contributions: ContributionSettings = ContributionSettings()
    digests: DigestSettings = DigestSettings()
    log: LogSettings = LogSettings()

    @property
    def web_port(self) -> int:
        """The port to bind: the one that a host assigned, else the setting."""
        return self.port if self.port is not None else self.web.port


_GROUPS = [name for name, field in Settings.model_fields.items() if isinstance(field.default, Group)]


def read_settings() -> Settings:
    """Read the environment and `.env`; a wrong value is a SetupError that names the variable, never its content."""
    try:
        return Settings()
    except ValidationError as wrong:
        errors = wrong.errors(include_input=False)
        raise SetupError(" ".join(_sentence(error["loc"], error["msg"]) for error in errors)) from None
    except SettingsError as wrong:  # a group's own name holds something: pydantic-settings wanted JSON there
        raise SetupError(" ".join(map(_not_alone, _groups_named_in(str(wrong))))) from None
    except UnicodeDecodeError:
        raise SetupError(".env is not UTF-8 text: save it as UTF-8.") from None


def setting_names() -> frozenset[str]:
    """The names of all settings, as the environment has them."""
    return frozenset(
        f"{name}__{inner}".upper() if inner else name.upper()
        for name, field in Settings.model_fields.items()
        for inner in (type(field.default).model_fields if isinstance(field.default, Group) else ("",))
    )


def given_names(environment: Iterable[str]) -> frozenset[str]:
    """The names in `environment` and in `.env`, in capitals: settings are read whatever the case."""
    return frozenset(name.upper() for name in (*environment, *DotEnvSettingsSource(Settings).env_vars))


def _sentence(where: tuple[int | str, ...], said: str) -> str:
    if len(where) == 1 and where[0] in _GROUPS:
        return _not_alone(str(where[0]))
    depth = 2 if where[0] in _GROUPS else 1
    setting = "__".join(str(part).upper() for part in where[:depth])
    inner = "".join(f" {_counted(part)}:" for part in where[depth:])
    said = (
        said.removeprefix("Value error, ")
        .replace("valid tuple", "list")
        .replace("valid dictionary", "JSON object")
    )
    return f"{setting}:{inner} {said[0].lower()}{said[1:]}."


def _counted(part: int | str) -> str:
    """A place within a setting that is JSON, as people count."""
    return f"number {part + 1}" if isinstance(part, int) else part


def _not_alone(group: str) -> str:
    return f"{group.upper()} is no setting by itself, only {group.upper()}__... is: unset it."


def _groups_named_in(said: str) -> list[str]:
    return [group for group in _GROUPS if f'"{group}"' in said]


__all__ = ["ScheduleSettings", "Settings", "given_names", "read_settings", "setting_names"]
