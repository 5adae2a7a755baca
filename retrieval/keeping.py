"""How is an index kept between two runs of the program?

In one file of arrays (`retrieval.arrays`; no pickled object in it). A file that is torn, was written by other code, or
holds other memos is as good as none: all that stands in it can be found out again.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from unicodedata import unidata_version

from retrieval.arrays import read_arrays, remove_arrays, write_arrays
from retrieval.compiled import COMPILED
from retrieval.index import Index
from retrieval.models import Superseded
from retrieval.opened import OpenedIndex, closed
from retrieval.synonyms import Synonyms

_BUILT_WITH = ("PyStemmer", "pydantic", "sentencex", "wordfreq")


def keep(index: Index, keys: Mapping[str, str], corpus: str, file: Path) -> None:
    """Write `index` down. `keys` are its memos', `corpus` names the set of memos that it is over. Raises OSError."""
    header, arrays = closed(index.whole(), keys)
    write_arrays(file, {**header, "code": code_version(), "corpus": corpus}, arrays)


def kept_index(file: Path) -> OpenedIndex | None:
    """The index in a file, whatever it is over; None where it is none that this program wrote, whole."""
    found = read_arrays(file)
    return OpenedIndex(found) if found and found.header.get("code") == code_version() else None


def open_index(
    file: Path, corpus: str, synonyms: Sequence[Synonyms] = (), superseded: Superseded = Superseded.DEMOTE
) -> OpenedIndex | None:
    """The index over the memos that `corpus` names, out of a file; None where it does not hold just that one."""
    found = read_arrays(file)
    if found is None or (found.header.get("code"), found.header.get("corpus")) != (code_version(), corpus):
        return None
    index = OpenedIndex(found)
    return index if index.synonyms == tuple(synonyms) and index.superseded is superseded else None


def corpus_of(file: Path) -> str | None:
    """Over which set of memos is the index in a file? None where it is none that this program wrote, whole."""
    found = read_arrays(file)
    return found.header.get("corpus") if found else None


def remove_index(file: Path) -> None:
    """Remove the index in a file, if there is one. Raises OSError."""
    remove_arrays(file)


@cache
def code_version() -> str:
    """A name for the code and the word lists that analyse: whenever any of them changes, another one."""
    here = Path(__file__).parent
    digest, analysis = sha256(), here / "analysis"
    for path in sorted([*here.glob("*.py"), *analysis.rglob("*.py"), *analysis.rglob("*.txt")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in _BUILT_WITH:
        digest.update(version(name).encode())
    digest.update(f"{unidata_version} {COMPILED}".encode())
    return digest.hexdigest()[:16]
