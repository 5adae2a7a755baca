"""What is built at start-up, and in what order?"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.access import Access, Rules, read_rules
from bot.contributions import Contributions
from bot.library import Library
from bot.questions import Questions
from bot.seeds import library_synonyms, seeds_folder
from bot.settings import Settings
from bot.storage import Store, open_store
from retrieval import ReadResult, Synonyms

IN_MEMORY = "sqlite://"


class Parts(NamedTuple):
    """What every role shares."""

    store: Store
    library: Library
    access: Access
    questions: Questions
    contributions: Contributions


@asynccontextmanager
async def built(
    settings: Settings,
    *,
    database_url: str | None = None,
    per_minute: int | None = None,
    synonyms: Sequence[Synonyms] | None = None,
) -> AsyncIterator[Parts]:
    """Open the store (its schema brought up to date), load the library, get ready to answer; close in reverse.

    `database_url`, `per_minute` and `synonyms` stand in for the settings where they are given.
    """
    if synonyms is None:
        synonyms = library_synonyms(settings.answers.synonyms)
    async with open_store(database_url or settings.database_url.get_secret_value()) as store:
        library = Library(
            store, synonyms=synonyms, superseded=settings.answers.superseded, limits=settings.reading.limits
        )
        await library.refresh()
        access = Access(library, store, rules_of(settings), lambda: datetime.now(UTC))
        questions = Questions(
            library,
            store,
            at_most=settings.answers.at_most,
            per_passage=settings.answers.per_passage,
            max_chars=settings.answers.max_chars,
            threshold=settings.answers.threshold,
            per_minute=per_minute or settings.answers.per_minute,
            now=lambda: datetime.now(UTC),
            access=access,
        )
        contributions = Contributions(
            library,
            store,
            access,
            now=lambda: datetime.now(UTC),
            direct_collection=settings.contributions.collection,
        )
        try:
            yield Parts(store, library, access, questions, contributions)
        finally:
            await library.keep()


def rules_of(settings: Settings) -> Rules:
    """Who may see what, as the settings say. Raises SetupError where they cannot be understood."""
    return read_rules(**dict(settings.access))


async def read_seeds(library: Library, say: Callable[[str], object]) -> None:
    """Put the memos in `seeds/` into a library that is empty, and `say` so in a sentence."""
    if library.index.memos:
        return
    seeds = seeds_folder()
    if seeds is None:
        say("The library is empty. Add memos with: quoth memos add PATH")
        return
    await add_folder(library, seeds, say)
    say(
        f"The library was empty: read {len(library.index.memos)} memos from seeds/. "
        "Add your own with: quoth memos add PATH"
    )


async def add_folder(library: Library, folder: Path, say: Callable[[str], object]) -> None:
    """Put the memos in `folder` into the library; a file that cannot be read is named and left out."""

    def note(result: ReadResult) -> None:
        if result.error:
            say(f"Left out: {result.error}")

    await library.add([folder], note)
