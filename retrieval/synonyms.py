"""Which wordings mean the same, as a reviewed list says?"""

import re
from pathlib import Path

from pydantic import field_serializer

from retrieval.errors import MalformedFile, NoSuchPath
from retrieval.models import Frozen
from retrieval.plain import forms

_ARROW, _COMMA = re.compile(r"(?<!\\)=>"), re.compile(r"(?<!\\),")
_RIGHT = "Write `ROK, South Korea` for equals, `America => United States` for one way."


class Synonyms(Frozen):
    """A question that asks for one of `asked` is also answered by any of `found`.

    `only_in` names the memos (by id) in which a wording of `found` has that meaning; None: in all of them.
    """

    asked: tuple[str, ...]
    found: tuple[str, ...]
    only_in: frozenset[str] | None = None

    @field_serializer("only_in")
    def _in_order(self, ids: frozenset[str] | None) -> list[str] | None:
        return None if ids is None else sorted(ids)  # an index's version is made of what is written


def read_synonyms(path: Path | str) -> tuple[Synonyms, ...]:
    r"""Read a list in Solr's format: `a, b, c` are equals, `a => b` says that asking for a also finds b.

    `#` begins a remark, `\,` is a comma inside a wording. `a => a` keeps a from being read as the words in it.
    Raises NoSuchPath, and MalformedFile with the number of the line.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise NoSuchPath(Path(path)) from None
    except UnicodeDecodeError:
        raise MalformedFile(path, "the list of synonyms is not UTF-8. Save it as UTF-8.") from None
    read = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                read.append(_rule(line))
            except ValueError as wrong:
                raise MalformedFile(path, f"line {number}: {wrong} {_RIGHT}") from None
    return tuple(read)


def _rule(line: str) -> Synonyms:
    sides = _ARROW.split(line)
    if len(sides) > 2:
        raise ValueError("there is more than one arrow.")
    asked, found = _wordings(sides[0]), _wordings(sides[-1])
    if len(sides) == 1 and len(found) == 1:
        raise ValueError("one wording alone has no synonym.")
    return Synonyms(asked=asked, found=found)


def _wordings(side: str) -> tuple[str, ...]:
    wordings = tuple(wording.replace("\\", "").strip() for wording in _COMMA.split(side))
    for wording in wordings:
        if not forms(wording):
            raise ValueError(f"{wording!r} holds no word.")
    return wordings
