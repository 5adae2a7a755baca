"""What stands in the manifest of an exported library?

Everything that the files beside it do not say: which version was current when, what is known of each, and hashes, so
that what was changed on the way is not taken in.
"""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from bot.errors import MalformedArchive
from bot.models import Frozen

NAME = "manifest.json"


class Line(Frozen):
    """A time that a version was current: the file with its text, and what else is known of it.

    `digest` is that of the memo as it is kept, `file_sha256` that of the file in the export. `known` is the memo as
    it is kept, its text left out; the keys stand in their order.
    """

    file: str
    file_sha256: str = Field(pattern="[0-9a-f]{64}")
    digest: str = Field(pattern="[0-9a-f]{64}")
    came: AwareDatetime
    went: AwareDatetime | None
    known: dict[str, Any]


class MemoLines(Frozen):
    """A memo with every time that a version of it was current, oldest first."""

    id: str
    versions: tuple[Line, ...] = Field(min_length=1)


class Placed(Frozen):
    """Somebody put a memo into a collection, or took it out."""

    memo_id: str
    name: str
    belongs: bool
    said_by: str
    said_at: AwareDatetime


class Corrected(Frozen):
    """Somebody said what a version's title and date are."""

    memo_id: str
    sha256: str
    title: str
    published: date | None
    corrected_by: str
    corrected_at: AwareDatetime


class Manifest(Frozen):
    """An exported library. `checksum` is that of all the rest."""

    format: Literal["quoth library"] = "quoth library"
    layout: Literal[1] = 1
    corpus: str
    forgotten_before: AwareDatetime | None
    memos: tuple[MemoLines, ...]
    collections: tuple[Placed, ...]
    corrections: tuple[Corrected, ...]
    checksum: str = ""


def write(manifest: Manifest, folder: Path) -> None:
    """Write the manifest of an export."""
    document = manifest.model_dump(mode="json")
    text = json.dumps(document | {"checksum": _checksum(document)}, ensure_ascii=False, indent=1)
    (folder / NAME).write_bytes(text.encode() + b"\n")


def read(folder: Path) -> Manifest:
    """Read the manifest of the export in `folder`. Raises MalformedArchive."""
    path = folder / NAME
    try:
        document = json.loads(path.read_bytes())
        manifest = Manifest.model_validate(document)
    except OSError as refused:
        raise MalformedArchive(
            f"{path} cannot be read: {refused.strerror}.", "Name a folder that quoth memos export made."
        ) from None
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise MalformedArchive(
            f"{path} is not the manifest of an export ({where}: {first['msg']})."
        ) from None
    except (ValueError, RecursionError):
        raise MalformedArchive(f"{path} is not the manifest of an export: it is not JSON.") from None
    if manifest.checksum != _checksum(document):
        raise MalformedArchive(f"{path} was changed since it was exported: its checksum is another.")
    return manifest


def _checksum(document: Mapping[str, Any]) -> str:
    """The checksum of everything else in a manifest, whatever its spaces."""
    rest = {name: value for name, value in document.items() if name != "checksum"}
    return sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
