"""Which sentences are said about schedules and digests?"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.digest import Delivery, DeliveryState, Part, Quiet, Reason, Schedule, Topic, Verdict
from bot.rendering.labels import label
from bot.rendering.moments import at

if TYPE_CHECKING:
    from bot.digests.managing import Why

MISSED_FOR_NEWER = "Nothing could be sent then; the next one was sent instead."
REMOVED_MEANWHILE = "The schedule was removed before it could be sent."
NOT_ALLOWED = "Only the people named in ACCESS__MANAGERS may change digests here."
NO_SCHEDULE = "No digest is scheduled here. Make one with: digest weekdays at 9"
WATCH_FORM = "Say which question I should keep asking, for example: watch What is new on tariffs?"
NOT_WATCHED = "This question is not watched here any more."
NO_REASONS = "Nothing is kept about this digest any more."
NOT_YOURS = "Only whoever watches this question, or the people named in ACCESS__MANAGERS, may change that."
NO_PAST_TOPIC = "A topic is about what is new, so as-of: has no place in it."
QUIET_FORM = (
    "Say what I do when there is nothing new: digest quiet first · digest quiet silent · digest quiet each"
)
WHY_FORM = "Name a memo and a day: digest why MEMO-ID 2024-10-07"
HELP = (
    "digest weekdays at 9 in Europe/Berlin: post one here · digest list · digest preview · digest now · "
    "digest pause · digest resume · digest remove · digest change first Monday of the month at 9 · "
    "digest show new, changed · digest quiet silent · digest why MEMO-ID 2024-10-07 · "
    "watch QUESTION: ask it again of everything new · topics · unwatch"
)
PARTS = {
    Part.NEW: "new memos",
    Part.CHANGED: "changed passages",
    Part.DEPARTED: "withdrawn and superseded memos",
    Part.TOPICS: "standing questions",
    Part.MOST_QUOTED: "most quoted",
    Part.OPEN_QUESTIONS: "open questions",
    Part.REVIEW_DUE: "reviews that are due",
}
MOST_REASONS = 20
VERDICTS = {
    Verdict.SHOWN: "shown",
    Verdict.ALREADY_SHOWN: "not shown: it was shown here before",
    Verdict.BELOW_THRESHOLD: "not shown: it",
    Verdict.NOT_IN_COLLECTIONS: "not shown: it is in none of the collections that this channel sees",
    Verdict.CUT: "cut for length; it stands on the digest's full page",
    Verdict.UNCHANGED: "not shown: it was neither new nor changed",
    Verdict.PART_OFF: "not shown: this part is off",
}

_ROOM_FOR_TOPICS, _LEAST_OF_A_TOPIC = 1_400, 24
"""Characters: fifty topics, each with its id, fit into one message of any chat."""


def missed(catch_up: timedelta) -> str:
    """Why an old due time is not kept any more."""
    hours = catch_up.total_seconds() / 3600
    return f"Nothing could be sent for {hours:g} hours after it was due (DIGESTS__CATCH_UP_HOURS)."


def refused(reason: str, said: str) -> str:
    """Why nothing is said in a place: what is `said` to a question there, unless nobody could ask one."""
    return "The channel is gone, or I am not in it any more." if reason == "not_a_member" else said


def stopped(schedule: Schedule, reason: str) -> str:
    """What the maker of a schedule is told, once, when it will not go on by itself."""
    return (
        f"Your digest “{schedule.words}” has stopped: {reason} When that is mended, start it again with: "
        f"digest resume {schedule.schedule_id}"
    )


def made(schedule: Schedule, following: Sequence[datetime]) -> str:
    """What is said when a schedule is made or changed: the next three times are shown back."""
    return f"{_named(schedule)}. {_next(schedule, following)} {quiet(schedule.quiet)}"


def status(schedule: Schedule, following: Sequence[datetime], last: Delivery | None) -> str:
    """How a schedule stands: its next run, its last one and why that was or was not sent."""
    state = _next(schedule, following)
    if schedule.stopped_because:
        state = f"Stopped: {schedule.stopped_because}"
    elif schedule.paused:
        state = "Paused."
    return f"{_named(schedule)}. {state} {sent(last, schedule.zone) if last else 'Nothing was due yet.'}"


def sent(delivery: Delivery, zone: str) -> str:
    """What became of a due time."""
    when = at(delivery.due, zone)
    return {
        DeliveryState.CLAIMED: f"Under way: {when}; not posted yet, a bot that runs tries it again.",
        DeliveryState.POSTED: f"Last sent: {when}.",
        DeliveryState.EMPTY: f"Last due: {when}; nothing was new, so nothing was posted.",
        DeliveryState.MISSED: f"Last due: {when}; missed: {delivery.said}",
        DeliveryState.FAILED: f"Last due: {when}; not sent: {delivery.said}",
    }[delivery.state]


def quiet(policy: Quiet) -> str:
    """What happens when there is nothing new."""
    return {
        Quiet.FIRST: "When there is nothing new I say so once, then keep quiet until there is.",
        Quiet.SILENT: "When there is nothing new I keep quiet.",
        Quiet.EACH: "When there is nothing new I say so each time.",
    }[policy]


def paused(schedule: Schedule) -> str:
    """What is said when a schedule is paused."""
    return f"Paused digest {schedule.schedule_id}. What is new gathers until: digest resume {schedule.schedule_id}"


def removed(schedule: Schedule) -> str:
    """What is said when a schedule is removed."""
    return f"Removed digest {schedule.schedule_id} ({schedule.words}). What it posted stays."


def previewed(schedule: Schedule) -> str:
    """What is said beside a preview."""
    return f"This is what digest {schedule.schedule_id} would say now; only you see it."


def parts(schedule: Schedule) -> str:
    """Which parts a digest shows, and how to choose."""
    shown = ", ".join(PARTS[part] for part in schedule.parts)
    return (
        f"Digest {schedule.schedule_id} shows: {shown}. Choose with: digest show {', '.join(Part)} (or: all)"
    )


def no_option(option: str) -> str:
    """What is said to an option that is none."""
    return (
        f"I do not know what {option!r} means. After the times may follow: ; show new, changed; quiet silent"
    )


def no_part(name: str) -> str:
    """What is said to a part that is none."""
    return f"There is no part {name!r}. The parts are: {', '.join(Part)}."


def which_schedule(schedules: Sequence[Schedule]) -> str:
    """What is said where it is not plain which digest is meant."""
    if not schedules:
        return NO_SCHEDULE
    return f"Say which one: {' · '.join(f'{each.schedule_id} ({each.words})' for each in schedules)}"


def elsewhere(place: str) -> str:
    """What is said where this process cannot post."""
    return f"This process is not connected to {place.partition(':')[0]}. Ask where `quoth run` is."


def watching(topic: Topic, schedule: Schedule, following: Sequence[datetime]) -> str:
    """What is said when a topic is made."""
    return (
        f"I will ask “{topic.question}” of everything new, and say what answers it. {_next(schedule, following)} "
        f"Stop with: unwatch {topic.topic_id}"
    )


def too_long_to_watch(most: int) -> str:
    """What is said to a question that is too long to be watched."""
    return f"A question that I keep asking has at most {most} characters. Say it shorter, or watch its parts."


def unwatched(topic: Topic) -> str:
    """What is said when a topic is ended."""
    return f"I no longer ask “{topic.question}” here."


def stricter(topic: Topic) -> str:
    """What is said to "less like this"."""
    return f"For “{topic.question}” I now show only what is at least {topic.threshold:.0%} sure."


def topics(found: Sequence[Topic]) -> str:
    """The topics of a place."""
    room = max(_LEAST_OF_A_TOPIC, _ROOM_FOR_TOPICS // max(len(found), 1))
    lines = [f"{each.topic_id}: {label(each.question, room)}" for each in found]
    return "\n".join(lines) if lines else f"Nothing is watched here. {WATCH_FORM}"


def which_topic(found: Sequence[Topic]) -> str:
    """What is said where it is not plain which topic is meant."""
    return topics(found) if not found else f"Say which one: unwatch ID\n{topics(found)}"


def day(written: str) -> date | None:
    """A day as YYYY-MM-DD; None where it is none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def not_seen(memo_id: str) -> str:
    """What is said of a memo that the asker may not see, and of one that there is none of."""
    return f"There is no memo {memo_id!r} here."


