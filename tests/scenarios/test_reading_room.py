"""What does a reader see who opens a link, and what does somebody see who has none?"""

import asyncio
import json
import re
from datetime import UTC, date, timedelta

import httpx
import pytest
import structlog
from selectolax.lexbor import LexborHTMLParser
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.errors import SetupError
from bot.web import WebServer
from retrieval import Citation, Index, Memo, Passage, Span, answer, build_index, superseded_by
from tests.conftest import shared
from tests.servers.reading_room import DAYS, TODAY, open_room

SQUAD = "What is the Squad?"
HOSTILE = '"><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'


@pytest.fixture
async def room(seed_memos):
    async with open_room(seed_memos) as opened:
        yield opened


def words(text):
    return " ".join(text.split())


def marked(page):
    """The marked words; the mark may be made of several elements where a quote runs over several."""
    return words(" ".join(mark.text() for mark in LexborHTMLParser(page.text).css("mark")))


def notices(page):
    return [words(note.text()) for note in LexborHTMLParser(page.text).css(".notice")]


def removed(page):
    return [words(one.text()).removeprefix("removed: ") for one in LexborHTMLParser(page.text).css("del")]


def added(page):
    return [words(one.text()).removeprefix("added: ") for one in LexborHTMLParser(page.text).css("ins")]


def memo_of(text="One. Two. Three.", **known):
    return Memo(**{"id": "m", "title": "A memo", "text": text, "sha256": "12" * 32, **known})


# the memo, quoted


def seed_questions():
    lines = shared("questions/seed-dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


async def test_every_quote_of_every_seed_question_is_marked_in_its_memo(room, seed_index: Index):
    excerpts = [e for question in seed_questions() for e in answer(seed_index, question).excerpts]
    assert len(excerpts) > 20
    for excerpt in excerpts:
        page = await room.open(seed_index.memos[excerpt.citation.memo_id], excerpt.span)
        assert page.status_code == 200
        assert marked(page) == words(excerpt.quote)


async def test_the_page_is_the_whole_memo_word_for_word(room, seed_memos):
    for memo in seed_memos:
        page = await room.open(memo, Span(0, 10))
        shown = LexborHTMLParser(page.text).css_first("article").text(separator=" ")
        shown = re.sub(r"\s+", "", shown)
        for block in memo.blocks:
            assert re.sub(r"\s+", "", block.span.of(memo.text)) in shown


async def test_the_page_names_title_author_date_and_source(room, seed_index):
    excerpt = answer(seed_index, SQUAD).excerpts[0]
    memo = seed_index.memos[excerpt.citation.memo_id]
    page = LexborHTMLParser((await room.open(memo, excerpt.span)).text)
    assert page.css_first("title").text() == memo.title
    assert page.css_first("h1").text() == memo.title
    by = page.css_first(".by").text()
    assert "A'ndre Gonawela" in by
    assert "3 October 2024" in by
    assert memo.source in by
    assert page.css_first(".by time").attributes["datetime"] == "2024-10-03"


async def test_a_reader_is_told_until_when_the_link_works(room, seed_memos):
    page = await room.open(seed_memos[0], Span(0, 10))
    assert "until 22 December 2026" in words(LexborHTMLParser(page.text).css_first("footer").text())


async def test_a_keyboard_gets_to_the_quote_first(room, seed_memos):
    page = LexborHTMLParser((await room.open(seed_memos[0], Span(0, 10))).text)
    assert page.css("body a")[0].attributes["href"] == "#quote"
    assert page.css_first("#quote")


async def test_the_page_says_which_language_the_memo_is_in():
    memo = memo_of("Ein Satz.", title="Titel", language="de")
    async with open_room([memo]) as room:
        page = LexborHTMLParser((await room.open(memo, Span(0, 9))).text)
    assert page.css_first("html").attributes["lang"] == "en"
    assert page.css_first("article").attributes["lang"] == "de"
    assert page.css_first("h1").attributes["lang"] == "de"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/memo?a=1&b=2", True),
        ("http://example.org/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("http://[broken", False),
        (None, False),
    ],
)
async def test_the_original_is_linked_where_it_is_a_web_page(url, shown):
    memo = memo_of(url=url)
    async with open_room([memo]) as room:
        page = LexborHTMLParser((await room.open(memo, Span(0, 4))).text)
    links = [a.attributes for a in page.css("a") if not a.attributes["href"].startswith("#")]
    assert [a["href"] for a in links] == ([url] if shown else [])
    assert all("noopener" in a["rel"] for a in links)


