"""What does a digest say, line by line, wherever it is read?

Every surface shows the same entries; each only decides how they look, and how many of them it has room for.
"""

from typing import NamedTuple

from bot.digest import (
    ChangedPassage,
    Departure,
    Digest,
    Item,
    NewMemo,
    OpenQuestion,
    Part,
    QuotedOften,
    ReviewDue,
    TopicNews,
)
from bot.models import MemoLink
from bot.rendering import limits, moments, wording
from bot.rendering.labels import label
from retrieval import Citation, Excerpt, Span

TITLES = {
    Part.NEW: "New memos",
    Part.CHANGED: "Changed passages",
    Part.DEPARTED: "Withdrawn, superseded, removed",
    Part.TOPICS: "Standing questions",
    Part.MOST_QUOTED: "Most quoted",
    Part.OPEN_QUESTIONS: "Open questions: no memo answers",
    Part.REVIEW_DUE: "Due for review",
}
BEFORE, NOW, ONLY_BEFORE, ONLY_NOW = "before", "now", "no longer there", "new there"
ELSEWHERE = "No room here for: "
"""Followed by the parts of which nothing is shown."""
_WHOLE = Span(0, 0)
_HOW = {"withdrawn": "Withdrawn", "superseded": "Superseded", "removed": "Removed"}


class Quote(NamedTuple):
    """A quote, what stands over it ("" for nothing), and the places in it that are marked."""

    excerpt: Excerpt
    over: str = ""
    marked: tuple[Span, ...] = ()


class Entry(NamedTuple):
    """One item: a line that is said (""), the memo that it cites by itself, what to read instead, quotes, its topic.

    `sections` are the headings of a new memo, for a reader who asks for them.
    """

    said: str = ""
    cited: Citation | None = None
    instead: Citation | None = None
    quotes: tuple[Quote, ...] = ()
    topic_id: str | None = None
    sections: tuple[str, ...] = ()


class Group(NamedTuple):
    """The entries of one part, under its title."""

    part: Part
    title: str
    entries: tuple[Entry, ...]


class Layout(NamedTuple):
    """A headline, what is said under it, and the entries."""

    headline: str
    remarks: tuple[str, ...]
    groups: tuple[Group, ...]


def layout(digest: Digest) -> Layout:
    """Lay a digest out."""
    return Layout(
        headline=headline(digest),
        remarks=tuple(_remarks(digest)),
        groups=tuple(
            Group(section.part, TITLES[section.part], tuple(map(_entry, section.items)))
            for section in digest.sections
            if section.items
        ),
    )


def headline(digest: Digest) -> str:
    """The period and its time zone: "Mon 7 Oct, 09:00 Europe/Berlin: since Friday"."""
    since = moments.since(digest.since, digest.due, digest.zone)
    return f"{moments.at(digest.due, digest.zone)} {digest.zone}: since {since}"


def and_more(count: int) -> str:
    """What is said where entries are left out."""
    return f"and {count} more"


def url_of(entry: Entry, link: MemoLink) -> str | None:
    """Where the memo of an entry is read: at what is quoted of it."""
    if entry.quotes:
        return link(entry.quotes[0].excerpt.citation, entry.quotes[0].excerpt.span)
    return url_of_memo(entry.cited, link) if entry.cited else None


def url_of_memo(citation: Citation, link: MemoLink) -> str | None:
    """Where a memo is read that is cited as a whole: from its beginning, no words of it marked."""
    return link(citation.model_copy(update={"fingerprint": ""}), _WHOLE)


def _remarks(digest: Digest) -> list[str]:
    said = []
    if digest.late:
        said.append(f"This is late: it was due {moments.at(digest.due, digest.zone)}.")
    if digest.missed:
        one = digest.missed == 1
        said.append(
            f"{digest.missed} earlier {'one was' if one else 'ones were'} not sent; this covers their time."
        )
    if digest.is_empty:
        said.append(f"Nothing new since {moments.since(digest.since, digest.due, digest.zone)}.")
    return said


def _entry(item: Item) -> Entry:  # noqa: PLR0911 - one for each kind
    match item:
        case NewMemo():
            return Entry(
                cited=item.citation,
                quotes=tuple(map(Quote, item.excerpts)),
                sections=tuple(label(section, limits.HEADING) for section in item.sections),
            )
        case ChangedPassage():
            return Entry(quotes=_before_and_after(item))
        case Departure():
            return Entry(_HOW[item.how], item.citation, item.successor)
        case TopicNews():
            return Entry(
                f"“{label(item.question, limits.NOTE)}”",
                quotes=tuple(map(Quote, item.excerpts)),
                topic_id=item.topic_id,
            )
        case QuotedOften():
            return Entry(f"Quoted {item.times} times", quotes=(Quote(item.excerpt),))
        case OpenQuestion():
            times = f" ({item.times} times)" if item.times > 1 else ""
            return Entry(f"“{label(item.question, limits.NOTE)}”{times}")
        case ReviewDue():
            owner = label(item.owner or "", limits.AUTHOR)
            return Entry(f"{wording.day(item.due)}{f', {owner}' if owner else ''}", item.citation)


def _before_and_after(item: ChangedPassage) -> tuple[Quote, ...]:
    quotes = []
    if item.before:
        quotes.append(Quote(item.before, BEFORE if item.after else ONLY_BEFORE, item.gone))
    if item.after:
        quotes.append(Quote(item.after, NOW if item.before else ONLY_NOW, item.come))
    return tuple(quotes)
