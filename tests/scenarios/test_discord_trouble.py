"""What happens to questions when Discord, the network or the bot itself breaks?"""

import asyncio
import logging
from collections.abc import Callable

import pytest
import structlog
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from discord.http import Route
from structlog.testing import capture_logs

from bot.app.signals import Stopping
from bot.app.supervisor import GRACE, Supervisor
from bot.errors import PlatformRefused
from bot.models import Reply
from bot.observability import set_up_logging
from bot.platforms.discord import connection
from bot.platforms.discord.adapter import DiscordPlatform
from bot.questions.asking import LEASE
from bot.rendering import wording
from retrieval import Memo
from tests.scenarios.discord_scene import Scene, open_scene, replied_to

QUESTION = "What is the Squad?"


@pytest.fixture
async def scene(seed_memos: list[Memo]):
    async with open_scene(seed_memos) as opened:
        yield opened


@pytest.fixture
async def running(scene: Scene):
    await scene.start()
    return scene


async def test_a_wrong_token_ends_the_run_and_names_the_setting(scene: Scene):
    with pytest.raises(PlatformRefused, match="DISCORD__TOKEN") as refused:
        await scene.begin(token="not.the.token")
    scene.running = None
    assert "not.the.token" not in str(refused.value)
    assert len(scene.discord.calls("GET", "/users/@me$")) == 1


@pytest.mark.parametrize(
    ("code", "said"), [(4004, "DISCORD__TOKEN"), (4014, "privileged intent"), (4011, "sharded")]
)
async def test_a_gateway_that_refuses_for_good_is_not_asked_again(scene: Scene, code: int, said: str):
    scene.discord.gateway.refuse_with = code
    with pytest.raises(PlatformRefused, match=said):
        await scene.begin()
    scene.running = None
    assert scene.discord.gateway.identifies == []


async def test_no_privileged_intent_is_asked_for(running: Scene):
    [identified] = running.discord.gateway.identifies
    assert identified["intents"] == 1 << 0 | 1 << 9 | 1 << 12


async def test_it_connects_when_a_gateway_that_was_down_at_first_comes_up(seed_memos: list[Memo]):
    async with open_scene(seed_memos, gateway_up=False) as scene:
        with capture_logs() as logged:
            running = scene.begin()
            await scene.discord.until(lambda: "platform_lost" in [line["event"] for line in logged])
        assert not running.done()
        assert not scene.platform.connected

        await scene.discord.open_gateway()
        await scene.discord.until(lambda: scene.platform.connected, timeout=20)
        await scene.discord.mention(scene.alice, scene.general, QUESTION)
        await scene.replies(scene.general)


async def test_it_logs_in_when_an_api_that_was_down_at_first_comes_up(scene: Scene):
    scene.discord.fail("GET", "/users/@me$", 503, times=2)
    scene.begin()
    await scene.discord.until(lambda: scene.platform.connected, timeout=20)
    assert len(scene.discord.calls("GET", "/users/@me$")) == 3


async def test_a_cut_connection_is_resumed_and_what_was_asked_meanwhile_is_answered(running: Scene):
    running.discord.gateway.cut()
    asked = await running.discord.mention(running.alice, running.general, QUESTION)

    [reply] = await running.replies(running.general)

    assert replied_to(reply) == asked["id"]
    assert running.discord.gateway.resumes == 1
    assert running.platform.connected


async def test_it_does_not_wait_for_the_librarys_long_pauses_when_the_gateway_was_away(
    running: Scene, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda _: 900.0)
    with capture_logs() as logged:
        await running.discord.close_gateway()
        await running.discord.until(lambda: "platform_lost" in [line["event"] for line in logged])
    assert not running.platform.connected

    # The next try finds the gateway there.
    await running.discord.open_gateway()
    await running.discord.until(lambda: running.platform.connected, timeout=20)
    await running.discord.mention(running.alice, running.general, QUESTION)
    await running.replies(running.general)


async def test_it_uses_the_gateway_that_the_api_names_and_leaves_the_library_as_it_was(scene: Scene):
    real = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    scene.gateway_url = None
    await scene.start()
    assert scene.discord.api_url == Route.BASE
    assert len(scene.discord.calls("GET", "/gateway/bot$")) == 1

    await scene.stop()
    assert real == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_an_event_that_comes_twice_is_answered_once(running: Scene):
    asked = await running.discord.mention(running.alice, running.general, QUESTION)
    await running.discord.gateway.announce("MESSAGE_CREATE", asked)
    used = await running.discord.slash(running.alice, running.general, "ask", question=QUESTION)
    await running.discord.gateway.dispatch("INTERACTION_CREATE", used)

    await running.replies(running.general, 2)


async def test_a_session_that_discord_forgot_is_begun_anew(running: Scene):
    running.discord.gateway.forget()
    running.discord.gateway.cut()
    await running.discord.until(lambda: len(running.discord.gateway.identifies) == 2, timeout=20)
    await running.discord.until(lambda: running.platform.connected)
    await running.discord.mention(running.alice, running.general, QUESTION)

    await running.replies(running.general)


