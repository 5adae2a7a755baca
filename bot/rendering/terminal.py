"""How does an answer look in a terminal?

A quote stands behind a bar, its lines broken to the width, and can be read back from them exactly: lines are joined
with a space; without one where the bar is dashed (a word too long for a line); with a line break where one is shown
as ↵. What would steer the terminal is shown instead of sent: ␛, ⟨U+202E⟩.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.rendering import citations, remarks, wording
from bot.rendering.graphemes import safe_cut
from bot.rendering.labels import one_line
from bot.rendering.quotes import stretches
from retrieval import Answer, Excerpt

_BAR, _BAR_IN_A_WORD, INDENT = "│ ", "┊ ", "  "
_NO_BARS = str.maketrans("│┊", "||")
_LINE_BREAK = "↵"
NARROWEST = 24
_BOLD, _DIM, _MATCHED, _BAR_COLOUR = "1", "2", "1;4", "36"
_PICTURES = {chr(code): chr(0x2400 + code) for code in range(0x20)} | {"\x7f": "␡"}  # of control characters
_AS_EMOJI = "\ufe0f"  # makes the sign before it as wide as an emoji
# What stands for something else here must not stand for itself.
_TAKEN = frozenset(_LINE_BREAK) | frozenset(_PICTURES.values())
_WORD_LIKE_FORMAT = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xE0020, 0xE0080)))


class Line(NamedTuple):
    """A line of a broken text, `text[start:end]`; what follows it there: a space, a line break, or nothing."""

    start: int
    end: int
    follows: str


def answer(answer: Answer, *, colour: bool, width: int, explain: bool = False) -> str:
    """`answer` in lines of at most `width` columns (but at least 24); with `explain`, what each score is made of."""
    width = max(width, NARROWEST)
    said = remarks.beside_quotes(answer) if answer.excerpts else remarks.nothing(answer)
    parts = [_quoted(excerpt, colour=colour, width=width, explain=explain) for excerpt in answer.excerpts]
    parts += [[line for sentence in said for line in broken(sentence, width)]] if said else []
    parts += [_explained(answer, width)] if explain else []
    return "\n\n".join("\n".join(part) for part in parts)


def shown(text: str) -> str:
    """`text` with each character that would steer a terminal, or mislead a reader, as a visible sign for it."""
    return "".join(_signs(text))


def _quoted(excerpt: Excerpt, *, colour: bool, width: int, explain: bool) -> list[str]:
    before, after = excerpt.cut
    citation, room = excerpt.citation, width - len(INDENT)
    who = packed([citations.title(citation), *citations.who_and_when(citation)], room)
    where = packed([*citations.place(citation), *filter(None, [one_line(citation.source)])], room)
    return [
        *([INDENT + styled(wording.CUT_BEFORE, _DIM, colour=colour)] if before else []),
        *quote_lines(excerpt, colour=colour, width=width),
        *([INDENT + styled(wording.CUT_AFTER, _DIM, colour=colour)] if after else []),
        *(INDENT + line for line in who),
        *(INDENT + styled(line, _DIM, colour=colour) for line in where),
        *(
            INDENT + styled(line, _BOLD, colour=colour)
            for said in citations.superseded(excerpt)
            for line in broken(said, room)
        ),
        *(INDENT + line for line in _score(excerpt) if explain),
    ]


def quote_lines(excerpt: Excerpt, *, colour: bool, width: int) -> Iterator[str]:
    """The quote behind its bar, matched words marked."""
    signs = _signs(excerpt.quote)
    styles = [_MATCHED if matched else "" for a, b, matched in stretches(excerpt) for _ in range(a, b)]
    bar = _BAR
    for start, end, follows in _lines(excerpt.quote, list(map(_columns, signs)), width - len(_BAR) - 1):
        words = "".join(
            styled("".join(signs[a:b]), styles[a], colour=colour) for a, b in _runs(styles, start, end)
        )
        line_break = styled(_LINE_BREAK, _DIM, colour=colour) if follows == "\n" else ""
        yield f"{styled(bar, _BAR_COLOUR, colour=colour)}{words}{line_break}"
        bar = _BAR if follows else _BAR_IN_A_WORD


def _runs(styles: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of `start` to `end` that have one style each."""
    for at in range(start + 1, end):
        if styles[at] != styles[start]:
            yield start, at
            start = at
    if start < end:
        yield start, end


def broken(text: str, width: int) -> list[str]:
    """`text` (one line, safe to show) in lines of at most `width` columns; none of them looks like a quote's."""
    text = text.translate(_NO_BARS)
    return [text[start:end] for start, end, _ in _lines(text, list(map(_columns, text)), width)]


def packed(parts: Iterable[str], width: int) -> list[str]:
    """`parts` with dots between them, in lines of at most `width` columns; broken between two of them if possible."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{citations.BETWEEN}{part}" if lines else part
        if lines and sum(map(_columns, longer)) <= width:
            lines[-1] = longer
        else:
            lines += broken(part, width)
    return lines


def _lines(text: str, columns: Sequence[int], width: int) -> Iterator[Line]:
    """Break `text`, whose characters take `columns`, at line breaks and at spaces, or else inside a word."""
    start = 0
    while True:
        end = _reach(text, columns, start, width)
        if end == len(text):
            yield Line(start, end, "")
            return
        if text[end] not in " \n":
            space = text.rfind(" ", start, end)
            end = space if space >= 0 else _inside_word(text, start, end)
        follows = text[end] if text[end] in " \n" else ""
        yield Line(start, end, follows)
        start = end + len(follows)


def _reach(text: str, columns: Sequence[int], start: int, width: int) -> int:
    """How far a line that begins at `start` may go."""
    end = start
    while end < len(text) and text[end] != "\n" and width >= columns[end]:
        width -= columns[end]
        end += 1
    return end


def _inside_word(text: str, start: int, end: int) -> int:
    """Where to break a word that is too long for a line: not inside a visible character, even where that is wide."""
    while (cut := safe_cut(text, end)) <= start:
        end += 1
    return cut


def _signs(text: str) -> list[str]:
    """For each character of `text`, what is shown for it."""
    escapes = {found.start() for found in re.finditer(r"⟨(?=U\+)", text)}
    return [_code(character) if at in escapes else _sign(character) for at, character in enumerate(text)]


def _sign(character: str) -> str:
    if character in _TAKEN:
        return _code(character)
    if character.isprintable() or character in _WORD_LIKE_FORMAT or unicodedata.category(character) == "Zs":
        return character
    return _PICTURES.get(character) or _code(character)


def _code(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def _columns(sign: str) -> int:
    """How many columns of a terminal `sign` takes; an emoji of several parts is counted part by part."""
    return sum(_column(character) for character in sign)


@lru_cache(maxsize=4096)
def _column(character: str) -> int:
    if character == _AS_EMOJI:
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def styled(text: str, style: str, *, colour: bool) -> str:
    """`text` with a terminal's style, where there is colour."""
    return f"\x1b[{style}m{text}\x1b[0m" if colour and style and text else text


def _score(excerpt: Excerpt) -> Iterable[str]:
    lines = excerpt.explanation.lines() if excerpt.explanation else [f"{excerpt.score:.3f}  score"]
    return map(shown, lines)


def _explained(answer: Answer, width: int) -> list[str]:
    lines = [
        f"confidence {answer.confidence:.2f}: {wording.CONFIDENCE_MEANS}",
        *([f"matched: {', '.join(answer.matched)}"] if answer.matched else []),
        f"{wording.searched(answer.index.memos, answer.index.passages)}, version {answer.index.version}",
    ]
    return [line for text in lines for line in broken(one_line(text), width)]
