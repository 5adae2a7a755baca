"""What does a digest look like as a page, and which digests did a place get?

Behind signed links like every page here. Quotes of memos that were removed since are not shown any more.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from bot.digest import Delivery, Digest, place_of
from bot.rendering import citations, wording
from bot.rendering.digests.layout import BEFORE, ONLY_BEFORE, Entry, Quote, headline, layout
from bot.rendering.quotes import stretches
from bot.storage import Store
from bot.web.links import Links
from bot.web.looks import HEADERS, page
from retrieval import Citation, Span

ATOM = "http://www.w3.org/2005/Atom"
IN_PLACE = "Read it in its place"
REMOVED = "This memo was removed since."
MOST_LISTED = 50


class Words(NamedTuple):
    """A stretch of a quote, and how it is marked: "", "mark", "del" or "ins"."""

    text: str
    mark: str


class Linked(NamedTuple):
    """A memo as it is cited: its title, where it opens (None where it cannot), and what else is known of it."""

    title: str
    url: str | None
    details: str


class ShownQuote(NamedTuple):
    """A quote on the page; without `words` its memo was removed."""

    over: str
    words: Sequence[Words]
    cut: tuple[bool, bool]
    cited: Linked


class ShownEntry(NamedTuple):
    """An entry on the page."""

    said: str
    cited: Linked | None
    instead: Linked | None
    quotes: Sequence[ShownQuote]
    sections: Sequence[str]


class DigestPages:
    """Shows digests in full, and a place's digests as a list and as a feed."""

    def __init__(self, store: Store, links: Links) -> None:
        self._store, self._links = store, links

    async def digest(self, request: Request) -> Response:
        """One digest, whole."""
        digest_id = request.path_params["digest_id"]
        until = self._links.open_digest(digest_id, request.query_params.get("token", ""))
        delivery = await self._store.deliveries.get(digest_id)
        if delivery is None or delivery.digest is None:
            return page(
                "notice.html", 410, title="This digest is gone", paragraphs=["It is not kept any more."]
            )
        shown = _Shown(self._links, until, await self._current())
        laid_out = layout(delivery.digest)
        return page(
            "digest.html",
            headline=laid_out.headline,
            remarks=laid_out.remarks,
            groups=[
                (group.title, [shown.entry(entry) for entry in group.entries]) for group in laid_out.groups
            ],
            others=self._links.place_path(place_of(delivery.digest.conversation), until),
            cut_before=wording.CUT_BEFORE,
            cut_after=wording.CUT_AFTER,
            superseded_said=wording.SUPERSEDED_BY,
            expires=until,
        )

    async def place(self, request: Request) -> Response:
        """The digests of a place, newest first."""
        place, until = self._opened(request)
        digests = [each.digest for each in await self._kept(place) if each.digest]
        return page(
            "digests.html",
            digests=[
                (headline(digest), self._links.digest_path(digest.digest_id, until), _in_short(digest))
                for digest in digests
            ],
            feed=self._links.absolute(self._links.place_path(place, until, feed=True)),
            expires=until,
        )

    async def feed(self, request: Request) -> Response:
        """The same as an Atom feed (RFC 4287)."""
        place, until = self._opened(request)
        feed = ET.Element("feed", xmlns=ATOM)
        here = self._links.absolute(self._links.place_path(place, until, feed=True))
        _add(feed, "id", f"urn:quoth:digests:{place}")
        _add(feed, "title", "Digests")
        ET.SubElement(feed, "link", rel="self", href=here)
        digests = [each.digest for each in await self._kept(place) if each.digest]
        newest = max((digest.until for digest in digests), default=datetime.fromtimestamp(0, UTC))
        _add(feed, "updated", newest.isoformat())
        author = ET.SubElement(feed, "author")
        _add(author, "name", "Quoth")
        for digest in digests:
            entry = ET.SubElement(feed, "entry")
            _add(entry, "id", f"urn:quoth:digest:{digest.digest_id}")
            _add(entry, "title", headline(digest))
            _add(entry, "updated", digest.until.isoformat())
            url = self._links.absolute(self._links.digest_path(digest.digest_id, until))
            ET.SubElement(entry, "link", rel="alternate", href=url)
            _add(entry, "summary", _in_short(digest))
        return Response(
            ET.tostring(feed, encoding="utf-8", xml_declaration=True),
            media_type="application/atom+xml",
            headers=dict(HEADERS),
        )

    def _opened(self, request: Request) -> tuple[str, datetime]:
        place = request.query_params.get("place", "")
        return place, self._links.open_place(place, request.query_params.get("token", ""))

    async def _kept(self, place: str) -> Sequence[Delivery]:
        kept = await self._store.deliveries.in_place(place, MOST_LISTED)
        return [each for each in kept if each.message_id is not None]

    async def _current(self) -> Collection[str]:
        return {line.memo_id for line in await self._store.memos.listing()}


class _Shown:
    """Turns entries into what the template shows. Links are good for as long as the page's own."""

    def __init__(self, links: Links, until: datetime, current: Collection[str]) -> None:
        self._links, self._until, self._current = links, until, current

    def entry(self, entry: Entry) -> ShownEntry:
        """One entry."""
        return ShownEntry(
            entry.said,
            self._linked(entry.cited) if entry.cited else None,
            self._linked(entry.instead) if entry.instead else None,
            [self._quote(quote, named=entry.cited is None) for quote in entry.quotes],
            entry.sections if entry.cited is None or entry.cited.memo_id in self._current else (),
        )

    def _quote(self, quote: Quote, *, named: bool) -> ShownQuote:
        """A quote; only its place stands under it where the memo is `named` above."""
        excerpt = quote.excerpt
        there = excerpt.citation.memo_id in self._current
        return ShownQuote(
            quote.over,
            list(_words(quote)) if there else (),
            excerpt.cut,
            self._linked(excerpt.citation, excerpt.span, named=named),
        )

    def _linked(self, citation: Citation, span: Span | None = None, *, named: bool = True) -> Linked:
        url = None
        if citation.memo_id in self._current:
            url = self._links.path(
                citation.memo_id,
                citation.sha256,
                span or Span(0, 0),
                fingerprint=citation.fingerprint if span else "",
                until=self._until,
            )
        if url is None and span:  # the headings over a quote are the memo's words too
            return Linked(citations.title(citation) if named else REMOVED, None, REMOVED if named else "")
        place = citations.place(citation)
        if not named:
            return Linked(place[0] if place else IN_PLACE, url, citations.BETWEEN.join(place[1:]))
        details = citations.BETWEEN.join([*citations.who_and_when(citation), *(place if span else ())])
        return Linked(citations.title(citation), url, details)


def _words(quote: Quote) -> Iterator[Words]:
    """The quote in stretches, the changed or matched words marked."""
    start = quote.excerpt.span.start
    marked = tuple(Span(start + a, start + b) for a, b in quote.marked)
    excerpt = quote.excerpt.model_copy(update={"highlights": marked or quote.excerpt.highlights})
    kind = ("del" if quote.over in {BEFORE, ONLY_BEFORE} else "ins") if marked else "mark"
    for a, b, matched in stretches(excerpt):
        yield Words(excerpt.quote[a:b], kind if matched else "")


def _in_short(digest: Digest) -> str:
    """How much it holds: "2 new memos, 1 changed passages" by the parts' titles."""
    laid_out = layout(digest)
    counts = [f"{group.title}: {len(group.entries)}" for group in laid_out.groups]
    return " · ".join(counts) or " ".join(laid_out.remarks)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = "".join(
        character for character in text if character.isprintable() or character in "\n\t"
    )
