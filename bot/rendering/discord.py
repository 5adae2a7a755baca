"""How does a reply look in Discord?

Discord reads Markdown in a message's content and in an embed's title and description, and in these everything that
is not ours is escaped with backslashes: the reader sees each character, and taking the backslashes away gives the
text back exactly. Footers are shown as they are.
"""

import re
from typing import Any

from bot.models import MemoLink, Reply
from bot.rendering import citations, limits, remarks, wording
from bot.rendering.quotes import stretches
from retrieval import Answer, Excerpt

Embed = dict[str, Any]

COLOUR = 0xC28B00  # as the mark in the reading room
BOLD, STRUCK = "**", "~~"
"""What stands around words that are marked."""

_ROOM_TO_SAY_WHAT_IS_LEFT_OUT = 200

# These have a meaning anywhere: styles, spoilers, code, links, mentions, time stamps, custom emoji. Of a colon
# only what could be a link or an emoji: "https://", ":smile:".
_ANYWHERE = re.compile(r"[\\*_~|`\[\]<@]|:(?=\S)")
# And these where a line begins: headings, lists, block quotes, small print.
_AT_LINE_START = re.compile(r"(?:^|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])[^\S\n]*(?:\d+([.)])|([#>+-]))")

_ENDS_A_LINK = re.compile(r"[\s()<>]")


def message(reply: Reply, link: MemoLink) -> dict[str, Any]:
    """`reply` as {"content": ..., "embeds": [...]}, to be sent with all mentions disallowed.

    Never too long for Discord: quotes that do not fit are left out whole, and the message says how many.
    """
    if reply.answer is None:
        return _message([reply.notice or wording.went_wrong(reply.answer_id)], [])
    if not reply.answer.excerpts:
        return _message(remarks.nothing(reply.answer), [])
    return _answered(reply.answer, link)


def escaped(text: str) -> str:
    """`text` so that Discord shows each of its characters, and pings nobody."""
    return "".join(_escaped_characters(text))


def escaped_length(text: str) -> int:
    """How long `text` is once it is escaped, as Discord counts."""
    return limits.utf16(escaped(text))


def linked(text: str, url: str | None) -> str:
    """`text` as a link to `url`, as it is shown in an embed; by itself where there is none that Discord would take."""
    if not url or limits.utf16(url) > limits.DISCORD_LINK or _ENDS_A_LINK.search(url):
        return escaped(text)
    return f"[{escaped(text)}]({url})"


def quoted(excerpt: Excerpt, mark: str = BOLD) -> list[str]:
    """The lines of a quote as a block quote, `mark` around its highlights ("" for none), and where it is cut."""
    before, after = excerpt.cut
    quote = _marked(excerpt, mark) if mark else escaped(excerpt.quote)
    return [
        *([f"*{wording.CUT_BEFORE}*"] if before else []),
        *(f"> {line}" for line in quote.split("\n")),
        *([f"*{wording.CUT_AFTER}*"] if after else []),
    ]


def banner(excerpt: Excerpt, link: MemoLink) -> list[str]:
    """A line with the memos that supersede the quoted one, each with its link; none where none does."""
    named = [
        linked(citations.title_and_day(successor.citation), link(successor.citation, successor.span))
        for successor in excerpt.superseded_by
    ]
    return [f"**{wording.SUPERSEDED_BY}** {', '.join(named)}"] if named else []


def _escaped_characters(text: str) -> list[str]:
    """Each character of `text`, with a backslash before it where it would have a meaning."""
    marked = {found.start() for found in _ANYWHERE.finditer(text)}
    marked |= {found.end() - 1 for found in _AT_LINE_START.finditer(text)}
    return [f"\\{character}" if at in marked else character for at, character in enumerate(text)]


def _message(said: list[str], embeds: list[Embed]) -> dict[str, Any]:
    content = limits.shortened("\n".join(said), limits.DISCORD_CONTENT, escaped_length)
    return {"content": escaped(content), "embeds": embeds}


def _answered(answer: Answer, link: MemoLink) -> dict[str, Any]:
    embeds = [_embed(excerpt, link) for excerpt in answer.excerpts[: limits.DISCORD_EMBEDS]]
    fit = limits.fitting(map(_size, embeds), limits.DISCORD_TOTAL)
    left_out = len(answer.excerpts) - len(fit)
    said = [
        wording.QUOTED if fit else wording.too_long_to_quote(left_out),
        *([wording.did_not_fit(left_out)] if fit and left_out else []),
        *remarks.beside_quotes(answer),
    ]
    shown = [embeds[i] for i in fit] or [_without_quote(embed) for embed in embeds[:3]]
    return _message(said, shown)


def _embed(excerpt: Excerpt, link: MemoLink) -> Embed:
    url, details = link(excerpt.citation, excerpt.span), citations.details(excerpt.citation)
    footer = limits.shortened(citations.BETWEEN.join(details), limits.DISCORD_FOOTER, limits.utf16)
    return {
        "title": escaped(
            limits.shortened(citations.title(excerpt.citation), limits.DISCORD_TITLE, escaped_length)
        ),
        **({"url": url} if url and limits.utf16(url) <= limits.DISCORD_LINK else {}),
        "description": _description(excerpt, link),
        "color": COLOUR,
        **({"footer": {"text": footer}} if footer else {}),
    }


def _without_quote(embed: Embed) -> Embed:
    return {name: value for name, value in embed.items() if name != "description"}


def _description(excerpt: Excerpt, link: MemoLink) -> str:
    """The quote as a block quote, and outside of it where its sentence is cut, and what supersedes the memo."""
    superseded = banner(excerpt, link)
    with_highlights = "\n".join([*quoted(excerpt), *superseded])
    if limits.utf16(with_highlights) <= limits.DISCORD_DESCRIPTION:
        return with_highlights
    return "\n".join([*quoted(excerpt, mark=""), *superseded])


def _marked(excerpt: Excerpt, mark: str) -> str:
    characters = _escaped_characters(excerpt.quote)
    return "".join(
        _styled("".join(characters[start:end]), mark) if matched else "".join(characters[start:end])
        for start, end, matched in stretches(excerpt)
    )


def _styled(text: str, mark: str) -> str:
    """`text` with `mark` around it, line by line: a style does not reach over a block quote's line end.

    Discord looks for the end of what is struck through without minding backslashes.
    """
    if mark == STRUCK and "~" in text:
        return text
    return "\n".join(_around(line, mark) for line in text.split("\n"))


def _around(line: str, mark: str) -> str:
    words = line.strip()
    before, _, after = line.partition(words) if words else (line, "", "")
    return f"{before}{mark}{words}{mark}{after}" if words else line


def _size(embed: Embed) -> int:
    """What Discord counts towards a message's total; more than any message holds where a part is too long."""
    description = limits.utf16(embed["description"])
    if description > limits.DISCORD_DESCRIPTION:
        return limits.DISCORD_TOTAL + 1
    return limits.utf16(embed["title"]) + description + limits.utf16(embed.get("footer", {}).get("text", ""))
