"""How does a digest look in Discord?

Each part is an embed; what does not fit into a message is left out by whole entries, counted, and linked to on the
digest's full page. Words of memos are escaped as in answers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.digest import Digest, Part
from bot.models import MemoLink
from bot.rendering import citations, limits, wording
from bot.rendering.digests.fitting import Shown, fitted
from bot.rendering.digests.layout import (
    BEFORE,
    ELSEWHERE,
    ONLY_BEFORE,
    Entry,
    Group,
    Layout,
    Quote,
    and_more,
    layout,
    url_of,
    url_of_memo,
)
from bot.rendering.discord import BOLD, COLOUR, STRUCK, Embed, banner, escaped, linked, quoted
from retrieval import Citation, Span

LESS, UNWATCH = "quoth:less", "quoth:unwatch"
"""What the custom id of a topic's button begins with; the topic's id follows after a colon."""
WHY = "quoth:why"
"""The same of the button under a digest; the digest's id follows."""
WHY_SAID = "Why these?"
BUTTONS = {LESS: "Less like this", UNWATCH: "Unsubscribe"}

_ROWS, _ROOMY = 5, 5  # rows of buttons; topics up to which each has a row of its own
_IN_A_ROW = 2  # topics, where there are more
_LONGEST_CUSTOM_ID = 100
_LONGEST_PAGE_LINK = 600  # it may stand under every part
_BETWEEN = "\n\n"
_SMALL = "-# "
_ROW, _BUTTON, _SECONDARY = 1, 2, 2
_TOO_LONG = 10**9
_ANY_NUMBER = 10**9
_WIDEST_NUMBER = 99_999

Component = dict[str, Any]


class _Place(NamedTuple):
    """What an entry's look depends on besides itself: its topic's number (0: it goes without), and buttons."""

    number: int = 0
    has_buttons: bool = True


def message(digest: Digest, link: MemoLink, page_link: str | None = None) -> dict[str, Any]:
    """`digest` as {"content", "embeds", "components"}, to be sent with all mentions disallowed.

    `page_link` leads to the digest's full page. Never too long for Discord.
    """
    laid_out, page_link = layout(digest), _usable(page_link)
    shown = _shown(laid_out, link, page_link, _mark_size(digest))
    topics = _with_buttons(shown)
    embeds = [embed for part in shown if part.entries for embed in _embeds(part, link, page_link, topics)]
    if embeds:
        embeds[-1]["footer"] = {"text": mark(digest.digest_id)}
    said = _content(laid_out, shown, page_link)
    return {
        "content": said if embeds else f"{said}\n{_SMALL}{mark(digest.digest_id)}",
        "embeds": embeds,
        "components": _rows(topics, digest),
    }


def preview(digest: Digest, link: MemoLink) -> dict[str, Any]:
    """The same for one reader, who can neither find it again nor press anything: nothing was posted yet."""
    laid_out = layout(digest)
    shown = _shown(laid_out, link, None, 0)
    everything = [entry.topic_id for part in shown for entry in part.entries if entry.topic_id]
    embeds = [embed for part in shown if part.entries for embed in _embeds(part, link, None, everything)]
    return {"content": _content(laid_out, shown, None), "embeds": embeds, "components": []}


def shown_counts(digest: Digest, link: MemoLink, page_link: str | None = None) -> Mapping[Part, int]:
    """How many items of each part of `digest` its message shows: the first ones. The rest is cut for length."""
    shown = _shown(layout(digest), link, _usable(page_link), _mark_size(digest))
    return {part.group.part: len(part.entries) for part in shown}


def mark(digest_id: str) -> str:
    """The words under a digest's message by which it is found again in its channel."""
    return f"digest {digest_id}"


def is_marked(digest_id: str, content: str, footers: Iterable[str]) -> bool:
    """Whether a message of ours with this content and these embeds' footers is that digest."""
    words = mark(digest_id)
    return words in footers or content.endswith(f"\n{_SMALL}{words}")


