"""Where does a sentence begin and end?"""

import re
from collections.abc import Iterator

import sentencex

from retrieval.models import Span

_LINE = re.compile(r"[^\n]+")
_TAIL = 16  # characters, more than the longest abbreviation below takes
_LEANS_ON = re.compile(
    r"[:;,–—-]$|\b(?:[A-Z]\.){2,}$|\b(?:vs|e\.g|i\.e|cf|No|Nos|Fig|Figs|Art|Sec|pp|ca|approx|Gen|Col|Lt|Rep|Sen|Gov)\.$"
)

_INITIAL = re.compile(r"(?:^|[\s(\[\"“‘'/–-])[A-Z]\.$")  # "George W." and the first half of "Korea-U.S."


def sentences(text: str, language: str = "en") -> list[Span]:
    """Sentences of `text`, trimmed, in order, covering every word; none crosses a line break."""
    return [span for line in _LINE.finditer(text) for span in _of_line(line[0], line.start(), language)]


def _of_line(line: str, offset: int, language: str) -> Iterator[Span]:
    start: int | None = None
    at = 0
    pieces = sentencex.segment(language, line)
    if (
        "".join(pieces) != line
    ):  # the splitter promises to lose nothing; where it does not, the line stays whole
        pieces = [line]
    for number, piece in enumerate(pieces, 1):
        begin = at + len(piece) - len(piece.lstrip())
        at += len(piece)
        if not piece.strip():
            continue
        start = begin if start is None else start
        end = at - (len(piece) - len(piece.rstrip()))
        if number < len(pieces) and _goes_on(line[max(start, end - _TAIL) : end], line, at):
            continue
        yield Span(offset + start, offset + end)
        start = None
    if start is not None:
        yield Span(offset + start, offset + len(line.rstrip()))


def _goes_on(tail: str, line: str, at: int) -> bool:
    """Whether the splitter stopped too early: after an abbreviation, a colon, or before a small letter.

    `tail` is the end of the sentence so far, `line[at:]` the rest. Neither is read to its far end: a line may hold a
    whole book.
    """
    rest = _SEEN.search(line, at)
    return rest is not None and (
        rest[0].islower()
        or bool(_INITIAL.search(tail))
        or (bool(_LEANS_ON.search(tail)) and not _OPENS.match(line, rest.start()))
    )


_SEEN = re.compile(r"\S")
_OPENS = re.compile(r"(?:The|This|That|These|Those|It|He|She|They|We|In|On|At|But|And|However|A|An)\b")
