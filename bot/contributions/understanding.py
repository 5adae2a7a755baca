"""What is read from one shared file, and what is said of it?"""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.contributions.downloading import too_large
from bot.contributions.names import safe_name, suffix_of
from bot.errors import FileRefused
from bot.models import Entry, Fate, SharedFile
from bot.platforms.base import TakesFiles
from bot.reading import off_the_loop
from bot.rendering.receipts import wording
from retrieval import (
    LARGEST,
    SUFFIXES,
    Memo,
    ReadingLimits,
    ReadResult,
    UnreadableMemo,
    printable,
    read_memos,
    split,
)

_NAMED = (".pdf", ".docx", ".pptx", ".xlsx", ".csv", ".eml", ".html", ".md", ".txt")
"""What a person is told to use; their relatives (.htm, .docm) are read too."""

READING = 150.0
"""Seconds for one file with all that it encloses."""


@dataclass(frozen=True)
class Understood:
    """The memos in a file, its own first, and sentences of its readers; at least one memo."""

    memos: tuple[Memo, ...]
    notes: tuple[str, ...] = ()


async def understand(platform: TakesFiles, file: SharedFile, limits: ReadingLimits) -> Understood:
    """Fetch a shared file and read it as any file is read, within `limits`; all that it encloses within READING.

    Raises FileRefused, with a sentence for who shared it, where it cannot be; what the platform's outages raise.
    """
    if suffix_of(file.name) not in SUFFIXES:
        raise FileRefused(wording.not_read([kind for kind in _NAMED if kind in SUFFIXES]))
    if file.size > LARGEST:
        raise too_large(file.size, LARGEST)
    with tempfile.TemporaryDirectory(prefix="quoth-") as folder:
        path = Path(folder) / safe_name(file.name)
        await platform.fetch(file, path, LARGEST)
        try:
            async with asyncio.timeout(READING):
                results = [result async for result in off_the_loop(read_memos([path], limits))]
        except TimeoutError:
            raise FileRefused(wording.TOOK_TOO_LONG) from None
        return _understood(results, path)


def entry_of(
    understood: Understood, file: SharedFile, contribution_id: str, collections: Sequence[str] | None
) -> Entry:
    """What was understood, as it will be said; the fate is not known yet."""
    own, *enclosed = understood.memos
    return Entry(
        contribution_id=contribution_id,
        file=safe_name(file.name),
        fate=Fate.ADDED,
        title=own.title,
        author=own.author,
        published=own.published,
        pages=max((block.page for block in own.blocks if block.page is not None), default=None),
        passages=len(split(own)),
        enclosed=tuple(memo.title for memo in enclosed),
        notes=understood.notes,
        collections=None if collections is None else tuple(collections),
    )


def refused(file: SharedFile, contribution_id: str, said: str) -> Entry:
    """What is said of a file that was not added."""
    return Entry(contribution_id=contribution_id, file=safe_name(file.name), fate=Fate.NOT_ADDED, said=said)


def _understood(results: Sequence[ReadResult], path: Path) -> Understood:
    memos = tuple(result.memo for result in results if result.memo)
    failures = [_sentence(result.error, path) for result in results if result.error]
    if not memos:
        raise FileRefused(failures[0] if failures else wording.NOTHING_ADDED)
    notes = [f"{_within(result, path)}{note}" for result in results for note in result.notes if result.memo]
    return Understood(memos, (*notes, *failures))


def _sentence(error: UnreadableMemo, path: Path) -> str:
    """What the reader says, without the place where the file lay while it was read."""
    said = str(error).replace(f"{printable(str(path.parent))}/", "")
    return said.removeprefix(f"{printable(path.name)}: ")


def _within(result: ReadResult, path: Path) -> str:
    """Which memo a note is about, where that is one inside of the file."""
    return "" if result.path == path else f"{result.path.name}: "