def _usable(page_link: str | None) -> str | None:
    return page_link if page_link and limits.utf16(page_link) <= _LONGEST_PAGE_LINK else None


# what fits


def _shown(laid_out: Layout, link: MemoLink, page_link: str | None, taken: int) -> tuple[Shown, ...]:
    """The entries that are shown of each part, beside `taken` characters; with room to say how many are not."""
    room = limits.DISCORD_TOTAL - taken
    widest = _Place(_WIDEST_NUMBER, has_buttons=False)

    def size(entry: Entry) -> int:
        length = limits.utf16(_entry(entry, link, widest))
        return length + len(_BETWEEN) if length <= limits.DISCORD_DESCRIPTION else _TOO_LONG

    def title_size(group: Group) -> int:
        return limits.utf16(escaped(group.title))

    def title_and_more_size(group: Group) -> int:
        return title_size(group) + limits.utf16(_more(len(group.entries), page_link)) + len(_BETWEEN)

    whole = fitted(laid_out.groups, size, title_size, room, _ANY_NUMBER)
    if not any(part.more for part in whole):
        return whole
    return fitted(laid_out.groups, size, title_and_more_size, room, _ANY_NUMBER)


def _mark_size(digest: Digest) -> int:
    return limits.utf16(mark(digest.digest_id))


# what is said above the parts


def _content(laid_out: Layout, shown: Sequence[Shown], page_link: str | None) -> str:
    """The headline and the remarks; and which parts have no room at all."""
    named = [f"{part.group.title} ({part.more})" for part in shown if not part.entries]
    elsewhere = f"*{escaped(ELSEWHERE)}{_linked(', '.join(named), page_link)}*"
    return "\n".join(
        [
            f"**{_linked(laid_out.headline, page_link)}**",
            *map(escaped, laid_out.remarks),
            *([elsewhere] if named else []),
        ]
    )


def _linked(text: str, page_link: str | None) -> str:
    """A link as it stands outside of embeds, where Discord would otherwise open it to show what is behind it."""
    plain = linked(text, None)
    return f"[{plain}](<{page_link}>)" if page_link and linked(text, page_link) != plain else plain


# the parts


def _embeds(part: Shown, link: MemoLink, page_link: str | None, topics: Sequence[str]) -> Iterator[Embed]:
    """A part under its title; what is too long for one embed goes on in another, whole entries in each."""
    numbered = sum(entry.topic_id is not None for entry in part.entries) > 1
    entries = [
        _entry(entry, link, _Place(number if numbered else 0, entry.topic_id in topics))
        for number, entry in enumerate(part.entries, 1)
    ]
    more = [_more(part.more, page_link)] if part.more else []
    for number, description in enumerate(_joined([*entries, *more])):
        title = {} if number else {"title": escaped(part.group.title)}
        yield {**title, "description": description, "color": COLOUR}


def _joined(pieces: Iterable[str]) -> list[str]:
    """`pieces` in as few texts as an embed's description holds, in order; single lines stand close together."""
    texts: list[str] = []
    before = ""
    for piece in pieces:
        between = _BETWEEN if "\n" in before + piece else "\n"
        longer = f"{texts[-1]}{between}{piece}" if texts else piece
        if texts and limits.utf16(longer) <= limits.DISCORD_DESCRIPTION:
            texts[-1] = longer
        else:
            texts.append(piece)
        before = piece
    return texts


def _more(count: int, page_link: str | None) -> str:
    return f"*{linked(and_more(count), page_link)}*"


def _entry(entry: Entry, link: MemoLink, place: _Place) -> str:
    return "\n".join(_lines(entry, link, place))


