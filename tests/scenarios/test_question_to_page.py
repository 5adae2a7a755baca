"""Does a link in a posted answer open the memo with the very quote that was posted?"""

import asyncio
import json
import re
import signal

import httpx
from selectolax.lexbor import LexborHTMLParser

from bot.app import run
from bot.settings import Settings
from tests.servers.ports import own_port
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

PATIENCE = 60
PUBLIC = "https://quoth.example.org"


def strings_in(value):
    if isinstance(value, dict):
        return [found for inner in value.values() for found in strings_in(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in strings_in(inner)]
    return [value] if isinstance(value, str) else []


def quoted_in(blocks):
    """The words of each quote, as they stand in the message."""
    quotes = [
        element
        for block in blocks
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_quote"
    ]
    return ["".join(part.get("text", "") for part in quote["elements"]) for quote in quotes]


async def test_the_link_under_a_quote_opens_the_memo_with_that_quote_marked(
    slack, tmp_path, logging_as_it_was
):
    port = slack.web_port or own_port()
    token = {"signing_secret": SIGNING_SECRET} if slack.over_http else {"app_token": APP_TOKEN}
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{tmp_path / 'quoth.db'}",
        slack={"bot_token": BOT_TOKEN, "api_url": slack.between.api_url, **token},
        web={"host": "127.0.0.1", "port": port, "public_url": PUBLIC},
    )
    running = asyncio.create_task(run(settings))
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as reader:
        await healthy(reader, running)
        await slack.people.say("<@U0BOT> What is the Squad?")
        await slack.between.posted(1)
        [reply] = await slack.people.replies()
        links = re.findall(rf"{PUBLIC}(/memos/[^\s\"|>\\]+)", json.dumps(strings_in(reply["blocks"])))
        pages = [await reader.get(link.replace("&amp;", "&")) for link in dict.fromkeys(links)]
        signal.raise_signal(signal.SIGTERM)
        await running
    assert [page.status_code for page in pages] == [200] * len(pages)
    marked = [" ".join(mark.text() for mark in LexborHTMLParser(page.text).css("mark")) for page in pages]
    quotes = quoted_in(reply["blocks"])
    assert any("Squad" in quote for quote in quotes)
    assert len(marked) == len(quotes)
    assert all(marked)
    for mark, quote in zip(marked, quotes, strict=True):
        assert " ".join(mark.split()) in " ".join(quote.split())


async def healthy(reader, running):
    """Wait until every part works."""
    while True:
        assert not running.done(), running.exception()
        try:
            if (await reader.get("/healthz")).status_code == 200:
                return
        except httpx.TransportError:  # it does not listen yet
            pass
        await asyncio.sleep(0.05)
