"""What is said of items that a message has no room for?"""

from collections.abc import Collection, Iterator

from bot.digest import ChangedPassage, Composed, Departure, Item, NewMemo, Part, ReviewDue, TopicNews, Verdict

_PART_OF = {
    NewMemo: Part.NEW,
    ChangedPassage: Part.CHANGED,
    Departure: Part.DEPARTED,
    TopicNews: Part.TOPICS,
    ReviewDue: Part.REVIEW_DUE,
}


def with_cuts(composed: Composed, left_out: Collection[Item]) -> Composed:
    """`composed`, its reasons saying of what the message leaves out that it was cut for length.

    A memo of which anything else is shown in the same part counts as shown.
    """
    cut = set(_memos(left_out)) - set(_memos(_shown(composed, left_out)))
    reasons = tuple(
        reason.model_copy(update={"verdict": Verdict.CUT})
        if reason.verdict is Verdict.SHOWN and (reason.part, reason.memo_id) in cut
        else reason
        for reason in composed.reasons
    )
    return composed._replace(reasons=reasons)


def _shown(composed: Composed, left_out: Collection[Item]) -> Iterator[Item]:
    left = set(map(id, left_out))  # comparing what they hold would take minutes where ten thousand memos came
    for section in composed.digest.sections:
        yield from (item for item in section.items if id(item) not in left)


def _memos(items: Iterator[Item] | Collection[Item]) -> Iterator[tuple[Part, str]]:
    """The parts and memos that items tell of."""
    for item in items:
        part = _PART_OF.get(type(item))
        if part is None:
            continue
        if isinstance(item, TopicNews):
            yield from ((part, excerpt.citation.memo_id) for excerpt in item.excerpts)
        elif isinstance(item, NewMemo | ChangedPassage | Departure | ReviewDue):
            yield part, item.memo_id
