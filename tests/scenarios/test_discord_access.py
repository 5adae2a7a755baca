"""Does each conversation in Discord see what it may, and nobody what they may not?"""

from collections.abc import AsyncIterator

import pytest

from bot.access import Allowed, Rules, wording
from retrieval import Memo
from tests.scenarios.discord_scene import Scene, open_scene

LEAVE, ZEBRA = "thirty days of leave", "buys the canteen"
QUESTION = "How many days of leave, and who buys the canteen?"
MEMOS = [
    Memo(id="leave", title="Leave", text=f"Employees take {LEAVE} in a year.", source="policy/leave.txt"),
    Memo(id="zebra", title="Takeover", text=f"In September Zebra {ZEBRA}.", source="board/zebra.txt"),
]
POLICY, BOARD = Allowed(names=frozenset({"policy"})), Allowed(names=frozenset({"board"}))
EPHEMERAL = 1 << 6


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene(MEMOS) as made:
        made.policy, made.board = made.discord.channel("policy"), made.discord.channel("board")
        yield made


def rules(scene, **more):
    guild = scene.discord.world.guild_id
    bound = {
        f"discord:{guild}/{scene.policy['id']}": POLICY,
        f"discord:{guild}/{scene.board['id']}": BOARD,
    }
    return Rules(**{"channels": bound} | more)


async def begin(scene, kept):
    scene.bot.keep(kept, threshold=0)
    await scene.start()


async def said_to(scene, text, where):
    """What the bot says to Alice, once it has said it."""
    before = len(scene.discord.from_bot(where))
    if "guild_id" in where:
        await scene.discord.mention(scene.alice, where, text)
    else:
        await scene.discord.say(scene.alice, where, text)
    await scene.discord.until(lambda: len(scene.discord.from_bot(where)) > before)
    return words(scene.discord.from_bot(where)[-1])


async def told_alone(scene, **options):
    """What the bot says to Alice alone when she uses /collections."""
    used = await scene.discord.slash(scene.alice, scene.general, "collections", **options)
    [message] = await scene.discord.until(lambda: scene.discord.told_alone(used))
    return words(message)


def words(message):
    """What a message says, without its markup."""
    return str([message["content"], message["embeds"]]).replace("**", "").replace("\\", "")


async def test_a_channel_sees_its_collections_and_its_threads_do(scene):
    await begin(scene, rules(scene))
    thread = await scene.discord.thread(scene.policy, "a thread")
    for where in (scene.policy, thread):
        said = await said_to(scene, QUESTION, where)
        assert LEAVE in said
        assert ZEBRA not in said
    said = await said_to(scene, QUESTION, scene.general)
    assert LEAVE not in said
    assert ZEBRA not in said


async def test_directly_one_sees_what_the_channels_see_that_one_can_view(scene):
    insiders = scene.discord.world.role("insiders")
    scene.discord.world.hide(scene.board, insiders)
    await begin(scene, rules(scene))
    said = await said_to(scene, QUESTION, scene.direct)
    assert LEAVE in said
    assert ZEBRA not in said


async def test_directly_a_role_that_lets_one_view_a_channel_counts(scene):
    insiders = scene.discord.world.role("insiders", scene.alice)
    scene.discord.world.hide(scene.board, insiders)
    await begin(scene, rules(scene))
    said = await said_to(scene, QUESTION, scene.direct)
    assert LEAVE in said
    assert ZEBRA in said


async def test_directly_who_is_in_no_server_with_the_bot_sees_nothing(scene):
    del scene.discord.world.members[scene.alice["id"]]
    await begin(scene, rules(scene))
    said = await said_to(scene, QUESTION, scene.direct)
    assert LEAVE not in said
    assert ZEBRA not in said


async def test_directly_by_setting_the_askers_roles_count(scene):
    world = scene.discord.world
    clerks, directors = world.role("clerks", scene.alice), world.role("directors")
    roles = {
        f"discord:{world.guild_id}/{clerks['id']}": POLICY,
        f"discord:{world.guild_id}/{directors['id']}": BOARD,
    }
    await begin(scene, rules(scene, direct="roles", roles=roles))
    said = await said_to(scene, QUESTION, scene.direct)
    assert LEAVE in said
    assert ZEBRA not in said


async def test_where_discord_does_not_say_who_somebody_is_nothing_is_quoted(scene):
    scene.discord.fail("GET", "/members/", 403, {"message": "no", "code": 50013})
    await begin(scene, rules(scene))
    assert wording.CANNOT_TELL in await said_to(scene, QUESTION, scene.direct)
    assert LEAVE in await said_to(scene, QUESTION, scene.direct)


async def test_those_who_may_bind_a_channel_with_the_command_for_their_own_eyes(scene):
    await begin(scene, Rules(managers=frozenset({f"discord:{scene.alice['id']}"})))
    assert ZEBRA in await said_to(scene, QUESTION, scene.general)
    assert wording.bound(["policy"], 1) in await told_alone(scene, use="policy")
    [acknowledged] = scene.discord.calls("POST", "/callback$")
    assert acknowledged.body["data"]["flags"] & EPHEMERAL
    assert ZEBRA not in await said_to(scene, QUESTION, scene.general)
    await told_alone(scene, use="-")
    assert LEAVE not in await said_to(scene, QUESTION, scene.general)


async def test_others_cannot(scene):
    await begin(scene, Rules(managers=frozenset({"discord:1"})))
    assert wording.NOT_ALLOWED in await told_alone(scene, use="policy")
    assert scene.discord.from_bot(scene.general) == []
    assert ZEBRA in await said_to(scene, QUESTION, scene.general)
