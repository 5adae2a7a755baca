"""What do the pages of digests show, and to whom?"""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest
from structlog.testing import capture_logs

from bot.web import Links, create_web
from retrieval import Block, Span
from tests.bot.digests.conftest import COFFEE, TEA, memo
from tests.bot.digests.conftest import clock as clock  # noqa: PLC0414 - a fixture
from tests.bot.digests.conftest import office as office  # noqa: PLC0414 - a fixture

NINE = datetime(2024, 10, 7, 7, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://quoth.example.org"


class Reader:
    """Somebody with a browser."""

    def __init__(self, office):
        self.links = Links("a secret of enough characters", BASE, 30, office.clock)
        self.app = create_web(office.store, self.links, is_ready=dict)

    async def opens(self, address):
        path = address.removeprefix(BASE)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=BASE) as client:
            return await client.get(path)


@pytest.fixture
async def digest(office):
    """A digest that tells of a new memo, a changed passage and an answered topic."""
    await office.add(memo("fund", "The fund pays <b>30</b> million a year to all."))
    await office.scheduled()
    await office.asks("When are beans delivered?")
    await office.add(COFFEE, TEA, memo("fund", "The fund pays <b>40</b> million a year to all."))
    await office.until(NINE)
    return office.wall.posted[0]


async def test_the_whole_digest_stands_on_its_page_with_what_changed_marked(office, digest):
    page = await Reader(office).opens(Reader(office).links.digest(digest.digest_id))
    assert page.status_code == 200
    assert "<h1>Mon 7 Oct, 09:00 Europe/Berlin: since 08:01</h1>" in page.text
    assert "<del>&lt;b&gt;30&lt;/b&gt;</del>" in page.text
    assert "<ins>&lt;b&gt;40&lt;/b&gt;</ins>" in page.text
    assert "“When are beans delivered?”" in page.text
    assert "<b>" not in page.text


async def test_each_citation_opens_its_memo(office, digest):
    reader = Reader(office)
    page = await reader.opens(reader.links.digest(digest.digest_id))
    [address, *_] = [
        part.split('"')[0].replace("&amp;", "&")
        for part in page.text.split('href="')
        if part.startswith("/memos/coffee")
    ]
    opened = await reader.opens(address)
    assert opened.status_code == 200
    assert "roastery" in opened.text


async def test_quotes_of_a_memo_that_was_removed_are_not_shown_any_more(office, digest):
    await office.remove("coffee")
    reader = Reader(office)
    page = await reader.opens(reader.links.digest(digest.digest_id))
    assert "fresh beans" not in page.text
    assert "This memo was removed since." in page.text


async def test_the_headings_of_a_memo_that_was_removed_are_not_shown_any_more(office):
    await office.scheduled()
    text = "The fund pays 30 million a year to all of them."
    blocks = (Block(span=Span(0, len(text)), section=("Secret heading",)),)
    await office.add(memo("fund", text, blocks=blocks))
    await office.until(NINE)
    reader = Reader(office)
    address = reader.links.digest(office.wall.posted[0].digest_id)
    assert "Secret heading" in (await reader.opens(address)).text
    await office.remove("fund")
    assert "Secret heading" not in (await reader.opens(address)).text


@pytest.mark.parametrize("path", ["/digests", "/digests.atom", "/digests/0123456789abcdef"])
async def test_a_request_for_digests_is_logged_as_such_without_its_token(office, path):
    with capture_logs() as logs:
        await Reader(office).opens(f"{path}?place=slack:T1/C1&token=s3cret")
    assert [each["page"] for each in logs if each["event"] == "page_served"] == ["digests"]
    assert "s3cret" not in repr(logs)


@pytest.mark.parametrize("token", ["", "x", "1.2"])
async def test_without_its_link_nothing_is_shown(office, digest, token):
    reader = Reader(office)
    assert (await reader.opens(f"/digests/{digest.digest_id}?token={token}")).status_code == 403
    assert (await reader.opens(f"/digests?place=slack:T1/C1&token={token}")).status_code == 403
    assert (await reader.opens(f"/digests.atom?place=slack:T1/C1&token={token}")).status_code == 403


async def test_a_link_opens_one_place_or_digest_and_only_for_its_time(office, digest):
    reader = Reader(office)
    token = reader.links.place_path("slack:T1/C1").partition("token=")[2]
    assert (await reader.opens(f"/digests?place=slack:T1/C2&token={token}")).status_code == 403
    assert (await reader.opens(f"/digests/{digest.digest_id}?token={token}")).status_code == 403
    good = reader.links.digest(digest.digest_id)
    office.clock.passes(days=31)
    assert (await reader.opens(good)).status_code == 403


async def test_a_place_has_a_list_and_a_feed_of_what_was_posted_there(office, digest):
    await office.until(NINE + timedelta(days=1))
    reader = Reader(office)
    page = await reader.opens(reader.links.place_path("slack:T1/C1"))
    assert page.text.index("Tue 8 Oct") < page.text.index("Mon 7 Oct")
    feed = await reader.opens(reader.links.place_path("slack:T1/C1", feed=True))
    assert feed.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(feed.content)
    entries = root.findall(f"{ATOM}entry")
    assert [each.find(f"{ATOM}title").text.split(",")[0] for each in entries] == ["Tue 8 Oct", "Mon 7 Oct"]
    for each in entries:
        assert (await reader.opens(each.find(f"{ATOM}link").get("href"))).status_code == 200


async def test_a_digest_that_is_not_kept_is_gone(office):
    reader = Reader(office)
    assert (await reader.opens(reader.links.digest("0123456789abcdef"))).status_code == 410
