"""Which settings are there?

Declared here once, read once by `bot.app` and `bot.cli`; everything below gets the values that it needs.
The README's table is made from the descriptions.
"""

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SetupError
from retrieval import SHIPPED_THRESHOLD


class Group(BaseModel):
    """Settings that belong together; their names share a prefix."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SlackSettings(Group):
    """Slack. Leave `SLACK__BOT_TOKEN` out to run without Slack."""

    bot_token: SecretStr | None = Field(None, description="Bot token, starts with xoxb-.")
    app_token: SecretStr | None = Field(
        None,
        description="App-level token (xapp-, scope connections:write). When set, Slack runs over Socket Mode.",
    )
    signing_secret: SecretStr | None = Field(
        None,
        description="Signing secret, for signed HTTP events at /slack/events where there is no app token.",
    )
    api_url: str = Field(
        "https://slack.com/api/", description="Slack's Web API; tests point it at a stand-in."
    )


class DiscordSettings(Group):
    """Discord. Leave `DISCORD__TOKEN` out to run without Discord."""

    token: SecretStr | None = Field(None, description="Bot token of the Discord application.")
    api_url: str = Field(
        "https://discord.com/api/v10", description="Discord's REST API; tests point it at a stand-in."
    )
    gateway_url: str | None = Field(
        None, description="Discord's gateway; by default the one that the API names."
    )


class WebSettings(Group):
    """The reading room, health, metrics and Slack's HTTP events."""

    host: str = Field("0.0.0.0", description="Address to listen on.")  # noqa: S104 - a server is meant to be reached
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; PORT is understood too.")
    public_url: str | None = Field(
        None,
        description="Where readers reach the reading room, for example https://quoth.example.org. "
        "Without it answers carry no links.",
    )
    link_secret: SecretStr | None = Field(
        None, description="Signs the links to memos. Without it one is made and kept in the database."
    )
    link_days: float = Field(30, gt=0, description="Days until a link to a memo expires.")


class AnswerSettings(Group):
    """How questions are answered."""

    at_most: int = Field(3, ge=1, le=10, description="Quotes in one answer, at most.")
    max_chars: int = Field(300, ge=80, le=2000, description="Characters in one quote, at most.")
    threshold: float = Field(
        SHIPPED_THRESHOLD,
        ge=0,
        le=1,
        description="Confidence below which the bot says that the memos hold no answer; 0 never refuses.",
    )
    per_minute: int = Field(20, ge=1, description="Questions one person may ask in a minute.")


class LogSettings(Group):
    """What is logged."""

    level: str = Field("info", description="debug, info, warning or error.")
    format: str = Field("json", pattern="^(json|text)$", description="json (a line an event) or text.")


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

    database_url: str = Field(
        "sqlite:///quoth.db",
        description="Where memos, questions and answers are kept: sqlite:///FILE or postgresql://...",
    )
    port: int | None = Field(
        None, ge=0, le=65535, description="Port that a host assigns; it wins over WEB__PORT."
    )
    retention_days: float = Field(90, gt=0, description="Days that questions and answers are kept.")
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
    web: WebSettings = WebSettings()
    answers: AnswerSettings = AnswerSettings()
    log: LogSettings = LogSettings()

    @property
    def web_port(self) -> int:
        """The port to bind: the one that a host assigned, else the setting."""
        return self.port if self.port is not None else self.web.port


def read_settings() -> Settings:
    """Read the environment and `.env`; a wrong value is a SetupError that names the variable, never its content."""
    try:
        return Settings()
    except ValidationError as wrong:
        raise SetupError(
            "; ".join(_sentence(error["loc"], error["msg"]) for error in wrong.errors(include_input=False))
        ) from None


def _sentence(where: tuple[int | str, ...], said: str) -> str:
    return f"{'__'.join(str(part).upper() for part in where)}: {said[0].lower()}{said[1:]}"
