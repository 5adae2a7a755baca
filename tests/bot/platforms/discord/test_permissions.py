"""What does the bot do with the rights that it has? Against simcord, which checks permissions as Discord does."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import discord
import pytest
import simcord

from bot.errors import PlatformRefused
from bot.models import IncomingQuestion, Reply
from bot.platforms.discord.client import QuothClient
from bot.platforms.discord.posting import Poster
from bot.rendering import discord as rendering
from bot.rendering import wording
from retrieval import Index, answer

QUESTION = "What is the Squad?"


class World:
    """What is asked of the bot, and what Discord did not let it post; then a guild, a channel and Alice."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._working: set[asyncio.Task[None]] = set()
        self.client = QuothClient(self._ask, self._start, lambda **_: None)
        self.poster = Poster(self._this_client)
        self.asked: list[IncomingQuestion] = []
        self.refused: list[PlatformRefused] = []

    def settle_in(self, env: simcord.Env) -> None:
        self.guild = env.create_guild()
        self.general = self.guild.create_text_channel("general")
        self.alice = self.guild.add_member(env.create_user("alice"))

    async def _this_client(self) -> discord.Client:
        return self.client

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _ask(self, question: IncomingQuestion) -> None:
        self.asked.append(question)
        reply = Reply(answer_id=question.event_id, answer=answer(self._index, question.text))
        try:
            await self.poster.post(
                question, rendering.message(reply, lambda *_: None), reply.answer_id, again=False
            )
        except PlatformRefused as refused:
            self.refused.append(refused)

    def where_the_bot_may_not(self, *rights: str) -> simcord.ChannelHandle:
        assert self.client.user
        denied = discord.PermissionOverwrite(**dict.fromkeys(rights, False))
        return self.guild.create_text_channel("restricted", overwrites={self.client.user: denied})

    async def mention(self, where: simcord.ChannelHandle) -> discord.Message:
        assert self.client.user
        return await self.alice.send(where, f"<@{self.client.user.id}> {QUESTION}")


@pytest.fixture
def unsettled(seed_index: Index) -> World:
    return World(seed_index)


@pytest.fixture
def simcord_bot(unsettled: World) -> discord.Client:
    return unsettled.client


@pytest.fixture
def world(unsettled: World, simcord_env: simcord.Env) -> World:
    unsettled.settle_in(simcord_env)
    return unsettled


def quotes(message: discord.Message) -> str:
    return "\n".join(embed.description or "" for embed in message.embeds)


async def test_a_mention_is_answered_by_a_reply_to_it(world: World):
    asked = await world.mention(world.general)

    [_, reply] = world.general.history()

    assert "**Squad**" in quotes(reply)
    assert reply.reference
    assert reply.reference.message_id == asked.id


async def test_a_mention_in_a_thread_is_answered_there(world: World):
    first = await world.alice.send(world.general, "let us talk")
    thread = (
        await world.client.get_partial_messageable(world.general.id, guild_id=world.guild.id)
        .get_partial_message(first.id)
        .create_thread(name="alliances")
    )
    [inside] = [one for one in world.general.threads if one.id == thread.id]

    await world.mention(inside)

    assert "**Squad**" in quotes(inside.history()[-1])
    assert not any(message.embeds for message in world.general.history())
    assert world.asked[0].conversation.thread == str(thread.id)


async def test_a_direct_message_is_answered(world: World):
    await world.alice.send_dm(QUESTION)

    assert "**Squad**" in quotes(world.alice.user.dm_channel.history()[-1])


@pytest.mark.parametrize("place", ["guild", "direct"])
async def test_slash_ask_is_deferred_and_then_filled_in(world: World, place: str):
    if place == "guild":
        used = await world.alice.slash(world.general, "ask", question=QUESTION)
    else:
        used = await world.alice.user.slash("ask", question=QUESTION)

    assert used.acknowledged
    assert used.followups == []
    assert used.response
    assert not used.response.flags.loading
    assert not used.ephemeral
    assert "**Squad**" in "".join(embed.description or "" for embed in used.response.embeds)


async def test_where_the_bot_may_not_write_the_asker_is_told_directly(world: World):
    channel = world.where_the_bot_may_not("send_messages")

    await world.mention(channel)

    [line] = world.alice.user.dm_channel.history()
    assert line.content == wording.CANNOT_POST_THERE
    [refused] = world.refused
    assert "50013" in str(refused)
    assert "Send Messages" in str(refused)


async def test_where_the_bot_may_not_read_history_it_answers_all_the_same(world: World):
    channel = world.where_the_bot_may_not("read_message_history")

    await world.mention(channel)

    assert world.refused == []
    assert "**Squad**" in quotes(channel.history()[-1])


async def test_a_question_that_was_deleted_meanwhile_is_answered_without_reference(world: World):
    asked = await world.mention(world.general)
    await world.alice.delete(asked)
    [question] = world.asked

    message = {"content": "Here you are.", "embeds": []}
    await world.poster.post(question, message, "another", again=False)

    assert world.general.history()[-1].content == "Here you are."


async def test_it_answers_a_mention_and_nothing_else_of_what_people_say(world: World):
    await world.alice.send(world.general, QUESTION)
    await world.alice.send(world.general, f"@everyone {QUESTION}")
    await world.alice.send(world.general, f"<@&{world.guild.default_role.id}> {QUESTION}")

    assert world.asked == []
