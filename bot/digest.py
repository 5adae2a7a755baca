"""What is a schedule, a topic, a digest, and the delivery of one?"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from bot.models import Conversation, Frozen
from retrieval import Citation, Excerpt, Span


class Part(StrEnum):
    """What a digest may hold, in the order in which it does."""

    NEW = "new"
    CHANGED = "changed"
    DEPARTED = "departed"
    TOPICS = "topics"
    MOST_QUOTED = "most_quoted"
    OPEN_QUESTIONS = "open_questions"
    REVIEW_DUE = "review_due"


class Quiet(StrEnum):
    """What is posted when there is nothing new: one line on the first such day, nothing, or a line each time."""

    FIRST = "first"
    SILENT = "silent"
    EACH = "each"


class Schedule(Frozen):
    """A place that a digest is posted to, and when.

    `words` are those of its maker, `crons` and `zone` what they mean (`bot.digests.timing.Timetable`). `since` is up to
    when everything has been told: the baseline at first, later the end of the last digest that was settled.
    `next_due` is None while it is paused or stopped; `stopped_because` says why it will not go on by itself.
    `quiet_days` counts the empty digests since the last one with news; `by_settings` says that the settings made it.
    """

    schedule_id: str
    conversation: Conversation
    words: str
    crons: tuple[str, ...]
    zone: str
    parts: tuple[Part, ...] = tuple(Part)
    quiet: Quiet = Quiet.FIRST
    maker: str
    made_at: datetime
    since: datetime
    next_due: datetime | None
    paused: bool = False
    stopped_because: str | None = None
    quiet_days: int = 0
    by_settings: bool = False


class Topic(Frozen):
    """A standing question, asked again of everything new, for one place.

    `threshold` is the confidence (0 to 1) that an answer needs to be shown; "less like this" raises it.
    """

    topic_id: str
    conversation: Conversation
    asker: str
    question: str
    made_at: datetime
    threshold: float


class NewMemo(Frozen):
    """A memo that came, the one or two sentences that carry it, and its sections."""

    kind: Literal["new"] = "new"
    memo_id: str
    title: str
    author: str | None
    published: date | None
    excerpts: tuple[Excerpt, ...]
    sections: tuple[str, ...]
    citation: Citation


class ChangedPassage(Frozen):
    """A passage before and after; `gone` and `come` are the places, in the quotes, of the words that differ."""

    kind: Literal["changed"] = "changed"
    memo_id: str
    before: Excerpt | None
    after: Excerpt | None
    gone: tuple[Span, ...]
    come: tuple[Span, ...]


class Departure(Frozen):
    """A memo that was withdrawn, superseded (`successor` cites what took its place) or removed."""

    kind: Literal["departed"] = "departed"
    memo_id: str
    how: Literal["withdrawn", "superseded", "removed"]
    citation: Citation
    successor: Citation | None = None


class TopicNews(Frozen):
    """What is new for a standing question."""

    kind: Literal["topic"] = "topic"
    topic_id: str
    question: str
    excerpts: tuple[Excerpt, ...]


class QuotedOften(Frozen):
    """A passage that was quoted in this many answers."""

    kind: Literal["quoted"] = "quoted"
    excerpt: Excerpt
    times: int


class OpenQuestion(Frozen):
    """A question that no memo answered, and how often it was asked, in whatever words."""

    kind: Literal["open"] = "open"
    question: str
    times: int


class ReviewDue(Frozen):
    """A memo whose review date has come."""

    kind: Literal["review"] = "review"
    memo_id: str
    due: date
    owner: str | None
    citation: Citation


Item = Annotated[
    NewMemo | ChangedPassage | Departure | TopicNews | QuotedOften | OpenQuestion | ReviewDue,
    Field(discriminator="kind"),
]


PREVIEW = "preview"
"""The id of a digest that is only looked at: it is kept nowhere."""


class Section(Frozen):
    """One part of a digest, and what it holds."""

    part: Part
    items: tuple[Item, ...]


class Digest(Frozen):
    """What is posted at one due time: quotes alone, and what they are quoted for.

    It tells of what changed from `since` to `until`; `late` says that it is posted after a time in which nothing could
    be; `missed` counts the due times before it that were not kept.
    """

    digest_id: str
    schedule_id: str
    conversation: Conversation
    due: datetime
    since: datetime
    until: datetime
    zone: str
    sections: tuple[Section, ...] = ()
    late: bool = False
    missed: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing new."""
        return not any(section.items for section in self.sections)

    @property
    def memo_ids(self) -> frozenset[str]:
        """The memos that it tells of, whether as news or in a quote."""
        return frozenset(_memo_ids(self.model_dump(include={"sections"})))


class Verdict(StrEnum):
    """Why something is, or is not, in a digest."""

    SHOWN = "shown"
    ALREADY_SHOWN = "already_shown"
    BELOW_THRESHOLD = "below_threshold"
    NOT_IN_COLLECTIONS = "not_in_collections"
    CUT = "cut"
    UNCHANGED = "unchanged"
    PART_OFF = "part_off"


class Reason(Frozen):
    """What became of a memo in one part of a digest, in the words of `quoth digest why`."""

    memo_id: str
    part: Part
    verdict: Verdict
    said: str = ""


class DeliveryState(StrEnum):
    """How far a due digest has come."""

    CLAIMED = "claimed"
    POSTED = "posted"
    EMPTY = "empty"
    MISSED = "missed"
    FAILED = "failed"


class Delivery(Frozen):
    """One due time of one schedule, and what became of it; `tries` counts the processes that took it on.

    `message_id` is the platform's; `said` is why it was missed or failed; `claimed_until` ends the last one's lease.
    """

    delivery_id: str
    schedule_id: str
    due: datetime
    state: DeliveryState
    tries: int = 1
    digest: Digest | None = None
    reasons: tuple[Reason, ...] = ()
    message_id: str | None = None
    said: str | None = None
    settled_at: datetime | None = None
    claimed_until: datetime | None = Field(None, exclude=True)


class Composed(NamedTuple):
    """A digest, why each memo is or is not in it, and the keys of what it tells, which is never told there again."""

    digest: Digest
    reasons: tuple[Reason, ...]
    told: frozenset[str]


PageLink = Callable[[str], str | None]
"""Where a reader opens the full page of the digest of this id (an absolute URL); None without a reading room."""


def place_of(conversation: Conversation) -> str:
    """The key of the channel (or direct message) that something is told in; its threads are the same place."""
    return f"{conversation.platform.value}:{conversation.workspace}/{conversation.channel}"


def _memo_ids(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if "memo_id" in told:
            yield told["memo_id"]
        told = told.values()
    elif not isinstance(told, list | tuple):
        return
    for each in told:
        yield from _memo_ids(each)
