"""May the memos go whose files are gone, or has the folder itself lost its files for a moment?"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.folders.comparing import Comparison

NEVER_ASK = 1.0
"""The share at which every removal is made."""

AT_ONCE = timedelta(seconds=10)
"""Removals that follow each other this closely count as one: a folder may lose its files one after the other."""


class Removals:
    """Holds back a removal of more than `share` of a folder's memos, and then all others, until somebody says yes.

    `confirmed` is how many memos somebody said yes to. What was held back goes only with a yes, or stays when the
    files are back.
    """

    def __init__(self, share: float, confirmed: int = 0) -> None:
        self._share, self._confirmed = share, confirmed
        self._made: list[tuple[datetime, int]] = []

    def held(self, comparison: Comparison, now: datetime) -> int:
        """How many memos have to wait; 0 where what is gone may go."""
        gone = memos_of(comparison, comparison.gone)
        if gone == 0:
            return comparison.known.held if comparison.is_partial else 0
        if gone <= self._confirmed:
            return 0
        just_made = sum(memos for made, memos in self._made if now - made < AT_ONCE)
        there = just_made + memos_of(comparison, comparison.known.files)
        too_many = self._share < NEVER_ASK and just_made + gone > self._share * there
        return gone if too_many or comparison.known.held else 0

    def made(self, memos: int, now: datetime) -> None:
        """So many memos were removed."""
        self._made = [(made, count) for made, count in self._made if now - made < AT_ONCE]
        self._made.append((now, memos))


def memos_of(comparison: Comparison, paths: Iterable[str]) -> int:
    """How many memos these files of the folder own."""
    files = comparison.known.files
    return sum(given.owns for path in paths for given in files[path].gave)
