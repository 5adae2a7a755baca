"""Where does a sentence begin and end?"""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from retrieval.models import Span

_LINE = re.compile(r"[^\n]+")
_TAIL = 16  # characters, more than the longest abbreviation below takes
_LEANS_ON = re.compile(
    r"[:;,–—-]$|\b(?:[A-Z]\.){2,}$|\b(?:vs|e\.g|i\.e|cf|No|Nos|Fig|Figs|Art|Sec|pp|ca|approx|Gen|Col|Lt|Rep|Sen|Gov)\.$"
)

_INITIAL = re.compile(r"(?:^|[\s(\[\"“‘'/–-])[A-Z]\.$")  # "George W." and the first half of "Korea-U.S."
_NARROWEST = 40  # characters; shorter lines were ended on purpose
_WORD = re.compile(r"\S{1,30}(?!\S)")
_ENDS = re.compile(r"[.!?…:;。！？।؟][\"”“’'»)\]]*$")
_IN_A_FORMULA = re.compile(r"(?<![A-Za-z])(?:[A-Z][a-z]?){1,3}\)?$")  # "CO" before a lowered 2
_ITEM = re.compile(r"(?:\d+[.)]|[-–—•*·])\s+\w")


def sentences(text: str, language: str = "en") -> list[Span]:
    """Sentences of `text`, trimmed, in order, covering every word.

    A line break ends one, but not where lines are wrapped, nor in a formula before what is written lower.
    """
    found: list[Span] = []
    wrapped = _lines_wrapped(text)
    for line in _LINE.finditer(text):
        spans = _of_line(line[0], line.start(), language)
        first = next(spans, None)
        if first is None:
            continue
        if found and _crosses(text, found[-1], first.start, wrapped):
            found[-1] = Span(found[-1].start, first.end)
        else:
            found.append(first)
        found += spans
    return found


def _lines_wrapped(text: str) -> int:
    """How many lines are wrapped: each but the last ends where the next word would not fit. 0 where one does not."""
    lines = text.split("\n")
    width = max(map(len, lines))
    if len(lines) == 1 or width < _NARROWEST:
        return 0
    for line, following in pairwise(lines):
        word = _WORD.match(following)
        if not word or len(line) + 1 + len(word[0]) <= width:
            return 0
    return len(lines)


def _crosses(text: str, sentence: Span, at: int, wrapped: int) -> bool:
    """Whether `sentence`, the last of its line, goes on at `at`, where the next line begins; `wrapped` lines in all."""
    tail = text[max(sentence.start, sentence.end - _TAIL) : sentence.end]
    if _ENDS.search(tail):
        return False
    closes = "(" in tail and text.startswith(")", at + 1)
    if _ITEM.match(text, at) and not closes:
        return False
    if text[at].isdigit() and _IN_A_FORMULA.search(tail):
        return True
    # two lines may be as long by chance
    return wrapped > 2 or (wrapped == 2 and text[at].islower())


def _of_line(line: str, offset: int, language: str) -> Iterator[Span]:
    start: int | None = None
    at = noted = 0
    pieces = sentencex.segment(language, line)
    if (
        "".join(pieces) != line
    ):  # the splitter promises to lose nothing; where it does not, the line stays whole
        pieces = [line]
    for number, piece in enumerate(pieces, 1):
        begin, at = at, at + len(piece)
        said = line[max(begin, noted) : at]
        if not said.strip():
            continue
        end = at - (len(piece) - len(piece.rstrip()))
        start = at - len(said.lstrip()) if start is None else start
        if number < len(pieces) and _goes_on(line[max(start, end - _TAIL) : end], line, at):
            continue
        if notes := _NOTES.match(line, at):
            end = noted = notes.end()
        yield Span(offset + start, offset + end)
        start = None
    if start is not None:  # blanks stood last
        yield Span(offset + start, offset + len(line.rstrip()))


def _goes_on(tail: str, line: str, at: int) -> bool:
    """Whether the splitter stopped too early: after an abbreviation, a colon, or before what begins no sentence.

    `tail` is the end of the sentence so far, `line[at:]` the rest. Neither is read to its far end: a line may hold a
    whole book.
    """
    rest = _SEEN.search(line, at)
    return rest is not None and (
        rest[0].islower()
        or bool(_BEGINS_NONE.match(line, rest.start()))
        or bool(_INITIAL.search(tail))
        or (bool(_LEANS_ON.search(tail)) and not _OPENS.match(line, rest.start()))
    )


_SEEN = re.compile(r"\S")
_BEGINS_NONE = re.compile(r"[,;:)\]}%+=]")
_NOTES = re.compile(
    r"(?:\s*\[[a-z0-9][^\[\]]{0,30}\])+(?=\s|$)"
)  # "[3]", "[n 1]", "[citation needed]": not "[The]"
_OPENS = re.compile(r"(?:The|This|That|These|Those|It|He|She|They|We|In|On|At|But|And|However|A|An)\b")
