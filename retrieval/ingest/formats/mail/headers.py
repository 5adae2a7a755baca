"""Who wrote a mail, to whom, when, and about what?"""

import re
from collections.abc import Iterator
from datetime import date
from email.header import Header
from email.message import Message
from email.utils import parsedate_to_datetime

from retrieval.ingest.cleaning import characters, one_line
from retrieval.ingest.dates import day_named
from retrieval.ingest.formats.mail.encoded import decoded, header_text
from retrieval.ingest.pieces import Details, Piece
from retrieval.models import BlockKind, Span

_SHOWN = ("From", "Sender", "To", "Cc", "Date", "Subject")
_LONGEST = 4000  # characters of a header line; a mail to thousands names the first
_FIRST_YEAR = 1970
_ADDRESS = re.compile(r"\s*<[^<>]*>\s*$")
_COMMENT = re.compile(r"\S+@\S+\s*\((?P<name>[^()]+)\)$")
_ON_BEHALF = re.compile(r"['\"]?\s+(?:via|on behalf of)\s.*$", re.IGNORECASE)


class Headers:
    """The headers of a mail, decoded, each with its first value; of several senders the first is the author."""

    def __init__(self, mail: Message) -> None:
        self._said: dict[str, str] = {}
        for name, value in mail.raw_items():
            key = name.casefold()
            if key not in self._said:
                raw = header_text(value) if isinstance(value, str | Header) else ""
                self._said[key] = one_line(characters(decoded(raw)))[:_LONGEST]

    @property
    def names(self) -> frozenset[str]:
        """The names of all headers, in small letters."""
        return frozenset(self._said)

    def pieces(self) -> Iterator[Piece]:
        """Yield the header lines that a reader sees, each with what it tells about the memo.

        The subject is the mail's title, so no short line of its body ("Shall we?") is taken for a heading.
        """
        for name in _SHOWN:
            value = self._said.get(name.casefold(), "")
            if value and not (name == "Sender" and self._said.get("from")):
                line = f"{name}: {value}"
                found = tuple(self._found(name, line))
                if name == "Subject":
                    yield Piece(line, BlockKind.TITLE, level=1, gap=0, found=found, apart=True)
                else:
                    yield Piece(line, BlockKind.FURNITURE, gap=0, found=found, apart=True)

    def details(self) -> Details:
        """Title, author and date as the headers state them."""
        return Details(
            title=self._said.get("subject") or None,
            author=_author(self._sender) or None,
            published=_day(self._said.get("date", "")),
        )

    @property
    def _sender(self) -> str:
        return self._said.get("from") or self._said.get("sender", "")

    def _found(self, name: str, line: str) -> Iterator[tuple[str, Span]]:
        start = len(name) + 2
        if name == "Subject":
            yield "title", Span(start, len(line))
        elif name in {"From", "Sender"} and (author := _author(self._sender)):
            at = line.find(author, start)
            if at >= 0:
                yield "author", Span(at, at + len(author))
        elif name == "Date" and _day(line[start:]):
            yield "published", Span(start, len(line))


def _author(sender: str) -> str:
    """The first sender's name; the address where there is none."""
    first = _first(sender)
    comment = _COMMENT.fullmatch(first)
    if comment:
        return comment["name"].strip(" \"'")
    name = _ON_BEHALF.sub("", _ADDRESS.sub("", first)).strip(" \"'")
    return name or first.strip(" <>\"'")


def _first(senders: str) -> str:
    """The first of several addresses: up to a comma behind an address, not inside a name such as "Lee, Ann"."""
    end = re.search(r"(?<=>)\s*[,;]|(?<=@)[^\s,;<>]+(?P<end>[,;])", senders)
    if end is None:
        return senders
    return senders[: end.start("end") if end["end"] else end.start()]


def _day(text: str) -> date | None:
    """The day on which a mail was written, where its writer was."""
    try:
        day = parsedate_to_datetime(text).date()
    except (ValueError, TypeError, OverflowError, IndexError):
        return day_named(text[:100])
    return day if day.year >= _FIRST_YEAR else None
