"""What does a person in Discord get for a question, and when does the bot stay silent?"""

import asyncio
import re
from typing import Any

import pytest

from bot.models import LONGEST_QUESTION
from bot.observability import REGISTRY
from bot.rendering import wording
from retrieval import Memo
from tests.conftest import shared
from tests.scenarios.discord_scene import SCHEMA, SQUAD, Scene, open_scene, replied_to
from tests.servers.fake_discord.payloads import LOADING

QUESTION = "What is the Squad?"


@pytest.fixture
async def scene(seed_memos: list[Memo]):
    async with open_scene(seed_memos) as opened:
        await opened.start()
        yield opened


def shown(message: dict[str, Any]) -> str:
    """All that a reader sees of a message, its markup taken off."""
    embeds = [
        str(value) for embed in message["embeds"] for value in (*embed.values(), *embed.get("fields", []))
    ]
    return re.sub(r"[\\*\u200b]", "", "\n".join([message["content"], *embeds]))


def dropped(reason: str) -> float:
    return (
        REGISTRY.get_sample_value("quoth_events_dropped_total", {"platform": "discord", "reason": reason})
        or 0
    )


def test_bodies_are_checked_against_the_published_schema():
    assert shared(SCHEMA).stat().st_size > 500_000


async def test_a_mention_is_answered_with_a_quote_as_a_reply_in_the_channel(scene: Scene):
    asked = await scene.discord.mention(scene.alice, scene.general, QUESTION)

    [reply] = await scene.replies(scene.general)

    assert SQUAD in shown(reply)
    assert replied_to(reply) == asked["id"]
    assert reply["mentions"] == []
    [question] = [one for one in scene.bot.asked if one.event_id == asked["id"]]
    assert question.text == QUESTION
    assert question.conversation.workspace == scene.discord.world.guild_id
    assert question.conversation.thread is None


async def test_a_direct_message_is_answered(scene: Scene):
    await scene.discord.say(scene.alice, scene.direct, QUESTION)

    [reply] = await scene.replies(scene.direct)

    assert SQUAD in shown(reply)


async def test_a_mention_in_a_thread_is_answered_in_the_thread(scene: Scene):
    thread = await scene.discord.thread(scene.general, "alliances")
    asked = await scene.discord.mention(scene.alice, thread, QUESTION)

    [reply] = await scene.replies(thread)

    assert SQUAD in shown(reply)
    assert scene.discord.from_bot(scene.general) == []
    [question] = [one for one in scene.bot.asked if one.event_id == asked["id"]]
    assert question.conversation.channel == scene.general["id"]
    assert question.conversation.thread == thread["id"]


@pytest.mark.parametrize("place", ["general", "direct"])
async def test_slash_ask_shows_that_the_bot_is_thinking_and_then_the_quote(scene: Scene, place: str):
    where = getattr(scene, place)
    used = await scene.discord.slash(scene.alice, where, "ask", question=QUESTION)

    [reply] = await scene.replies(where)

    assert SQUAD in shown(reply)
    assert reply["interaction_metadata"]["id"] == used["id"]
    [acknowledged] = scene.discord.calls("POST", "/callback$")
    assert acknowledged.body["type"] == 5
    assert len(scene.discord.world.messages[where["id"]]) == 1


async def test_slash_ask_with_a_question_that_is_too_long_is_told_so(scene: Scene):
    pasted = "a" * (LONGEST_QUESTION + 1)
    await scene.discord.slash(scene.alice, scene.general, "ask", question=pasted)

    [reply] = await scene.replies(scene.general)

    assert wording.question_too_long(LONGEST_QUESTION) in shown(reply)


async def test_slash_ask_is_offered_in_guilds_and_direct_messages_with_one_question(scene: Scene):
    [command] = [one for one in scene.discord.world.commands if one["name"] == "ask"]
    assert (command["name"], command["contexts"]) == ("ask", [0, 1])
    [option] = command["options"]
    assert (option["name"], option["required"]) == ("question", True)


async def test_commands_are_registered_once_and_not_at_every_start(scene: Scene):
    await scene.stop()
    await scene.start()

    assert len(scene.discord.calls("PUT", "/commands$")) == 1


async def test_a_changed_command_is_registered_again(scene: Scene):
    await scene.stop()
    scene.discord.world.commands[0]["description"] = "as an older version said"
    await scene.start()

    assert len(scene.discord.calls("PUT", "/commands$")) == 2
    assert scene.discord.world.commands[0]["description"] != "as an older version said"


async def test_mentions_are_answered_where_commands_cannot_be_registered(scene: Scene):
    await scene.stop()
    scene.discord.world.commands.clear()
    scene.discord.fail("PUT", "/commands$", 403, {"message": "Missing Access", "code": 50001})
    await scene.start()
    await scene.discord.mention(scene.alice, scene.general, QUESTION)

    await scene.replies(scene.general)


async def test_it_says_so_where_nothing_is_found(scene: Scene):
    await scene.discord.mention(scene.alice, scene.general, "What is the recipe for kimchi?")

    [reply] = await scene.replies(scene.general)

    assert "nothing" in shown(reply).lower()


