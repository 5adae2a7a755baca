"""By which id is a memo known?"""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePosixPath

from retrieval.errors import DuplicateId

_LONGEST = 120
_OTHER = re.compile(r"[^\w.-]+")
_TWIN_DIGITS = 6


def slug(source: str) -> str:
    """Return a file's path without suffix as an id: "-" between folders and for other signs; never empty."""
    path = unicodedata.normalize("NFC", str(PurePosixPath(source).with_suffix("")))
    name = _OTHER.sub("-", path).strip("-.")
    if len(name) > _LONGEST:
        name = f"{name[: _LONGEST - _TWIN_DIGITS - 1]}-{_digest(source)}"
    return name or f"memo-{_digest(source)}"


class Register:
    """The ids given out while some files are read, so that none names two memos.

    `owners` maps ids that are not free to the sources that have them. `kept` maps a source to the id that it had
    before, under whatever name; it keeps that unless the file states another, and no other source gets it.
    """

    def __init__(self, owners: Mapping[str, str] = {}, kept: Mapping[str, str] = {}) -> None:
        self._owners, self._kept = dict(owners), kept
        self._kept_for = {memo_id: source for source, memo_id in kept.items()}

    def claim(self, stated: str | None, source: str) -> str:
        """Return the id for `source`: the one that it states, else had, else its slug; with a digest where taken.

        Raises DuplicateId where a stated id is taken.
        """
        memo_id = stated or self._kept.get(source) or slug(source)
        if stated and not self._is_free(stated, source):
            raise DuplicateId(source, stated, self._owners.get(stated) or self._kept_for[stated])
        plain, salt = memo_id, source
        while not self._is_free(memo_id, source):
            memo_id, salt = f"{plain}-{_digest(salt)}", f"{salt}\n"
        self._owners[memo_id] = source
        return memo_id

    def _is_free(self, memo_id: str, source: str) -> bool:
        return memo_id not in self._owners and self._kept_for.get(memo_id, source) == source


def _digest(source: str) -> str:
    return sha256(source.encode()).hexdigest()[:_TWIN_DIGITS]
