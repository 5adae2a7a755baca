"""Can people in Slack add memos, see what was understood, correct it and undo it?"""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.contributions import Contributions
from bot.contributions.offering import LEASE
from bot.observability import DROPPED
from bot.rendering.receipts import slack as receipts
from bot.rendering.receipts import wording
from tests.scenarios.test_slack_restart import POST, process
from tests.servers.slack import ALICE, BOT, GENERAL, PEOPLE, signed
from tests.servers.slack_between import Trouble
from tests.servers.slack_world import built_over

PLAN = b"# The plan\n\nBy Ada Lovelace\n\n3 October 2024\n\nThe kettle is descaled on Fridays."
SECOND_PLAN = PLAN.replace(b"Fridays", b"Mondays")
BOB, MALLORY = PEOPLE[1], PEOPLE[2]
MENTION = f"<@{BOT}>"


@pytest.fixture
async def parts(tmp_path):
    people = {"managers": (f"slack:{ALICE}", f"slack:{BOB}")}
    async with built_over(tmp_path / "quoth.db", access=people) as parts:
        yield parts


def platform_for(slack, parts, **more):
    return slack.platform(
        contributions=parts.contributions, files_url=f"{slack.people.url}/files-pri/", **more
    )


@pytest.fixture
async def running(slack, parts):
    """The bot, connected to a Slack over Socket Mode, then to one over HTTP."""
    platform = platform_for(slack, parts)
    async with slack.running(platform, parts.questions.ask_for(platform)):
        yield slack


def buttons(message):
    """The buttons of a message, by action."""
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    return {(number, one["action_id"]): one for number, row in enumerate(rows) for one in row["elements"]}


async def receipt(slack, number=1, channel=GENERAL):
    await slack.between.posted(number)
    return (await slack.people.replies(channel))[-1]


async def added(slack):
    """The message that says that a memo was added."""
    await slack.people.share("plan.md", f"{MENTION} add", data=PLAN)
    return await receipt(slack)


async def press(slack, message, action, user=ALICE, number=0):
    await slack.people.click(message["ts"], buttons(message)[number, action], user=user)


async def until(happened, timeout=30):
    """Wait for what the stand-in alone knows."""
    async with asyncio.timeout(timeout):
        while not (value := await happened()):
            await asyncio.sleep(0.01)
    return value


async def test_a_file_shared_with_the_word_add_is_added_and_answered_in_its_thread(running, parts):
    shared = await running.people.share("plan.md", f"{MENTION} add", data=PLAN)
    reply = await receipt(running)
    assert reply["thread_ts"] == shared["ts"]
    assert len(await downloads(running)) == 1
    assert reply["text"] == "Added: “The plan”"
    said = json.dumps(reply["blocks"], ensure_ascii=False)
    for part in ("Ada Lovelace", "3 October 2024", "4 passages", "plan.md", wording.CORRECT, wording.UNDO):
        assert part in said
    assert await parts.store.memos.get("plan")


async def test_a_file_in_a_direct_message_is_added(running, parts):
    direct = await running.people.direct()
    shared = await running.people.share("plan.md", "add this", data=PLAN, channel=direct)
    reply = await receipt(running, channel=direct)
    assert reply["thread_ts"] == shared["ts"]
    assert await parts.store.memos.get("plan")


async def test_a_question_that_comes_with_a_file_is_answered_and_nothing_is_added(running, parts):
    await running.people.share("plan.md", f"{MENTION} What is the Squad?", data=PLAN)
    reply = await receipt(running)
    assert "mini-lateral" in reply["text"]
    assert await parts.store.memos.get("plan") is None


async def test_add_in_the_thread_of_a_file_adds_that_file(running, parts):
    shared = await running.people.share("plan.md", "look at this", data=PLAN)
    await running.people.say(f"{MENTION} please add it", thread=shared["ts"])
    reply = await receipt(running)
    assert reply["thread_ts"] == shared["ts"]
    assert await parts.store.memos.get("plan")


async def test_add_without_a_file_is_told_how(running):
    await running.people.say(f"{MENTION} add")
    assert (await receipt(running))["text"] == wording.no_file("slack")


async def test_add_as_a_command_is_told_how_and_nobody_else_sees_it(running):
    await running.people.command("add")
    [told] = await until(lambda: whispers(running))
    assert (told["text"], told["ephemeral_to"]) == (wording.no_file("slack"), ALICE)
    assert len(await running.people.messages()) == 1


async def test_the_shortcut_adds_the_files_of_any_message(running, parts):
    shared = await running.people.share("plan.md", "minutes of today", data=PLAN)
    await running.interact(shortcut(shared))
    reply = await receipt(running)
    assert reply["thread_ts"] == shared["ts"]
    assert await parts.store.memos.get("plan")


