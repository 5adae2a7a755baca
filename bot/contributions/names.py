"""Under which name is a shared file read?

A name that somebody gave a file is a claim: it may hold slashes, control characters, half a character, or be as
long as a page. Its suffix says how it is read, and the rest becomes the memo's id and source.
"""

import re
import unicodedata
from pathlib import PurePosixPath

UNNAMED = "memo"
LONGEST = 120
"""Characters. A file's name may take 255 bytes, and a character takes up to four in the worst case that is kept."""
_LONGEST_BYTES = 200
_LONGEST_SUFFIX = 12
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f<>:\"|?*\ud800-\udfff]|[^\S ]")


def safe_name(name: str) -> str:
    """`name` without folders and without what a file system or a terminal takes amiss; never empty, never hidden."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) != "Cf")
    plain = _NOT_IN_NAMES.sub(" ", shown)
    words = PurePosixPath(" ".join(plain.split()).strip(". ") or UNNAMED)
    suffix = words.suffix if len(words.suffix) <= _LONGEST_SUFFIX else ""
    return f"{_cut(words.name.removesuffix(suffix), len(suffix))}{suffix}"


def suffix_of(name: str) -> str:
    """The suffix by which a file's kind is known, in lower case, with its dot; "" where it has none."""
    return PurePosixPath(safe_name(name)).suffix.lower()


def _cut(stem: str, room_for: int) -> str:
    kept = stem[: LONGEST - room_for]
    while len(kept.encode()) > _LONGEST_BYTES:
        kept = kept[:-1]
    return kept.rstrip(". ") or UNNAMED
