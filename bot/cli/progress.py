"""How far is a command that reads many files, and which of them failed?"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.cli.output import notice

if TYPE_CHECKING:
    from retrieval import ReadResult


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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("reading memos"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task("", total=None)
        yield Count(bar)
