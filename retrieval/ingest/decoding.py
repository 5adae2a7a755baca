"""Which characters are a file's bytes?"""

import codecs
import re
from pathlib import PurePath

from retrieval.errors import BadlyEncoded, BinaryMemo, EmptyMemo

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\x0b\x0c\r\x1b")
_CONTROL_SHARE = 0.02
_DECLARED = re.compile(
    rb"""<meta\s[^>]{0,500}?charset\s{0,8}=\s{0,8}["']?\s{0,8}([\w.:-]{1,40})|<\?xml\s[^>]{0,200}?encoding\s{0,8}=\s{0,8}["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARATION_WITHIN = 4096
# Python's character sets that pages are written in; not its others (idna, unicode_escape), which are transformations.
_CHARACTER_SETS = re.compile(
    r"utf-8|ascii|cp\d{3,4}|iso8859-\d{1,2}|koi8-[a-z]|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|mac-\w+|tis-620"
)
# What a browser takes these names to mean.
_AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_ONE_BYTE = re.compile(r"cp125\d|iso8859-\d+|koi8|mac|latin|tis")


def decode(data: bytes, path: PurePath, *, html: bool = False) -> str:
    """Turn a file's bytes into characters; nothing is guessed silently.

    UTF-8, UTF-16 and UTF-32 by their byte order mark; in HTML the declared character set; else UTF-8.
    Raises EmptyMemo, BinaryMemo, or BadlyEncoded, which names the first wrong byte.
    """
    if not data.strip():
        raise EmptyMemo(path)
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name, path, offset=len(mark))
    _refuse_binary(data, path)
    declared = _declared(data) if html else None
    if declared and not (_ONE_BYTE.match(declared) and _is_wide_utf8(data)):
        return _strictly(data, declared, path)
    return _strictly(data, "utf-8", path)


def decode_western(data: bytes) -> str | None:
    """Turn bytes that are no UTF-8 into characters as windows-1252; None where they do not look like it.

    For formats whose programs still write it without saying so; who adds the file must be told.
    """
    return data.decode("cp1252") if _looks_western(data) else None


def decode_labelled(data: bytes, label: str | None) -> str:
    """Turn bytes into characters whose sender calls their set `label` (None: does not say); for mails, never fails.

    A label that cannot be right (mails often have one) is not believed: UTF-8, then windows-1252. A byte that is no
    character then is shown as U+FFFD, never dropped.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    named = _codec(label) if label else None
    tried = [named, "utf-8"] if named and not _ONE_BYTE.match(named) else ["utf-8", named]
    for codec in (*tried, "cp1252"):
        try:
            if codec:
                return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode(named or "cp1252", "replace")


def _refuse_binary(data: bytes, path: PurePath) -> None:
    control = len(data) - len(data.translate(None, _CONTROL))
    if b"\0" in data or control > _CONTROL_SHARE * len(data):
        raise BinaryMemo(path)


def _declared(data: bytes) -> str | None:
    """Name the codec that an HTML file declares, as Python calls it; None where it declares none that is known."""
    found = _DECLARED.search(data[:_DECLARATION_WITHIN])
    if not found:
        return None
    return _codec((found[1] or found[2]).decode("ascii", "replace"))


def _codec(label: str) -> str | None:
    """The codec that a label such as "ISO-8859-1" means, as Python calls it; None where it means none that is known."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, UnicodeError, ValueError):
        return None
    return _AS_BROWSERS.get(name, name) if _CHARACTER_SETS.fullmatch(name) else None


def _is_wide_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 beyond ASCII: none in a one-byte set is that by chance, so its label is stale."""
    try:
        return not data.isascii() and bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _strictly(data: bytes, encoding: str, path: PurePath, offset: int = 0) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        hint = " It looks like windows-1252." if encoding == "utf-8" and _looks_western(data) else ""
        raise BadlyEncoded(
            path, f"byte {wrong.start + offset} is not valid {encoding.upper()}.{hint}"
        ) from None


def _looks_western(data: bytes) -> bool:
    """Whether the bytes beyond ASCII are, as windows-1252, few, and letters or typographic marks."""
    high = [byte for byte in data if byte > 0x7F]
    try:
        marks = bytes(high).decode("cp1252")
    except UnicodeDecodeError:
        return False
    return len(high) <= 0.3 * len(data) and all(
        c.isalpha() or c in "‘’“”„‚–—…•€™©®°§£«»¿¡·½¼¾²³ºª†‰ \u00a0" for c in marks
    )