async def test_a_limit_is_waited_out(running: Scene):
    running.discord.fail(
        "POST",
        "/messages$",
        429,
        {"message": "You are being rate limited.", "retry_after": 0.2, "global": False},
        headers={"Retry-After": "1", "Via": "1.1 google"},
        times=2,
    )
    await running.discord.mention(running.alice, running.general, QUESTION)

    await running.replies(running.general)

    assert [call.status for call in running.discord.calls("POST", "/messages$")][:3] == [429, 429, 200]


@pytest.mark.parametrize("how", ["message", "command"])
async def test_a_reply_that_arrived_although_discord_said_otherwise_is_not_posted_twice(
    running: Scene, how: str
):
    running.discord.world.nonce_seconds = 0  # as after an outage: the nonce is forgotten
    if how == "message":
        running.discord.fail("POST", "/messages$", 503, carried_out=True)
        await running.discord.mention(running.alice, running.general, QUESTION)
    else:
        running.discord.fail("PATCH", "@original$", 503, carried_out=True)
        await running.discord.slash(running.alice, running.general, "ask", question=QUESTION)

    await running.replies(running.general)


async def test_where_history_may_not_be_read_the_nonce_keeps_a_reply_from_being_doubled(running: Scene):
    running.discord.fail("POST", "/messages$", 503, carried_out=True)
    running.discord.fail("GET", "/messages$", 403, {"message": "Missing Access", "code": 50001})
    await running.discord.mention(running.alice, running.general, QUESTION)

    await running.replies(running.general)

    assert len(running.discord.calls("POST", f"{running.general['id']}/messages$")) == 2


async def test_where_replies_are_not_allowed_the_answer_is_posted_without_reference(running: Scene):
    running.discord.fail(
        "POST",
        "/messages$",
        400,
        {"message": "Cannot reply without permission to read message history", "code": 160002},
    )
    await running.discord.mention(running.alice, running.general, QUESTION)

    [reply] = await running.replies(running.general)

    assert replied_to(reply) is None


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (403, 50001), (404, 10003)])
async def test_a_reply_that_discord_refuses_is_logged_as_lost_and_its_asker_told_directly(
    running: Scene, status: int, code: int
):
    running.discord.fail(
        "POST", f"{running.general['id']}/messages$", status, {"message": "no", "code": code}
    )
    with capture_logs() as logged:
        await running.discord.mention(running.alice, running.general, QUESTION)
        [line] = await running.replies(running.direct)

    assert line["content"] == wording.CANNOT_POST_THERE
    assert running.discord.from_bot(running.general) == []
    lost = [entry for entry in logged if entry["event"] == "reply_lost"]
    assert {entry["code"] for entry in lost if "code" in entry} == {code}
    assert any(str(code) in entry.get("reason", "") for entry in lost)


async def test_a_direct_message_that_discord_refuses_is_not_answered_by_another(running: Scene):
    running.discord.fail(
        "POST", f"{running.direct['id']}/messages$", 403, {"message": "Cannot send", "code": 50007}
    )
    await running.discord.say(running.alice, running.direct, QUESTION)
    await running.catch_up()

    assert running.discord.from_bot(running.direct) == []
    assert len(running.discord.calls("POST", f"{running.direct['id']}/messages$")) == 1


async def test_a_command_whose_token_ran_out_is_answered_in_the_channel(running: Scene):
    running.discord.interactions.token_seconds = 0
    await running.discord.slash(running.alice, running.general, "ask", question=QUESTION)

    [reply] = await running.replies(running.general)

    assert "message_reference" not in reply


async def test_a_command_acknowledged_too_late_is_answered_in_the_channel(running: Scene):
    running.discord.interactions.ack_seconds = 0
    await running.discord.slash(running.alice, running.general, "ask", question=QUESTION)

    await running.replies(running.general)


async def test_posting_again_finds_the_reply_that_stands_behind_hundreds_of_messages(running: Scene):
    asked = await running.discord.mention(running.alice, running.general, QUESTION)
    for number in range(150):
        running.discord.world.post(running.general, running.alice, {"content": f"chatter {number}"})
    [reply] = await running.replies(running.general)
    running.discord.world.nonce_seconds = 0

    question = running.bot.asked[0]
    again = await running.platform.post(
        question, Reply(answer_id="other", notice="Here you are."), again=True
    )

    assert question.event_id == asked["id"]
    assert again == reply["id"]
    await running.replies(running.general)


async def test_questions_under_way_are_finished_before_it_stops_and_none_is_doubled_by_a_restart(
    running: Scene,
):
    first = [await running.discord.mention(running.alice, running.general, QUESTION) for _ in range(30)]
    await running.discord.until(lambda: running.discord.from_bot(running.general))
    await running.catch_up()
    await running.stop()
    assert not running.platform.connected
    assert not running.discord.gateway.connected
    stopped_with = len(running.discord.from_bot(running.general))

    await running.start()
    for message in first:  # as a resume would, or another process
        await running.discord.gateway.announce("MESSAGE_CREATE", message)
    second = [await running.discord.mention(running.alice, running.general, QUESTION) for _ in range(10)]

    replies = await running.replies(running.general, 40, timeout=30)
    assert stopped_with == 30
    answered = [replied_to(reply) for reply in replies]
    assert sorted(answered) == sorted(message["id"] for message in [*first, *second])