def why(memo_id: str, on: date, found: "Sequence[Why]") -> str:
    """Why a memo was, or was not, in the digests of a day."""
    if not found:
        return f"No digest was due here on {on}."
    return "\n".join(line for each in found for line in _why_lines(memo_id, each))


def why_all(delivery: Delivery) -> str:
    """Why each memo that came, changed or was asked for was, or was not, in one digest."""
    if not delivery.reasons:
        return "No memo came or changed in the time of this digest."
    lines = [_reason(each) for each in delivery.reasons]
    more = (
        [f"... and {len(lines) - MOST_REASONS} more: digest why MEMO-ID DATE"]
        if len(lines) > MOST_REASONS
        else []
    )
    return "\n".join([*lines[:MOST_REASONS], *more])


def _reason(reason: Reason) -> str:
    return f"{reason.memo_id} in {PARTS[reason.part]}: {VERDICTS[reason.verdict]} {reason.said}".strip() + "."


def _why_lines(memo_id: str, one: "Why") -> list[str]:
    delivery = one.delivery
    zone = one.schedule.zone if one.schedule else delivery.digest.zone if delivery.digest else "UTC"
    head = f"{at(delivery.due, zone)}: "
    if delivery.digest is None:
        return [head + sent(delivery, zone)]
    if not one.reasons:
        return [f"{head}{memo_id} {VERDICTS[Verdict.UNCHANGED]} between {_period(delivery)}."]
    return [head + _reason(each) for each in one.reasons]


def _period(delivery: Delivery) -> str:
    digest = delivery.digest
    return f"{at(digest.since, digest.zone)} and {at(digest.until, digest.zone)}" if digest else ""


def _named(schedule: Schedule) -> str:
    return f"Digest {schedule.schedule_id}: {schedule.words} ({schedule.zone})"


def _next(schedule: Schedule, following: Sequence[datetime]) -> str:
    return f"Next: {' · '.join(at(moment, schedule.zone) for moment in following)}."
