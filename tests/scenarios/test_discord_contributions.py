"""Can people in Discord add memos, see what was understood, correct it and undo it?"""

import pytest

from bot.rendering.receipts import discord as receipts
from bot.rendering.receipts import wording
from tests.scenarios.discord_scene import open_scene, replied_to
from tests.servers.fake_discord.payloads import EPHEMERAL

PLAN = b"# The plan\n\nBy Ada Lovelace\n\n3 October 2024\n\nThe kettle is descaled on Fridays."
SECOND_PLAN = PLAN.replace(b"Fridays", b"Mondays")
FILES = {"plan.md": PLAN}


@pytest.fixture
async def scene(seed_memos):
    async with open_scene(seed_memos) as scene:
        scene.mallory = scene.discord.person("mallory")
        scene.contributions = scene.bot.contributions_by([scene.alice])
        await scene.start()
        yield scene


async def share(scene, text="add", files=FILES, who=None, where=None):
    bot = scene.discord.world.bot["id"]
    return await scene.discord.share(who or scene.alice, where or scene.general, f"<@{bot}> {text}", files)


async def receipt(scene, count=1, where=None):
    """The bot's last message."""
    where = where or scene.general
    await scene.discord.until(lambda: len(scene.discord.from_bot(where)) >= count)
    return scene.discord.from_bot(where)[-1]


def buttons(message):
    return [one["custom_id"] for row in message["components"] for one in row["components"]]


def said(message):
    return "\n".join(
        [message["content"], *(f"{one['title']}\n{one.get('description', '')}" for one in message["embeds"])]
    )


async def memo(scene, memo_id="plan"):
    return await scene.bot.store.memos.get(memo_id)


async def whisper(scene, used):
    [told] = await scene.discord.until(lambda: used.whispers)
    assert told["flags"] & EPHEMERAL
    return told["content"]


async def test_a_file_shared_with_the_word_add_is_added_and_answered(scene):
    shared = await share(scene)
    reply = await receipt(scene)
    assert replied_to(reply) == shared["id"]
    for part in ("Added: “The plan”", "Ada Lovelace", "3 October 2024", "4 passages", "plan.md"):
        assert part in said(reply)
    assert len(buttons(reply)) == 2
    assert "Fridays" in (await memo(scene)).text


async def test_the_bots_token_is_not_sent_to_where_files_are_kept(scene):
    await share(scene)
    await receipt(scene)
    assert [signed_in for _, signed_in in scene.discord.fetched] == [None]


async def test_a_file_in_a_direct_message_is_added(scene):
    await scene.discord.share(scene.alice, scene.direct, "add this", FILES)
    await receipt(scene, where=scene.direct)
    assert await memo(scene)


async def test_a_question_that_comes_with_a_file_is_answered_and_nothing_is_added(scene):
    await share(scene, "What is the Squad?")
    assert "mini-lateral" in said(await receipt(scene))
    assert await memo(scene) is None


async def test_add_without_a_file_is_told_how(scene):
    await share(scene, files={})
    assert (await receipt(scene))["content"] == wording.no_file("discord")


async def test_the_menu_of_a_message_adds_its_files(scene):
    shared = await scene.discord.share(scene.mallory, scene.general, "minutes of today", FILES)
    await scene.discord.use_on(scene.alice, shared, "Add to memos")
    reply = await receipt(scene)
    assert "Added: “The plan”" in said(reply)
    assert len(buttons(reply)) == 2
    assert await memo(scene)


async def test_whoever_may_not_is_told_so_and_the_file_is_not_fetched(scene):
    await share(scene, who=scene.mallory)
    reply = await receipt(scene)
    assert f"discord\\:{scene.mallory['id']}" in reply["content"]
    assert reply["components"] == []
    assert scene.discord.fetched == []
    assert await memo(scene) is None


async def test_several_files_in_one_message_get_one_answer(scene):
    await share(scene, files={**FILES, "photo.png": b"\x89PNG", "copy.md": PLAN, "b.md": SECOND_PLAN})
    reply = await receipt(scene)
    assert [one["title"][:3] for one in reply["embeds"]] == ["1\\.", "2\\.", "3\\.", "4\\."]
    labels = [one["label"] for row in reply["components"] for one in row["components"]]
    assert labels == ["Correct 1", "Undo 1", "Correct 4", "Undo 4"]


async def test_undo_takes_the_memo_out_and_the_message_says_so(scene):
    await share(scene)
    message = await receipt(scene)
    await scene.discord.press(scene.alice, message, buttons(message)[1])
    await scene.discord.until(lambda: "Undone" in said(message))
    assert message["components"] == []
    assert await memo(scene) is None