async def test_a_quote_in_an_odd_place_of_a_memo_with_an_odd_name_is_shown():
    memo = memo_of("أحمد\n\n" + "x" * 5000 + "\n\n👩‍👩‍👧 **not bold** & <b>", id="a/b?c#d e\u00e9%2F")
    async with open_room([memo]) as room:
        for span in (Span(0, 4), Span(6, 5006), Span(5008, len(memo.text))):
            assert marked(await room.open(memo, span)) == words(span.of(memo.text))


@pytest.mark.parametrize("memo_id", [".", "..", "~", "~..", "../../healthz"])
async def test_a_memo_whose_name_looks_like_a_folder_is_shown(memo_id):
    memo = memo_of(id=memo_id)
    async with open_room([memo]) as room:
        assert marked(await room.open(memo, Span(5, 9))) == "Two."


# what a memo cannot do


async def test_nothing_in_a_memo_becomes_part_of_the_page():
    memo = memo_of(
        f"{HOSTILE}\n\n[click](javascript:alert(1)) {HOSTILE}",
        id=HOSTILE,
        title=HOSTILE,
        author=HOSTILE,
        source=HOSTILE,
        status=HOSTILE,
        language=HOSTILE,
        url=f"https://example.org/{HOSTILE}",
        sha256=HOSTILE,
        published=date(2026, 1, 1),
    )
    async with open_room([memo]) as room:
        page = LexborHTMLParser((await room.open(memo, Span(3, 20))).text)
    assert not page.css("script, img, iframe, object, embed, form, input, base")
    for element in page.css("*"):
        assert not [name for name in element.attributes if name.startswith(("on", "style"))]
        assert (element.attributes.get("href") or "#").startswith(("#", "https://example.org/"))


async def test_every_page_is_private_and_inert(room, seed_memos):
    memo = seed_memos[0]
    pages = [
        await room.open(memo, Span(0, 10)),
        await room.client.get(f"/memos/{memo.id}"),
        await room.client.get("/"),
        await room.client.get("/nothing/here"),
        await room.client.post("/"),
    ]
    assert [page.status_code for page in pages] == [200, 403, 200, 404, 405]
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "private, no-store"
        assert "noindex" in page.headers["x-robots-tag"]
        assert "server" not in page.headers
        assert not re.search(r"(src|url\(|@import|<link)", page.text)


# who has no link


async def refused(room, path):
    page = await room.client.get(path)
    assert page.status_code == 403
    return page


async def test_without_a_link_a_memo_that_exists_looks_like_one_that_does_not(room, seed_memos):
    there = await refused(room, f"/memos/{seed_memos[0].id}")
    not_there = await refused(room, "/memos/no-such-memo")
    assert there.content == not_there.content
    assert dict(there.headers) | {"date": ""} == dict(not_there.headers) | {"date": ""}
    assert "Ask the bot again" in there.text


async def test_a_link_that_was_altered_opens_nothing(room, seed_memos):
    one, other = seed_memos[:2]
    good = room.path(one, Span(10, 20))
    token = re.search(r"token=([^#]+)", good)[1]
    for path in (
        good.replace(one.id, other.id),
        good.replace("-10-20-", "-0-20-"),
        good.replace("-10-20-", "-10-2000-"),
        good.replace(one.sha256, other.sha256),
        good.replace("token=", "token=x"),
        f"/memos/{one.id}?token={token}&token=x",
        f"/memos/{one.id}?token=",
        f"/memos/{one.id}/?token={token}",
        f"/memos/{one.id}?token={'x' * 10_000}",
        f"/memos/{one.id}?token=%00%ff%fe",
    ):
        page = await refused(room, path)
        assert "altered" in page.text
        assert seed_memos[0].title not in page.text


