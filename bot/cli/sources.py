"""Which memos does a command read (a folder, the library, or the seeds), and how does it answer from them?"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bot.cli.output import notice
from retrieval import Index, Memo, NoSuchPath, build_index, read_memos

if TYPE_CHECKING:
    from bot.library import Library

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


class Usual(NamedTuple):
    """How questions are answered where the command line does not say otherwise."""

    at_most: int = 3
    max_chars: int = 300
    threshold: float | None = None


def usual(folder: Path | None) -> Usual:
    """The settings'; a folder is read without any, so that it answers the same on every machine."""
    if folder:
        return Usual()
    from bot.settings import read_settings

    given = read_settings().answers
    return Usual(given.at_most, given.max_chars, given.threshold)


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
    if not memos:
        notice(f"{folder} holds no memos.")
    return memos


def seeds_folder() -> Path | None:
    """The memos that came with the program: `seeds/` here, else beside the program's own code."""
    return next((folder for base in (Path.cwd(), ROOT) if (folder := base / "seeds").is_dir()), None)


def folder_index(folder: Path) -> Index:
    """The index over the memos in `folder`."""
    return build_index(folder_memos(folder))


def library_index() -> Index:
    """The index over the library; an empty one where there is no library yet."""
    from bot.settings import read_settings

    url = read_settings().database_url
    return with_library(url, _index) if may_hold_memos(url) else build_index([])


def index_of(folder: Path | None) -> Index:
    """The index over `folder`; without one, over the library; where that is empty or absent, over the seeds."""
    if folder:
        return folder_index(folder)
    if (index := library_index()).memos:
        return index
    seeds = seeds_folder()
    if seeds is None:
        notice("The library is empty. Add memos with: quoth memos add PATH")
        return index
    notice("The library is empty, so this is from seeds/. Add your own memos with: quoth memos add PATH")
    return folder_index(seeds)


def sqlite_file(database_url: str) -> Path | None:
    """The file of an SQLite address; None for any other database, and for one in memory."""
    scheme, _, path = database_url.partition(":///")
    path = path.partition("?")[0]
    return Path(path) if scheme.startswith("sqlite") and path and path != ":memory:" else None


def may_hold_memos(database_url: str) -> bool:
    """Whether there is a library to look into; asking a question does not make an SQLite file."""
    file = sqlite_file(database_url)
    return file is None or file.is_file()


def with_library(database_url: str, work: Callable[["Library"], Awaitable[T]]) -> T:
    """Open the library, do `work` with it, close it."""

    async def opened() -> T:
        from bot.library import Library
        from bot.storage import open_store

        async with open_store(database_url) as store:
            library = Library(store)
            await library.refresh()
            return await work(library)

    return asyncio.run(opened())


async def _index(library: "Library") -> Index:
    return library.index
