"""Who may open a memo's page, and until when?"""

import hashlib
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote as url_quote

from itsdangerous import BadSignature, Signer

from bot.errors import BotError
from retrieval import Citation, Span

_AS_IT_IS = "~"
"""Stands before an id that a path cannot hold, and before one that begins with it."""

_PURPOSE = "quoth.memo-link.1"
"""Signed along with everything else: another use of the same secret can never make a link, nor a later format."""

_PURPOSE_OF_PAGES = "quoth.page-link.1"
"""The same for the pages of digests."""

_WITH_WORDS = re.compile(r"(.*)~([0-9a-f]{12})", re.DOTALL)


class LinkRefused(BotError):
    """A link that does not open the page."""

    remedy = "Ask the bot again: every answer comes with fresh links."


class LinkForged(LinkRefused):
    """The token was never given out, or not for this page."""

    def __init__(self) -> None:
        super().__init__("This link is not complete, or it was altered.")


class LinkExpired(LinkRefused):
    """The token was good once; its time is over."""

    def __init__(self) -> None:
        super().__init__("This link has expired.")


class Grant(NamedTuple):
    """What a link opens: one version of one memo, with one place marked, until `expires` (UTC).

    `fingerprint` is that of the words at the place; "" in links that were made before there was one.
    """

    memo_id: str
    sha256: str
    span: Span
    expires: datetime
    fingerprint: str = ""


class Links:
    """Makes the links in answers (it is a `MemoLink`) and opens them again.

    `public_url` is where readers reach the reading room, without it no links are made; `days` is how long a
    link is good; `now` tells the time, with its zone. Everything a link says is signed: its memo, the version of
    that memo, the place and the end of its time, so that no part can be changed to open something else.
    """

    def __init__(
        self,
        secret: str,
        public_url: str | None,
        days: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._secret, self._now = secret, now
        self._good_for = timedelta(days=days)
        self._public_url = public_url.rstrip("/") if public_url else None

    def __call__(self, citation: Citation, span: Span) -> str | None:
        """Where a reader opens `span` of the cited memo; None where there is no reading room."""
        if self._public_url is None:
            return None
        return self._public_url + self.path(
            citation.memo_id, citation.sha256, span, fingerprint=citation.fingerprint
        )

    def path(
        self, memo_id: str, sha256: str, span: Span, *, fingerprint: str = "", until: datetime | None = None
    ) -> str:
        """The same below the reading room's own address. It ends in #quote: browsers scroll there by themselves.

        `until` is the end of its time, where another link's time is not to be made longer.
        """
        expires = math.ceil((until or self._now() + self._good_for).timestamp())
        version = f"{sha256}~{fingerprint}" if fingerprint else sha256
        token = self._signer(memo_id).sign(f"{version}-{span.start}-{span.end}-{expires}").decode()
        return f"/memos/{url_quote(_named_in_paths(memo_id), safe='')}?token={url_quote(token)}#quote"

    def digest(self, digest_id: str) -> str | None:
        """Where a reader opens the full page of a digest; None where there is no reading room."""
        return self._public_url and self._public_url + self.digest_path(digest_id)

    def digest_path(self, digest_id: str, until: datetime | None = None) -> str:
        """The same below the reading room's own address."""
        return (
            f"/digests/{url_quote(digest_id, safe='')}?token={self._page_token('digest', digest_id, until)}"
        )

    def place_path(self, place: str, until: datetime | None = None, *, feed: bool = False) -> str:
        """The page of all digests of a place (by its key), or its feed, below the reading room's own address."""
        page = "digests.atom" if feed else "digests"
        token = self._page_token("place", place, until)
        return f"/{page}?place={url_quote(place, safe='')}&token={token}"

    def absolute(self, path: str) -> str:
        """A path of the reading room as readers reach it; as it is where nobody said how."""
        return f"{self._public_url or ''}{path}"

    def open_digest(self, digest_id: str, token: str) -> datetime:
        """Until when `token` opens the page of a digest. Raises LinkForged, or LinkExpired."""
        return self._open_page("digest", digest_id, token)

    def open_place(self, place: str, token: str) -> datetime:
        """Until when `token` opens the digests of a place. Raises LinkForged, or LinkExpired."""
        return self._open_page("place", place, token)

    def _page_token(self, kind: str, name: str, until: datetime | None) -> str:
        expires = math.ceil((until or self._now() + self._good_for).timestamp())
        return url_quote(self._page_signer(kind, name).sign(str(expires)).decode())

    def _open_page(self, kind: str, name: str, token: str) -> datetime:
        signer = self._page_signer(kind, name)
        try:
            said = signer.unsign(token)
        except (BadSignature, UnicodeError) as bad:
            raise LinkForged from bad
        if signer.sign(said) != token.encode():
            raise LinkForged
        until = datetime.fromtimestamp(int(said), UTC)
        if self._now() >= until:
            raise LinkExpired
        return until

    def _page_signer(self, kind: str, name: str) -> Signer:
        return Signer(
            self._secret,
            salt=f"{_PURPOSE_OF_PAGES}:{kind}:{name}".encode("utf-8", "surrogatepass"),
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )

    def open(self, memo_id: str, token: str) -> Grant:
        """What `token` opens at the page of `memo_id`. Raises LinkForged, or LinkExpired."""
        signer = self._signer(memo_id)
        try:
            said = signer.unsign(token)
        except (BadSignature, UnicodeError) as bad:
            raise LinkForged from bad
        # One grant has one spelling: base64 would let the last character of a signature vary.
        if signer.sign(said) != token.encode():
            raise LinkForged
        version, start, end, expires = said.decode().rsplit("-", 3)
        with_words = _WITH_WORDS.fullmatch(version)
        sha256, words = (with_words[1], with_words[2]) if with_words else (version, "")
        until = datetime.fromtimestamp(int(expires), UTC)
        if self._now() >= until:
            raise LinkExpired
        return Grant(memo_id, sha256, Span(int(start), int(end)), until, words)

    @staticmethod
    def memo_id_at(name: str) -> str:
        """The id of the memo whose page is `/memos/NAME`, where the path says `name` once it is decoded."""
        return name.removeprefix(_AS_IT_IS)

    def _signer(self, memo_id: str) -> Signer:
        """Sign for one memo's page: its id is part of the key, so a token means nothing anywhere else."""
        return Signer(
            self._secret,
            salt=f"{_PURPOSE}:{memo_id}".encode("utf-8", "surrogatepass"),
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )


def _named_in_paths(memo_id: str) -> str:
    """`memo_id` as a path's last part. Browsers take "." and ".." for folders, also where they are percent-encoded."""
    return f"{_AS_IT_IS}{memo_id}" if memo_id in {".", ".."} or memo_id.startswith(_AS_IT_IS) else memo_id
