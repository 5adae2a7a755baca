"""What does the bot listen to in Discord, and where does it hand it on?"""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import aiohttp
import discord
from discord import app_commands

from bot.models import IncomingQuestion, Offer, PlatformName
from bot.observability import DROPPED, log
from bot.platforms.base import Ask
from bot.platforms.discord import commands, digest_commands, events
from bot.platforms.discord.events import Silence
from bot.platforms.discord.sharing import Sharing
from bot.platforms.discord.topics import Topics

Start = Callable[[Coroutine[Any, Any, None]], None]
"""Begin a piece of work that is finished before the bot stops."""


# The bot does not speak: that voice parts are missing is no news.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class OnHearing(Protocol):
    """What is called when events can (or cannot) arrive from now on."""

    def __call__(self, *, hearing: bool) -> None: ...  # noqa: D102 - said above


class QuothClient(discord.Client):
    """A connection to Discord that turns mentions, direct messages and `/ask` into questions for `ask`.

    `start_work` begins each question's work; `on_hearing` hears when events can and cannot arrive. Files that are
    offered, and presses of buttons, go to `sharing` (None: nowhere), those of the buttons under topics to `topics`.
    """

    def __init__(
        self,
        ask: Ask,
        start_work: Start,
        on_hearing: OnHearing,
        sharing: Sharing | None = None,
        topics: Topics | None = None,
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            # Nothing is looked up in the library's caches: keep none of what people write, nor who they are.
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self._ask, self._start_work, self._on_hearing = ask, start_work, on_hearing
        self._sharing, self._topics = sharing, topics
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(commands.ask_command(self._take_command))
        self.tree.add_command(commands.collections_command(self._take_command))
        self.tree.add_command(digest_commands.digest_group(self._take_command))
        self.tree.add_command(digest_commands.watch_command(self._take_command))
        if sharing:
            self.tree.add_command(commands.add_command(self._take_message))
        self.tree.error(_command_failed)

    async def setup_hook(self) -> None:
        """Register `/ask` where it is not known yet; mentions work without it, so trouble is no reason to stop."""
        try:
            told = await commands.register(self.tree)
        except (discord.DiscordException, OSError, aiohttp.ClientError) as trouble:
            log.warning("commands_not_registered", platform="discord", error=_named(trouble))
        else:
            log.info("commands_registered", platform="discord", changed=told)

    async def on_connect(self) -> None:
        """A new session began."""
        log.info("platform_connected", platform="discord", resumed=False)
        self._on_hearing(hearing=True)

    async def on_resumed(self) -> None:
        """The session goes on after a break; what was missed is replayed."""
        log.info("platform_connected", platform="discord", resumed=True)
        self._on_hearing(hearing=True)

    async def on_disconnect(self) -> None:
        """The connection broke; discord.py is trying to resume."""
        self._on_hearing(hearing=False)

    async def on_message(self, message: discord.Message) -> None:
        """Take a question in, or say why not."""
        question = events.to_question(message, self._me)
        if isinstance(question, Silence):
            _drop(question, str(message.id))
        else:
            self._start_work(self._answer(question))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take in what is pressed and filled in; commands are the tree's."""
        pressed = (discord.InteractionType.component, discord.InteractionType.modal_submit)
        if self._topics and self._topics.concerns(interaction):
            self._start_work(self._topics.pressed(interaction))
        elif self._sharing and interaction.type in pressed:
            self._start_work(self._sharing.interaction(interaction))

    async def on_raw_message_edit(self, edited: discord.RawMessageUpdateEvent) -> None:
        """An edit asks nothing: the question was answered, and Discord edits messages itself to add previews."""
        own = edited.data.get("author", {}).get("id") == str(self._me)
        _drop(Silence.OWN_POST if own else Silence.EDIT, str(edited.message_id))

    @property
    def _me(self) -> int:
        return self.user.id if self.user else 0

    async def _take_command(self, interaction: discord.Interaction, text: str) -> None:
        question = commands.to_question(interaction, text)
        named = interaction.command.name if interaction.command else ""
        alone = named == commands.COLLECTIONS or digest_commands.concerns_asker_alone(text)
        self._start_work(self._acknowledge_and_ask(interaction, question, ephemeral=alone))

    async def _answer(self, question: IncomingQuestion) -> None:
        if self._sharing and isinstance(question, Offer):
            await self._sharing.take_in(question)
        else:
            await self._ask(question)

    async def _take_message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        self._start_work(self._acknowledge_and_ask(interaction, commands.to_offer(interaction, message)))

    async def _acknowledge_and_ask(
        self, interaction: discord.Interaction, question: IncomingQuestion, *, ephemeral: bool = False
    ) -> None:
        try:
            await interaction.response.defer(thinking=True, ephemeral=ephemeral)
        except (discord.DiscordException, OSError, aiohttp.ClientError) as trouble:
            # Another process may have been quicker, or we too slow: the reply finds its way (see posting).
            log.warning("command_not_acknowledged", platform="discord", error=_named(trouble))
        await self._answer(question)


async def _command_failed(interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
    """A command that we do not have (an old one that a client still offers) is dropped; anything else is a bug."""
    if not isinstance(error, app_commands.CommandNotFound):
        raise error
    DROPPED.labels("discord", "unknown_command").inc()
    log.warning(
        "question_dropped", platform="discord", event_id=str(interaction.id), reason="unknown_command"
    )


def _drop(reason: Silence, event_id: str) -> None:
    DROPPED.labels(PlatformName.DISCORD, reason).inc()
    # Every message of every channel comes by here: our own and what people say to each other are not worth a line.
    write = log.debug if reason in (Silence.NOT_MENTIONED, Silence.OWN_POST) else log.info
    write("question_dropped", platform="discord", event_id=event_id, reason=reason.value)


def _named(trouble: BaseException) -> str:
    """The trouble's kind and Discord's code for it: the rest may hold an interaction's token."""
    code = getattr(trouble, "code", None)
    return type(trouble).__name__ + (f" {code}" if code else "")