async def test_parameters_beside_the_token_change_nothing(room, seed_memos):
    path = room.path(seed_memos[0], Span(10, 20))
    plain = await room.client.get(path)
    more = await room.client.get(path.replace("?", "?start=0&end=5000&sha256=x&"))
    assert more.content == plain.content


async def test_a_link_whose_time_is_over_says_so(room, seed_memos):
    path = room.path(seed_memos[0], Span(10, 20))
    room.now = TODAY + timedelta(days=DAYS)
    page = await refused(room, path)
    assert "expired" in page.text
    assert "Ask the bot again" in page.text
    assert seed_memos[0].title not in page.text


async def test_a_page_is_read_and_never_written_to(room, seed_memos):
    path = room.path(seed_memos[0], Span(0, 10))
    head = await room.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answered = await room.client.request(method, path)
        assert answered.status_code == 405
        assert set(answered.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_no_token_is_ever_logged(room, seed_memos, caplog):
    good = room.path(seed_memos[0], Span(10, 20))
    with structlog.testing.capture_logs() as events, caplog.at_level("DEBUG"):
        await room.client.get(good)
        await room.client.get(good.replace("token=", "token=x"))
        await room.client.get(f"/secret-{good.split('token=')[1]}")
    signature = good.rsplit(".", 1)[1].split("#")[0]
    served = [event for event in events if event["event"] == "page_served"]
    assert [(event["page"], event["status"]) for event in served] == [
        ("memos", 200),
        ("memos", 403),
        ("other", 404),
    ]
    assert signature not in str(events)
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert signature not in str([record.getMessage() for record in ours])


# the library moves on


async def test_a_memo_that_changed_is_shown_as_it_was_quoted_and_says_so(room):
    old, new = memo_of("Two submarines."), memo_of("Three submarines.", sha256="34" * 32)
    await room.store.memos.add([old], TODAY)
    assert notices(await room.open(old, Span(0, 3))) == []
    await room.store.memos.add([new], TODAY.astimezone(UTC) + timedelta(hours=1))
    page = await room.open(old, Span(0, 3))
    assert marked(page) == "Two"
    [notice] = notices(page)
    assert notice.startswith("There is a newer version of this memo, since 22 November 2026.")
    assert (removed(page), added(page)) == (["Two"], ["Three"])
    assert "Three" not in LexborHTMLParser(page.text).css_first("article").text()
    assert notices(await room.open(new, Span(0, 5))) == []


async def test_the_newer_version_is_a_click_away_but_not_for_longer_than_the_link(room):
    old, new = memo_of("Two submarines.", sha256="a1"), memo_of("Aside.\n\nThree submarines.", sha256="b2")
    await room.store.memos.add([old], TODAY)
    link = room.path(old, Span(0, 3))
    await room.store.memos.add([new], TODAY + timedelta(hours=1))
    room.now = TODAY + timedelta(days=DAYS - 1)
    page = LexborHTMLParser((await room.client.get(link)).text)
    assert page.css_first("a.stale").attributes["href"] == "#newer"
    further = page.css_first("#newer a").attributes["href"]
    assert marked(await room.client.get(further)) == "Three submarines."
    room.now = TODAY + timedelta(days=DAYS)
    assert "expired" in (await refused(room, further)).text


@pytest.mark.parametrize(
    ("newer", "said"),
    [
        ("One more.\n\nTwo  submarines.", "stands in it unchanged"),
        ("Nothing of the kind.", "no longer stands in it"),
        ("x" * 2_000_001, "too long to be compared"),
    ],
)
async def test_what_became_of_the_quoted_passage_is_said(room, newer, said):
    old = memo_of("Two submarines.", sha256="a1")
    await room.store.memos.add([old], TODAY)
    await room.store.memos.add([memo_of(newer, sha256="b2")], TODAY)
    page = await room.open(old, Span(0, 3))
    assert said in notices(page)[0]
    assert (removed(page), added(page)) == ([], [])


async def test_of_what_the_reader_may_not_see_only_is_said_that_there_is_one():
    old, new = (
        memo_of("Two submarines.", sha256="a1"),
        memo_of("Three submarines.", sha256="b2", source="hr/m.md"),
    )
    after = memo_of("Secret words.", id="after", title="Secret title", supersedes=("m",))

    async def same_folder(one, other):
        return one.source == other.source

    async with open_room(
        [old], successors=lambda _: superseded_by(build_index([old, after]), "m"), may_read_on=same_folder
    ) as room:
        await room.store.memos.add([new, after.model_copy(update={"source": "hr/a.md"})], TODAY)
        page = await room.open(old, Span(0, 3))
    [notice] = notices(page)
    assert notice.endswith("You are reading the words that were quoted, as they were then.")
    assert "Three" not in page.text
    assert "Secret" not in page.text


async def test_a_superseded_memo_names_what_to_read_instead():
    old, after = (
        memo_of("Two submarines."),
        memo_of("Three.", id="after", title="<b>After</b>", supersedes=("m",)),
    )
    async with open_room(
        [old, after], successors=lambda memo_id: superseded_by(build_index([old, after]), memo_id)
    ) as room:
        page = LexborHTMLParser((await room.open(old, Span(0, 3))).text)
        banner = page.css_first(".notice")
        assert words(banner.text()) == "Superseded by <b>After</b>"
        assert marked(await room.client.get(banner.css_first("a").attributes["href"])) == "Three."
        assert notices(await room.open(after, Span(0, 3))) == []


async def test_a_file_that_was_read_anew_shows_the_words_that_were_quoted(room):
    """A newer version of the program may take other text out of the same file."""
    old, anew = memo_of("Two submarines."), memo_of("Fresh air. Two submarines.")
    await room.store.memos.add([old], TODAY)
    link = room.links(*cited(old, Span(0, 3))).removeprefix("http://reading-room.test")
    await room.store.memos.add([anew], TODAY)
    page = await room.client.get(link)
    assert marked(page) == "Two"
    assert "newer version" in notices(page)[0]
    await room.store.versions.prune(TODAY + timedelta(days=1))
    page = await room.client.get(link)
    assert marked(page) == ""
    assert "cannot be marked" in notices(page)[0]


def cited(memo, span):
    return Citation.of(memo, Passage(memo_id=memo.id, ordinal=1, span=span), span), span


async def test_a_link_survives_that_its_file_gets_another_name(room):
    old = memo_of("Two submarines.", source="old.md")
    await room.store.memos.add([old], TODAY)
    await room.store.memos.remove("m", TODAY)
    await room.store.memos.add([old.model_copy(update={"id": "n", "source": "new.md"})], TODAY)
    page = await room.open(old, Span(0, 3))
    assert marked(page) == "Two"
    assert notices(page) == ["This memo is in the library under another name now: new.md."]


async def test_a_version_that_was_pruned_is_said_not_to_be_kept(room):
    old, new = memo_of("Two submarines.", sha256="a1"), memo_of("Three submarines.", sha256="b2")
    await room.store.memos.add([old], TODAY)
    await room.store.memos.add([new], TODAY)
    await room.store.versions.prune(TODAY + timedelta(days=1))
    page = await room.open(old, Span(0, 3))
    assert page.status_code == 410
    assert "not kept any more" in page.text
    assert "submarines" not in page.text


async def test_a_memo_that_was_taken_out_is_not_shown_any_more(room, seed_memos):
    await room.store.memos.remove(seed_memos[0].id, TODAY)
    page = await room.open(seed_memos[0], Span(0, 10))
    assert page.status_code == 410
    assert "removed from the library on 22 November 2026" in page.text
    assert seed_memos[0].title not in page.text


async def test_a_version_that_nobody_has_any_more_is_gone(room, seed_memos):
    page = await room.open(seed_memos[0].model_copy(update={"sha256": "0" * 64}), Span(0, 10))
    assert page.status_code == 410


async def test_a_place_that_the_memo_does_not_have_is_said_and_the_memo_is_shown(room, seed_memos):
    page = await room.open(seed_memos[0], Span(0, 10**6))
    assert page.status_code == 200
    assert marked(page) == ""
    assert "cannot be marked" in notices(page)[0]


async def test_a_memo_that_is_linked_to_as_a_whole_misses_no_place(room, seed_memos):
    page = await room.open(seed_memos[0], Span(0, 0))
    assert page.status_code == 200
    assert (marked(page), notices(page)) == ("", [])


async def test_a_database_that_is_gone_is_an_apology_without_details(seed_memos):
    async with open_room(seed_memos) as room:
        path = room.path(seed_memos[0], Span(0, 10))
        async with room.store.database.write() as connection:
            await connection.exec_driver_sql("DROP TABLE memo_versions")
        page = await room.client.get(path)
    assert page.status_code == 503
    assert "try again" in page.text
    assert "memo_versions" not in page.text
    assert page.headers["cache-control"] == "private, no-store"


# health and counts


async def test_health_names_each_part(room):
    room.ready = {"index": True, "slack": True}
    answered = await room.client.get("/healthz")
    assert answered.status_code == 200
    assert answered.json() == {
        "status": "ok",
        "version": answered.json()["version"],
        "parts": {"database": True, "index": True, "slack": True},
    }


async def test_a_platform_that_is_not_connected_is_no_health(room):
    room.ready = {"index": True, "slack": False}
    answered = await room.client.get("/healthz")
    assert answered.status_code == 503
    assert answered.json()["parts"] == {"database": True, "index": True, "slack": False}


async def test_metrics_count_what_was_served(room):
    await room.client.get("/memos/x")
    answered = await room.client.get("/metrics")
    assert answered.status_code == 200
    assert re.search(r'^quoth_pages_total{page="memos",status="403"} [1-9]', answered.text, re.MULTILINE)
    assert "quoth_memos" in answered.text


async def test_metrics_are_nowhere_once_they_are_turned_off():
    async with open_room(show_metrics=False) as room:
        answered = await room.client.get("/metrics")
        nowhere = await room.client.get("/nothing/here")
        assert (await room.client.get("/healthz")).status_code == 200
    assert answered.status_code == 404
    assert answered.content == nowhere.content


@pytest.mark.parametrize("path", ["/memos", "/healthz/", "/metrics/", "/robots.txt/"])
async def test_nobody_is_sent_to_a_host_that_a_request_names(room, path):
    answered = await room.client.get(path, headers={"Host": "evil.example"})
    assert answered.status_code == 404
    assert "evil.example" not in answered.text + str(answered.headers)


async def test_crawlers_are_asked_to_stay_away(room):
    assert "Disallow: /" in (await room.client.get("/robots.txt")).text


# the server


async def test_a_platform_brings_its_own_routes():
    async def events(request: Request):
        return PlainTextResponse((await request.body()).decode()[::-1])

    async with open_room(extra_routes=[Route("/slack/events", events, methods=["POST"])]) as room:
        assert (await room.client.post("/slack/events", content="abc")).text == "cba"


async def test_a_request_under_way_is_finished_when_the_server_stops():
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Request):
        arrived.set()
        await go_on.wait()
        return PlainTextResponse("finished")

    async with open_room(extra_routes=[Route("/slow", slow)]) as room:
        asked = asyncio.create_task(room.client.get("/slow"))
        await arrived.wait()
        await room.server.stop()
        go_on.set()
        assert (await asked).text == "finished"
        await room.running
        with pytest.raises(httpx.ConnectError):
            await room.client.get("/healthz")


async def test_a_port_that_is_taken_is_a_sentence_with_what_to_do(room):
    with pytest.raises(SetupError, match=f"port {room.server.port} .*Address already in use.*WEB__PORT"):
        WebServer(None, "127.0.0.1", room.server.port)


async def test_a_host_that_is_not_there_is_a_sentence_with_what_to_do():
    with pytest.raises(SetupError, match=r"of no-such-host.invalid: .*WEB__HOST"):
        WebServer(None, "no-such-host.invalid", 0)
