"""How is text taken out of a table in a text file (CSV, TSV)?

Values are as written. The delimiter is the one that cuts most lines into equally many cells; `csv.Sniffer` guesses
letters where lines differ. A file that is not UTF-8 is read as windows-1252 where it looks like it, and that is said:
spreadsheet programs still write it.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path

from retrieval.errors import BadlyEncoded, TooLarge
from retrieval.ingest.cleaning import characters, lines, without_markup
from retrieval.ingest.decoding import decode, decode_western
from retrieval.ingest.formats.sheets import Sheet, pieces_of, refuse_too_many
from retrieval.ingest.pieces import Draft

_DELIMITERS = ("\t", ";", "|", ",")  # of two that cut equally well, the rarer in prose and figures
_SAMPLE_LINES, _SAMPLE_LENGTH = 200, 100_000
_AS_GOOD = 0.95
_STATED = re.compile(
    r"\"?sep=([;,|\t:^~ ])\"?\n", re.IGNORECASE
)  # a first line that spreadsheet programs write and understand
_LONGEST_CELL = 1_000_000
_TAG = re.compile(r"</[a-z]|<br", re.IGNORECASE)


def read(data: bytes, path: Path) -> Draft:
    """Read a table: records become rows. Raises UnreadableMemo (a subclass)."""
    notes: tuple[str, ...] = ()
    try:
        text = decode(data, path)
    except BadlyEncoded:
        western = decode_western(data)
        if western is None:
            raise
        text, notes = western, ("It is not UTF-8 and was read as windows-1252.",)
    text = characters(text).replace("\f", " ")
    stated = _STATED.match(text)
    if stated:
        text = text[stated.end() :]
    delimiter = stated[1] if stated else _delimiter(text)
    rows: dict[int, dict[int, str]] = {}
    cells = 0
    for number, record in enumerate(_records(text, delimiter, path)):
        row = {place: tidy for place, cell in enumerate(record) if (tidy := _tidy(cell))}
        cells += len(row)
        refuse_too_many(cells, path)
        if row:
            rows[number] = row
    return Draft(pieces_of(Sheet(rows), path), notes=notes)


def _tidy(cell: str) -> str:
    return without_markup(cell) if _TAG.search(cell) else lines(cell)


def _records(text: str, delimiter: str, path: Path) -> Iterator[Sequence[str]]:
    """Cut the text into records; where a quotation mark never closes, such marks are taken as they are."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        if _is_closed(text, delimiter):
            yield from csv.reader(StringIO(text), delimiter=delimiter, skipinitialspace=True)
        else:
            yield from csv.reader(
                StringIO(text), delimiter=delimiter, skipinitialspace=True, quoting=csv.QUOTE_NONE
            )
    except csv.Error:
        raise TooLarge(path, f"a cell of it has more than {_LONGEST_CELL:,} characters.") from None


def _is_closed(text: str, delimiter: str) -> bool:
    try:
        for _ in csv.reader(StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True):
            pass
    except csv.Error as wrong:
        return "end of data" not in str(wrong) and "field larger" not in str(wrong)
    return True


def _delimiter(text: str) -> str:
    """The delimiter that cuts the largest share of the first lines into one and the same number of cells."""
    sample = "".join(islice(StringIO(text[:_SAMPLE_LENGTH]), _SAMPLE_LINES))
    shares = {delimiter: _evenness(sample, delimiter) for delimiter in _DELIMITERS}
    best = max(shares.values())
    return next(d for d in _DELIMITERS if shares[d] >= _AS_GOOD * best) if best else ","


def _evenness(sample: str, delimiter: str) -> float:
    """The share of the lines that have the most common number of cells; 0 where that is one."""
    try:
        found = csv.reader(StringIO(sample), delimiter=delimiter, skipinitialspace=True)
        sizes = Counter(len(record) for record in found if any(record))
    except csv.Error:
        return 0.0
    total = sum(sizes.values())
    del sizes[1]
    return max(sizes.values(), default=0) / total if total else 0.0
