"""How is text taken out of each kind of file? One module a format.

A text reader is `read(text: str) -> Draft`; a binary reader is `read(data: bytes, path: Path) -> Draft` for files whose
bytes are not characters, or say themselves how they are. Each module is imported when the first such file is read.
A file that cannot be read raises UnreadableMemo (a subclass) that says why.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from retrieval.ingest.pieces import Draft

TextReader = Callable[[str], Draft]
BinaryReader = Callable[[bytes, Path], Draft]


def _text(module: str) -> TextReader:
    def read(text: str) -> Draft:
        draft: Draft = import_module(f"retrieval.ingest.formats.{module}").read(text)
        return draft

    return read


def _binary(module: str) -> BinaryReader:
    def read(data: bytes, path: Path) -> Draft:
        draft: Draft = import_module(f"retrieval.ingest.formats.{module}").read(data, path)
        return draft

    return read


read_html = _text("hypertext")
"""Read HTML, for formats that hold some."""

TEXT: dict[str, TextReader] = {
    ".txt": _text("plain"),
    ".md": _text("markdown"),
    ".markdown": _text("markdown"),
    ".html": read_html,
    ".htm": read_html,
}
"""The reader of each suffix (in lower case) whose files are characters: decoded, front matter taken off."""

BINARY: dict[str, BinaryReader] = {
    ".pdf": _binary("pdf"),
    ".csv": _binary("delimited"),
    ".tsv": _binary("delimited"),
    ".xlsx": _binary("xlsx"),
    ".xlsm": _binary("xlsx"),
    ".xls": _binary("xlsx"),  # refused, with advice
    ".xlsb": _binary("xlsx"),
    ".eml": _binary("mail"),
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), _binary("docx")),
    **dict.fromkeys((".pptx", ".pptm", ".potx", ".potm", ".ppsx", ".ppsm"), _binary("pptx")),
}
"""The reader of each suffix (in lower case) whose files are read as bytes."""

SUFFIXES = frozenset(TEXT) | frozenset(BINARY)
"""Every suffix that has a reader (one that refuses with advice, too)."""
