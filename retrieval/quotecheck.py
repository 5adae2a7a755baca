"""Does a sentence that somebody quotes stand in the memos?"""

import json
from collections.abc import Iterable
from pathlib import Path

from retrieval.errors import MalformedFile
from retrieval.models import Frozen, Memo


class Mismatch(Frozen):
    """A quote that does not stand where its citation says; `why` is a sentence for the reader."""

    number: int
    quote: str
    why: str


def check_quotes(saved: dict[str, object], memos: Iterable[Memo]) -> list[Mismatch]:
    """Every quote of `saved` (what `quoth ask --json` printed) that does not stand in `memos` at its place."""
    raise NotImplementedError


def read_answer(path: Path) -> dict[str, object]:
    """Read a saved `quoth ask --json`; MalformedFile when it is not one."""
    raise NotImplementedError
