"""Which words ask to add, which names are safe, and from where is a file fetched?"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientError, web
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.contributions.downloading import ELSEWHERE, NOT_HANDED_OUT, download
from bot.contributions.names import LONGEST, safe_name, suffix_of
from bot.contributions.requests import asks_to_add
from bot.errors import FileRefused

SECRET = "Bearer xoxb-secret"


@pytest.mark.parametrize(
    "text",
    ["add", "Add", "add this", "please add it to the memos", "ADD!", "/add", "add these files, please."],
)
def test_these_words_ask_to_add(text):
    assert asks_to_add(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "please",
        "this",
        "add the numbers of both years",
        "add value",
        "additional",
        "a" * 200,
        "add " * 60,
    ],
)
def test_these_words_do_not(text):
    assert not asks_to_add(text)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("plan.md", "plan.md"),
        ("../../etc/passwd.md", "passwd.md"),
        ("C:\\Users\\ada\\plan.md", "plan.md"),
        (".hidden.md", "hidden.md"),
        ("plan\x00\x1b[31m.md", "plan [31m.md"),
        ("memo\u202etxt.exe", "memotxt.exe"),
        ("  two\nlines .md ", "two lines.md"),
        ("", "memo"),
        ("..", "memo"),
        ("/", "memo"),
        ("Bericht für Müller.pdf", "Bericht für Müller.pdf"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=600) | st.text("a/\\.. \x00é\U0001f600", max_size=300))
def test_any_name_is_one_that_a_folder_takes_and_keeps_its_kind(name):
    safe = safe_name(name)
    assert 1 <= len(safe) <= LONGEST
    assert len(safe.encode()) <= 255
    assert Path(safe).name == safe
    assert not safe.startswith(".")
    assert safe_name(safe) == safe
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / safe).write_bytes(b"")


@pytest.mark.parametrize(("name", "suffix"), [("plan.MD", ".md"), ("plan", ""), ("x" * 500 + ".pdf", ".pdf")])
def test_the_kind_of_a_file_stands_in_its_name(name, suffix):
    assert suffix_of(name) == suffix


class Host:
    """A place where files are kept, and what was asked of it."""

    def __init__(self) -> None:
        self.url, self.asked = "", []

    @property
    def place(self):
        return f"{self.url}/files/"

    async def answer(self, request):
        self.asked.append((request.path, request.headers.get("Authorization")))
        match request.path:
            case "/files/plan.md":
                return web.Response(body=b"words")
            case "/files/huge":
                return web.Response(body=b"x" * 1000)
            case "/files/endless":
                response = web.StreamResponse()
                await response.prepare(request)
                for _ in range(100):
                    await response.write(b"x" * 100)
                return response
            case "/files/page":
                return web.Response(text="<html>sign in", content_type="text/html")
            case "/files/down":
                return web.Response(status=503)
            case "/files/busy":
                return web.Response(status=429)
            case "/files/forbidden":
                return web.Response(status=403)
            case "/files/moved":
                raise web.HTTPFound("/files/plan.md")
            case "/files/away":
                raise web.HTTPFound("http://localhost:1/files/plan.md")
            case "/files/out":
                raise web.HTTPFound("/elsewhere")
            case "/files/round":
                raise web.HTTPFound("/files/round")
        return web.Response(status=404)


@asynccontextmanager
async def a_host() -> AsyncIterator[Host]:
    host = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", host.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield host
    finally:
        await runner.cleanup()


@pytest.fixture
async def host():
    async with a_host() as host:
        yield host


async def fetch(host, name, into, at_most=500):
    token = {"Authorization": SECRET}
    await download(f"{host.place}{name}", into, at_most=at_most, place=host.place, headers=token)
    return into.read_bytes()


@pytest.mark.parametrize("name", ["plan.md", "moved"])
async def test_a_file_is_fetched_with_the_token_also_where_it_moved_within_the_place(host, tmp_path, name):
    assert await fetch(host, name, tmp_path / "plan.md") == b"words"
    assert {token for _, token in host.asked} == {SECRET}


@pytest.mark.parametrize("name", ["huge", "endless"])
async def test_more_bytes_than_are_read_are_not_fetched_whatever_was_said_before(host, tmp_path, name):
    with pytest.raises(FileRefused, match="at most 500 bytes"):
        await fetch(host, name, tmp_path / "plan.md")


@pytest.mark.parametrize("name", ["page", "forbidden", "gone", "away", "out", "round"])
async def test_what_is_not_handed_out_is_refused_and_the_token_goes_nowhere_else(host, tmp_path, name):
    with pytest.raises(FileRefused, match="did not hand it out"):
        await fetch(host, name, tmp_path / "plan.md")
    assert not [path for path, _ in host.asked if not path.startswith("/files/")]


@pytest.mark.parametrize("name", ["down", "busy"])
async def test_trouble_that_passes_is_no_refusal(host, tmp_path, name):
    with pytest.raises(ClientError):
        await fetch(host, name, tmp_path / "plan.md")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/files/plan.md",
        "http://files.slack.com/files-pri/x",
        "https://files.slack.com.evil.example/x",
        "https://files.slack.com@evil.example/x",
        "https://user:pass@files.slack.com/x",
        "https://files.slack.com:8443/x",
        "//evil.example/x",
        "file:///etc/passwd",
        "plan.md",
        "",
        "https://[::1",
    ],
)
async def test_an_address_elsewhere_is_not_asked_at_all_and_the_log_has_its_host_alone(tmp_path, address):
    with capture_logs() as logs, pytest.raises(FileRefused, match="not kept where this chat"):
        await download(
            address,
            tmp_path / "plan.md",
            at_most=500,
            place="https://files.slack.com/",
            headers={"Authorization": SECRET},
        )
    assert "pass" not in str(logs)
    assert SECRET not in str(logs)


@pytest.mark.parametrize("path", ["../elsewhere", "%2e%2e/elsewhere", "a/../../elsewhere"])
async def test_a_path_does_not_lead_out_of_the_place(host, tmp_path, path):
    with pytest.raises(FileRefused):
        await fetch(host, path, tmp_path / "plan.md")
    assert host.asked == []


def test_the_sentences_say_what_to_do():
    assert "Upload it here" in ELSEWHERE
    assert NOT_HANDED_OUT.endswith("?")
