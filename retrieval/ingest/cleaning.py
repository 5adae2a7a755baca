"""Which leftovers (odd characters, tags, links, emphasis, entities) are tidied, and how?

Every pattern is linear on any input: a repetition is bounded, or cannot start again inside itself.
"""

import html
import re
from collections.abc import Sequence

_NEWLINES = re.compile("\r\n|[\r\x0b\x85\u2028]")
_WRAPPED_SOFT_HYPHEN = re.compile("\u00ad[ \t]*\n[ \t]*")
_SPACES = re.compile("[\x1c-\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Control characters, soft hyphens, zero-width and direction marks, byte order marks, interlinear marks.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
# Joiners spell words in Persian and Hindi and build emoji; beside ASCII or at an edge they only hide.
_IDLE_JOINER = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u3001-\u3017"
_CJK_SEAM = re.compile(f"[{_CJK}]\n[{_CJK}]")
_SUSPENDED = re.compile(r"(?:and|or|to|und|oder|bis|et|ou|y|o)\b")

_COMMENT = re.compile(r"<!--[^<>]{0,5000}-->")
_LINE_TAGS = (
    "address article aside blockquote br caption center dd div dl dt figcaption figure footer h[1-6] header hr li main"
    " ol p pre section table tbody td tfoot th thead tr ul"
)
_INLINE_TAGS = (
    "a abbr b big cite code del em font i img ins kbd mark q s samp small span strong sub sup u var wbr"
)
_VALUE = r"""(?:"[^"<>]{0,2000}"|'[^'<>]{0,2000}'|[^\s"'<>=]{1,500})"""
_ATTRIBUTES = rf"(?:\s{{1,8}}[a-z][\w:-]{{0,40}}\s{{0,4}}=\s{{0,4}}{_VALUE}){{0,20}}\s{{0,8}}/?"


def _tags(names: str) -> re.Pattern[str]:
    return re.compile(rf"</?(?:{'|'.join(names.split())}){_ATTRIBUTES}>", re.IGNORECASE)


_LINE_TAG, _INLINE_TAG = _tags(_LINE_TAGS), _tags(_INLINE_TAGS)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A target must look like one, or `choose[i](now)` would lose a word.
_TARGET = r"(?:[#/.]|https?:|mailto:|www\.)[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?"
_LINK = re.compile(rf"""!?\[([^\[\]\n]{{0,500}})\]\((?:{_TARGET}(?:\s"[^"\n]{{0,300}}")?)?\)""")
_ITALIC = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{0,300}[^\s*])\*(?![\w*])")
_BOLD = re.compile(r"\*\*(?=[^\s*])([^*\n]{0,300}[^\s*])\*\*(?!\*)")
_UNDERLINED = re.compile(r"(?<![\w/.])(_{1,2})(?=[^\s_])([^_\n]{0,300}[^\s_])\1(?![\w/])")


def characters(text: str) -> str:
    r"""Bring line ends to "\n" and odd spaces to plain ones, and take out what cannot be seen.

    Form feeds stay (they say where a page ends); every other character is left as it is.
    """
    text = _NEWLINES.sub("\n", text).replace("\u2029", "\n\n")
    if text.isascii():
        return _UNSEEN.sub("", _SPACES.sub(" ", text))
    text = _SPACES.sub(" ", _WRAPPED_SOFT_HYPHEN.sub("", text))
    return _IDLE_JOINER.sub("", _UNSEEN.sub("", text))


def tidy_characters(text: str) -> str:
    """Do as `characters` does with text that no `decode` made, and tidy its lines; half characters become U+FFFD."""
    return lines(characters(_HALF_CHARACTER.sub("\ufffd", text)))


def tidy_name(text: str) -> str:
    """Tidy a name that did not come through `decode`: a file's, a key's. Half characters and stray bytes become U+FFFD.

    Nothing could write them down, so one such name would keep the whole library from being indexed.
    """
    return one_line(characters(_HALF_CHARACTER.sub("\ufffd", text)))


def one_line(text: str) -> str:
    """Tidy white space: words with single spaces between them."""
    return " ".join(text.split())


def lines(text: str) -> str:
    r"""Tidy white space, keeping each "\n" as a hard line break; empty lines go."""
    return "\n".join(filter(None, map(one_line, text.split("\n"))))


def without_markup(text: str) -> str:
    """Take leftover HTML tags, links, emphasis and entities out of plain text.

    A tag that breaks lines becomes a hard break. Only what is surely markup goes: a known tag name, a link whose
    target looks like one, paired asterisks.
    """
    if "<" in text:
        text = _INLINE_TAG.sub("", _LINE_TAG.sub("\n", _COMMENT.sub("", text)))
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text:
        text = _BOLD.sub(r"\1", _ITALIC.sub(r"\1", text))
    if "_" in text:
        text = _UNDERLINED.sub(_underlined, text)
    if "&" in text:
        text = characters(_ENTITY.sub(lambda entity: html.unescape(entity[0]), text))
    return lines(text)


def join(parts: Sequence[str]) -> str:
    """Put together the parts of a paragraph that line or page ends tore apart.

    A hyphen at a tear stays, without a space after it ("cost-" + "sharing"), and Chinese and Japanese need no space.
    """
    seams = ["", *map(_seam, parts, parts[1:])]
    return "".join(seam + part for seam, part in zip(seams, parts, strict=True))


def _seam(first: str, second: str) -> str:
    hyphened = first.endswith("-") and first[-2:-1].isalpha() and second[:1].islower()
    if (hyphened and not _SUSPENDED.match(second)) or _CJK_SEAM.match(f"{first[-1:]}\n{second[:1]}"):
        return ""
    return " "


def _underlined(found: re.Match[str]) -> str:
    """Unwrap `_Foreign Affairs_`; leave `__init__`, a name that the source spells so."""
    marks, inner = found.groups()
    return found[0] if marks == "__" and " " not in inner else str(inner)
