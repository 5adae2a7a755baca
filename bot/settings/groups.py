"""Which settings belong together, and what does each say?"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from retrieval import SHIPPED_THRESHOLD, ReadingLimits, Superseded


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
    files_url: str = Field(
        "https://files.slack.com/",
        description="Where Slack keeps shared files; the bot's token fetches files from nowhere else.",
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
    files_url: str = Field(
        "https://cdn.discordapp.com/",
        description="Where Discord keeps shared files; they are fetched from nowhere else.",
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
    metrics: bool = Field(
        default=True,
        description="Whether /metrics shows counts and times to whoever asks (never words of a memo or a question).",
    )


class AnswerSettings(Group):
    """How questions are answered."""

    at_most: int = Field(3, ge=1, le=10, description="Quotes in one answer, at most.")
    per_passage: int = Field(
        1,
        ge=1,
        le=10,
        description="Quotes of the same paragraph in one answer, at most; by default each is of another.",
    )
    max_chars: int = Field(300, ge=80, le=2000, description="Characters in one quote, at most.")
    threshold: float = Field(
        SHIPPED_THRESHOLD,
        ge=0,
        le=1,
        description="Confidence below which the bot says that the memos hold no answer; 0 never refuses.",
    )
    synonyms: str | None = Field(
        None,
        description="File of synonyms in Solr's format; without it seeds/synonyms.txt is used.",
    )
    superseded: Annotated[Superseded, BeforeValidator(str.lower)] = Field(
        Superseded.DEMOTE,
        description="Memos that another one supersedes: show (quoted like any other), demote (quoted after what "
        "supersedes them), hide (not quoted).",
    )
    per_minute: int = Field(20, ge=1, description="Questions one person may ask in a minute.")


def _listed(given: object) -> object:
    """A list as one writes it in the environment: as JSON, or with commas or spaces between."""
    if not isinstance(given, str):
        return given
    return _of_json(given) if given.lstrip().startswith("[") else given.replace(",", " ").split()


def _of_json(given: object) -> object:
    """What JSON says; what is no JSON is a ValueError that does not repeat it."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise ValueError("this is not valid JSON") from None


def _folders(given: object) -> object:
    """Folders as one writes them in the environment: as JSON, or with commas between; a name may hold spaces."""
    if not isinstance(given, str):
        return given
    names = _of_json(given) if given.lstrip().startswith("[") else given.split(",")
    return [name.strip() for name in names if name.strip()] if isinstance(names, list) else names


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Folders = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)]
NamesByKey = Annotated[Mapping[str, tuple[str, ...]], NoDecode, BeforeValidator(_of_json)]


class AccessSettings(Group):
    """Who may see what."""

    managers: Names = Field(
        (),
        description="People who may bind channels to collections and add memos from chat, "
        "with commas between: slack:U0123, discord:456.",
    )
    channels: NamesByKey = Field(
        {},
        description="Which collections a channel sees, as JSON; wins over what was said in the channel: "
        '{"slack:T1/C01": ["policy"], "discord:123/456": ["*"]}, where * is everything.',
    )
    unbound: Names = Field(
        ("auto",),
        description="What channels see that nobody bound: everything, nothing, or names of collections. "
        "By default (auto) everything until the first channel is bound, nothing from then on.",
    )
    direct: Literal["channels", "roles", "nothing"] = Field(
        "channels",
        description="What direct messages see: what the channels see that the asker and the bot share (channels), "
        "what the asker's groups may see (roles, see ACCESS__ROLES), or nothing.",
    )
    roles: NamesByKey = Field(
        {},
        description="Which collections a Slack user group or a Discord role sees in direct messages, as JSON: "
        '{"slack:T1/S0123": ["policy"], "discord:123/789": ["hr"]}.',
    )
    shared_channels: bool = Field(
        default=False,
        description="Whether the bot answers outsiders, and in Slack channels shared with other organisations.",
    )
    guests: bool = Field(default=False, description="Whether the bot answers Slack's guests.")


class WatchSettings(Group):
    """Folders whose changes go live by themselves. Leave `WATCH__FOLDERS` out to add memos by hand only."""

    folders: Folders = Field(
        (),
        description="Folders that the role watch keeps the library like, with commas between: /srv/memos,/srv/minutes.",
    )
    confirm_above: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Share of a folder's memos whose removal at once waits for quoth memos confirm; 1 never waits.",
    )
    polling: Annotated[Literal["auto", "always", "never"], BeforeValidator(str.lower)] = Field(
        "auto",
        description="Whether folders are looked at twice a second (always), or the system tells of changes (never). "
        "By default (auto) network shares are looked at, for the system tells nothing of them.",
    )


class ReadingSettings(Group):
    """What the reading of one file may cost. Each is read in a process of its own."""

    seconds: float = Field(60, gt=0, le=3600, description="Seconds until a file is given up.")
    memory_mib: int = Field(
        1024,
        ge=128,
        description="MiB of memory that reading a file may take. "
        "Windows and macOS keep no such limit: quoth doctor says so.",
    )
    characters: int = Field(
        50_000_000, ge=1000, description="Characters in one memo, at most; a file that holds more is refused."
    )

    @property
    def limits(self) -> ReadingLimits:
        """The same, as `retrieval` takes it."""
        return ReadingLimits(self.seconds, self.memory_mib * 1024**2, self.characters)


class ContributionSettings(Group):
    """Memos that are added from chat, by the people in `ACCESS__MANAGERS`."""

    collection: str = Field(
        "",
        description="Collection that memos go to which are added in a direct message; "
        "in a channel they go to those that the channel is bound to.",
    )


class LogSettings(Group):
    """What is logged."""

    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)] = Field(
        "info", description="debug, info, warning or error."
    )
    format: Annotated[Literal["json", "text"], BeforeValidator(str.lower)] = Field(
        "json", description="json (a line an event) or text."
    )


class ScheduleSettings(BaseModel):
    """A digest that the settings make."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")
    to: str
    when: str
    zone: str | None = None
    show: tuple[str, ...] = ()
    quiet: Literal["first", "silent", "each"] = "first"
    maker: str = ""


Schedules = Annotated[tuple[ScheduleSettings, ...], NoDecode, BeforeValidator(_of_json)]


class DigestSettings(Group):
    """Scheduled digests."""

    zone: str = Field("UTC", description="Time zone (an IANA name) of schedules that name none.")
    catch_up_hours: float = Field(
        12,
        gt=0,
        description="Hours after which a digest that could not be sent is left out, and recorded as missed.",
    )

    schedules: Schedules = Field(
        (),
        description="Digests that the settings make, as JSON: "
        '[{"name": "morning", "to": "slack:T0123/C0123", "when": "weekdays at 9", "zone": "Europe/Berlin", '
        '"show": ["new", "topics"], "quiet": "silent"}]. '
        "One that leaves the list is removed; commands do not change them for good.",
    )

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"there is no time zone {zone!r}; write one as in Europe/Berlin") from None
        return zone
