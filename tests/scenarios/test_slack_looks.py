"""What does somebody who asks in Slack see?"""

import os

import pytest

from bot.models import Reply
from retrieval import answer
from tests.conftest import SNAPSHOTS
from tests.servers.chromium import browser
from tests.servers.slack_page import Said, page

QUESTION = "What is the Squad?"
PICTURE = SNAPSHOTS / "slack-answer.png"


@pytest.fixture
async def shown(slack_over_socket, seed_index):
    """The answer in the seeds and the message that Slack was given for it."""
    found = answer(seed_index, QUESTION)
    platform = slack_over_socket.platform()

    async def ask(question):
        await platform.post(question, Reply(answer_id="a1", answer=found))

    async with slack_over_socket.running(platform, ask):
        await slack_over_socket.people.say(f"<@U0BOT> {QUESTION}")
        await slack_over_socket.between.posted(1)
    [message] = await slack_over_socket.people.replies()
    return found, message


async def test_every_quote_stands_in_the_message_word_for_word_with_its_memo_beside_it(shown, tmp_path):
    found, message = shown
    drawn = tmp_path / "slack.html"
    drawn.write_text(
        page(
            "policy",
            [
                Said("Alice Anderson", "9:41 AM", text=f"@Quoth {QUESTION}"),
                Said("Quoth", "9:41 AM", blocks=message["blocks"]),
            ],
        ),
        encoding="utf-8",
    )
    with browser(720, 640) as window:
        window.open(drawn.as_uri())
        quotes = window.evaluate(
            "return [...document.querySelectorAll('blockquote')].map(q => q.textContent)"
        )
        seen = window.evaluate("return document.body.innerText")
        height = window.evaluate("return document.querySelector('main').offsetHeight")
        window.resize(720, height)
        picture = window.screenshot()
    assert quotes == [excerpt.quote for excerpt in found.excerpts]
    assert all(excerpt.citation.title in seen for excerpt in found.excerpts)
    assert len(picture) < 150_000
    if os.environ.get("ACCEPT"):
        SNAPSHOTS.mkdir(exist_ok=True)
        PICTURE.write_bytes(picture)
    assert PICTURE.exists(), "the README shows it: look at the message, then run with ACCEPT=1"
