"""What came, changed and went between two moments, and which passages are new?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import zip_longest
from typing import NamedTuple

from rapidfuzz.distance import Indel

from bot.digests.rows import differing
from retrieval import BlockKind, Memo, Passage, split

_KEY_DIGITS = 24
_MOST_COMPARED = 2_500  # pairs of passages, of one run of changed ones
_LEAST_ALIKE = 0.4
_NOT_TOLD = frozenset({BlockKind.FURNITURE, BlockKind.CAPTION})

Pair = tuple[Passage | None, Passage | None]


class Changed(NamedTuple):
    """A memo before and after."""

    before: Memo
    after: Memo


class News(NamedTuple):
    """The memos that came, those whose words changed, and those that went; each ordered by id."""

    came: tuple[Memo, ...]
    changed: tuple[Changed, ...]
    gone: tuple[Memo, ...]


def news(before: Sequence[Memo], now: Sequence[Memo]) -> News:
    """Compare two states of a library."""
    then, today = ({memo.id: memo for memo in memos} for memos in (before, now))
    return News(
        came=tuple(today[memo_id] for memo_id in sorted(today.keys() - then.keys())),
        changed=tuple(
            Changed(then[memo_id], today[memo_id])
            for memo_id in sorted(today.keys() & then.keys())
            if _words(then[memo_id].text) != _words(today[memo_id].text)
        ),
        gone=tuple(then[memo_id] for memo_id in sorted(then.keys() - today.keys())),
    )


def passage_key(text: str) -> str:
    """What a passage is known by wherever it stands: the same words have the same key."""
    return f"p:{sha256(' '.join(_words(text)).encode()).hexdigest()[:_KEY_DIGITS]}"


def new_passages(found: News) -> Mapping[str, frozenset[str]]:
    """The keys of the passages that are new, by memo id: all of a memo that came, the others of one that changed."""
    keys = {memo.id: _keys(memo) for memo in found.came}
    return keys | {each.after.id: _keys(each.after) - _keys(each.before) for each in found.changed}


def changed_passages(changed: Changed) -> list[Pair]:
    """The passages that differ, each with what it became: None for one that is new, or that is gone."""
    before, after = _told(changed.before), _told(changed.after)
    one = [_words(passage.span.of(changed.before.text)) for passage in before]
    other = [_words(passage.span.of(changed.after.text)) for passage in after]
    pairs: list[Pair] = []
    for gone, come in differing([hash(words) for words in one], [hash(words) for words in other]):
        for left, right in _paired([one[place] for place in gone], [other[place] for place in come]):
            pairs.append((
                None if left is None else before[gone[left]],
                None if right is None else after[come[right]],
            ))  # fmt: skip
    return _without_moved(pairs, changed)


def _without_moved(pairs: list[Pair], changed: Changed) -> list[Pair]:
    """Leave out what only stands elsewhere now."""
    gone = Counter(passage_key(one.span.of(changed.before.text)) for one, other in pairs if one and not other)
    come = Counter(
        passage_key(other.span.of(changed.after.text)) for one, other in pairs if other and not one
    )
    moved = gone & come
    kept = []
    for one, other in pairs:
        alone = (one and not other and one.span.of(changed.before.text)) or (
            other and not one and other.span.of(changed.after.text)
        )
        if not (alone and moved[passage_key(alone)]):
            kept.append((one, other))
    return kept


def _paired(
    one: list[tuple[str, ...]], other: list[tuple[str, ...]]
) -> Iterator[tuple[int | None, int | None]]:
    """Which of some passages became which: the most alike first; in their order where there are too many to compare."""
    if len(one) * len(other) > _MOST_COMPARED:
        yield from zip_longest(range(len(one)), range(len(other)))
        return
    alike = sorted(
        (
            (Indel.normalized_similarity(left, right), -i, -j)
            for i, left in enumerate(one)
            for j, right in enumerate(other)
        ),
        reverse=True,
    )
    became: dict[int, int] = {}
    for likeness, i, j in alike:
        if likeness >= _LEAST_ALIKE and -i not in became and -j not in became.values():
            became[-i] = -j
    yield from ((i, became.get(i)) for i in range(len(one)))
    yield from ((None, j) for j in range(len(other)) if j not in became.values())


def _told(memo: Memo) -> list[Passage]:
    return [passage for passage in split(memo) if passage.kind not in _NOT_TOLD]


def _keys(memo: Memo) -> frozenset[str]:
    return frozenset(passage_key(passage.span.of(memo.text)) for passage in split(memo))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())
