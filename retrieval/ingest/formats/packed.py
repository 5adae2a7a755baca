"""How is a packed file (a ZIP: XLSX, DOCX, PPTX) opened without harm?

Nothing is unpacked to disk. Every size is checked before a byte is unpacked: `zipfile` never gives more of a part than
its directory states, so a file that states little and holds much is cut short and refused as damaged.
"""

import zipfile
import zlib
from io import BytesIO
from pathlib import PurePath

from retrieval.errors import BinaryMemo, Damaged, Encrypted, TooLarge

MOST_PARTS = 10_000
LARGEST_PART = 256 * 1024 * 1024  # bytes, unpacked
LARGEST_TOTAL = 512 * 1024 * 1024  # bytes, unpacked
GREATEST_RATIO = 250  # of unpacked to packed bytes; tables of zeros reach 100
_SMALL = 8 * 1024 * 1024  # bytes of a part that are harmless whatever the ratio
_LARGEST_XML = 128 * 1024 * 1024  # bytes, unpacked; pictures and films may be larger
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK"
_IS_ENCRYPTED = 0x1
_XML = (".xml", ".rels", ".vml")


class Packed:
    """The parts of a packed file, by name."""

    def __init__(self, archive: zipfile.ZipFile, path: PurePath) -> None:
        self._archive, self._path = archive, path
        self._names = {name.lower(): name for name in reversed(archive.namelist())}

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of that name, in capitals or not."""
        return name.lower() in self._names

    def names(self) -> list[str]:
        """The names of all parts, in the file's order."""
        return self._archive.namelist()

    def part(self, name: str) -> bytes:
        """The bytes of a part; Damaged where there is none, or where it is cut short."""
        if name not in self:
            raise Damaged(self._path, f"the file is damaged: it has no {name!r}.")
        try:
            return self._archive.read(self._names[name.lower()])
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
            raise Damaged(self._path, f"the file is damaged: {name!r} cannot be unpacked.") from None


def opened(data: bytes, path: PurePath) -> Packed:
    """Open a packed file whose sizes are those of a memo.

    Raises Encrypted, Damaged, TooLarge, or BinaryMemo where it is an Office document of the old kind.
    """
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise Encrypted(path)
        raise BinaryMemo(path, "the file is an old Office document, whatever its name says.")
    if not data.startswith(_ZIP):
        raise Damaged(path, "the file is damaged, or not what its name says.")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, OverflowError):
        raise Damaged(path, "the file is cut short or damaged.") from None
    _refuse_bombs(archive.infolist(), path)
    return Packed(archive, path)


def _refuse_bombs(parts: list[zipfile.ZipInfo], path: PurePath) -> None:
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        raise Encrypted(path)
    if len(parts) > MOST_PARTS:
        raise TooLarge(path, f"it packs {len(parts):,} parts; at most {MOST_PARTS:,} are read.")
    total = sum(part.file_size for part in parts)
    if total > LARGEST_TOTAL:
        raise TooLarge(path, f"it unpacks to {total:,} bytes; at most {LARGEST_TOTAL:,} are read.")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > GREATEST_RATIO * max(part.compress_size, 1):
            raise TooLarge(
                path, f"a part of it unpacks to {part.file_size:,} bytes from {part.compress_size:,}."
            )
        largest = _LARGEST_XML if part.filename.lower().endswith(_XML) else LARGEST_PART
        if part.file_size > largest:
            raise TooLarge(path, f"a part of it has {part.file_size:,} bytes; at most {largest:,} are read.")


def refuse_declarations(xml: bytes, path: PurePath) -> bytes:
    """Return `xml` unless it declares entities, as no Office document does and every XML bomb must; else Damaged.

    In UTF-16, which an Office document may be written in, every second byte is NUL.
    """
    start = xml.replace(b"\0", b"")
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise Damaged(path, "the file is not an Office document: its XML declares entities.")
    return xml
