"""What kind of file is it really, whatever its name says?"""

import re
from pathlib import PurePath
from typing import NamedTuple

from retrieval.errors import Encrypted, Misnamed
from retrieval.ingest.formats import TEXT


class Kind(NamedTuple):
    """What a file is called in a sentence, and the endings that its name may have; none where it is not read."""

    name: str
    suffixes: tuple[str, ...] = ()


_PDF = Kind("a PDF document", (".pdf",))
_HTML = Kind("an HTML page", (".html", ".htm"))
_OLD_OFFICE = Kind("an old Office document", (".xls",))  # whose reader gives advice
_MAGIC = (
    (b"%PDF-", _PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (b"{\\rtf", Kind("an RTF document")),
    (b"\x89PNG", Kind("a PNG image")),
    (b"GIF8", Kind("a GIF image")),
    (b"\xff\xd8\xff", Kind("a JPEG image")),
    (b"II*\0", Kind("a TIFF image")),
    (b"MM\0*", Kind("a TIFF image")),
    (b"\x1f\x8b", Kind("a gzip archive")),
    (b"BZh", Kind("a bzip2 archive")),
    (b"\xfd7zXZ", Kind("an xz archive")),
    (b"7z\xbc\xaf", Kind("a 7-Zip archive")),
    (b"Rar!", Kind("a RAR archive")),
    (b"%!PS", Kind("a PostScript document")),
    (b"\x7fELF", Kind("a program")),
    (b"MZ\x90", Kind("a program")),
    (b"SQLite format 3", Kind("a database")),
)
_ZIP = b"PK\x03\x04"
_LIST_ENDS = b"PK\x05\x06"
_FIRST_PART = 120  # bytes; an OpenDocument file says there what it is
_PACKED = (  # by the part that only this kind has; its name stands unpacked in the file
    (b"word/document", Kind("a Word document", (".docx", ".docm", ".dotx", ".dotm"))),
    (b"xl/workbook", Kind("an Excel workbook", (".xlsx", ".xlsm", ".xlsb"))),
    (
        b"ppt/presentation",
        Kind("a PowerPoint presentation", (".pptx", ".pptm", ".potx", ".potm", ".ppsx", ".ppsm")),
    ),
    (b"mimetypeapplication/vnd.oasis.opendocument", Kind("an OpenDocument file")),
    (b"mimetypeapplication/epub", Kind("an e-book")),
)
_ARCHIVE = Kind("a ZIP archive")
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<!--.{0,500}?-->\s{0,200})?(?:<!doctype html|<html\b)",
    re.IGNORECASE | re.DOTALL,
)
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MAY_BE_PACKED = frozenset(suffix for _, kind in _PACKED for suffix in kind.suffixes)
_REMEDIES = {
    "an old Office document": "Open it in Office and save it as .docx, .xlsx or .pptx.",
    "an RTF document": "Open it in Word and save it as .docx.",
    "an OpenDocument file": "Save it as .docx, .xlsx or .pptx.",
    "a ZIP archive": "Unpack it, and name the files in it.",
}


def kind_of(data: bytes) -> Kind | None:
    """Say what a file is by how it begins; None where it is plain text, or of no known kind."""
    if data.startswith(_ZIP):
        listed = data[:_FIRST_PART] + _directory(data)
        return next((kind for part, kind in _PACKED if part in listed), _ARCHIVE)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    return _HTML if _PAGE.match(data) else None


def _directory(data: bytes) -> bytes:
    """The list of a ZIP's own parts, which stands at its end; a file packed in it has one of its own."""
    end = data.rfind(_LIST_ENDS)
    begin = int.from_bytes(data[end + 16 : end + 20], "little") if end >= 0 else 0
    return data[begin:end] if begin < end else data


def refuse_misnamed(data: bytes, path: PurePath) -> None:
    """Raise Misnamed where a file is of another kind than its name says, or Encrypted where that hides which.

    An HTML page may be called .txt or .md: it is text.
    """
    suffix = path.suffix.lower()
    kind = kind_of(data)
    if kind is None or suffix in kind.suffixes or (kind is _HTML and suffix in (*TEXT, ".eml")):
        return
    if kind is _OLD_OFFICE and _ENCRYPTED_STREAM in data:
        raise Encrypted(path)
    if kind is _ARCHIVE and suffix in _MAY_BE_PACKED:
        return  # cut short, or packed in an odd way: the reader of that kind says what is wrong
    raise Misnamed(path, f"the file is {kind.name}, whatever its name says.", _remedy(kind))


def _remedy(kind: Kind) -> str:
    if kind.name in _REMEDIES:
        return _REMEDIES[kind.name]
    if kind.suffixes:
        return f"Rename it to end in {kind.suffixes[0]}."
    return "Export it as text, Markdown or HTML, or leave it out."
