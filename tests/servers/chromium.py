"""How does a page look, and what is in view, in a real browser?

Headless Chromium, driven over WebDriver (plain HTTP) by ChromeDriver; both from Debian's packages.
"""

import base64
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import httpx

from tests.conftest import missing

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-crash-reporter",
    "--disable-breakpad",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)


class Browser:
    """One window of `width` by `height` pixels (of the page, not of the frame around it)."""

    def __init__(self, session: httpx.Client) -> None:
        self._session = session

    def open(self, url: str) -> None:
        """Load `url` and wait until it is loaded. A new page each time, also where only the fragment differs."""
        self._do("POST", "/url", url="about:blank")
        self._do("POST", "/url", url=url)

    def evaluate(self, script: str, *args: Any) -> Any:
        """Run `script` (a function's body) in the page. The page's own policy does not bind a debugger."""
        return self._do("POST", "/execute/sync", script=script, args=list(args))

    def emulate(self, **features: str) -> None:
        """Pretend media features, for example prefers_color_scheme="dark"."""
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self._cdp("Emulation.setEmulatedMedia", features=named)

    def media(self, name: str) -> None:
        """Pretend a medium: "print", or "screen"."""
        self._cdp("Emulation.setEmulatedMedia", media=name)

    def resize(self, width: int, height: int) -> None:
        """Make the page's view exactly that large."""
        self._cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def screenshot(self, path: Path | None = None) -> bytes:
        """What is in view, as PNG; written to `path` where one is given."""
        picture = base64.b64decode(self._do("GET", "/screenshot"))
        if path:
            path.write_bytes(picture)
        return picture

    def _cdp(self, command: str, **params: Any) -> None:
        self._do("POST", "/goog/cdp/execute", cmd=command, params=params)

    def _do(self, method: str, path: str, **body: Any) -> Any:
        reply = self._session.request(method, path, json=body if method == "POST" else None)
        value = reply.json()["value"]
        assert reply.is_success, value
        return value


@contextmanager
def browser(width: int = 1000, height: int = 700) -> Iterator[Browser]:
    """Start Chromium for one test or several; skips (fails in CI) where it is not installed."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        missing("Chromium with ChromeDriver", "Install it with: apt-get install chromium chromium-driver")
    with tempfile.TemporaryDirectory() as profile, _chromedriver(driver) as address:
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": chromium, "args": [*FLAGS, f"--user-data-dir={profile}"]},
        }
        made = httpx.post(f"{address}/session", json={"capabilities": {"alwaysMatch": wanted}}, timeout=60)
        assert made.is_success, made.text
        session = f"{address}/session/{made.json()['value']['sessionId']}"
        with httpx.Client(base_url=session, timeout=30) as client:
            window = Browser(client)
            window.resize(width, height)
            try:
                yield window
            finally:
                # ChromeDriver alone would leave Chromium behind when it ends.
                assert client.delete(session).is_success


@contextmanager
def _chromedriver(program: str) -> Iterator[str]:
    """ChromeDriver on a port that it chooses and prints."""
    process = Popen([program, "--port=0"], stdout=PIPE, stderr=DEVNULL, text=True)
    assert process.stdout is not None
    try:
        port = next(
            line.rsplit(" ", 1)[1].strip(" .\n")
            for line in process.stdout
            if "started successfully on port" in line
        )
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def screenshot(url: str, path: Path, width: int = 1000, height: int = 700) -> None:
    """Take one picture of one page."""
    with browser(width, height) as window:
        window.open(url)
        window.screenshot(path)
