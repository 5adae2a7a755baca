"""How is the library written into a folder: its memos, what is known of them, and their past?

`memos/` holds what is current, one file a memo, `versions/` what was; `manifest.json` says the rest. The folder
appears at once, when it is complete. Original files are not kept, so they are not in it: the canonical text is.
"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import AlreadyThere, MalformedArchive
from bot.moving.manifest import Corrected, Line, Manifest, MemoLines, Placed, write
from bot.moving.pages import file_names, old_name, page_of
from bot.storage import Archive, Kept, Store
from retrieval import Memo


class Exported(NamedTuple):
    """How many memos, and versions of them, were written."""

    memos: int
    versions: int


async def export(store: Store, folder: Path) -> Exported:
    """Write the whole library into `folder`, which must be new or empty. AlreadyThere where it is not."""
    archive = await store.archive.read()
    return await asyncio.to_thread(_written, archive, folder)


def _written(archive: Archive, folder: Path) -> Exported:
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise AlreadyThere(
            said=f"{folder} is there already.",
            remedy="Name a folder that is new or empty: nothing is overwritten.",
        )
    if not folder.parent.is_dir():
        raise AlreadyThere(said=f"There is no folder {folder.parent}.", remedy="Make it first.")
    unfinished = Path(
        tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent)
    )  # for its owner's eyes only
    try:
        written = _fill(archive, unfinished)
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return written


def _fill(archive: Archive, folder: Path) -> Exported:
    by_memo = {
        memo_id: list(kept) for memo_id, kept in groupby(archive.versions, key=lambda kept: kept.memo_id)
    }
    names = file_names(list(by_memo))
    manifest = Manifest(
        corpus=archive.version,
        forgotten_before=archive.forgotten_before,
        memos=tuple(
            MemoLines(id=memo_id, versions=tuple(_lines(kept, names[memo_id], folder)))
            for memo_id, kept in by_memo.items()
        ),
        collections=tuple(Placed.model_validate(row) for row in archive.said["collections"]),
        corrections=tuple(Corrected.model_validate(row) for row in archive.said["corrections"]),
    )
    write(manifest, folder)
    return Exported(memos=len(by_memo), versions=len(archive.versions))


def _lines(versions: list[Kept], name: str, folder: Path) -> Iterator[Line]:
    """Write the files of one memo, each text once, and a line for each time that it was current."""
    current = {kept.digest for kept in versions if kept.went is None}
    first_came: dict[str, Kept] = {}
    for kept in versions:
        first = first_came.setdefault(kept.digest, kept)
        old = f"versions/{name}/{old_name(first.came, kept.digest)}"
        file = f"memos/{name}.md" if kept.digest in current else old
        page = page_of(Memo.model_validate_json(kept.body))
        if first is kept:
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page)
        yield Line(
            file=file,
            file_sha256=sha256(page).hexdigest(),
            digest=kept.digest,
            came=kept.came,
            went=kept.went,
            known=_known(kept),
        )


def _known(kept: Kept) -> dict[str, Any]:
    """The memo without its text, from which its very bytes can be made again."""
    body: dict[str, Any] = json.loads(kept.body)
    if sha256(kept.body.encode()).hexdigest() != kept.digest or body_of(body) != kept.body:
        raise MalformedArchive(
            f"Memo {kept.memo_id!r} is not kept as it was read: its hash is another.", "Add its file again."
        )
    return body | {"text": ""}


def body_of(known: dict[str, Any]) -> str:
    """A memo as it is kept: JSON without spaces, the keys in their order."""
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))
