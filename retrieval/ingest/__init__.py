"""How does a file become a memo?"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from retrieval.errors import UnreadableMemo
from retrieval.models import Frozen, Memo


class ReadResult(Frozen):
    """One file that was tried: the memo, or why there is none."""

    model_config = {"arbitrary_types_allowed": True}

    path: Path
    memo: Memo | None = None
    error: UnreadableMemo | None = None


def read_memo(path: Path | str) -> Memo:
    """Read one file as a memo; UnreadableMemo (a subclass) where it cannot be."""
    path = Path(path)
    return Memo(id=path.stem, title=path.stem, text=path.read_text(), source=path.name)


def read_memos(paths: Iterable[Path | str]) -> Iterator[ReadResult]:
    """Read files and folders (recursively, sorted); a bad file is a result with its error, never an exception."""
    for given in map(Path, paths):
        for path in sorted(given.rglob("*")) if given.is_dir() else [given]:
            yield ReadResult(path=path, memo=read_memo(path))
