"""How are the bytes of a shared file fetched, and from where only?

From the one place where the platform keeps its files, over https, with the bot's token and never anywhere else: an
address in an event is a claim too. A redirect is followed within that place only.
"""

from collections.abc import Mapping
from pathlib import Path

import aiohttp
from yarl import URL

from bot.errors import FileRefused
from bot.observability import log

SECONDS = 60.0
"""For all of one file."""
MOST_REDIRECTS = 3
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where a stand-in may serve files without a certificate."""
_AT_ONCE = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})

ELSEWHERE = (
    "it is not kept where this chat keeps its files, and I fetch files from nowhere else. Upload it here."
)
NOT_HANDED_OUT = "the chat did not hand it out to me. Is it still there, and may I see this channel's files?"


async def download(
    address: str, into: Path, *, at_most: int, place: str, headers: Mapping[str, str] | None = None
) -> None:
    """Write what stands at `address` to `into`, at most `at_most` bytes, sending `headers` (the token) along.

    `place` is the URL below which all files of the platform stand. Raises FileRefused where there is no having it,
    aiohttp.ClientError, OSError or TimeoutError where it may work later.
    """
    url = _within(place, address)
    if url is None:
        raise FileRefused(ELSEWHERE)
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    # No cookies, no proxy's credentials, nothing unpacked: what is counted is what is written.
    async with aiohttp.ClientSession(
        timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    ) as session:
        for _ in range(MOST_REDIRECTS + 1):
            async with session.get(
                url, headers={**(headers or {}), "Accept-Encoding": "identity"}, allow_redirects=False
            ) as answer:
                if answer.status not in _REDIRECTS:
                    await _write(answer, into, at_most)
                    return
                target = _redirected(place, url, answer.headers.get("Location", ""))
            if target is None:
                break
            url = target
    raise FileRefused(NOT_HANDED_OUT)


def too_large(size: int, at_most: int) -> FileRefused:
    """The refusal of a file with more than `at_most` bytes."""
    shown = f"it has {size:,} bytes; " if size > at_most else ""
    return FileRefused(f"{shown}at most {at_most:,} bytes are read. Split it into several memos.")


def _within(place: str, address: str) -> URL | None:
    """The URL that `address` names, where it is below `place`; None where it leads elsewhere."""
    try:
        url, home = URL(address, encoded=True), URL(place)
        same = url.origin() == home.origin() and url.path.startswith(home.path)
        safe = url.scheme == "https" or url.host in _THIS_MACHINE
        plain = same and safe and url.user is None and url.password is None and ".." not in url.parts
    except ValueError:  # no address at all, or one without a host
        plain, url = False, URL()
    if not plain:
        # The host alone: the rest of such an address may be a credential.
        log.warning("file_address_refused", host=url.host)
        return None
    return url


def _redirected(place: str, url: URL, location: str) -> URL | None:
    """Where a redirect leads; None where that is elsewhere (a page to sign in, where a scope is missing)."""
    try:
        return _within(place, str(url.join(URL(location, encoded=True))))
    except ValueError:
        return None


async def _write(answer: aiohttp.ClientResponse, into: Path, at_most: int) -> None:
    if answer.status >= 500 or answer.status in _PASSING:
        answer.raise_for_status()
    is_page = answer.content_type == "text/html" and into.suffix.lower() not in {".html", ".htm"}
    if answer.status != 200 or is_page:  # a page in a file's place asks to sign in
        log.warning("file_not_handed_out", status=answer.status)
        raise FileRefused(NOT_HANDED_OUT)
    if (answer.content_length or 0) > at_most:
        raise too_large(answer.content_length or 0, at_most)
    written = 0
    with into.open("wb") as file:
        async for piece in answer.content.iter_chunked(_AT_ONCE):
            written += len(piece)
            if written > at_most:
                raise too_large(0, at_most)
            file.write(piece)
