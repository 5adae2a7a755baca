"""How far is a command that reads many files, or indexes many memos, and what failed?"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from bot.cli.output import notice

if TYPE_CHECKING:
    from retrieval import ReadResult


MANY = 2_000
"""Memos that take a second to index."""


class Count:
    """Counts files as they are read; each bad one gets its line at once."""

    def __init__(self, bar: Any = None) -> None:
        self.read = 0
        self.failed = 0
        self._told: set[str] = set()
        self._bar = bar

    def found(self, files: int) -> None:
        """So many files are to be read; counting begins anew."""
        self.read = self.failed = 0
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=0, total=files)

    def result(self, result: "ReadResult") -> None:
        """Take one file in."""
        if result.error:
            self.failed += 1
            self.failure(str(result.error))
        else:
            self.read += 1
            if self._bar is None:
                self._say(f"read: {result.path}")
        for note in result.notes:
            self._say(f"note: {result.path}: {note}")
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self.read + self.failed)

    def failure(self, why: str) -> None:
        """Name a bad file, once."""
        if why not in self._told:
            self._told.add(why)
            self._say(f"failed: {why}")

    def _say(self, line: str) -> None:
        if self._bar is None:
            notice(line)
        else:
            from rich.markup import escape

            from retrieval import printable

            self._bar.console.print(escape(printable(line)))


@contextmanager
def counting() -> Iterator[Count]:
    """A count that shows itself on standard error: a moving line in a terminal, a line a file elsewhere."""
    if not sys.stderr.isatty():
        yield Count()
        return
    with _bar("reading memos") as bar:
        yield Count(bar)


class Indexed:
    """Counts memos as they are indexed, where they are so many that somebody waits."""

    def __init__(self, bars: ExitStack) -> None:
        self._bars = bars
        self._bar: Any = None

    def found(self, memos: int) -> None:
        """So many memos are to be indexed."""
        if memos <= MANY:
            return
        notice(f"indexing {memos:,} memos; the next question will not wait for it.")
        if sys.stderr.isatty():
            self._bar = self._bars.enter_context(_bar("indexing memos"))
            self._bar.update(self._bar.task_ids[0], total=memos)

    def one(self) -> None:
        """One more is."""
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0])


@contextmanager
def indexing() -> Iterator[Indexed]:
    """A count of memos that shows itself on standard error: a moving line in a terminal, a line elsewhere."""
    with ExitStack() as bars:
        yield Indexed(bars)


@contextmanager
def _bar(what: str) -> Iterator[Any]:
    """A moving line on standard error that goes when it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task("", total=None)
        yield bar
