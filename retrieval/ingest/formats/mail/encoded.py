"""Which characters do the encoded words of a mail's headers stand for?"""

import binascii
import re
from email.header import Header

from retrieval.ingest.decoding import decode_labelled

_WORD = re.compile(r"=\?(?P<charset>[^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?(?P<how>[bBqQ])\?(?P<text>[^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?)")


def header_text(value: str | Header) -> str:
    """A header as it stands in the file, bytes beyond ASCII as characters."""
    text = str(value)
    try:
        return decode_labelled(text.encode("ascii", "surrogateescape"), None)
    except UnicodeEncodeError:  # decoded by the parser already
        return text


def decoded(text: str) -> str:
    """A header with its encoded words ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=") decoded; one that cannot be is left as it is."""
    if "=?" not in text:
        return text
    text = _BETWEEN_WORDS.sub("", text)
    parts: list[str] = []
    waiting: list[
        bytes
    ] = []  # of words that follow each other: a character may begin in one and end in the next
    label, at = "", 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        if between or word["charset"].lower() != label:
            parts += [decode_labelled(b"".join(waiting), label), between]
            waiting = []
        label, at = word["charset"].lower(), word.end()
        waiting.append(_bytes(word))
    return "".join([*parts, decode_labelled(b"".join(waiting), label), text[at:]])


def _bytes(word: re.Match[str]) -> bytes:
    text = word["text"]
    if word["how"] in "qQ":
        return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)
    raw = text.encode("ascii", "ignore")
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4)) or word[0].encode("utf-8", "replace")
    except binascii.Error:
        return word[0].encode("utf-8", "replace")
