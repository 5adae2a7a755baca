"""Is somebody asking too fast?"""

from collections import OrderedDict, deque
from collections.abc import Hashable
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

WINDOW = timedelta(minutes=1)
MOST_ASKERS = 10_000
"""Askers remembered; whoever asked longest ago is forgotten first."""

T = TypeVar("T")


class Verdict(Enum):
    """What becomes of one more question."""

    FINE = "fine"
    TOO_FAST = "too fast"
    TOO_FAST_AGAIN = "too fast, and told so less than a minute ago"


class Pace:
    """Counts each asker's questions over the last minute; refused ones do not count."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._asked: OrderedDict[Hashable, deque[datetime]] = OrderedDict()
        self._told: OrderedDict[Hashable, datetime] = OrderedDict()

    def of(self, asker: Hashable, now: datetime) -> Verdict:
        """Judge a question that `asker` asks now, and remember it."""
        asked = self._asked.setdefault(asker, deque())
        self._asked.move_to_end(asker)
        while asked and not _within_a_minute(asked[0], now):
            asked.popleft()
        if len(asked) < self._per_minute:
            asked.append(now)
            _forget_oldest(self._asked)
            return Verdict.FINE
        told = self._told.get(asker)
        if told is not None and _within_a_minute(told, now):
            return Verdict.TOO_FAST_AGAIN
        self._told[asker] = now
        self._told.move_to_end(asker)
        _forget_oldest(self._told)
        return Verdict.TOO_FAST


def _within_a_minute(then: datetime, now: datetime) -> bool:
    """Whether `then` was in the last minute. What lies after `now` is from before the clock was put back."""
    return now - WINDOW < then <= now


def _forget_oldest(known: OrderedDict[Hashable, T]) -> None:
    while len(known) > MOST_ASKERS:
        known.popitem(last=False)