def shortcut(message, user=ALICE, callback="add_to_memos", trigger="1.2.shortcut"):
    """What Slack sends when somebody uses the message shortcut."""
    return {
        "type": "message_action",
        "callback_id": callback,
        "trigger_id": trigger,
        "response_url": "https://hooks.example/1",
        "team": {"id": "T01TEST"},
        "channel": {"id": message["channel"]},
        "user": {"id": user},
        "message_ts": message["ts"],
        "message": message,
    }


@pytest.mark.parametrize("callback", ["another", ""])
async def test_another_shortcut_is_dropped_and_counted(running, callback):
    shared = await running.people.share("plan.md", "minutes", data=PLAN)
    counted = DROPPED.labels(platform="slack", reason="unknown_shortcut")
    before = counted._value.get()
    await running.interact(shortcut(shared, callback=callback))
    async with asyncio.timeout(30):
        while counted._value.get() == before:
            await asyncio.sleep(0.01)
    assert await running.people.replies() == []


async def test_whoever_may_not_is_told_so_and_the_file_is_not_fetched(running, parts):
    await running.people.share("plan.md", f"{MENTION} add", data=PLAN, user=MALLORY)
    assert (await receipt(running))["text"] == wording.not_allowed(f"slack:{MALLORY}")
    assert await downloads(running) == []
    assert await parts.store.memos.get("plan") is None


async def downloads(slack):
    """What the bot fetched from where Slack keeps files."""
    log = (await slack.people._control.get("/log")).json()["log"]
    return [entry for entry in log if entry["direction"] == "from_bot" and entry["kind"] == "files"]


async def test_several_files_in_one_message_get_one_answer(running, parts):
    more = {"second.md": SECOND_PLAN, "photo.png": b"\x89PNG", "copy.md": PLAN}
    await running.people.share("plan.md", f"{MENTION} add", data=PLAN, more=more)
    reply = await receipt(running)
    said = reply["text"]
    assert "1. Added: “The plan”" in said
    assert "3. Not added: photo.png" in said
    assert "4. Already there as “The plan”" in said
    assert len(buttons(reply)) == 4
    assert len(await running.people.replies()) == 1


async def test_undo_takes_the_memo_out_and_the_message_says_so(running, parts):
    message = await added(running)
    await press(running, message, receipts.UNDO, user=BOB)
    [shown] = await until(lambda: undone(running))
    assert shown["text"] == wording.taken_out("The plan")
    assert buttons(shown) == {}
    assert await parts.store.memos.get("plan") is None


async def undone(slack):
    return [message for message in await slack.people.replies() if "Undone" in message["text"]]


async def test_undo_of_a_new_version_puts_the_former_one_back(running, parts):
    await added(running)
    await running.people.share("plan.md", f"{MENTION} add", data=SECOND_PLAN)
    message = await receipt(running, 2)
    assert message["text"] == "New version of “The plan”"
    await press(running, message, receipts.UNDO)
    await until(lambda: undone(running))
    assert "Fridays" in (await parts.store.memos.get("plan")).text


async def test_undo_pressed_twice_is_told_to_who_pressed_alone(running):
    message = await added(running)
    await press(running, message, receipts.UNDO)
    await until(lambda: undone(running))
    await press(running, message, receipts.UNDO, user=BOB)
    [told] = await until(lambda: whispers(running))
    assert (told["text"], told["ephemeral_to"]) == (wording.UNDONE_BEFORE, BOB)


async def whispers(slack):
    return [one for one in await slack.people.messages() if one.get("subtype") == "ephemeral"]


async def test_a_button_pressed_by_somebody_who_may_not_does_nothing(running, parts):
    message = await added(running)
    for action in (receipts.UNDO, receipts.CORRECT):
        await press(running, message, action, user=MALLORY)
    told = await until(lambda: two_whispers(running))
    assert {(one["text"], one["ephemeral_to"]) for one in told} == {
        (wording.not_allowed(f"slack:{MALLORY}"), MALLORY)
    }
    assert await parts.store.memos.get("plan")
    assert await running.people.forms() == []


async def two_whispers(slack):
    return found if len(found := await whispers(slack)) == 2 else None


async def test_title_and_date_are_corrected_in_a_form(running, parts):
    message = await added(running)
    await press(running, message, receipts.CORRECT)
    [form] = await until(running.people.forms)
    title, day = form["blocks"]
    assert title["element"]["initial_value"] == "The plan"
    assert day["element"]["initial_date"] == "2024-10-03"
    wrong = await running.people.send_form(filled("Kettle care", "2025-01-02"), user=BOB)
    assert wrong == {}
    shown = await until(lambda: corrected(running))
    assert shown["text"] == "Added: “Kettle care”"
    assert "2 January 2025" in str(shown["blocks"])
    assert len(buttons(shown)) == 2
    memo = await parts.store.memos.get("plan")
    assert (memo.title, str(memo.published)) == ("Kettle care", "2025-01-02")


