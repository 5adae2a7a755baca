"""How is what was found out about memos kept between two runs of the program?

In a file of plain arrays (numpy's npz, no pickled object in it), written anew and put in place of the old one in one
step. A file that is torn, was written by other code, or holds something else is as good as none: all that stands in it
can be found out again.
"""

import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.abbreviations import Abbreviation, explained
from retrieval.analysed import Analysed, Ids, Known, Seen
from retrieval.analysis import analyzer
from retrieval.models import Memo
from retrieval.passages import split
from retrieval.synonyms import Synonyms, Wordings

_BETWEEN = "\0"  # no term holds it, and no word as it is written
_ROWS = ("vocabulary", "body", "headings", "headings_in", "sentences_in", "spans", "terms_in", "form_numbers")
_ANALYSING = (
    "abbreviations.py",
    "analysed.py",
    "keeping.py",
    "models.py",
    "passages.py",
    "plain.py",
    "synonyms.py",
)
_BUILT_WITH = ("PyStemmer", "sentencex", "wordfreq")
_DIGEST_BYTES = 32

Keyed = Mapping[str, tuple[str, Memo]]
"""Memos by id, each with a key that is another whenever the memo is."""


class _Kept(NamedTuple):
    """The file's contents: what stands once for each memo, as JSON, and arrays of all memos one after the other."""

    header: dict[str, Any]
    arrays: Mapping[str, NDArray[Any]]


