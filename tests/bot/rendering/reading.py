"""How is a quote read back from what a surface shows?

Written from the surfaces' rules, not from the renderers: what these read is what a person sees.
"""

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

_STYLE = re.compile(r"\x1b\[[\d;]*m")
_DISCORD = re.compile(r"\\([^0-9A-Za-z\s])|\*\*|~~")
_SIGN = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩|([\u2400-\u241f\u2421])")


def slack_quotes(message: dict[str, Any]) -> list[str]:
    return [
        "".join(element["text"] for element in part["elements"])
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
    ]


def slack_words(message: dict[str, Any]) -> str:
    """Everything that the blocks show, quotes too."""
    return "\n".join(_slack_words(message["blocks"]))


def _slack_words(value: Any):
    if isinstance(value, list):
        for each in value:
            yield from _slack_words(each)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        else:
            yield from _slack_words([value.get("text"), value.get("elements")])


def discord_quotes(message: dict[str, Any]) -> list[str]:
    described = [embed["description"] for embed in message["embeds"] if "description" in embed]
    return [_discord_quote(description) for description in described]


def _discord_quote(description: str) -> str:
    return discord_text("\n".join(line[2:] for line in description.split("\n") if line.startswith("> ")))


def discord_text(markdown: str) -> str:
    """What Discord shows of `markdown` whose only live markup is bold and struck through."""
    return _DISCORD.sub(lambda found: found[1] or "", markdown)


def discord_words(message: dict[str, Any]) -> str:
    embeds = (
        [embed["title"], embed.get("description", ""), embed.get("footer", {}).get("text", "")]
        for embed in message["embeds"]
    )
    return "\n".join(map(discord_text, [message["content"], *(word for embed in embeds for word in embed)]))


def terminal_quotes(output: str) -> list[str]:
    """Lines behind bars; each run of them is a quote."""
    quotes: list[str] = []
    was_quote, joint = False, ""
    for line in unstyled(output).split("\n"):
        bar, words = line[:2], line[2:]
        if bar not in ("│ ", "┊ "):
            was_quote = False
            continue
        if not was_quote:
            quotes.append(_shown(words.removesuffix("↵")))
        else:
            quotes[-1] += ("" if bar == "┊ " else joint) + _shown(words.removesuffix("↵"))
        was_quote, joint = True, "\n" if words.endswith("↵") else " "
    return quotes


def unstyled(output: str) -> str:
    return _STYLE.sub("", output)


def _shown(words: str) -> str:
    return _SIGN.sub(lambda found: chr(int(found[1], 16)) if found[1] else _pictured(found[2]), words)


def _pictured(picture: str) -> str:
    return "\x7f" if picture == "␡" else chr(ord(picture) - 0x2400)


def html_page(body: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<!doctype html><html><body><article>{body}</article></body></html>")


def html_text(body: str) -> str:
    """What a browser keeps of `body` as text."""
    return html_page(body).css_first("article").text(deep=True)


def html_marked(body: str) -> list[str]:
    return [mark.text(deep=True) for mark in html_page(body).css("mark")]


def kept_by_html(text: str) -> str:
    """`text` as HTML can hold it."""
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