async def test_a_bare_mention_is_a_question_without_text(scene: Scene):
    asked = await scene.discord.mention(scene.alice, scene.general, "")

    await scene.replies(scene.general)

    assert [one.text for one in scene.bot.asked if one.event_id == asked["id"]] == [""]


async def test_mentions_and_emoji_are_no_words_of_the_question(scene: Scene):
    text = f"<@!{scene.discord.world.bot['id']}> hey <:wave:{scene.alice['id']}> what is <@{scene.alice['id']}> the Squad?"
    asked = await scene.discord.say(scene.alice, scene.general, text)

    await scene.replies(scene.general)

    [question] = [one for one in scene.bot.asked if one.event_id == asked["id"]]
    assert question.text.split() == ["hey", "what", "is", "the", "Squad?"]


async def test_nobody_is_pinged_whatever_a_memo_says():
    hostile = Memo(
        id="hostile",
        title="@everyone <@&1> urgent",
        text="The Squad says @everyone and @here must pay; ask <@81> about the Squad.",
    )
    async with open_scene([hostile]) as scene:
        await scene.start()
        await scene.discord.mention(scene.alice, scene.general, "What does the Squad say everyone must pay?")

        [reply] = await scene.replies(scene.general)

        assert "@everyone" in shown(reply)
        assert not reply["mention_everyone"]
        assert reply["mentions"] == []
        assert reply["mention_roles"] == []


async def own_post(scene: Scene) -> None:
    await scene.discord.mention(scene.discord.world.bot, scene.general, QUESTION)
    scene.discord.world.messages[scene.general["id"]].clear()


async def other_bot(scene: Scene) -> None:
    await scene.discord.mention(scene.discord.person("feed", bot=True), scene.general, QUESTION)


async def webhook(scene: Scene) -> None:
    hook = scene.discord.person("hook", bot=True)
    await scene.discord.mention(hook, scene.general, QUESTION, webhook_id=hook["id"])


async def system_message(scene: Scene) -> None:
    await scene.discord.say(scene.alice, scene.direct, "pinned a message", type=6)


async def edit(scene: Scene) -> None:
    message = await scene.discord.say(scene.alice, scene.general, "hello")
    await scene.discord.edit(message, f"<@{scene.discord.world.bot['id']}> {QUESTION}")


async def everyone_mention(scene: Scene) -> None:
    await scene.discord.say(scene.alice, scene.general, f"@everyone {QUESTION}")


async def role_mention(scene: Scene) -> None:
    await scene.discord.say(scene.alice, scene.general, f"<@&{scene.discord.world.guild_id}> {QUESTION}")


async def not_mentioned(scene: Scene) -> None:
    await scene.discord.say(scene.alice, scene.general, QUESTION)


async def no_text(scene: Scene) -> None:
    message = await scene.discord.say(scene.alice, scene.direct, "a picture", content="")
    assert message["content"] == ""


@pytest.mark.parametrize(
    "happens",
    [
        own_post,
        other_bot,
        webhook,
        system_message,
        edit,
        everyone_mention,
        role_mention,
        not_mentioned,
        no_text,
    ],
    ids=lambda one: one.__name__,
)
async def test_it_stays_silent_and_counts_why(scene: Scene, happens: Any):
    before = dropped(happens.__name__)

    await happens(scene)
    await scene.catch_up()

    assert scene.discord.from_bot(scene.general) == []
    assert scene.discord.from_bot(scene.direct) == []
    assert len(scene.bot.asked) == 1  # the question of catch_up
    # The bot's own answer to catch_up is one more own post.
    assert dropped(happens.__name__) >= before + 1


async def test_an_answer_to_one_of_its_posts_is_no_question_unless_it_is_mentioned(scene: Scene):
    await scene.discord.mention(scene.alice, scene.general, QUESTION)
    [reply] = await scene.replies(scene.general)

    await scene.discord.say(scene.alice, scene.general, "thanks!", reply_to=reply)
    await scene.discord.mention(scene.alice, scene.general, "And the Quad?", reply_to=reply)

    await scene.replies(scene.general, 2)


async def test_a_question_asked_a_hundred_times_at_once_is_answered_a_hundred_times_each_once(scene: Scene):
    people = [scene.discord.person(f"person-{number}") for number in range(20)]
    asked = await asyncio.gather(
        *(scene.discord.mention(people[number % 20], scene.general, QUESTION) for number in range(100))
    )

    replies = await scene.replies(scene.general, 100, timeout=60)

    answered = [replied_to(reply) for reply in replies]
    assert sorted(answered) == sorted(message["id"] for message in asked)


async def test_thinking_is_not_left_standing_when_many_use_the_command(scene: Scene):
    await asyncio.gather(
        *(scene.discord.slash(scene.alice, scene.general, "ask", question=QUESTION) for _ in range(20))
    )

    await scene.replies(scene.general, 20, timeout=30)

    assert not any(
        one["flags"] & LOADING for one in scene.discord.world.messages[scene.general["id"]].values()
    )
