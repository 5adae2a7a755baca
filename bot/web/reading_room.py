"""Which version of a memo does a link open, and what is the reader told of newer ones?

The version that was quoted, always. Where the memo has changed since, the page says so and shows what became of the
quoted passage; a memo that was removed is not shown any more, whoever has a link to it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot.rendering import citations, wording
from bot.rendering.changes import Fate, Stretch, change, in_short
from bot.rendering.html import memo_body
from bot.storage import Store, Version
from bot.web.links import Grant, Links
from bot.web.looks import day, page
from retrieval import Memo, Span, Successor, fingerprint

NOT_KEPT = "The version of this memo that was quoted is not kept any more."
PLACE_LOST = "The quoted passage cannot be marked here: the memo was read anew since it was quoted."
BECAME = {
    Fate.SAME: "The quoted passage stands in it unchanged.",
    Fate.CHANGED: "What changed in the quoted passage:",
    Fate.GONE: "The quoted passage no longer stands in it.",
    Fate.UNKNOWN: "It is too long to be compared here.",
}

MayReadOn = Callable[[Memo, Memo], Awaitable[bool]]
"""Whether everybody who may see the first memo may see the second, too."""

Successors = Callable[[str], Sequence[Successor]]
"""The memos that supersede the one of this id."""


class Further(NamedTuple):
    """A memo to read as well: what it is called, and where it is read."""

    title: str
    url: str


class Newer(NamedTuple):
    """What is told of a newer version; without `url` only that there is one, and since when."""

    since: datetime
    said: str = ""
    stretches: Sequence[Stretch] = ()
    url: str | None = None


async def anybody(_: Memo, __: Memo) -> bool:
    """Whoever may see one memo may see all: a library without collections."""
    return True


class ReadingRoom:
    """Shows a memo, as it stood when it was quoted, to whoever has a link that was made for that quote."""

    def __init__(self, store: Store, links: Links, successors: Successors, may_read_on: MayReadOn) -> None:
        self._versions, self._links = store.versions, links
        self._successors, self._may_read_on = successors, may_read_on

    async def memo(self, request: Request) -> Response:
        """Show one memo with the quote marked. Nothing is looked up before the link is known to be good."""
        memo_id = self._links.memo_id_at(request.path_params["memo_id"])
        grant = self._links.open(memo_id, request.query_params.get("token", ""))
        quoted = _as_quoted(await self._versions.quoted(grant.memo_id, grant.sha256), grant)
        current = await self._versions.current(grant.memo_id)
        moved = None
        if (
            current is None and quoted is not None
        ):  # a file that got another name is the same memo to its readers
            current = moved = await self._of_the_same_file(quoted.memo)
        if current is None:
            return _gone(await self._versions.removed(grant.memo_id))
        if quoted is None:
            return page("notice.html", 410, title="This version is gone", paragraphs=[NOT_KEPT])
        may = await self._may_read_on(quoted.memo, current.memo)
        further = await self._instead(quoted.memo, grant)
        # Off the event loop: a memo may be a book, and questions are waiting.
        return await asyncio.to_thread(self._page, quoted.memo, current, grant, further, may=may, moved=moved)

    async def _of_the_same_file(self, quoted: Memo) -> Version | None:
        for version in await self._versions.current_of_file(quoted.sha256):
            if version.memo.text == quoted.text and await self._may_read_on(quoted, version.memo):
                return version
        return None

    async def _instead(self, quoted: Memo, grant: Grant) -> list[Further]:
        """The memos that supersede the quoted one, as far as its readers may see them."""
        shown = []
        for successor in self._successors(quoted.id):
            citation = successor.citation
            memo = await self._versions.current(citation.memo_id)
            if memo and await self._may_read_on(quoted, memo.memo):
                url = self._links.path(
                    citation.memo_id,
                    citation.sha256,
                    successor.span,
                    fingerprint=citation.fingerprint,
                    until=grant.expires,
                )
                shown.append(Further(citations.title_and_day(citation), url))
        return shown

    def _page(  # noqa: PLR0913 - what stands on it
        self,
        memo: Memo,
        current: Version,
        grant: Grant,
        further: Sequence[Further],
        *,
        may: bool,
        moved: Version | None,
    ) -> Response:
        quoted = _place(memo, grant)
        newer = self._newer(memo, quoted, current, grant, may=may) if current.memo.text != memo.text else None
        return page(
            "memo.html",
            memo=memo,
            url=_web_address(memo.url),
            body=Markup(memo_body(memo, quoted)),  # noqa: S704 - memo_body escapes whatever the memo holds
            quoted=quoted,
            notices=[
                *([] if quoted or _is_whole(grant) else [PLACE_LOST]),
                *(_moved(moved.memo) if moved else ()),
            ],
            newer=newer,
            superseded_by=further,
            superseded_said=wording.SUPERSEDED_BY,
            version=memo.sha256[:12],
            expires=grant.expires,
        )

    def _newer(self, memo: Memo, quoted: Span | None, current: Version, grant: Grant, *, may: bool) -> Newer:
        if not may:
            return Newer(current.came)
        became = change(memo, quoted or Span(0, 0), current.memo)
        place = became.place or Span(0, min(1, len(current.memo.text)))
        url = self._links.path(
            current.memo.id,
            current.memo.sha256,
            place,
            fingerprint=fingerprint(place.of(current.memo.text)),
            until=grant.expires,
        )
        if quoted is None:
            return Newer(current.came, url=url)
        return Newer(current.came, BECAME[became.fate], in_short(became.stretches), url)


def _as_quoted(versions: Iterable[Version], grant: Grant) -> Version | None:
    """The version that holds the quoted words at their place: a file that was read anew has several, newest first."""
    versions = list(versions)
    holding = (each for each in versions if fingerprint(grant.span.of(each.memo.text)) == grant.fingerprint)
    return next(holding, None) or next(iter(versions), None)


def _is_whole(grant: Grant) -> bool:
    """Whether a link leads to a memo as a whole, and no words of it are to be marked."""
    return grant.span == Span(0, 0)


def _place(memo: Memo, grant: Grant) -> Span | None:
    """The quoted words' place in `memo`; None where they do not stand there."""
    if not 0 <= grant.span.start < grant.span.end <= len(memo.text):
        return None
    words = fingerprint(grant.span.of(memo.text))
    return grant.span if grant.fingerprint in {"", words} else None


def _gone(removed: datetime | None) -> Response:
    when = f" on {day(removed)}" if removed else ""
    said = f"This memo was removed from the library{when}. It is not shown any more."
    return page("notice.html", 410, title="This memo is gone", paragraphs=[said])


def _moved(memo: Memo) -> Iterable[str]:
    yield f"This memo is in the library under another name now: {memo.source or memo.id}."


def _web_address(url: str | None) -> str | None:
    """`url` where it leads to a web page; a memo may name anything, javascript: included."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
