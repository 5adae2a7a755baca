"""What goes into a digest?

Pure: everything comes in as values, and the same values give the same digest. Only memos that the place may see are
given; those that it may not see are known by their ids alone, for `why`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.digest import (
    ChangedPassage,
    Composed,
    Departure,
    Digest,
    Item,
    NewMemo,
    Part,
    Reason,
    ReviewDue,
    Schedule,
    Section,
    Topic,
    Verdict,
)
from bot.digests.asked import most_quoted, open_questions
from bot.digests.differing import Place, shown
from bot.digests.news import Changed, News, changed_passages, new_passages
from bot.digests.topics import TopicFound, ask_again
from retrieval import Answer, Citation, Index, Memo, Passage, gist, split, superseded_by

MOST_CHANGES = 5
"""Changed passages of one memo that are quoted."""

MOST_GISTS = 100
"""New memos, the newest, that are told with a sentence: finding it takes a look at the whole library for each."""

MOST_REASONS = 10_000
"""Reasons about topics that are kept one by one: fifty topics ask each of a thousand new memos."""

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Ground:
    """What a digest is made from: the memos that its place may see, at the beginning and at the end of the period.

    `index` is over those of the end, `fresh` over those among them that came or changed. `hidden` are the ids of memos
    that came or changed and that the place may not see. `told` are the keys of what was told there; `answers` were
    given there in the period.
    """

    news: News
    now: Sequence[Memo]
    index: Index
    fresh: Index
    hidden: Collection[str] = ()
    topics: Sequence[Topic] = ()
    told: Collection[str] = ()
    answers: Sequence[Answer] = ()


class Run(NamedTuple):
    """Which digest: its id, when it is due, the end of its period, whether it is late, and how many were missed."""

    digest_id: str
    due: datetime
    until: datetime
    late: bool = False
    missed: int = 0


def compose(schedule: Schedule, run: Run, ground: Ground, max_chars: int) -> Composed:
    """Make the digest of `run`, with why each memo is or is not in it, and the keys of what it tells."""
    found = {part: _found(part, schedule, run, ground, max_chars) for part in schedule.parts}
    sections = tuple(
        Section(part=part, items=found[part].items) for part in Part if part in found and found[part].items
    )
    reasons = [reason for each in found.values() for reason in each.reasons]
    reasons += [
        Reason(memo_id=memo_id, part=part, verdict=Verdict.NOT_IN_COLLECTIONS)
        for memo_id in sorted(ground.hidden)
        for part in schedule.parts
        if part in {Part.NEW, Part.CHANGED, Part.TOPICS}
    ]
    digest = Digest(
        digest_id=run.digest_id,
        schedule_id=schedule.schedule_id,
        conversation=schedule.conversation,
        due=run.due,
        since=schedule.since,
        until=run.until,
        zone=schedule.zone,
        sections=sections,
        late=run.late,
        missed=run.missed,
    )
    return Composed(digest, tuple(reasons), frozenset(key for each in found.values() for key in each.told))


class _Found(NamedTuple):
    items: tuple[Item, ...]
    reasons: tuple[Reason, ...] = ()
    told: frozenset[str] = frozenset()


def _found(  # noqa: PLR0911 - one for each part
    part: Part, schedule: Schedule, run: Run, ground: Ground, max_chars: int
) -> _Found:
    match part:
        case Part.NEW:
            came = sorted(ground.news.came, key=_newest_first)
            return _all(
                part,
                [
                    _new(ground.index, memo, max_chars, with_gist=number < MOST_GISTS)
                    for number, memo in enumerate(came)
                ],
            )
        case Part.CHANGED:
            changes = [item for each in ground.news.changed for item in _changes(each, max_chars)]
            return _all(part, changes)
        case Part.DEPARTED:
            return _all(part, list(_departures(ground)))
        case Part.TOPICS:
            return _topics(ground, max_chars)
        case Part.MOST_QUOTED:
            return _Found(most_quoted(ground.answers, ground.now))
        case Part.OPEN_QUESTIONS:
            return _Found(open_questions(ground.answers, ground.index))
        case Part.REVIEW_DUE:
            return _reviews(ground, run.due.astimezone(ZoneInfo(schedule.zone)))


def _all(part: Part, items: Iterable[NewMemo | ChangedPassage | Departure]) -> _Found:
    items = tuple(items)
    ids = dict.fromkeys(item.memo_id for item in items)
    return _Found(items, tuple(Reason(memo_id=memo_id, part=part, verdict=Verdict.SHOWN) for memo_id in ids))


def _new(index: Index, memo: Memo, max_chars: int, *, with_gist: bool) -> NewMemo:
    sections = dict.fromkeys(passage.section[0] for passage in index.passages_of(memo.id) if passage.section)
    return NewMemo(
        memo_id=memo.id,
        title=memo.title,
        author=memo.author,
        published=memo.published,
        excerpts=gist(index, memo.id, max_chars=max_chars) if with_gist else (),
        sections=tuple(sections),
        citation=_citation(memo),
    )


def _changes(changed: Changed, max_chars: int) -> list[ChangedPassage]:
    """The first changed passages of a memo, in its order."""
    items = []
    for one, other in changed_passages(changed)[:MOST_CHANGES]:
        quotes = shown(
            Place(changed.before, one) if one else None,
            Place(changed.after, other) if other else None,
            max_chars,
        )
        items.append(ChangedPassage(memo_id=changed.after.id, **quotes._asdict()))
    return items


def _departures(ground: Ground) -> Iterator[Departure]:
    """The memos that were removed, withdrawn or superseded in the period."""
    for memo in ground.news.gone:
        yield Departure(memo_id=memo.id, how="removed", citation=_citation(memo))
    came = {memo.id for memo in ground.news.came}
    before = {each.before.id: each.before for each in ground.news.changed}
    stated = came | {each.after.id for each in ground.news.changed}
    for memo in ground.now:
        if memo.id in came:
            continue
        successor = next(
            (each for each in superseded_by(ground.index, memo.id) if each.citation.memo_id in stated), None
        )
        if successor:
            yield Departure(
                memo_id=memo.id, how="superseded", citation=_citation(memo), successor=successor.citation
            )
        elif _is_withdrawn(memo) and memo.id in before and not _is_withdrawn(before[memo.id]):
            yield Departure(memo_id=memo.id, how="withdrawn", citation=_citation(memo))


def _is_withdrawn(memo: Memo) -> bool:
    return (memo.status or "").casefold() == WITHDRAWN


def _topics(ground: Ground, max_chars: int) -> _Found:
    """Each topic in turn; what one tells, a later one does not tell again."""
    keys = new_passages(ground.news)
    told = set(ground.told)
    found: list[TopicFound] = []
    for topic in ground.topics:
        found.append(ask_again(topic, ground.fresh, keys, told, max_chars))
        told |= found[-1].told
    reasons = tuple(reason for each in found for reason in each.reasons)
    return _Found(
        tuple(each.item for each in found if each.item),
        reasons if len(reasons) <= MOST_REASONS else _summed_up(reasons, len(found)),
        frozenset(key for each in found for key in each.told),
    )


def _summed_up(reasons: Sequence[Reason], topics: int) -> tuple[Reason, ...]:
    """The same with one reason for each memo that answers no topic, instead of one for each topic."""
    telling = [reason for reason in reasons if reason.verdict is not Verdict.BELOW_THRESHOLD]
    spoken_of = {reason.memo_id for reason in telling}
    said = f"answers none of the {topics} questions watched here surely enough"
    silent = dict.fromkeys(reason.memo_id for reason in reasons if reason.memo_id not in spoken_of)
    return (
        *telling,
        *(
            Reason(memo_id=memo_id, part=Part.TOPICS, verdict=Verdict.BELOW_THRESHOLD, said=said)
            for memo_id in silent
        ),
    )


def _reviews(ground: Ground, today: datetime) -> _Found:
    """The memos whose review date has come, each date once in a place."""
    items, told = [], set()
    for memo in sorted(ground.now, key=lambda memo: (memo.review or today.date(), memo.id)):
        key = f"review:{memo.id}:{memo.review}"
        if memo.review and memo.review <= today.date() and key not in ground.told:
            items.append(
                ReviewDue(memo_id=memo.id, due=memo.review, owner=memo.owner, citation=_citation(memo))
            )
            told.add(key)
    return _Found(tuple(items), told=frozenset(told))


def _citation(memo: Memo) -> Citation:
    """Cite a memo as a whole: where it begins."""
    first: Passage | None = next(iter(split(memo)), None)
    if first is None:
        raise ValueError(f"{memo.id!r} holds no passage, and a memo that is read holds one.")
    return Citation.of(memo, first, first.span)


def _newest_first(memo: Memo) -> tuple[int, str]:
    return -(memo.published.toordinal() if memo.published else 0), memo.id