def filled(title, day):
    return {
        receipts.TITLE: {receipts.TITLE: {"type": "plain_text_input", "value": title}},
        receipts.DATE: {receipts.DATE: {"type": "datepicker", "selected_date": day}},
    }


async def corrected(slack):
    found = [one for one in await slack.people.replies() if wording.corrected() in str(one["blocks"])]
    return found[0] if found else None


@pytest.mark.parametrize("title", [None, "", "   "])
async def test_a_form_without_a_title_stays_open_and_says_why(running, parts, title):
    message = await added(running)
    await press(running, message, receipts.CORRECT)
    await until(running.people.forms)
    assert await running.people.send_form(filled(title, None)) == {receipts.TITLE: wording.NO_TITLE}
    assert (await parts.store.memos.get("plan")).title == "The plan"


async def test_a_form_sent_after_the_memo_changed_changes_nothing(running, parts):
    message = await added(running)
    await press(running, message, receipts.CORRECT)
    await until(running.people.forms)
    await running.people.share("plan.md", f"{MENTION} add", data=SECOND_PLAN)
    await receipt(running, 2)
    await running.people.send_form(filled("Kettle care", None))
    [told] = await until(lambda: whispers(running))
    assert told["text"] == wording.CHANGED_SINCE
    assert (await parts.store.memos.get("plan")).title == "The plan"


async def test_what_is_in_a_name_or_a_title_pings_nobody_and_is_shown_as_it_stands(running):
    evil = "<!channel> <@U01ALICE> *bold* &amp; `x`"
    title = f"---\ntitle: '{evil}'\n---\nThe kettle is descaled.".encode()
    await running.people.share(f"{evil}.md", f"{MENTION} add", data=title)
    reply = await receipt(running)
    assert reply["text"] == "Added: “&lt;!channel&gt; &lt;@U01ALICE&gt; *bold* &amp;amp; `x`”"
    texts = [block["text"] for block in reply["blocks"] if block["type"] == "section"]
    texts += [one for block in reply["blocks"] if block["type"] == "context" for one in block["elements"]]
    assert {text["type"] for text in texts} == {"plain_text"}
    assert evil in texts[0]["text"]


async def test_an_offer_that_slack_sends_again_is_added_once(slack_over_http, parts):
    slack = slack_over_http
    platform = platform_for(slack, parts)
    async with slack.running(platform, parts.questions.ask_for(platform)), httpx.AsyncClient() as client:
        await added(slack)
        [event] = [sent for sent in await slack.people.deliveries() if sent["event"]["type"] == "app_mention"]
        body = json.dumps(event).encode()
        for number in ("1", "2", "3"):
            again = {"x-slack-retry-num": number, "x-slack-retry-reason": "http_timeout"}
            url = f"http://127.0.0.1:{slack.web_port}/slack/events"
            assert (await client.post(url, content=body, headers=signed(body) | again)).status_code == 200
    assert len(await slack.people.replies()) == 1
    assert len(await parts.store.versions.history("plan")) == 1


async def test_the_token_goes_to_no_other_place_than_where_slack_keeps_its_files(slack, parts):
    platform = slack.platform(contributions=parts.contributions)  # the real place
    async with slack.running(platform, parts.questions.ask_for(platform)):
        await slack.people.share("plan.md", f"{MENTION} add", data=PLAN)
        reply = await receipt(slack)
    assert "not kept where this chat keeps its files" in str(reply["blocks"])
    assert await downloads(slack) == []


async def test_what_a_killed_process_added_is_told_once_by_the_next_one(slack_over_socket, tmp_path):
    slack = slack_over_socket
    slack.between.troubles += [Trouble(POST, status=429, headers={"Retry-After": "60"}, times=3)]
    given = {"ACCESS__MANAGERS": f"slack:{ALICE}", "SLACK__FILES_URL": f"{slack.people.url}/files-pri/"}
    async with process(slack, tmp_path, "slack", **given) as (running, _):
        shared = await slack.people.share("plan.md", f"{MENTION} add", data=PLAN)
        await slack.between.until(lambda: len(slack.between.calls_of(POST)) == 1)
        running.kill()
        await running.wait()
    slack.between.troubles.clear()
    people = {"managers": (f"slack:{ALICE}",)}
    async with built_over(tmp_path / "quoth.db", access=people) as parts:
        later = Contributions(parts.library, parts.store, parts.access, now=after_the_lease)
        platform = platform_for(slack, parts)
        async with slack.running(platform, parts.questions.ask_for(platform)):
            assert await later.recover(platform) == 1
            assert await later.recover(platform) == 0
        assert len(await parts.store.versions.history("plan")) == 1
    [reply] = await slack.people.replies()
    assert (reply["thread_ts"], reply["text"]) == (shared["ts"], "Added: “The plan”")


def after_the_lease():
    return datetime.now(UTC) + LEASE + timedelta(minutes=1)
