"""Which memos does a command read (a folder, the library, or the seeds), and how does it answer from them?"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bot.cli.output import notice
from bot.seeds import seeds_folder
from retrieval import Index, Memo, NoSuchPath, build_index, read_memos

if TYPE_CHECKING:
    from bot.library import Library

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
    """The file of an SQLite address; None for anything else. (`bot.storage` would know, but is slow to load.)"""
    scheme, _, name = database_url.partition(":///")
    return Path(name) if scheme == "sqlite" and name not in {"", ":memory:"} and "?" not in name else None


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
