"""Can somebody who added files see in Slack what was understood, and what to press?"""

import os

import pytest

from bot.rendering.receipts import wording
from tests.conftest import SNAPSHOTS
from tests.servers.chromium import browser
from tests.servers.slack import ALICE, BOT
from tests.servers.slack_page import Said, page
from tests.servers.slack_world import built_over

PLAN = b"# Kettle care\n\nBy Ada Lovelace\n\n3 October 2024\n\nThe kettle is descaled on Fridays."
FILES = {"kettle.md": PLAN, "kettle-copy.md": PLAN, "photo.png": b"\x89PNG"}
PICTURE = SNAPSHOTS / "slack-receipt.png"


@pytest.fixture
async def message(slack_over_socket, tmp_path):
    """The message that Slack was given."""
    slack = slack_over_socket
    async with built_over(tmp_path / "quoth.db", access={"managers": (f"slack:{ALICE}",)}) as parts:
        platform = slack.platform(
            contributions=parts.contributions, files_url=f"{slack.people.url}/files-pri/"
        )
        async with slack.running(platform, parts.questions.ask_for(platform)):
            await slack.people.share("kettle.md", f"<@{BOT}> add", data=PLAN, more=FILES)
            await slack.between.posted(1)
    [message] = await slack.people.replies()
    return message


async def test_what_was_understood_of_each_file_is_seen_and_what_can_be_pressed(message, tmp_path):
    drawn = tmp_path / "slack.html"
    thread = [
        Said("Alice Anderson", "9:41 AM", text="@Quoth add", files=list(FILES)),
        Said("Quoth", "9:41 AM", blocks=message["blocks"]),
    ]
    drawn.write_text(page("policy", thread), encoding="utf-8")
    with browser(720, 640) as window:
        window.open(drawn.as_uri())
        seen = window.evaluate("return document.body.innerText")
        buttons = window.evaluate("return [...document.querySelectorAll('button')].map(b => b.textContent)")
        height = window.evaluate("return document.querySelector('main').offsetHeight")
        window.resize(720, height)
        picture = window.screenshot()
    for part in ("1. Added: “Kettle care”", "Ada Lovelace", "3 October 2024", "4 passages", "3. Not added"):
        assert part in seen
    assert buttons == [wording.CORRECT, wording.UNDO]
    assert len(picture) < 150_000
    if os.environ.get("ACCEPT"):
        PICTURE.write_bytes(picture)
    assert PICTURE.exists(), "the README shows it: look at the message, then run with ACCEPT=1"
