"""How much does each surface take, and where is text cut?

A quote is never shortened: it is shown whole, or the message says that it was left out. Names (titles, headings,
words of a question) are shortened between words, visibly, and always before they are escaped.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

from bot.rendering.graphemes import safe_cut

# Slack. All blocks of a message together fail past about 13,200 characters of JSON; stay below.
SLACK_SECTION = 3_000
SLACK_BLOCKS = 50
SLACK_CONTEXT = 10
SLACK_MESSAGE = 12_000
SLACK_FALLBACK = 4_000
SLACK_LINK = 2_048

# Discord, in UTF-16 units: it nowhere says what it counts, and no other count comes out higher.
DISCORD_CONTENT = 2_000
DISCORD_TITLE = 256
DISCORD_DESCRIPTION = 4_096
DISCORD_FOOTER = 2_048
DISCORD_EMBEDS = 10
DISCORD_TOTAL = 6_000
DISCORD_LINK = 2_048

# Names inside our own lines, in characters; what they add up to fits every surface.
TITLE = 150
AUTHOR = 80
HEADING = 80
SECTION_PATH = 240
CELL_NAME = 60
COLUMN_NAMES = 150  # of a spreadsheet's record all columns are named
WORD = 40
WORDS = 8
NOTE = 300
NOTES = 4

_LONGEST_WORD = 40  # longer ones are cut: no line would be left otherwise

Length = Callable[[str], int]


def utf16(text: str) -> int:
    """The length of `text` in UTF-16 code units, as JavaScript counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def json_size(value: Any) -> int:
    """The length of `value` as JSON text, in UTF-16 code units."""
    return utf16(json.dumps(value, ensure_ascii=False))


def shortened(text: str, limit: int, length: Length = len) -> str:
    """`text`, or as many whole words of its beginning as fit into `limit` together with an ellipsis.

    A word of more than 40 characters is cut between visible characters. `length` measures a text as the surface will
    (after escaping, say), and never gives less for a longer beginning of the same text.
    """
    if length(text) <= limit:
        return text
    most = bisect_right(range(1, len(text) + 1), limit, key=lambda end: length(f"{text[:end].rstrip()}…"))
    space = next(
        (at for at in range(most, max(0, most - _LONGEST_WORD), -1) if text[at : at + 1].isspace()), None
    )
    return f"{text[: safe_cut(text, most) if space is None else space].rstrip()}…"


def fitting(sizes: Iterable[int], room: int) -> list[int]:
    """Which of the things with `sizes` go into `room`, as positions: each in turn, unless it no longer fits."""
    chosen = []
    for position, size in enumerate(sizes):
        if size <= room:
            chosen.append(position)
            room -= size
    return chosen
