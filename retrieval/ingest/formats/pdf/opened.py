"""What does PDFium find in a file: its pages' words, outline, metadata, attachments?

PDFium's own objects end here. It is not made for several threads, so one file is read at a time.
"""

import ctypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from retrieval.errors import Damaged, Encrypted, TooLarge
from retrieval.ingest.formats.pdf.ranks import Entry
from retrieval.ingest.formats.pdf.runs import Sheet
from retrieval.ingest.formats.pdf.words import found_on
from retrieval.ingest.pieces import Attachment

_ONE_AT_A_TIME = Lock()
_PAGES = 20_000
_ENTRIES, _DEPTH = 5_000, 8
_ATTACHMENTS, _ATTACHED_BYTES = 100, 50_000_000
_TITLE_LENGTH = 300
_INFO = ("Title", "Author", "Creator", "Producer", "CreationDate")
_END = 2  # bytes that end a text
_LONGEST = 1_000_000  # bytes of a name or a title
_HEAD = 1024  # bytes in which a PDF says that it is one
_CODES = {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds.

    `wordless` are pages that show something but hold no words, `damaged` those that do not open, `hidden` those where
    words that nobody sees were left out.
    """

    pages: int
    sheets: list[Sheet]
    outline: list[Entry]
    info: Mapping[str, str]
    language: str | None
    attachments: tuple[Attachment, ...]
    wordless: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)


def contents_of(data: bytes, path: Path) -> Contents:
    """Read a file. Raises Damaged, Encrypted or TooLarge."""
    with _ONE_AT_A_TIME, _document(data, path) as document:
        count = len(document)
        if count > _PAGES:
            raise TooLarge(path, f"it has {count:,} pages; {_PAGES:,} are read.")
        read = Contents(
            pages=count,
            sheets=[],
            outline=list(_outline(document)),
            info={name: said for name in _INFO if (said := _meta(document, name))},
            language=_language(document),
            attachments=tuple(_attachments(document)),
        )
        fonts: dict[int, tuple[bool, bool]] = {}
        for number in range(1, count + 1):
            _read_page(document, number, read, fonts)
    if count == 0 or len(read.damaged) == count:
        raise Damaged(path, "none of its pages can be opened.")
    return read


@contextmanager
def _document(data: bytes, path: Path) -> Iterator[Any]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as wrong:
        if getattr(wrong, "err_code", None) in _CODES:
            raise Encrypted(path) from None
        if b"%PDF-" not in data[:_HEAD]:
            raise Damaged(path, "its contents are no PDF, whatever its name says.") from None
        cut = b"%%EOF" not in data[-_HEAD:]
        raise Damaged(path, "the file is cut short." if cut else "its contents are damaged.") from None
    try:
        yield document
    finally:
        document.close()


def _read_page(document: Any, number: int, read: Contents, fonts: dict[int, tuple[bool, bool]]) -> None:
    page = pdfium.FPDF_LoadPage(document, number - 1)
    if not page:
        read.damaged.append(number)
        return
    try:
        text_page = pdfium.FPDFText_LoadPage(page)
        if not text_page:
            read.damaged.append(number)
            return
        try:
            found = found_on(text_page, number, fonts)
        finally:
            pdfium.FPDFText_ClosePage(text_page)
        read.sheets.extend(found.sheets)
        if found.hidden:
            read.hidden.append(number)
        if not found.sheets and _shows_something(page):
            read.wordless.append(number)
    finally:
        pdfium.FPDF_ClosePage(page)


def _shows_something(page: Any) -> bool:
    """Whether a page without words has pictures, or so many shapes that they may be writing."""
    count = pdfium.FPDFPage_CountObjects(page)
    shown = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_SHADING}
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, i)) for i in range(min(count, 200)))
    return count > 50 or any(kind in shown for kind in kinds)


def _outline(document: Any) -> Iterator[Entry]:
    """Yield the outline's entries; one that leads to itself is walked to a limit."""
    for number, bookmark in enumerate(document.get_toc(max_depth=_DEPTH)):
        if number >= _ENTRIES:
            return
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if index is not None:
            title = _said(partial(pdfium.FPDFBookmark_GetTitle, bookmark))
            yield Entry(title[:_TITLE_LENGTH], bookmark.level, index + 1)


def _language(document: Any) -> str | None:
    return _said(lambda held, size: pdfium.FPDFCatalog_GetLanguage(document, _wide(held), size)) or None


def _meta(document: Any, name: str) -> str:
    return _said(lambda held, size: pdfium.FPDF_GetMetaText(document, name.encode(), held, size))


def _said(ask: Callable[[Any, int], int]) -> str:
    """Fetch text from PDFium: asked for its length, then for its bytes. What is no UTF-16 becomes U+FFFD."""
    size = min(ask(None, 0), _LONGEST)
    if size <= _END:
        return ""
    held = ctypes.create_string_buffer(size)
    ask(held, size)
    return held.raw[: size - _END].decode("utf-16-le", "replace")


def _name_of(attached: Any, held: Any, size: int) -> int:
    found: int = pdfium.FPDFAttachment_GetName(attached, _wide(held), size)
    return found


def _wide(held: Any) -> Any:
    return held and ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort))


def _attachments(document: Any) -> Iterator[Attachment]:
    room = _ATTACHED_BYTES
    for index in range(min(document.count_attachments(), _ATTACHMENTS)):
        try:
            attached = document.get_attachment(index)
            data = bytes(attached.get_data())
        except pypdfium2.PdfiumError:
            continue
        room -= len(data)
        if room < 0:
            return
        name = _said(partial(_name_of, attached))
        yield Attachment(name or f"attachment-{index + 1}", data)
