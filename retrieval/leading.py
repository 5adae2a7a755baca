"""What is quoted where a question only says which memos may answer?

The beginning of each: `author:gonawela` shows how the newest memos by that author open. Exact words that are no search
words ("to be or not to be") are quoted where they stand.
"""

from collections.abc import Iterator

import numpy as np

from retrieval.filters import phrases_in
from retrieval.index import Index
from retrieval.models import BlockKind, Passage
from retrieval.parts import PARTS, SENTENCE_PARTS
from retrieval.query import Query
from retrieval.search import Match
from retrieval.seeing import sentences_of
from retrieval.windows import Window, windows

_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)


def leading(index: Index, query: Query, at_most: int, max_chars: int) -> list[Match]:
    """The beginnings of the newest memos that may answer, at most `at_most`; of equal dates by id."""
    found = []
    for number in _one_of_each(index, query):
        passage = index.passages[number]
        found.append(_match(number, _opening(index, query, passage, max_chars), len(query.words)))
        if len(found) == at_most:
            break
    return found


def _one_of_each(index: Index, query: Query) -> Iterator[int]:
    """The first passage of each memo that may answer, prose where there is any; every one that holds exact words."""
    may_answer = query.allowed.passages
    if may_answer is None:
        return
    numbers = np.flatnonzero(may_answer)
    if query.asked.phrases:
        yield from numbers.tolist()
        return
    prose = np.array(
        [index.passages[number].kind not in _PROSE for number in numbers.tolist()], dtype=np.bool_
    )
    memos = index.memo_of_passage[numbers]
    order = np.lexsort((numbers, prose, memos))
    first = np.diff(memos[order], prepend=-1) != 0
    yield from numbers[order][first].tolist()


def _opening(index: Index, query: Query, passage: Passage, max_chars: int) -> Window:
    """The first stretch of a passage, or the first that holds the exact words."""
    text = index.memos[passage.memo_id].text
    offered = windows(text, sentences_of(index.memos[passage.memo_id], passage), max_chars)
    held = phrases_in(query.asked.phrases, [window.span.of(text) for window in offered])
    return offered[int(np.argmax(held))]


def _match(passage: int, window: Window, words: int) -> Match:
    return Match(
        passage=passage,
        window=window,
        score=0.0,
        parts=np.zeros(len(PARTS)),
        sentences=np.zeros((0, len(SENTENCE_PARTS))),
        covered=np.zeros(words),
        passage_covered=np.zeros(words),
        quote=0.0,
        topical=0.0,
    )
