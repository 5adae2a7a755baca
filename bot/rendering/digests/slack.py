"""How does a digest look in Slack?

As in answers, words of memos stand only where Slack shows them character for character. What does not fit is left out
by whole entries, counted, and linked to on the digest's full page.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from bot.digest import PREVIEW, Digest, Item
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
from bot.rendering.slack import (
    Block,
    banner,
    cited,
    escaped,
    linked,
    literal,
    posted,
    quote_of,
    rich,
    run,
    small,
    styled,
)
from retrieval import Citation, Span

EVENT_TYPE = "quoth_digest"
UNWATCH, LESS = "quoth_topic_unwatch", "quoth_topic_less"
"""Actions of the buttons under what is new for a topic; their value is the topic's id."""
WHY = "quoth_digest_why"
"""Action of the button under a digest; its value is the digest's id."""
WHY_SAID = "Why these?"
BUTTONS = {LESS: "Less like this", UNWATCH: "Unsubscribe"}

_HEADLINE = 150  # characters that Slack takes in a header
_LONGEST_PAGE_LINK = 600  # it may stand under every part
_LEAST = limits.SLACK_MESSAGE // limits.SLACK_BLOCKS  # no block counts for less: so they are never too many
_ANY_NUMBER = 10**9

Line = list[Block]
"""Words and links of one line."""


def message(digest: Digest, link: MemoLink, page_link: str | None = None) -> dict[str, Any]:
    """`digest` as the arguments of chat.postMessage that say what is shown (not where).

    `page_link` leads to the digest's full page. Never too long for Slack.
    """
    laid_out, page_link = layout(digest), _usable(page_link)
    below = _why(digest)
    shown = _shown(laid_out, link, page_link, below)
    parts = [block for part in shown if part.entries for block in _part(part, link, page_link)]
    head = {"block_id": block_id(digest)} | _headline(laid_out)
    return posted(
        _aloud(laid_out), [head, *_remarks(laid_out), *parts, *_elsewhere(shown, page_link), *below]
    )


def metadata(digest: Digest) -> dict[str, Any]:
    """Metadata of the message for `digest`, by which it is found again in a channel's history."""
    return {"event_type": EVENT_TYPE, "event_payload": {"digest_id": digest.digest_id}}


def block_id(digest: Digest) -> str:
    """The id of the message's first block, by which it is found where Slack does not give metadata back."""
    return f"{EVENT_TYPE}:{digest.digest_id}"


def left_out(digest: Digest, link: MemoLink, page_link: str | None = None) -> tuple[Item, ...]:
    """The items of `digest` that its message has no room for."""
    shown = _shown(layout(digest), link, _usable(page_link), _why(digest))
    parts = (section.items for section in digest.sections if section.items)
    return tuple(
        item for items, part in zip(parts, shown, strict=True) for item in items[len(part.entries) :]
    )


def _usable(page_link: str | None) -> str | None:
    return page_link if page_link and limits.utf16(page_link) <= _LONGEST_PAGE_LINK else None


# what fits


def _shown(laid_out: Layout, link: MemoLink, page_link: str | None, below: list[Block]) -> tuple[Shown, ...]:
    """The entries that are shown of each part; where it is not all of them, there is room to say so."""
    head = [{"block_id": "x" * 40} | _headline(laid_out), *_remarks(laid_out), *below]
    room = limits.SLACK_MESSAGE - _size(head)

    def size(entry: Entry) -> int:
        return _size(_entry(entry, link))

    def title_size(group: Group) -> int:
        return _size(_title(group))

    def title_and_more_size(group: Group) -> int:
        return _size([*_title(group), *_more(len(group.entries), page_link)])

    whole = fitted(laid_out.groups, size, title_size, room, _ANY_NUMBER)
    if not any(part.more for part in whole):
        return whole
    nothing = [Shown(group, (), len(group.entries)) for group in laid_out.groups]
    room -= _size(_elsewhere(nothing, page_link))
    return fitted(laid_out.groups, size, title_and_more_size, room, _ANY_NUMBER)


def _size(blocks: Sequence[Block]) -> int:
    """How much of a message `blocks` take: characters of JSON, or a fiftieth of it for each."""
    return sum(max(limits.json_size(block) + len(", "), _LEAST) for block in blocks)


# blocks


def _headline(laid_out: Layout) -> Block:
    if laid_out.groups:
        return {"type": "header", "text": literal(laid_out.headline, _HEADLINE)}
    said = "".join(f"\n{remark}" for remark in laid_out.remarks)
    return rich(run(styled(laid_out.headline, bold=True), *([styled(said)] if said else [])))


def _remarks(laid_out: Layout) -> list[Block]:
    return [small(remark) for remark in laid_out.remarks] if laid_out.groups else []


def _part(part: Shown, link: MemoLink, page_link: str | None) -> list[Block]:
    entries = [block for entry in part.entries for block in _entry(entry, link)]
    return [*_title(part.group), *entries, *(_more(part.more, page_link) if part.more else [])]


def _why(digest: Digest) -> list[Block]:
    """The button that says why each memo is, or is not, in it; none in a preview, which is kept nowhere."""
    if digest.is_empty or digest.digest_id == PREVIEW:
        return []
    return [_actions([_button(WHY, WHY_SAID, digest.digest_id)])]


def _title(group: Group) -> list[Block]:
    return [{"type": "divider"}, rich(run(styled(group.title, bold=True)))]


def _more(count: int, page_link: str | None) -> list[Block]:
    return [rich(run(linked(and_more(count), page_link, italic=True)))]


