"""What became of a quoted passage in a newer version of its memo, word by word?"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from retrieval import BlockKind, Memo, Passage, Span, split

MOST_CHARACTERS = 1_000_000
"""Of a newer version that is compared at all."""
MOST_WORDS = 2_000
"""Of a passage that is compared word by word; of a longer one only what is around the quote."""
AROUND = 100
"""Words on either side of the quote, in a passage that is too long."""
BESIDE = 12
"""Unchanged words that are shown on either side of a change."""
ALIKE = 0.4
"""The share of words that two passages have in common where one is taken for the other's newer form."""
_WORD = re.compile(r"\S+")


class Fate(Enum):
    """What became of the passage."""

    SAME = "it stands unchanged in the newer version"
    CHANGED = "its words are others now"
    GONE = "nothing like it stands there"
    UNKNOWN = "the newer version is too long to compare"


class Stretch(NamedTuple):
    """Some words of both versions, of the newer one only ("added"), or of the older one only ("removed")."""

    words: str
    fate: str


class Change(NamedTuple):
    """What became of the passage; where it stands in the newer version; and, where it changed, its words."""

    fate: Fate
    place: Span | None = None
    stretches: tuple[Stretch, ...] = ()


def change(old: Memo, quoted: Span, new: Memo) -> Change:
    """Look for the passage of `old` that holds the quote in `new`, and compare the two."""
    if len(new.text) > MOST_CHARACTERS:
        return Change(Fate.UNKNOWN)
    before = _passage_at(old, quoted)
    words = _words(before.span.of(old.text))
    passages = split(new)
    for passage in passages:
        if _words(passage.span.of(new.text)) == words:
            return Change(Fate.SAME, passage.span)
    after = _newer_form(before, words, passages, new.text)
    if after is None:
        return Change(Fate.GONE)
    newer = _words(after.span.of(new.text))
    if len(words) > MOST_WORDS:
        words, newer = _around(old.text, before.span, quoted), newer[:MOST_WORDS]
    if len(newer) > MOST_WORDS:
        return Change(Fate.UNKNOWN, after.span)
    return Change(Fate.CHANGED, after.span, tuple(_compared(words, newer)))


def in_short(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The same with long runs of words that did not change cut down to what stands beside a change."""
    return [
        _cut_down(stretch, first=number == 0, last=number == len(stretches) - 1)
        for number, stretch in enumerate(stretches)
    ]


def _cut_down(stretch: Stretch, *, first: bool, last: bool) -> Stretch:
    words = stretch.words.split()
    before, after = 0 if first else BESIDE, 0 if last else BESIDE
    if stretch.fate != "kept" or len(words) <= before + after + BESIDE:
        return stretch
    left = [*words[:before], "…", *(words[-after:] if after else ())]
    return Stretch(" ".join(left), stretch.fate)


def _passage_at(memo: Memo, quoted: Span) -> Passage:
    """The passage that holds the quote's beginning."""
    holding = (each for each in split(memo) if each.span.start <= quoted.start < each.span.end)
    return next(holding, Passage(memo_id=memo.id, ordinal=0, span=quoted))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _around(text: str, passage: Span, quoted: Span) -> list[str]:
    """The words of the quote, and some on either side of it."""
    before, after = text[passage.start : quoted.start], text[quoted.end : passage.end]
    return [
        *_words(before)[-AROUND:],
        *_words(quoted.of(text))[: MOST_WORDS - 2 * AROUND],
        *_words(after)[:AROUND],
    ]


def _newer_form(
    before: Passage, words: Sequence[str], passages: Sequence[Passage], text: str
) -> Passage | None:
    """The passage that took the place of `before`: a table cell of the same row and column, else the likest."""
    if before.kind is BlockKind.CELL:
        named = (before.section, before.row, before.column)
        cells = [each for each in passages if (each.section, each.row, each.column) == named]
        if len(cells) == 1:
            return cells[0]
    counted = Counter(map(str.casefold, words))
    best, most = None, ALIKE
    for passage in passages:
        share = _in_common(counted, len(words), passage.span.of(text))
        if share > most or (share == most and best is None):
            best, most = passage, share
    return best


def _in_common(counted: Counter[str], size: int, text: str) -> float:
    """The share of words, 0 to 1, that a text has in common with the counted ones."""
    words = _words(text.casefold())
    longer, shorter = max(size, len(words)), min(size, len(words))
    if 2 * shorter < ALIKE * (longer + shorter):  # it cannot be enough
        return 0.0
    return 2 * (counted & Counter(words)).total() / (longer + shorter)


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """Both versions' words in one row; of words that were replaced the old ones come first."""
    marked: list[tuple[str, str]] = []
    for step in LCSseq.opcodes(old, new):
        if step.tag == "equal":
            marked += (("kept", word) for word in old[step.src_start : step.src_end])
        else:
            marked += (("removed", word) for word in old[step.src_start : step.src_end])
            marked += (("added", word) for word in new[step.dest_start : step.dest_end])
    for is_kept, run in groupby(marked, key=lambda one: one[0] == "kept"):
        these = list(run)
        for fate in ("kept",) if is_kept else ("removed", "added"):
            if words := " ".join(word for its, word in these if its == fate):
                yield Stretch(words, fate)
