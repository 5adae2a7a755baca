"""How does a reply look in Slack?

Words of memos go into `rich_text` and `plain_text` only, which Slack shows character for character: there is no
markup to escape, and nothing in them is styled, pings or becomes an emoji. The one text that Slack reads as markup
is the fallback, shown in notifications and by screen readers.
"""

from typing import Any

from bot.models import MemoLink, Reply
from bot.rendering import citations, limits, remarks, wording
from bot.rendering.quotes import stretches
from retrieval import Answer, Excerpt

Block = dict[str, Any]

EVENT_TYPE = "quoth_answer"
_ROOM_TO_SAY_WHAT_IS_LEFT_OUT = 200


def message(reply: Reply, link: MemoLink) -> dict[str, Any]:
    """`reply` as the arguments of chat.postMessage that say what is shown (not where).

    Never too long for Slack: quotes that do not fit are left out whole, and the message says how many.
    """
    if reply.answer is None:
        said = [reply.notice or wording.went_wrong(reply.answer_id)]
    elif not reply.answer.excerpts:
        said = remarks.nothing(reply.answer)
    else:
        return posted(_fallback(reply.answer), _blocks(reply.answer, link))
    return posted("\n".join(said), [plain("\n".join(said))])


def metadata(reply: Reply) -> dict[str, Any]:
    """Metadata of the message for `reply`, by which it is found again in a channel's history."""
    return {"event_type": EVENT_TYPE, "event_payload": {"answer_id": reply.answer_id}}


def escaped(text: str) -> str:
    """`text` for a place where Slack reads markup: exactly these three characters have a meaning everywhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def posted(fallback: str, blocks: list[Block]) -> dict[str, Any]:
    """The arguments of chat.postMessage that show `blocks`, and `fallback` where they cannot be shown."""
    fallback = limits.shortened(fallback, limits.SLACK_FALLBACK, lambda text: limits.utf16(escaped(text)))
    return {"text": escaped(fallback), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _blocks(answer: Answer, link: MemoLink) -> list[Block]:
    closing = [small(said) for said in remarks.beside_quotes(answer)]
    room = limits.SLACK_MESSAGE - limits.json_size(closing) - _ROOM_TO_SAY_WHAT_IS_LEFT_OUT
    most = limits.SLACK_BLOCKS - len(closing) - 1
    quoted = [_quoted(excerpt, link) for excerpt in answer.excerpts[:most]]
    shown = _fitting(quoted, room)
    left_out = len(answer.excerpts) - len(shown)
    if not shown:
        return [*_where_to_read(answer, link, room), *closing]
    return [*shown, *([small(wording.did_not_fit(left_out))] if left_out else []), *closing]


def _fitting(blocks: list[Block], room: int) -> list[Block]:
    return [blocks[i] for i in limits.fitting((limits.json_size([block]) for block in blocks), room)]


def _where_to_read(answer: Answer, link: MemoLink, room: int) -> list[Block]:
    """For quotes that are all too long: the places of the first three."""
    places = [rich(run(*cited(excerpt, link))) for excerpt in answer.excerpts[:3]]
    return [plain(wording.too_long_to_quote(len(answer.excerpts))), *_fitting(places, room)]


def _quoted(excerpt: Excerpt, link: MemoLink) -> Block:
    """One quote, where its sentence is cut, and its citation."""
    before, after = excerpt.cut
    return rich(
        *([run(styled(wording.CUT_BEFORE, italic=True))] if before else []),
        quote_of(excerpt),
        # In one run: Slack shows neighbouring ones without a break between them.
        run(*([styled(f"{wording.CUT_AFTER}\n", italic=True)] if after else []), *cited(excerpt, link)),
    )


def quote_of(excerpt: Excerpt, mark: str = "bold") -> Block:
    """The quote, in elements whose texts together are the quote; highlights in the style `mark` ("bold", "strike").

    Where styles would take too much, it is shown without.
    """
    elements = [
        styled(excerpt.quote[start:end], **({mark: True} if matched else {}))
        for start, end, matched in stretches(excerpt)
    ]
    fit = limits.json_size(elements) <= limits.SLACK_MESSAGE // 2
    return {"type": "rich_text_quote", "elements": elements if fit else [styled(excerpt.quote)]}


def cited(excerpt: Excerpt, link: MemoLink) -> list[Block]:
    """Where a quote stands, its memo's title as a link, and what supersedes that memo."""
    named = linked(citations.title(excerpt.citation), link(excerpt.citation, excerpt.span), bold=True)
    rest = "".join(f"{citations.BETWEEN}{detail}" for detail in citations.details(excerpt.citation))
    return [named, *([styled(rest)] if rest else []), *banner(excerpt, link)]


def linked(text: str, url: str | None, **style: bool) -> Block:
    """`text` as a link; in this style where there is no link, or one that Slack would refuse."""
    if url and limits.utf16(url) <= limits.SLACK_LINK:
        return {"type": "link", "url": url, "text": text}
    return styled(text, **style)


def banner(excerpt: Excerpt, link: MemoLink) -> list[Block]:
    """Which memos supersede the quoted one, each with its link; nothing where none does."""
    if not excerpt.superseded_by:
        return []
    parts: list[Block] = []
    for successor in excerpt.superseded_by:
        parts += [styled(", ")] if parts else []
        url = link(successor.citation, successor.span)
        parts += [linked(citations.title_and_day(successor.citation), url, bold=True)]
    return [styled(f"\n{wording.SUPERSEDED_BY} ", bold=True), *parts]


def rich(*elements: Block) -> Block:
    """A block of runs and quotes."""
    return {"type": "rich_text", "elements": list(elements)}


def run(*elements: Block) -> Block:
    """Words and links in one paragraph."""
    return {"type": "rich_text_section", "elements": list(elements)}


def styled(text: str, **style: bool) -> Block:
    """Words, character for character; `style` is bold, italic or strike."""
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def plain(said: str) -> Block:
    """A paragraph of its own."""
    return {"type": "section", "text": literal(said, limits.SLACK_SECTION)}


def small(said: str) -> Block:
    """A paragraph in small letters."""
    return {"type": "context", "elements": [literal(said, limits.SLACK_SECTION)]}


def literal(said: str, limit: int) -> Block:
    """A text without markup, of at most `limit` UTF-16 code units."""
    return {"type": "plain_text", "text": limits.shortened(said, limit, limits.utf16), "emoji": False}


def _fallback(answer: Answer) -> str:
    """The answer as plain text: whole quotes, as many as fit."""
    quoted = [_aloud(excerpt) for excerpt in answer.excerpts]
    sizes = [limits.utf16(escaped(text)) + 2 for text in quoted]
    fit = limits.fitting(sizes, limits.SLACK_FALLBACK - _ROOM_TO_SAY_WHAT_IS_LEFT_OUT)
    left_out = len(quoted) - len(fit)
    if not fit:
        return wording.too_long_to_quote(left_out)
    return "\n\n".join([*(quoted[i] for i in fit), *([wording.did_not_fit(left_out)] if left_out else [])])


def _aloud(excerpt: Excerpt) -> str:
    before, after = excerpt.cut
    quote = wording.quoted_aloud(excerpt.quote, before=before, after=after)
    return "\n".join([quote, citations.line(excerpt.citation), *citations.superseded(excerpt)])