@pytest.mark.parametrize("carried_out", [True, False], ids=["posted", "not_posted"])
@pytest.mark.parametrize("how", ["message", "command"])
async def test_a_bot_that_died_while_posting_neither_loses_nor_doubles_the_reply(
    running: Scene, how: str, carried_out: bool
):
    running.platform._grace = 0
    if how == "message":
        running.discord.fail("POST", "/messages$", 0, carried_out=carried_out)
        await running.discord.mention(running.alice, running.general, QUESTION)
        await running.discord.until(lambda: running.discord.calls("POST", "/messages$"))
    else:
        running.discord.fail("PATCH", "@original$", 0, carried_out=carried_out)
        await running.discord.slash(running.alice, running.general, "ask", question=QUESTION)
        await running.discord.until(lambda: running.discord.calls("PATCH", "@original$"))
    await running.discord.until(lambda: len(running.discord.from_bot(running.general)) == carried_out)
    await running.stop()
    running.discord.world.nonce_seconds = 0

    running.bot.ahead = 2 * LEASE
    await running.start()
    recovered = await running.bot.questions.recover(running.platform)

    assert recovered == 1
    await running.replies(running.general)
    assert await running.bot.questions.recover(running.platform) == 0


async def test_stopping_waits_for_a_reply_that_discord_is_slow_to_take(running: Scene):
    running.discord.fail(
        "POST", f"{running.general['id']}/messages$", 502, times=1
    )  # taken at the second try
    await running.discord.mention(running.alice, running.general, QUESTION)
    await running.discord.until(lambda: running.discord.calls("POST", f"{running.general['id']}/messages$"))

    await running.stop()

    assert len(running.discord.from_bot(running.general)) == 1


async def test_a_reply_that_discord_does_not_take_holds_nobody_up_when_the_bot_stops(scene: Scene):
    platform = DiscordPlatform(
        scene.discord.token, scene.discord.api_url, scene.gateway_url, lambda *_: None, grace=GRACE
    )
    stopping, supervisor = Stopping(), Supervisor(scene.bot.questions, [platform], None)
    scene.discord.fail("POST", "/messages$", 502, times=1000)
    with capture_logs() as logs:
        supervising = asyncio.create_task(supervisor.run(stopping))
        await scene.discord.until(lambda: platform.connected)
        await scene.discord.mention(scene.alice, scene.general, QUESTION)
        await scene.discord.until(lambda: scene.discord.calls("POST", "/messages$"))
        stopping.ask("the test")
        await supervising
    said = [entry["event"] for entry in logs]
    assert "questions_left" in said
    assert "stop_took_too_long" not in said


async def test_it_can_be_stopped_before_and_while_it_connects_and_twice(scene: Scene):
    await scene.platform.stop()
    await scene.platform.run(scene.bot.ask_for(scene.platform))

    scene.begin()
    await scene.stop()
    await scene.platform.stop()

    assert not scene.platform.connected


@pytest.fixture(params=["json", "text"])
def logged(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]):
    """What the product writes to its log, at its most talkative; call it to read."""
    handlers, level = logging.getLogger().handlers, logging.getLogger().level
    set_up_logging("debug", request.param)
    yield lambda: capsys.readouterr().err
    logging.getLogger().handlers, logging.getLogger().level = handlers, level
    structlog.reset_defaults()


async def test_secrets_and_words_are_in_no_log_line(logged: Callable[[], str], seed_memos: list[Memo]):
    async with open_scene(seed_memos, gateway_up=False) as scene:
        scene.begin()
        await scene.discord.until(lambda: scene.discord.calls("GET", "/commands$"))
        await scene.discord.open_gateway()
        await scene.discord.until(lambda: scene.platform.connected, timeout=20)
        scene.discord.fail("POST", "/callback$", 503)
        limit = {"message": "slow", "retry_after": 0.1, "global": False}
        scene.discord.fail("PATCH", "@original$", 429, limit, headers={"Via": "1.1 google"})
        scene.discord.fail("POST", "/messages$", 403, {"message": "no", "code": 50013})
        used = await scene.discord.slash(scene.alice, scene.general, "ask", question=QUESTION)
        await scene.discord.mention(scene.alice, scene.general, QUESTION)
        scene.discord.gateway.cut()
        await scene.catch_up()

    written = logged()
    assert "reply_lost" in written
    for secret in (used["token"], scene.discord.token, "Squad", "alice"):
        assert secret not in written


async def test_two_processes_that_get_the_same_command_leave_one_reply(running: Scene):
    other = Scene(running.discord, running.bot)
    other.begin()
    try:
        await running.discord.until(lambda: len(running.discord.gateway.identifies) == 2)
        await running.discord.slash(running.alice, running.general, "ask", question=QUESTION)
        await running.replies(running.general)
    finally:
        await other.stop()
