"""How does a name from a memo become safe to stand in one of our lines?

For titles, authors, headings and words of a question; never for quotes, which are shown character for character.
"""

import unicodedata

from bot.rendering import limits

_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
_SPELLING = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xE0020, 0xE0080)))  # joiners; tags of flags


def label(text: str, limit: int) -> str:
    """`text` on one line, at most `limit` characters, without characters that steer instead of spell.

    What runs from right to left is isolated (two unseen characters more), so that it does not turn the rest of
    the line around.
    """
    return isolated(limits.shortened(one_line(text), limit))


def isolated(text: str) -> str:
    """`text`, closed off against its neighbours where it runs from right to left."""
    turns = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)
    return f"{_ISOLATE}{text}{_END_OF_ISOLATE}" if turns else text


def one_line(text: str) -> str:
    """`text` with single spaces for line breaks and runs of white space, and without unseen characters."""
    return " ".join((text if text.isprintable() else "".join(map(_spelled, text))).split())


def _spelled(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cs":
            return "\ufffd"  # half a character cannot be sent
        case "Cf" if character not in _SPELLING:
            return ""
        case _:
            return character
