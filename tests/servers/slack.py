"""What answers as Slack in the tests, offline?

The stand-in is a program of its own (tests/servers/get-slack-stand-in fetches it). It plays Slack's Web API, Socket
Mode and signed HTTP events; `/_control` is where the test acts as people and reads what was posted.
"""

import asyncio
import hashlib
import hmac
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from tests.conftest import missing
from tests.servers.ports import own_port

BINARY = Path(__file__).parents[1] / ".parts/node_modules/local-slack-linux-x64/bin/local-slack"

BOT, BOT_ID, TEAM = "U0BOT", "B0BOT", "T01TEST"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-test-token", "xapp-test-token", "test-signing-secret"
ALICE = "U01ALICE"
PEOPLE = [ALICE, *(f"U{number:02}PERSON" for number in range(2, 21))]
GENERAL = "C01GEN"
CHANNELS = [GENERAL, *(f"C{number:02}CHAN" for number in range(2, 41))]


def signed(body: bytes, secret: str = SIGNING_SECRET, at: float | None = None) -> dict[str, str]:
    """The headers with which Slack sends `body`."""
    timestamp = str(int(at or time.time()))
    digest = hmac.new(secret.encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256).hexdigest()
    return {
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest}",
        "content-type": "application/json",
    }


class StandIn:
    """A running stand-in. The methods are what people do in Slack, and what they see there."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self._ui = f"ws://localhost:{port}/ui"
        self._control = httpx.AsyncClient(
            base_url=f"{self.url}/_control", timeout=60, limits=httpx.Limits(max_connections=50)
        )

    async def say(
        self, text: str, *, channel: str = GENERAL, user: str = ALICE, thread: str | None = None
    ) -> str:
        """Somebody writes a message; returns its `ts`. Returns when the bot has acknowledged its events."""
        sent = {"channel": channel, "user": user, "text": text, **({"thread_ts": thread} if thread else {})}
        return (await self._do("message", sent))["message"]["ts"]

    async def command(self, text: str, *, channel: str = GENERAL, user: str = ALICE) -> None:
        """Somebody types /quoth."""
        await self._do("command", {"channel": channel, "user": user, "command": "/quoth", "text": text})

    async def edit(self, ts: str, text: str, *, channel: str = GENERAL, user: str = ALICE) -> None:
        """Somebody edits their message."""
        await self._do("edit-message", {"channel": channel, "ts": ts, "user": user, "text": text})

    async def delete(self, ts: str, *, channel: str = GENERAL, user: str = ALICE) -> None:
        """Somebody deletes their message."""
        await self._do("delete-message", {"channel": channel, "ts": ts, "user": user})

    async def click(
        self, ts: str, action: dict[str, Any], *, channel: str = GENERAL, user: str = ALICE
    ) -> None:
        """Somebody presses a button under a message."""
        await self._do("interact", {"channel": channel, "messageTs": ts, "user": user, "action": action})

    async def share(
        self,
        name: str,
        text: str,
        *,
        channel: str = GENERAL,
        user: str = ALICE,
        data: bytes = b"words",
        more: dict[str, bytes] | None = None,
    ) -> dict[str, Any]:
        """Somebody shares a file (and `more` in the same message, bytes by name); returns the message."""
        files = [("file", (each, held)) for each, held in {name: data, **(more or {})}.items()]
        about = {"channel": channel, "user": user, "text": text}
        reply = await self._control.post("/upload", data=about, files=files)
        assert reply.json()["ok"], reply.text
        return reply.json()["message"]

    async def forms(self) -> list[dict[str, Any]]:
        """The modals that are open, the one in front last."""
        async with aiohttp.ClientSession() as session, session.ws_connect(self._ui) as page:
            return (await page.receive_json())["state"]["modalStack"]

    async def send_form(self, values: dict[str, dict[str, Any]], *, user: str = ALICE) -> dict[str, str]:
        """Somebody fills in the modal in front and sends it; what is said to be wrong with it, by field."""
        async with aiohttp.ClientSession() as session, session.ws_connect(self._ui) as page:
            await page.send_json({"t": "view_submit", "user": user, "values": values})
            async with asyncio.timeout(30):
                while True:
                    seen = await page.receive_json()
                    if seen["t"] == "view_errors":
                        return seen["errors"] or {}
                    if seen["t"] == "view":
                        return {}

    async def react(self, ts: str, name: str, *, channel: str = GENERAL, user: str = ALICE) -> None:
        """Somebody reacts to a message."""
        await self._do("reaction", {"channel": channel, "ts": ts, "user": user, "name": name})

    async def open_home(self, user: str = ALICE) -> None:
        """Somebody opens the app's home."""
        await self._do("open-home", {"user": user})

    async def direct(self, user: str = ALICE) -> str:
        """The direct-message channel between `user` and the bot."""
        reply = await self._control.post(
            f"{self.url}/api/conversations.open",
            headers={"Authorization": f"Bearer {BOT_TOKEN}"},
            json={"users": user},
        )
        return reply.json()["channel"]["id"]

    async def messages(self, channel: str = GENERAL) -> list[dict[str, Any]]:
        """What stands in a channel, oldest first."""
        return (await self._control.get(f"/messages/{channel}")).json()["messages"]

    async def replies(self, channel: str = GENERAL) -> list[dict[str, Any]]:
        """What the bot said in a channel, oldest first."""
        return [message for message in await self.messages(channel) if message.get("user") == BOT]

    async def deliveries(self) -> list[dict[str, Any]]:
        """The events that went to the bot, oldest first, as they were sent."""
        log = (await self._control.get("/log")).json()["log"]
        sent = [entry["detail"] for entry in log if entry["direction"] == "to_bot" and entry.get("detail")]
        return [json.loads(one) if isinstance(one, str) and one.startswith("{") else one for one in sent]

    async def reset(self) -> None:
        """Forget all messages."""
        await self._do("reset", {})

    async def close(self) -> None:
        """Let go of the connections to it; it goes on running."""
        await self._control.aclose()

    async def _do(self, what: str, sent: dict[str, Any]) -> dict[str, Any]:
        reply = await self._control.post(f"/{what}", json=sent)
        assert reply.json()["ok"], reply.text
        return reply.json()


@contextmanager
def stand_in(*, events_to: str | None = None, port: int | None = None) -> Iterator[int]:
    """Run a stand-in and give its port. `events_to` is the URL for signed HTTP events; without it: Socket Mode."""
    if not os.access(BINARY, os.X_OK):
        missing("The Slack stand-in", "Install it with: make test-parts")
    port = port or own_port()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "workspace.json"
        config.write_text(json.dumps(_workspace(events_to)))
        process = subprocess.Popen(
            [BINARY, "--config", config, "--port", str(port), "--files-dir", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await_port(port, process)
            yield port
        finally:
            process.kill()
            process.wait(10)


def _workspace(events_to: str | None) -> dict[str, Any]:
    mode = {"mode": "events", "requestUrl": events_to} if events_to else {"mode": "socket"}
    app = {
        "appId": "A01APP",
        "botUserId": BOT,
        "botName": "quoth",
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET,
    }
    return {
        "workspace": {"name": "Test Workspace", "domain": "test-workspace", "teamId": TEAM},
        "app": {**app, **mode},
        "users": [
            {"id": one, "name": one.lower(), "real_name": one, "email": f"{one}@example.com"}
            for one in PEOPLE
        ],
        "channels": [{"id": one, "name": one.lower(), "members": [*PEOPLE, BOT]} for one in CHANNELS],
    }


def _await_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, "the Slack stand-in ended at once"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the Slack stand-in did not start")
