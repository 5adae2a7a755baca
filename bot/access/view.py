"""Which memos may somebody see, out of any?"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from bot.access.allowed import Allowed
from bot.access.names import collection_name, lineage
from retrieval import Memo

Given = Mapping[str, frozenset[str]]
"""The collections that memos were put into by command, by memo id."""

_HOLDS_FILES = frozenset({".eml"})
"""Files that are folders to what is attached to them; a collection is not named after one."""


def folder_collections(source: str) -> frozenset[str]:
    """The collections that a file is in by its place: `policy/hr/leave.md` is in `policy` and in `policy/hr`."""
    return _of_folder(str(PurePosixPath(source).parent))


@lru_cache(maxsize=10_000)
def _of_folder(path: str) -> frozenset[str]:
    folders: list[str] = []
    for part in PurePosixPath(path).parts:
        if PurePosixPath(part).suffix.lower() in _HOLDS_FILES:
            break
        folders.append(part)
    name = collection_name("/".join(folders)) if folders and ".." not in folders else None
    return frozenset(lineage(name)) if name else frozenset()


def stated_collections(memo: Memo) -> frozenset[str]:
    """The collections that a memo names in its front matter, and those that they lie in."""
    return frozenset(
        above for one in memo.collections if (name := collection_name(one)) for above in lineage(name)
    )


def collections_of(memo: Memo, given: Given) -> frozenset[str]:
    """Every collection that a memo belongs to: by its folder, its front matter, and by command."""
    by_command = frozenset(above for name in given.get(memo.id, ()) for above in lineage(name))
    return folder_collections(memo.source) | stated_collections(memo) | by_command


class View:
    """What one conversation may see. Everything that it is told is made from `only` these memos.

    `given` are the collections by command. `current` are the memos of today: an earlier version of one of them is
    seen where today's is as well, so that what was moved out of sight is not found in the past. (And where its own
    folder and front matter allow it, so that what came into sight does not bring along what it said before.)
    `memos` are those of today that are seen, as they were read.
    """

    def __init__(self, allowed: Allowed, given: Given, current: Sequence[Memo]) -> None:
        self.allowed, self._given = allowed, given
        self.memos: Sequence[Memo] = current
        self._hidden: frozenset[str] = frozenset()
        if not allowed.everything:  # what is not asked for need not be read
            self.memos = [memo for memo in current if self._may(memo)]
            seen = {memo.id for memo in self.memos}
            self._hidden = frozenset(memo.id for memo in current if memo.id not in seen)

    def sees(self, memo: Memo) -> bool:
        """Whether `memo`, today's or an earlier version, may be seen."""
        return self.allowed.everything or (memo.id not in self._hidden and self._may(memo))

    def only(self, memos: Iterable[Memo]) -> list[Memo]:
        """Those of `memos` that may be seen, in their order."""
        return [memo for memo in memos if self.sees(memo)]

    def _may(self, memo: Memo) -> bool:
        return self.allowed.everything or self.allowed.sees(collections_of(memo, self._given))
