"""Who may send the bot events over HTTP?"""

import asyncio
import json
import time

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.errors import SetupError
from bot.observability import DROPPED
from bot.platforms.slack import http
from tests.servers.slack import signed

EVENT = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": "T01TEST",
    "event": {
        "type": "app_mention",
        "channel": "C01GEN",
        "user": "U01ALICE",
        "ts": "1700000000.0001",
        "text": "hi",
    },
}


class Asked(list):
    async def ask(self, question):
        self.append(question)


@pytest.fixture
async def asked():
    return Asked()


@pytest.fixture
async def send(slack_over_http, asked):
    """Sends a body to the running bot, with headers."""
    async with (
        slack_over_http.running(slack_over_http.platform(), asked.ask),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{slack_over_http.web_port}") as client,
    ):

        async def send(body: bytes, headers: dict[str, str]) -> httpx.Response:
            return await client.post("/slack/events", content=body, headers=headers)

        yield send


BODY = json.dumps(EVENT).encode()


async def test_what_slack_signed_is_taken(send, asked):
    assert (await send(BODY, signed(BODY))).status_code == 200
    assert [question.event_id for question in asked] == ["Ev1"]


REFUSED = {  # made when the test runs: a signature's time counts from there
    "forged": lambda: signed(BODY, secret="another-secret"),
    "no-secret": lambda: signed(BODY, secret=""),
    "another-body": lambda: signed(BODY + b" "),
    "stale": lambda: signed(BODY, at=time.time() - 310),
    "early": lambda: signed(BODY, at=time.time() + 400),
    "none": dict,
    "nonsense": lambda: {"x-slack-request-timestamp": "now", "x-slack-signature": "v0=00"},
    "a-time-past-all-numbers": lambda: {**signed(BODY), "x-slack-request-timestamp": "9" * 400},
    "not-ascii": lambda: {**signed(BODY), "x-slack-signature": "v0=é".encode("latin-1")},
    "empty": lambda: {**signed(BODY), "x-slack-signature": ""},
}


@pytest.mark.parametrize("make_headers", REFUSED.values(), ids=REFUSED)
async def test_what_slack_did_not_sign_just_now_is_refused_and_counted(send, asked, make_headers):
    headers = make_headers()
    counted = DROPPED.labels(platform="slack", reason="bad_signature")
    before = counted._value.get()
    assert (await send(BODY, headers)).status_code == 401
    assert counted._value.get() == before + 1
    assert not asked


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 100_000, b"{", b"payload=%7B"])
async def test_nonsense_without_a_signature_is_refused_before_it_is_read(send, body):
    assert (await send(body, {"content-type": "application/json"})).status_code == 401


async def test_more_than_slack_ever_sends_is_refused(send):
    body = b" " * 1_000_001
    assert (await send(body, signed(body))).status_code == 413


async def test_a_body_that_does_not_come_is_not_waited_for(slack_over_http, asked, monkeypatch):
    monkeypatch.setattr(http, "_PATIENCE", 0.1)
    async with slack_over_http.running(slack_over_http.platform(), asked.ask):
        reader, writer = await asyncio.open_connection("127.0.0.1", slack_over_http.web_port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: quoth\r\nContent-Length: 1000\r\n\r\n{")
        async with asyncio.timeout(10):
            assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
            assert await reader.read()  # ... and the connection is closed
        writer.close()


async def test_who_leaves_in_the_middle_of_a_body_is_no_fault_of_ours():
    said = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

    async def receive():
        return next(said)

    with pytest.raises(HTTPException) as refused:
        await http.read_body(Request({"type": "http", "method": "POST"}, receive))
    assert refused.value.status_code == 400


async def test_slack_can_check_the_address(send):
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    reply = await send(body, signed(body))
    assert (reply.status_code, reply.json()) == (200, {"challenge": "abc"})


async def test_only_posts_are_taken(slack_over_http, asked):
    async with (
        slack_over_http.running(slack_over_http.platform(), asked.ask),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{slack_over_http.web_port}") as client,
    ):
        assert (await client.get("/slack/events")).status_code == 405


async def test_an_event_is_acknowledged_before_any_work_is_done(slack_over_http):
    working, released = asyncio.Event(), asyncio.Event()

    async def ask(_):
        working.set()
        await released.wait()

    async with (
        slack_over_http.running(slack_over_http.platform(), ask),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{slack_over_http.web_port}") as client,
    ):
        reply = await client.post("/slack/events", content=BODY, headers=signed(BODY))
        assert reply.status_code == 200
        await asyncio.wait_for(working.wait(), 10)
        released.set()


async def test_an_event_that_comes_while_the_bot_stops_is_left_to_be_sent_again(slack_over_http):
    working, released = asyncio.Event(), asyncio.Event()

    async def ask(_):
        working.set()
        await released.wait()

    platform = slack_over_http.platform()
    async with (
        slack_over_http.running(platform, ask),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{slack_over_http.web_port}") as client,
    ):
        await client.post("/slack/events", content=BODY, headers=signed(BODY))
        await asyncio.wait_for(working.wait(), 10)
        stopping = asyncio.create_task(platform.stop())
        async with asyncio.timeout(10):
            while platform.connected:
                await asyncio.sleep(0)
        assert (await client.post("/slack/events", content=BODY, headers=signed(BODY))).status_code == 503
        assert not stopping.done()
        released.set()
        await stopping


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_there_is_no_http(slack_over_http, secret):
    with pytest.raises(SetupError, match="SLACK__SIGNING_SECRET"):
        slack_over_http.platform(signing_secret=secret)