def _lines(entry: Entry, link: MemoLink, place: _Place) -> Iterator[str]:
    """What is said, cited and quoted of one item; of a topic without a button how it is ended."""
    if entry.said and entry.cited is None:
        said = escaped(f"{place.number}. {entry.said}" if entry.topic_id and place.number else entry.said)
        yield f"**{said}**" if entry.quotes else said
    if entry.cited:
        before = f"{escaped(entry.said)}: " if entry.said else ""
        yield before + _cited(entry.cited, url_of(entry, link), BOLD)
    if entry.instead:
        yield f"{wording.SUPERSEDED_BY} {_cited(entry.instead, url_of_memo(entry.instead, link))}"
    for number, quote in enumerate(entry.quotes, 1):
        yield from _quote(quote, link, named=entry.cited is None, last=number == len(entry.quotes))
    if entry.topic_id and not place.has_buttons:
        yield f"{_SMALL}Stop with: {escaped(f'unwatch {entry.topic_id}')}"


def _quote(quote: Quote, link: MemoLink, *, named: bool, last: bool) -> Iterator[str]:
    """A quote, and where it stands; the memo is `named` there unless the entry has done so."""
    excerpt, start = quote.excerpt, quote.excerpt.span.start
    marked = tuple(Span(start + a, start + b) for a, b in quote.marked)
    if quote.over:
        yield f"*{escaped(quote.over)}*"
    if marked:
        gone = quote.over in {BEFORE, ONLY_BEFORE}
        yield from quoted(excerpt.model_copy(update={"highlights": marked}), STRUCK if gone else BOLD)
    else:
        yield from quoted(excerpt)
    citation, url = excerpt.citation, link(excerpt.citation, excerpt.span)
    where = escaped(citations.BETWEEN.join(citations.place(citation)))
    if named:
        yield _SMALL + citations.BETWEEN.join([_cited(citation, url), *filter(None, [where])])
    elif where or not last:  # Discord shows two quotes as one where nothing stands between them
        yield _SMALL + (where or linked(citations.title(citation), url))
    yield from banner(excerpt, link)


def _cited(citation: Citation, url: str | None, mark: str = "") -> str:
    """A memo: its title, author and date."""
    title = f"{mark}{linked(citations.title(citation), url)}{mark}"
    return citations.BETWEEN.join([title, *map(escaped, citations.who_and_when(citation))])


# buttons


def _with_buttons(shown: Iterable[Shown]) -> list[str]:
    """The topics that there is room for below a message, by their numbers; "" keeps the place of another."""
    found: list[str] = []
    for part in shown:
        for entry in part.entries:
            if entry.topic_id is None:
                continue
            fits = limits.utf16(f"{UNWATCH}:{entry.topic_id}") <= _LONGEST_CUSTOM_ID
            again = entry.topic_id in found
            found.append(entry.topic_id if fits and not again else "")
    return found[: _ROWS * _IN_A_ROW]


def _rows(topics: Sequence[str], digest: Digest) -> list[Component]:
    """Each topic's buttons in a row of their own, or two topics' where there are many; and one for the digest."""
    step = 1 if len(topics) <= _ROOMY else _IN_A_ROW
    numbered = len(topics) > 1
    rows = [
        [
            button
            for number in range(first, min(first + step, len(topics)))
            if topics[number]
            for button in _buttons(topics[number], f"{number + 1}: " if numbered else "")
        ]
        for first in range(0, len(topics), step)
    ]
    rows = [row for row in rows if row]
    if not digest.is_empty:
        why = _button(WHY_SAID, f"{WHY}:{digest.digest_id}")
        rows = [*rows, [why]] if len(rows) < _ROWS else [*rows[:-1], [*rows[-1], why]]
    return [{"type": _ROW, "components": row} for row in rows]


def _buttons(topic_id: str, before: str) -> list[Component]:
    return [_button(before + said, f"{action}:{topic_id}") for action, said in BUTTONS.items()]


def _button(label: str, custom_id: str) -> Component:
    return {"type": _BUTTON, "style": _SECONDARY, "label": label, "custom_id": custom_id}