async def test_undo_of_a_new_version_puts_the_former_one_back(scene):
    await share(scene)
    await share(scene, files={"plan.md": SECOND_PLAN})
    message = await receipt(scene, 2)
    assert "New version of “The plan”" in said(message)
    await scene.discord.press(scene.alice, message, buttons(message)[1])
    await scene.discord.until(lambda: "Undone" in said(message))
    assert "Fridays" in (await memo(scene)).text


async def test_undo_pressed_twice_is_told_to_who_pressed_alone(scene):
    await share(scene)
    message = await receipt(scene)
    undo = buttons(message)[1]
    await scene.discord.press(scene.alice, message, undo)
    await scene.discord.until(lambda: "Undone" in said(message))
    again = await scene.discord.press(scene.alice, message, undo)
    assert await whisper(scene, again) == wording.UNDONE_BEFORE


@pytest.mark.parametrize("which", [0, 1], ids=["correct", "undo"])
async def test_a_button_pressed_by_somebody_who_may_not_does_nothing(scene, which):
    await share(scene)
    message = await receipt(scene)
    used = await scene.discord.press(scene.mallory, message, buttons(message)[which])
    assert "only the people named" in await whisper(scene, used)
    assert used.modal is None
    assert await memo(scene)


async def test_title_and_date_are_corrected_in_a_form(scene):
    await share(scene)
    message = await receipt(scene)
    opened = await scene.discord.press(scene.alice, message, buttons(message)[0])
    form = await scene.discord.until(lambda: opened.modal)
    fields = {one["custom_id"]: one["value"] for row in form["components"] for one in row["components"]}
    assert fields == {receipts.TITLE: "The plan", receipts.DATE: "2024-10-03"}
    new = {receipts.TITLE: "Kettle care", receipts.DATE: "2025-01-02"}
    await scene.discord.fill_in(scene.alice, message, form, new)
    await scene.discord.until(lambda: "Kettle care" in said(message))
    assert "2 January 2025" in said(message)
    assert len(buttons(message)) == 2
    known = await memo(scene)
    assert (known.title, str(known.published)) == ("Kettle care", "2025-01-02")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({receipts.TITLE: "Kettle care", receipts.DATE: "2 January"}, wording.NOT_A_DATE),
        ({receipts.TITLE: " ", receipts.DATE: ""}, wording.NO_TITLE),
        ({receipts.TITLE: "The plan", receipts.DATE: "2024-10-03"}, wording.NOTHING_NEW),
        ({}, wording.NO_TITLE),
    ],
)
async def test_a_form_that_cannot_be_understood_changes_nothing_and_says_why(scene, fields, told):
    await share(scene)
    message = await receipt(scene)
    form = {"custom_id": buttons(message)[0]}
    used = await scene.discord.fill_in(scene.alice, message, form, fields)
    assert await whisper(scene, used) == told
    assert (await memo(scene)).title == "The plan"


async def test_buttons_work_after_a_restart(scene):
    await share(scene)
    message = await receipt(scene)
    await scene.stop()
    await scene.start()
    await scene.discord.press(scene.alice, message, buttons(message)[1])
    await scene.discord.until(lambda: "Undone" in said(message))


@pytest.mark.parametrize("custom_id", ["another", "quoth:undo:", "quoth:undo:none", ""])
async def test_a_button_that_is_not_known_does_nothing(scene, custom_id):
    await share(scene)
    message = await receipt(scene)
    await scene.discord.press(scene.alice, message, custom_id)
    await scene.catch_up()
    assert await memo(scene)


async def test_what_is_in_a_name_or_a_title_pings_nobody_and_is_shown_as_it_stands(scene):
    evil = f"@everyone <@{scene.alice['id']}> **bold** `x`"
    await share(scene, files={"a.md": f"---\ntitle: '{evil}'\n---\nThe kettle.".encode()})
    reply = await receipt(scene)
    assert reply["mentions"] == []
    assert reply["mention_everyone"] is False
    assert "\\*\\*bold\\*\\* \\`x\\`" in reply["embeds"][0]["title"]


async def test_a_file_kept_elsewhere_is_not_fetched(scene):
    shared = await scene.discord.share(scene.mallory, scene.general, "minutes", FILES)
    shared["attachments"][0]["url"] = "https://files.example.org/plan.md"
    await scene.discord.use_on(scene.alice, shared, "Add to memos")
    assert "not kept where this chat keeps its files" in said(await receipt(scene))
    assert scene.discord.fetched == []
