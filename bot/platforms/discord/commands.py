"""What are `/ask`, `/collections` and "Add to memos", and when does Discord have to be told about them?"""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from bot.models import IncomingQuestion, Offer
from bot.platforms.discord.events import conversation, shared_files

Take = Callable[[discord.Interaction, str], Awaitable[None]]
"""What is done with a use of `/ask` and the question that was typed."""

TakeMessage = Callable[[discord.Interaction, discord.Message], Awaitable[None]]
"""What is done with a use of "Add to memos" and the message that it was used on."""

ADD = "Add to memos"
COLLECTIONS = "collections"
LONGEST_OPTION = 2000
"""As long as a message may be: who pastes too much is told so by the bot, with its own limit."""


def ask_command(take: Take) -> app_commands.Command[Any, ..., None]:
    """`/ask question:`, in guilds and in direct messages with the bot."""

    @app_commands.command(name="ask", description="Ask the memos; the answer is quoted word for word.")
    @app_commands.describe(question="Your question, in your own words")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def ask(
        interaction: discord.Interaction, question: app_commands.Range[str, 1, LONGEST_OPTION]
    ) -> None:
        await take(interaction, question)

    return ask


def collections_command(take: Take) -> app_commands.Command[Any, ..., None]:
    """`/collections`, in guilds: what a channel sees, and (for those who may) another binding. For the asker alone."""

    @app_commands.command(name=COLLECTIONS, description="What this channel's answers are taken from.")
    @app_commands.describe(use="Bind the channel: names of collections, * for everything; - to unbind it")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def collections(
        interaction: discord.Interaction, use: app_commands.Range[str, 1, LONGEST_OPTION] | None = None
    ) -> None:
        await take(interaction, _as_words(use))

    return collections


def _as_words(use: str | None) -> str:
    """A use of `/collections` as one would write it."""
    if use is None:
        return COLLECTIONS
    return f"{COLLECTIONS} clear" if use.strip() == "-" else f"{COLLECTIONS} use {use.strip()}"


def add_command(take: TakeMessage) -> app_commands.ContextMenu:
    """Make "Add to memos", in the menu of a message, in guilds and in direct messages with the bot."""

    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def add(interaction: discord.Interaction, message: discord.Message) -> None:
        await take(interaction, message)

    return app_commands.ContextMenu(name=ADD, callback=add)


def to_offer(interaction: discord.Interaction, message: discord.Message) -> Offer:
    """The files of the message that "Add to memos" was used on, offered by who used it."""
    question = to_question(interaction, "")  # what the message says is not kept
    return Offer(**dict(question) | {"files": shared_files(message)})


def to_question(interaction: discord.Interaction, text: str) -> IncomingQuestion:
    """The question that was asked with `/ask`; its token lets us reply for 15 minutes."""
    where = interaction.channel or discord.Object(interaction.channel_id or 0)
    return IncomingQuestion(
        event_id=str(interaction.id),
        conversation=conversation(where, interaction.guild or _guild_of(interaction)),
        asker=str(interaction.user.id),
        text=text.strip(),
        asked_at=interaction.created_at,
        reply_token=interaction.token,
    )


def _guild_of(interaction: discord.Interaction) -> discord.Object | None:
    return discord.Object(interaction.guild_id) if interaction.guild_id else None


async def register(tree: app_commands.CommandTree[Any]) -> bool:
    """Tell Discord about the tree's commands where it knows others; True when it was told.

    Discord allows few such calls a day, and every one resets the commands in people's clients.
    Raises discord.HTTPException, OSError or aiohttp.ClientError where Discord cannot be asked or refuses.
    """
    client = tree.client
    # As JSON: the library's own objects lose contexts and install types on the way.
    known = [_essence(one) for one in await client.http.get_global_commands(client.application_id or 0)]
    if _sorted(known) == _sorted([_essence(command.to_dict(tree)) for command in tree.get_commands()]):
        return False
    await tree.sync()
    return True


def _essence(command: Any) -> dict[str, Any]:
    """What people see of a command, the same for one of ours and for one that Discord hands back."""
    return {
        "name": command["name"],
        "description": command.get("description", ""),
        "type": command["type"],
        "contexts": sorted(command.get("contexts") or []),
        "integration_types": sorted(command.get("integration_types") or []),
        "options": [_option(one) for one in command.get("options") or []],
    }


def _option(option: dict[str, Any]) -> dict[str, Any]:
    kept = ("name", "description", "type", "min_length", "max_length")
    return {key: option.get(key) for key in kept} | {
        "required": bool(option.get("required")),
        "autocomplete": bool(option.get("autocomplete")),
        "choices": [(choice["name"], choice["value"]) for choice in option.get("choices") or []],
        "options": [_option(one) for one in option.get("options") or []],
    }


def _sorted(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(commands, key=lambda one: str(one["name"]))
