"""Does each conversation in Slack see what it may, and nobody what they may not?"""

import json
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.access import wording
from bot.app.parts import built
from bot.settings import Settings
from tests.servers.slack import ALICE, BOT, CHANNELS, GENERAL, PEOPLE, TEAM, signed
from tests.servers.slack_between import error

POLICY, BOARD, UNBOUND = CHANNELS[1], CHANNELS[2], CHANNELS[3]
LEAVE, ZEBRA = "thirty days of leave", "buys the canteen"
QUESTION = "How many days of leave, and who buys the canteen?"
BOUND = {f"slack:{TEAM}/{POLICY}": ["policy"], f"slack:{TEAM}/{BOARD}": ["board"]}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "memos" / "policy").mkdir(parents=True)
    (tmp_path / "memos" / "board").mkdir()
    (tmp_path / "memos/policy/leave.txt").write_text(f"Leave\n\nEmployees take {LEAVE} in a year.\n")
    (tmp_path / "memos/board/zebra.txt").write_text(
        f"Takeover\n\nIn September Zebra {ZEBRA} and its staff.\n"
    )
    return tmp_path


@asynccontextmanager
async def bot(slack, folder, remember=0.0, **access):
    """The whole bot over the folder's memos, in Slack; what it looks up holds for `remember` seconds."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'quoth.db'}",
        access=access,
        answers={"threshold": 0},  # what stands anywhere in sight is quoted
    )
    async with built(settings) as parts:
        await parts.library.add([folder / "memos"])
        platform = slack.platform(remember=remember)
        async with slack.running(platform, parts.questions.ask_for(platform)):
            yield parts


async def said_to(slack, text, channel, **who):
    """What the bot says to somebody who mentions it in a channel, or writes to it directly."""
    before = len(slack.between._metadata)
    mention = "" if channel.startswith("D") else f"<@{BOT}> "
    await slack.people.say(f"{mention}{text}", channel=channel, **who)
    await slack.between.posted(before + 1)
    return (await slack.people.replies(channel))[-1]["text"]


def is_part_of(slack, **facts):
    """What Slack says of a channel besides: `is_ext_shared=True`."""
    slack.between.says["conversations.info"] = lambda _, said: (
        said | {"channel": {**said["channel"], **facts}}
    )


def is_person(slack, **facts):
    slack.between.says["users.info"] = lambda _, said: said | {"user": {**said["user"], **facts}}


def are_members(slack, members):
    """Say who is in which channels, by user ("" the bot)."""

    def says(sent, _):
        user = sent.get("user") or ""
        # Slack pages: one channel a page here.
        left = members[user][int(sent.get("cursor") or 0) :]
        more = str(len(members[user]) - len(left) + 1) if len(left) > 1 else ""
        channels = [one if isinstance(one, dict) else {"id": one} for one in left[:1]]
        return {"ok": True, "channels": channels, "response_metadata": {"next_cursor": more}}

    slack.between.says["users.conversations"] = says


async def test_a_channel_sees_its_collections_and_its_threads_do(slack, folder):
    async with bot(slack, folder, channels=BOUND):
        thread = await slack.people.say("Something else.", channel=POLICY)
        for said in (
            await said_to(slack, QUESTION, POLICY),
            await said_to(slack, QUESTION, POLICY, thread=thread),
        ):
            assert LEAVE in said
            assert ZEBRA not in said
        said = await said_to(slack, QUESTION, UNBOUND)
        assert LEAVE not in said
        assert ZEBRA not in said


async def test_those_who_may_bind_a_channel_with_the_command_and_it_counts_at_once(slack_over_socket, folder):
    slack = slack_over_socket
    async with bot(slack, folder, managers=[f"slack:{ALICE}"]):
        assert ZEBRA in await said_to(slack, QUESTION, GENERAL)
        await slack.people.command("collections use board", user=PEOPLE[1])
        await slack.between.until(lambda: len(slack.between.calls_of("response_url")) == 1)
        await slack.people.command("collections use Policy")
        await slack.between.until(lambda: len(slack.between.calls_of("response_url")) == 2)
        refused, bound = slack.between.calls_of("response_url")
        assert refused["text"] == wording.NOT_ALLOWED
        assert bound["text"].startswith(wording.bound(["policy"], 1))
        assert {refused["response_type"], bound["response_type"]} == {"ephemeral"}
        assert ZEBRA not in await said_to(slack, QUESTION, GENERAL)


@pytest.mark.parametrize("facts", [{"is_ext_shared": True}, {"is_pending_ext_shared": True}])
async def test_a_channel_shared_with_another_organisation_gets_one_line(slack_over_socket, folder, facts):
    is_part_of(slack_over_socket, **facts)
    async with bot(slack_over_socket, folder):
        assert await said_to(slack_over_socket, QUESTION, GENERAL) == wording.SHARED
    async with bot(slack_over_socket, folder, shared_channels=True):
        assert LEAVE in await said_to(slack_over_socket, QUESTION, GENERAL)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"is_restricted": True}, wording.GUEST),
        ({"is_ultra_restricted": True}, wording.GUEST),
        ({"is_stranger": True}, wording.SHARED),
        ({"team_id": "T09OTHER"}, wording.SHARED),
    ],
)
async def test_guests_and_strangers_get_one_line_in_channels_and_directly(
    slack_over_socket, folder, facts, line
):
    is_person(slack_over_socket, **facts)
    async with bot(slack_over_socket, folder):
        assert await said_to(slack_over_socket, QUESTION, GENERAL) == line
        assert await said_to(slack_over_socket, QUESTION, await slack_over_socket.people.direct()) == line


async def test_directly_one_sees_what_the_channels_see_that_one_shares_with_the_bot(
    slack_over_socket, folder
):
    slack = slack_over_socket
    direct = await slack.people.direct()
    async with bot(slack, folder, channels=BOUND):
        are_members(slack, {"": [GENERAL, POLICY, BOARD], ALICE: [UNBOUND, POLICY]})
        said = await said_to(slack, QUESTION, direct)
        assert LEAVE in said
        assert ZEBRA not in said
        are_members(slack, {"": [GENERAL, POLICY, BOARD], ALICE: [BOARD, POLICY]})
        said = await said_to(slack, QUESTION, direct)
        assert LEAVE in said
        assert ZEBRA in said
        are_members(slack, {"": [POLICY, {"id": BOARD, "is_ext_shared": True}], ALICE: [BOARD]})
        assert ZEBRA not in await said_to(slack, QUESTION, direct)


async def test_directly_by_setting_the_askers_user_groups_count(slack_over_socket, folder):
    slack = slack_over_socket
    members = {"S01": [ALICE], "S02": [PEOPLE[1]]}
    slack.between.says["usergroups.users.list"] = lambda sent, _: {
        "ok": True,
        "users": members[sent["usergroup"]],
    }
    roles = {f"slack:{TEAM}/S01": ["policy"], f"slack:{TEAM}/S02": ["board"], "slack:T09OTHER/S01": ["board"]}
    async with bot(slack, folder, direct="roles", roles=roles):
        said = await said_to(slack, QUESTION, await slack.people.direct())
        assert LEAVE in said
        assert ZEBRA not in said


@pytest.mark.parametrize(
    ("method", "code", "line"),
    [
        ("users.info", "missing_scope", wording.CANNOT_TELL),
        ("conversations.info", "fatal_error", wording.CANNOT_TELL),
        ("conversations.info", "channel_not_found", wording.NOT_A_MEMBER),
    ],
)
async def test_where_slack_does_not_say_who_reads_along_nothing_is_quoted(
    slack_over_socket, folder, method, code, line
):
    slack_over_socket.between.troubles += [error(method, code, times=100)]
    async with bot(slack_over_socket, folder):
        assert await said_to(slack_over_socket, QUESTION, GENERAL) == line


async def test_a_moment_of_trouble_in_slack_is_sat_out(slack_over_socket, folder):
    slack_over_socket.between.troubles += [error("users.info", "internal_error", times=1)]
    async with bot(slack_over_socket, folder):
        assert LEAVE in await said_to(slack_over_socket, QUESTION, GENERAL)


async def test_an_event_that_says_that_its_channel_is_shared_is_believed_at_once(slack_over_http, folder):
    """What was looked up a moment before the channel was shared says otherwise."""
    slack = slack_over_http
    async with bot(slack, folder, remember=3600.0):
        assert LEAVE in await said_to(slack, QUESTION, GENERAL)
        event = next(
            sent for sent in await slack.people.deliveries() if sent["event"]["type"] == "app_mention"
        )
        for number, more in enumerate(({"is_ext_shared_channel": True}, {})):
            body = json.dumps({**event, "event_id": f"Ev-again-{number}", **more}).encode()
            async with httpx.AsyncClient() as client:
                address = f"http://127.0.0.1:{slack.web_port}/slack/events"
                assert (await client.post(address, content=body, headers=signed(body))).status_code == 200
            await slack.between.posted(2 + number)
            assert (await slack.people.replies(GENERAL))[-1]["text"] == wording.SHARED
