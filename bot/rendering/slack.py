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
        return _message(_fallback(reply.answer), _blocks(reply.answer, link))
    return _message("\n".join(said), [_plain("\n".join(said))])


def metadata(reply: Reply) -> dict[str, Any]:
    """Metadata of the message for `reply`, by which it is found again in a channel's history."""
    return {"event_type": EVENT_TYPE, "event_payload": {"answer_id": reply.answer_id}}


def escaped(text: str) -> str:
    """`text` for a place where Slack reads markup: exactly these three characters have a meaning everywhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _message(fallback: str, blocks: list[Block]) -> dict[str, Any]:
    fallback = limits.shortened(fallback, limits.SLACK_FALLBACK, lambda text: limits.utf16(escaped(text)))
    return {"text": escaped(fallback), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _blocks(answer: Answer, link: MemoLink) -> list[Block]:
    closing = [_small(said) for said in remarks.beside_quotes(answer)]
    room = limits.SLACK_MESSAGE - limits.json_size(closing) - _ROOM_TO_SAY_WHAT_IS_LEFT_OUT
    most = limits.SLACK_BLOCKS - len(closing) - 1
    quoted = [_quoted(excerpt, link) for excerpt in answer.excerpts[:most]]
    shown = _fitting(quoted, room)
    left_out = len(answer.excerpts) - len(shown)
    if not shown:
        return [*_where_to_read(answer, link, room), *closing]
    return [*shown, *([_small(wording.did_not_fit(left_out))] if left_out else []), *closing]


def _fitting(blocks: list[Block], room: int) -> list[Block]:
    return [blocks[i] for i in limits.fitting((limits.json_size([block]) for block in blocks), room)]


def _where_to_read(answer: Answer, link: MemoLink, room: int) -> list[Block]:
    """For quotes that are all too long: the places of the first three."""
    places = [_rich(_section(*_cited(excerpt, link))) for excerpt in answer.excerpts[:3]]
    return [_plain(wording.too_long_to_quote(len(answer.excerpts))), *_fitting(places, room)]


def _quoted(excerpt: Excerpt, link: MemoLink) -> Block:
    """One quote, where its sentence is cut, and its citation."""
    before, after = excerpt.cut
    return _rich(
        *([_section(_text(wording.CUT_BEFORE, italic=True))] if before else []),
        {"type": "rich_text_quote", "elements": _words(excerpt)},
        # In one section: Slack runs neighbouring sections together.
        _section(*([_text(f"{wording.CUT_AFTER}\n", italic=True)] if after else []), *_cited(excerpt, link)),
    )


def _words(excerpt: Excerpt) -> list[Block]:
    """The quote in elements whose texts together are the quote; matched words bold, unless that takes too much."""
    elements = [
        _text(excerpt.quote[start:end], **({"bold": True} if matched else {}))
        for start, end, matched in stretches(excerpt)
    ]
    return elements if limits.json_size(elements) <= limits.SLACK_MESSAGE // 2 else [_text(excerpt.quote)]


def _cited(excerpt: Excerpt, link: MemoLink) -> list[Block]:
    title, url = citations.title(excerpt.citation), link(excerpt.citation, excerpt.span)
    linked = url and limits.utf16(url) <= limits.SLACK_LINK
    named = {"type": "link", "url": url, "text": title} if linked else _text(title, bold=True)
    rest = "".join(f"{citations.BETWEEN}{detail}" for detail in citations.details(excerpt.citation))
    return [named, *([_text(rest)] if rest else []), *_banner(excerpt, link)]


def _banner(excerpt: Excerpt, link: MemoLink) -> list[Block]:
    """Which memos supersede the quoted one, each with its link; nothing where none does."""
    if not excerpt.superseded_by:
        return []
    parts: list[Block] = []
    for successor in excerpt.superseded_by:
        title, url = citations.title_and_day(successor.citation), link(successor.citation, successor.span)
        linked = url and limits.utf16(url) <= limits.SLACK_LINK
        parts += [_text(", ")] if parts else []
        parts += [{"type": "link", "url": url, "text": title} if linked else _text(title, bold=True)]
    return [_text(f"\n{wording.SUPERSEDED_BY} ", bold=True), *parts]


def _rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _plain(said: str) -> Block:
    return {"type": "section", "text": _literal(said, limits.SLACK_SECTION)}


def _small(said: str) -> Block:
    return {"type": "context", "elements": [_literal(said, limits.SLACK_SECTION)]}


def _literal(said: str, limit: int) -> Block:
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
