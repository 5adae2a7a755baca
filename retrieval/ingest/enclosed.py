"""Which of the files within a file are read, and under which names?"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

from retrieval.errors import printable
from retrieval.ingest.cleaning import tidy_name
from retrieval.ingest.files import LARGEST
from retrieval.ingest.formats import BINARY, TEXT
from retrieval.ingest.pieces import Attachment

MOST_ENCLOSED = 100
"""Files within one file, those within them counted too."""
DEEPEST = 3
"""A letter in a letter in a letter: so deep files are read."""

_LONGEST_NAME = 100
_NAMED_IN_A_NOTE = 5
_FOLDERS = re.compile(r"[/\\]")


def kept(attachments: Iterable[Attachment], at_most: int) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """Keep what can be read, at most so many, under plain names that differ; and say in sentences what is left out.

    Done again with what was kept, it keeps all of it.
    """
    named = _named(attachments)
    known = [one for one in named if PurePath(one.name).suffix.lower() in TEXT.keys() | BINARY.keys()]
    small = [one for one in known if len(one.data) <= LARGEST]
    reasons: tuple[tuple[str, Sequence[Attachment]], ...] = (
        ("this kind of file is not read", _without(named, known)),
        (f"more than {LARGEST:,} bytes", _without(known, small)),
        (f"at most {at_most} are read" if at_most else "no more are read", small[at_most:]),
    )
    return tuple(small[:at_most]), tuple(_note(why, left) for why, left in reasons if left)


def _named(attachments: Iterable[Attachment]) -> list[Attachment]:
    """Give each a name without folders and odd characters, and a number where another has that name."""
    named: dict[str, Attachment] = {}
    for number, one in enumerate(attachments, 1):
        name = _plain(one.name) or f"enclosure-{number}"
        if name in named:
            name = _free(name, named.__contains__)
        named[name] = Attachment(name, one.data)
    return list(named.values())


def _plain(name: str) -> str:
    last = PurePath(printable(tidy_name(_FOLDERS.split(name)[-1])).strip(". "))
    return f"{last.stem[:_LONGEST_NAME]}{last.suffix[:_LONGEST_NAME]}"


def _free(name: str, is_taken: Callable[[str], bool]) -> str:
    path, number = PurePath(name), 2
    while is_taken(free := f"{path.stem} ({number}){path.suffix}"):
        number += 1
    return free


def _without(these: Sequence[Attachment], those: Sequence[Attachment]) -> list[Attachment]:
    kept_names = {one.name for one in those}
    return [one for one in these if one.name not in kept_names]


def _note(why: str, left: Sequence[Attachment]) -> str:
    names = ", ".join(one.name for one in left[:_NAMED_IN_A_NOTE])
    more = f" and {len(left) - _NAMED_IN_A_NOTE} more" if len(left) > _NAMED_IN_A_NOTE else ""
    return f"enclosed and left out: {names}{more} ({why})"