def keep(known: Known, keys: Mapping[str, str], file: Path) -> None:
    """Write down what is known of the memos that have a key. Raises OSError."""
    memos = [each for memo_id, each in known.analysed.items() if memo_id in keys]
    arrays = _arrays(memos) | {"header": _bytes(json.dumps(_header(known, memos, keys)))}
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type] # its stub takes them for options
    written = stream.getbuffer()
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with open(beside, "wb", opener=_for_the_owner) as out:
            out.write(sha256(written).digest())
            out.write(written)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def kept(file: Path, memos: Keyed) -> Known | None:
    """What a file holds of `memos`; None where it is none that this program wrote, whole."""
    try:
        stream = io.BytesIO(file.read_bytes())
    except OSError:
        return None
    if stream.read(_DIGEST_BYTES) != sha256(stream.getbuffer()[_DIGEST_BYTES:]).digest():
        return None
    with np.load(io.BytesIO(stream.read()), allow_pickle=False) as arrays:
        found = _Kept(json.loads(_text(arrays["header"])), {name: arrays[name] for name in arrays.files})
    return _known(found, memos) if found.header["code"] == code_version() else None


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@cache
def code_version() -> str:
    """A name for the code and the word lists that analyse: whenever any of them changes, another one."""
    here = Path(__file__).parent
    digest, analysis = sha256(), here / "analysis"
    for path in sorted([*map(here.joinpath, _ANALYSING), *analysis.rglob("*.py"), *analysis.rglob("*.txt")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in _BUILT_WITH:
        digest.update(version(name).encode())
    return digest.hexdigest()[:16]


def _header(known: Known, memos: Sequence[Analysed], keys: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": code_version(),
        "synonyms": [json.loads(rule.model_dump_json()) for rule in known.synonyms],
        "languages": sorted(known.wordings),
        "memos": [
            {
                "id": each.memo.id,
                "key": keys[each.memo.id],
                "language": each.memo.language,
                "detected": known.seen[each.memo.id].detected,
                "abbreviations": known.seen[each.memo.id].abbreviations,
                "starts": [[sentence, len(starts)] for sentence, starts in each.starts.items()],
            }
            for each in memos
        ],
    }


def _arrays(memos: Sequence[Analysed]) -> dict[str, NDArray[Any]]:
    numbers: dict[str, int] = {}
    rows: dict[str, list[NDArray[Any]]] = {name: [] for name in (*_ROWS, "starts")}
    forms: list[str] = []
    for each in memos:
        number = numbers.setdefault
        rows["vocabulary"].append(
            np.array([number(term, len(numbers)) for term in each.vocabulary], np.int32)
        )
        forms += each.forms
        rows["form_numbers"].append(np.fromiter(each.forms.values(), np.int32, len(each.forms)))
        rows["starts"].append(_joined(each.starts.values()))
        for name in ("body", "headings", "headings_in", "sentences_in", "spans", "terms_in"):
            rows[name].append(getattr(each, name).ravel())
    arrays: dict[str, NDArray[Any]] = {name: _joined(found) for name, found in rows.items()}
    arrays |= {
        f"{name}_edges": np.cumsum([0, *(len(row) for row in found)], dtype=np.int64)
        for name, found in rows.items()
    }
    arrays["terms"] = _bytes(_BETWEEN.join(numbers))
    arrays["forms"] = _bytes(_BETWEEN.join(forms))
    arrays["digests"] = np.frombuffer(b"".join(each.digest for each in memos), np.uint8)
    return arrays


def _known(found: _Kept, memos: Keyed) -> Known:
    """What the file knows of `memos`. The wordings are those of all memos in it: with them it was analysed."""
    lines = found.header["memos"]
    abbreviations = {line["id"]: [Abbreviation(*pair) for pair in line["abbreviations"]] for line in lines}
    synonyms = tuple(Synonyms.model_validate(rule) for rule in found.header["synonyms"])
    rules = [*synonyms, *explained(abbreviations.items())]
    wordings = {language: Wordings(rules, analyzer(language)) for language in found.header["languages"]}
    seen, analysed = {}, {}
    for line, parts in zip(lines, _parts(found), strict=True):
        key, given = memos.get(line["id"], ("", None))
        if given is None or key != line["key"]:
            continue
        memo = given if given.language else given.model_copy(update={"language": line["language"]})
        seen[given.id] = Seen(given, line["detected"], tuple(abbreviations[given.id]))
        analysed[given.id] = _analysed(memo, parts, line["starts"])
    return Known(seen, analysed, wordings, synonyms)


def _analysed(memo: Memo, parts: Mapping[str, Any], starts: Iterable[tuple[int, int]]) -> Analysed:
    places = iter(parts["starts"])
    return Analysed(
        memo=memo,
        passages=tuple(split(memo)),
        vocabulary=parts["vocabulary"],
        body=parts["body"],
        headings=parts["headings"],
        headings_in=parts["headings_in"],
        sentences_in=parts["sentences_in"],
        spans=parts["spans"].reshape(-1, 2),
        terms_in=parts["terms_in"],
        starts={sentence: np.fromiter(places, np.int32, count) for sentence, count in starts},
        forms=dict(zip(parts["forms"], parts["form_numbers"].tolist(), strict=True)),
        digest=parts["digest"],
    )


def _parts(found: _Kept) -> Iterator[Mapping[str, Any]]:
    """The arrays cut up, memo by memo."""
    terms = np.array(_words(found.arrays["terms"]), dtype=object)
    forms = _words(found.arrays["forms"])
    digests = found.arrays["digests"].tobytes()
    edges = {name: found.arrays[f"{name}_edges"].tolist() for name in (*_ROWS, "starts")}
    for place in range(len(found.header["memos"])):
        parts: dict[str, Any] = {
            name: found.arrays[name][slice(*edges[name][place : place + 2])] for name in edges
        }
        parts["vocabulary"] = tuple(terms[parts["vocabulary"]])
        parts["forms"] = forms[slice(*edges["form_numbers"][place : place + 2])]
        parts["digest"] = digests[place * _DIGEST_BYTES : (place + 1) * _DIGEST_BYTES]
        yield parts


def _joined(rows: Iterable[Ids]) -> Ids:
    joined: Ids = np.concatenate([np.zeros(0, np.int32), *rows])
    return joined


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)


def _text(array: NDArray[np.uint8]) -> str:
    return array.tobytes().decode("utf-8", "surrogatepass")


def _words(array: NDArray[np.uint8]) -> list[str]:
    text = _text(array)
    return text.split(_BETWEEN) if text else []
