"""What does a page say about itself: title, author, date, address, language?"""

import re
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from retrieval.ingest.cleaning import one_line
from retrieval.ingest.dates import day_named
from retrieval.ingest.formats.hypertext.walk import text_of
from retrieval.ingest.pieces import Details

_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author")
_DATES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dcterms.date",
    "dc.date.issued",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "citation_publication_date",
    "parsely-pub-date",
)
_NAMED_BY = ("property", "name", "itemprop")
_WORD = re.compile(r"\w+")


def details_of(tree: LexborHTMLParser, root: LexborNode | None) -> Details:
    """Read the page's own metadata; what it does not say stays None."""
    said = _metas(tree)
    return Details(
        title=_title(tree, root, next((said[name] for name in _TITLES if name in said), None)),
        author=_first_author(said),
        published=_published(said, root),
        url=_address(tree, said),
        language=_language(tree),
    )


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    said: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        content = one_line(node.attributes.get("content") or "")
        for attribute in _NAMED_BY:
            name = (node.attributes.get(attribute) or "").strip().casefold()
            if name and content:
                said.setdefault(name, content)
    return said


def _title(tree: LexborHTMLParser, root: LexborNode | None, stated: str | None) -> str | None:
    """Prefer the page's one heading where the stated title is that heading with the site's name around it."""
    node = tree.css_first("head > title")
    stated = stated or (one_line(node.text()) if node else None) or None
    headings = [one_line(text_of(h1)) for h1 in (root.css("h1") if root else [])]
    if stated and len(headings) == 1 and headings[0] and _words(headings[0]) in _words(stated):
        return headings[0]
    return stated


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _first_author(said: dict[str, str]) -> str | None:
    names = (said[name] for name in _AUTHORS if name in said)
    return next((name for name in names if "://" not in name), None)


def _published(said: dict[str, str], root: LexborNode | None) -> date | None:
    stated = next((day for name in _DATES if name in said and (day := _day(said[name]))), None)
    if stated or root is None:
        return stated
    time = root.css_first("time[datetime]")
    return _day(time.attributes.get("datetime") or "") if time else None


def _day(text: str) -> date | None:
    return day_named(text[:80].replace("T", " ", 1) if text[:4].isdecimal() else text[:80])


def _address(tree: LexborHTMLParser, said: dict[str, str]) -> str | None:
    link = tree.css_first("link[rel=canonical]")
    addresses = ((link.attributes.get("href") if link else None), said.get("og:url"))
    return next((a for a in addresses if a and re.fullmatch(r"https?://\S{1,2000}", a, re.IGNORECASE)), None)


def _language(tree: LexborHTMLParser) -> str | None:
    said = (tree.root.attributes.get("lang") or "").strip() if tree.root else ""
    return said if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", said) else None
