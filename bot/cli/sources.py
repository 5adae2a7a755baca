"""Which memos does a command read (a folder, the library, or the seeds), and how does it answer from them?"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bot.cli.output import notice
from bot.seeds import library_synonyms, seeds_folder, synonyms_in
from retrieval import Index, Memo, NoSuchPath, Superseded, Synonyms, build_index, cores, read_memos

if TYPE_CHECKING:
    from bot.storage import Store
    from retrieval import Answer

T = TypeVar("T")


class Usual(NamedTuple):
    """How questions are answered where the command line does not say otherwise."""

    at_most: int = 3
    per_passage: int = 1
    max_chars: int = 300
    threshold: float | None = None
    superseded: Superseded = Superseded.DEMOTE


def usual(folder: Path | None) -> Usual:
    """The settings'; a folder is read without any, so that it answers the same on every machine."""
    if folder:
        return Usual()
    from bot.settings import read_settings

    given = read_settings().answers
    return Usual(given.at_most, given.per_passage, given.max_chars, given.threshold, given.superseded)


def folder_memos(folder: Path) -> list[Memo]:
    """The memos in `folder` (or the one file); a file that cannot be read is named on standard error and left out."""
    if not folder.exists():
        raise NoSuchPath(folder)
    memos = []
    for result in read_memos([folder]):
        if result.memo:
            memos.append(result.memo)
        else:
            notice(f"left out: {result.error}")
        for note in result.notes:
            notice(f"note: {result.path}: {note}")
    if not memos:
        notice(f"{folder} holds no memos.")
    return memos


def library_memos(day: date | None = None) -> list[Memo]:
    """The memos in the library (as it stood at the end of `day`); none where there is no library yet."""

    async def work(store: "Store") -> list[Memo]:
        from bot.past import end_of

        return await store.versions.at(end_of(day)) if day else await store.memos.all()

    return with_store(work) if library_may_exist() else []


def remarked(answer: "Answer") -> "Answer":
    """An answer from the library's past, with what must be said of that past."""

    async def work(store: "Store") -> "Answer":
        from bot.library import utc_now
        from bot.past import Past

        return await Past(store, utc_now).remarked(answer)

    return with_store(work) if library_may_exist() else answer


def memos_of(folder: Path | None, day: date | None = None) -> list[Memo]:
    """The memos in `folder`; without one, in the library; where that is empty or absent, the seeds.

    The library's past is its own, also where it is empty: `day` is the one at whose end it is meant.
    """
    if folder:
        return folder_memos(folder)
    if day:
        return library_memos(day)
    if memos := library_memos():
        return memos
    seeds = seeds_folder()
    if seeds is None:
        notice("The library is empty. Add memos with: quoth memos add PATH")
        return []
    notice("The library is empty, so this is from seeds/. Add your own memos with: quoth memos add PATH")
    return folder_memos(seeds)


def index_of(
    folder: Path | None, day: date | None = None, only: Callable[[list[Memo]], list[Memo]] | None = None
) -> Index:
    """The index over `memos_of(folder, day)`, `only` some of them, with the synonyms that go with them."""
    if not (folder or day or only) and (index := _kept_index()) and index.info.memos:
        return index
    if folder is None and library_may_exist():
        index = with_store(lambda store: _library_index(store, day, only))
        if index:
            return index
    memos = memos_of(folder, day)
    return build_index(
        only(memos) if only else memos,
        synonyms_of(folder),
        superseded=usual(folder).superseded,
        workers=cores(),
    )


def drop_stale_index() -> None:
    """Remove an index that is over other memos than the library holds now: it holds the text of those that went."""
    from bot.opening import drop_stale
    from bot.settings import read_settings

    file = sqlite_file(read_settings().database_url.get_secret_value())
    if file and file.exists():
        drop_stale(file)


def _kept_index() -> Index | None:
    """The index over the library as it stands, as an earlier run left it; None where it left another or none."""
    from bot.opening import opened
    from bot.settings import read_settings

    file = sqlite_file(read_settings().database_url.get_secret_value())
    return opened(file, synonyms_of(None), usual(None).superseded) if file else None


async def _library_index(
    store: "Store", day: date | None, only: Callable[[list[Memo]], list[Memo]] | None
) -> Index | None:
    """The same over the library, sooner by what an earlier run found out; None for today's where it is empty."""
    from bot.cli.progress import indexing
    from bot.library import Library, utc_now
    from bot.observability import set_up_logging
    from bot.past import end_of

    set_up_logging("warning", "text")
    library = Library(store, utc_now, synonyms_of(None), usual(None).superseded)
    with indexing() as count:
        await library.refresh(count.found, count.one, lasting=False)
    if not library.memos and day is None:
        drop_stale_index()
        return None
    if not (day or only):
        await library.keep()
        return library.index
    memos = await store.versions.at(end_of(day)) if day else list(library.memos)
    return build_index(
        only(memos) if only else memos, library.index.synonyms, library.index, library.index.superseded
    )


def synonyms_of(folder: Path | None) -> tuple[Synonyms, ...]:
    """The synonyms in `folder`; without one, those that the settings name, else those beside the seeds."""
    if folder:
        return synonyms_in(folder)
    from bot.settings import read_settings

    return library_synonyms(read_settings().answers.synonyms)


def library_may_exist() -> bool:
    """Whether there is a library to look into; only looking does not make an SQLite file."""
    from bot.settings import read_settings

    file = sqlite_file(read_settings().database_url.get_secret_value())
    return file is None or file.exists()


def sqlite_file(database_url: str) -> Path | None:
    """The file of an SQLite address; None for anything else. (`bot.storage` would know, but is slow to load.)"""
    scheme, _, name = database_url.partition(":///")
    return Path(name) if scheme == "sqlite" and name not in {"", ":memory:"} and "?" not in name else None


def with_store(work: Callable[["Store"], Awaitable[T]]) -> T:
    """Open the database that the settings name, do `work` with it, close it."""
    from bot.settings import read_settings
    from bot.storage import open_store

    url = read_settings().database_url.get_secret_value()

    async def opened() -> T:
        async with open_store(url) as store:
            return await work(store)

    return asyncio.run(opened())