def _elsewhere(shown: Iterable[Shown], page_link: str | None) -> list[Block]:
    """Names the parts of which nothing is shown; nothing where there are none."""
    named = [f"{part.group.title} ({part.more})" for part in shown if not part.entries]
    if not named:
        return []
    return [
        {"type": "divider"},
        rich(run(styled(ELSEWHERE, italic=True), linked(", ".join(named), page_link, italic=True))),
    ]


def _entry(entry: Entry, link: MemoLink) -> list[Block]:
    """What is said, cited and quoted of one item; under a topic's its buttons."""
    return [
        rich(*_in_paragraphs(_lines_and_quotes(entry, link))),
        *([_buttons(entry.topic_id)] if entry.topic_id else []),
    ]


def _lines_and_quotes(entry: Entry, link: MemoLink) -> Iterator[Line | Block]:
    if entry.cited:
        said = [styled(f"{entry.said}: ")] if entry.said else []
        yield [*said, *_cited(entry.cited, url_of(entry, link), bold=True)]
    elif entry.said:
        yield [styled(entry.said, **({"bold": True} if entry.quotes else {}))]
    if entry.instead:
        successor = _cited(entry.instead, url_of_memo(entry.instead, link))
        yield [styled(f"{wording.SUPERSEDED_BY} "), *successor]
    for number, quote in enumerate(entry.quotes, 1):
        yield from _quote(quote, link, named=entry.cited is None, last=number == len(entry.quotes))


def _quote(quote: Quote, link: MemoLink, *, named: bool, last: bool) -> Iterator[Line | Block]:
    """A quote, and where it stands; the memo is `named` there unless the entry has done so."""
    excerpt, start = quote.excerpt, quote.excerpt.span.start
    before, after = excerpt.cut
    if quote.over:
        yield [styled(quote.over, italic=True)]
    if before:
        yield [styled(wording.CUT_BEFORE, italic=True)]
    marked = tuple(Span(start + a, start + b) for a, b in quote.marked)
    yield quote_of(
        excerpt.model_copy(update={"highlights": marked}) if marked else excerpt,
        "strike" if marked and quote.over in {BEFORE, ONLY_BEFORE} else "bold",
    )
    if after:
        yield [styled(wording.CUT_AFTER, italic=True)]
    place = citations.BETWEEN.join(citations.place(excerpt.citation))
    if named:
        yield cited(excerpt, link)
    elif place or not last:  # Slack shows two quotes as one where nothing stands between them
        there = linked(place or citations.title(excerpt.citation), link(excerpt.citation, excerpt.span))
        yield [there, *banner(excerpt, link)]


def _cited(citation: Citation, url: str | None, **style: bool) -> Line:
    """A memo as a whole."""
    rest = "".join(f"{citations.BETWEEN}{detail}" for detail in citations.who_and_when(citation))
    return [linked(citations.title(citation), url, **style), *([styled(rest)] if rest else [])]


def _in_paragraphs(parts: Iterable[Line | Block]) -> Iterator[Block]:
    """Neighbouring lines in one run, because Slack shows neighbouring runs without a break between them."""
    for are_lines, neighbours in groupby(parts, key=lambda part: isinstance(part, list)):
        if are_lines:
            yield run(*_broken(neighbours))
        else:
            yield from (part for part in neighbours if isinstance(part, dict))


def _broken(lines: Iterable[Any]) -> Iterator[Block]:
    for number, line in enumerate(lines):
        if number:
            yield styled("\n")
        yield from line


def _buttons(topic_id: str) -> Block:
    return _actions(_button(action, said, topic_id) for action, said in BUTTONS.items())


def _actions(buttons: Iterable[Block]) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def _button(action: str, said: str, value: str) -> Block:
    return {"type": "button", "action_id": action, "value": value, "text": literal(said, 75)}


# the fallback, which notifications show and screen readers read


def _aloud(laid_out: Layout) -> str:
    """The digest as plain text: whole entries, as many as fit."""
    head = "\n".join([laid_out.headline, *laid_out.remarks])
    shown = fitted(
        laid_out.groups,
        lambda entry: _length(_entry_aloud(entry)),
        lambda group: _length(group.title) + _length(and_more(len(group.entries))),
        limits.SLACK_FALLBACK - _length(head),
        _ANY_NUMBER,
    )
    return "\n\n".join([head, *(line for part in shown if part.entries for line in _part_aloud(part))])


def _part_aloud(part: Shown) -> Iterator[str]:
    yield part.group.title
    yield from map(_entry_aloud, part.entries)
    if part.more:
        yield and_more(part.more)


def _entry_aloud(entry: Entry) -> str:
    cited_memo = [citations.BETWEEN.join(_memo_aloud(entry.cited))] if entry.cited else []
    lines = [": ".join([*filter(None, [entry.said]), *cited_memo])] if entry.said or cited_memo else []
    if entry.instead:
        lines.append(f"{wording.SUPERSEDED_BY} {citations.BETWEEN.join(_memo_aloud(entry.instead))}")
    for quote in entry.quotes:
        before, after = quote.excerpt.cut
        over = f"{quote.over}: " if quote.over else ""
        lines.append(over + wording.quoted_aloud(quote.excerpt.quote, before=before, after=after))
        lines += [] if entry.cited else [citations.line(quote.excerpt.citation)]
        lines += citations.superseded(quote.excerpt)
    return "\n".join(lines)


def _memo_aloud(citation: Citation) -> list[str]:
    return [citations.title(citation), *citations.who_and_when(citation)]


def _length(text: str) -> int:
    return limits.utf16(escaped(text)) + len("\n\n")
