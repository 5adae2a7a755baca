"""How does Slack draw the blocks that the bot posts?

A page of its own, because the stand-in's draws `rich_text` as "[rich_text]". It knows exactly the blocks that the bot
uses and fails on any other, as a reader would see nothing there.
"""

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

Block = dict[str, Any]


class Said(NamedTuple):
    """One message of a thread; the bot's has blocks, a person's has text."""

    who: str
    at: str
    text: str = ""
    blocks: Sequence[Block] = ()
    files: Sequence[str] = ()


def page(channel: str, thread: Sequence[Said]) -> str:
    """Draw a thread in `channel` as a page."""
    messages = "".join(_message(said) for said in thread)
    return f'<!doctype html><meta charset="utf-8"><title>Slack</title><style>{_STYLE}</style><main><h1># {escape(channel)}</h1>{messages}</main>'


def _message(said: Said) -> str:
    body = "".join(_BLOCKS[block["type"]](block) for block in said.blocks) or f"<p>{_mention(said.text)}</p>"
    body += "".join(f'<div class="file">{escape(name)}</div> ' for name in said.files)
    badge = "<span class=app>APP</span>" if said.blocks else ""
    return (
        f'<article><div class="face {"bot" if said.blocks else ""}">{escape(said.who[0])}</div><div class=said>'
        f"<header><b>{escape(said.who)}</b>{badge}<time>{escape(said.at)}</time></header>{body}</div></article>"
    )


def _mention(text: str) -> str:
    return escape(text).replace("@Quoth", "<span class=mention>@Quoth</span>")


def _rich_text(block: Block) -> str:
    return "".join(_RICH[part["type"]](_inline(part["elements"])) for part in block["elements"])


def _inline(elements: Sequence[Block]) -> str:
    return "".join(_link(one) if one["type"] == "link" else _text(one) for one in elements)


def _link(element: Block) -> str:
    return f'<a href="{escape(element["url"])}">{escape(element["text"])}</a>'


def _text(element: Block) -> str:
    assert element["type"] == "text", element
    drawn = escape(element["text"]).replace("\n", "<br>")
    style = element.get("style", {})
    assert set(style) <= {"bold", "italic", "strike"}, style
    drawn = f"<b>{drawn}</b>" if style.get("bold") else drawn
    drawn = f"<s>{drawn}</s>" if style.get("strike") else drawn
    return f"<i>{drawn}</i>" if style.get("italic") else drawn


def _plain(block: Block) -> str:
    assert block["type"] == "plain_text", block
    return escape(block["text"]).replace("\n", "<br>")


def _button(element: Block) -> str:
    assert element["type"] == "button", element
    return f"<button>{_plain(element['text'])}</button>"


_RICH = {
    "rich_text_section": "<p>{}</p>".format,
    "rich_text_quote": "<blockquote>{}</blockquote>".format,
}
_BLOCKS = {
    "rich_text": _rich_text,
    "header": lambda block: f"<h2>{_plain(block['text'])}</h2>",
    "section": lambda block: f"<p>{_plain(block['text'])}</p>",
    "context": lambda block: "".join(f"<small>{_plain(one)}</small>" for one in block["elements"]),
    "divider": lambda _: "<hr>",
    "actions": lambda block: f"<p>{''.join(map(_button, block['elements']))}</p>",
}

_STYLE = """
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, "Helvetica Neue", Arial, sans-serif }
main { width: 720px; padding: 0 0 12px }
h1 { font-size: 18px; margin: 0 0 8px; padding: 12px 20px; border-bottom: 1px solid #ddd }
h2 { font-size: 18px; margin: 4px 0 8px } hr { border: 0; border-top: 1px solid #ddd; margin: 12px 0 8px }
article { display: flex; gap: 8px; padding: 8px 20px }
.face { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #4a9; color: #fff; font-weight: 700;
  display: grid; place-items: center }
.face.bot { background: #1f2937 }
header { display: flex; gap: 6px; align-items: baseline }
.app { background: #e8e8e8; color: #616061; font-size: 10px; font-weight: 700; padding: 0 3px; border-radius: 2px }
time { color: #616061; font-size: 12px }
p { margin: 0 0 4px } small { display: block; color: #616061; font-size: 13px; margin: 4px 0 }
blockquote { margin: 4px 0; padding: 2px 0 2px 12px; border-left: 4px solid #ddd }
button { background: #fff; border: 1px solid #bbb; border-radius: 4px; font: 700 13px Lato, "Helvetica Neue", Arial, sans-serif;
  color: #1d1c1d; padding: 4px 12px; margin: 4px 8px 4px 0 }
.file { display: inline-block; border: 1px solid #ddd; border-radius: 8px; padding: 8px 12px; font-weight: 700 }
.mention { background: #1d9bd11a; color: #1264a3; border-radius: 3px; padding: 0 2px }
a { color: #1264a3; text-decoration: none } i { color: #616061 }
"""
