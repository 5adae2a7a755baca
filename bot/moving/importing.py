"""How is an exported library taken into this one, and what is refused on the way?

Nothing is believed: a path must stay in the folder, a file must be the one that was written, and each memo must have
the hash that it had. All of it comes in, or nothing does.
"""

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from bot.errors import MalformedArchive
from bot.moving import manifest as manifests
from bot.moving.exporting import body_of
from bot.moving.manifest import Line, Manifest
from bot.moving.pages import text_of
from bot.storage import Archive, Kept, Store, TakenIn
from retrieval import Memo


async def take_in(store: Store, folder: Path) -> TakenIn:
    """Add every memo of the export in `folder`, with its past. A second time nothing changes.

    Raises MalformedArchive, and AlreadyThere where the library holds other versions of one of the memos.
    """
    return await store.archive.take_in(await asyncio.to_thread(read, folder))


def read(folder: Path) -> Archive:
    """What the export in `folder` holds. Raises MalformedArchive."""
    manifest = manifests.read(folder)
    return Archive(
        version=manifest.corpus,
        forgotten_before=manifest.forgotten_before,
        versions=tuple(_versions(manifest, folder)),
        said={
            "collections": tuple(each.model_dump() for each in manifest.collections),
            "corrections": tuple(
                each.model_dump() | {"published": each.published and each.published.isoformat()}
                for each in manifest.corrections
            ),
        },
    )


def _versions(manifest: Manifest, folder: Path) -> Iterator[Kept]:
    seen: set[str] = set()
    for memo in manifest.memos:
        if memo.id in seen:
            raise MalformedArchive(f"{folder}: the memo {memo.id!r} is listed twice.")
        seen.add(memo.id)
        if sum(line.went is None for line in memo.versions) > 1:
            raise MalformedArchive(f"{folder}: the memo {memo.id!r} has two current versions.")
        for line in memo.versions:
            yield _version(memo.id, line, folder)


def _version(memo_id: str, line: Line, folder: Path) -> Kept:
    if line.went is not None and line.went < line.came:
        raise MalformedArchive(f"{folder}: a version of {memo_id!r} went before it came.")
    path = _inside(folder, line.file)
    try:
        page = path.read_bytes()
        if sha256(page).hexdigest() != line.file_sha256:
            raise MalformedArchive(
                f"{path} was changed since it was exported.",
                "To add files that you edited, use: quoth memos add.",
            )
        body = body_of(line.known | {"text": text_of(page)})
        memo = Memo.model_validate_json(body)
    except OSError as refused:
        raise MalformedArchive(f"{path} cannot be read: {refused.strerror}.") from None
    except (ValidationError, ValueError):
        raise MalformedArchive(f"{path} is no memo as the manifest says.") from None
    if sha256(body.encode()).hexdigest() != line.digest or memo.id != memo_id:
        raise MalformedArchive(f"{path}: the memo's hash is not the one in the manifest.")
    if any(not 0 <= block.span.start <= block.span.end <= len(memo.text) for block in memo.blocks):
        raise MalformedArchive(f"{path}: a block lies outside of the text.")
    return Kept(memo_id, line.digest, body, line.came, line.went)


def _inside(folder: Path, file: str) -> Path:
    """The path of a file of the export; MalformedArchive where it leads out of the folder, links followed."""
    named = PurePosixPath(file)
    path = folder / named
    try:
        stays = path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a NUL, a circle of links
        stays = False
    if named.is_absolute() or ".." in named.parts or "\\" in file or not stays or not path.is_file():
        raise MalformedArchive(f"{folder}: {file!r} is no file of the export.")
    return path
