"""What do the parent and the child that reads for it say to each other?

A request is two frames (what is asked, and the file's bytes); a reply is one frame and one more for each enclosure.
A child has read a hostile file: its reply is checked as such, and nothing in it is ever executed.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pydantic import ValidationError

from retrieval.errors import MalformedFrontMatter, UnreadableMemo, printable
from retrieval.ingest.enclosed import MOST_ENCLOSED
from retrieval.ingest.pieces import Attachment
from retrieval.ingest.sandbox.limits import ReadingLimits
from retrieval.models import Frozen, Memo

_LENGTH = 8  # bytes
_LARGEST_REQUEST = 1024**3
_LONGEST_SENTENCE = 500


class Refusal(Frozen):
    """An UnreadableMemo on its way: the name of its class, its sentence, what to do, the front matter key."""

    kind: str
    why: str
    remedy: str | None = None
    key: str | None = None


class Reply(Frozen):
    """What became of a file: a memo (its id stated by the file, or empty) or a refusal; names of what it encloses."""

    memo: Memo | None = None
    refusal: Refusal | None = None
    notes: tuple[str, ...] = ()
    enclosed: tuple[str, ...] = ()


class Asked(NamedTuple):
    """A request as the child has it: the file's name, its bytes, the limits."""

    name: Path
    data: bytes
    limits: ReadingLimits


class Answered(NamedTuple):
    """A reply as the parent has it."""

    reply: Reply
    attachments: tuple[Attachment, ...]


class BadReply(Exception):
    """A child's reply that is none, or larger than is allowed."""


def send_request(stream: BinaryIO, asked: Asked) -> None:
    """Ask the child at the other end to read a file."""
    head = {"name": str(asked.name), "limits": asdict(asked.limits)}
    _send(stream, json.dumps(head).encode())  # ASCII: a name may hold half characters
    _send(stream, asked.data)
    stream.flush()


def receive_request(stream: BinaryIO) -> Asked | None:
    """Wait for what the parent asks; None where it asks no more."""
    try:
        head = json.loads(_receive(stream, _LARGEST_REQUEST))
        return Asked(Path(head["name"]), _receive(stream, _LARGEST_REQUEST), ReadingLimits(**head["limits"]))
    except EOFError:
        return None


def send_reply(stream: BinaryIO, payload: bytes, attachments: Sequence[Attachment]) -> None:
    """Tell the parent what became of a file; `payload` is a Reply that names the attachments, as JSON."""
    _send(stream, payload)
    for attachment in attachments:
        _send(stream, attachment.data)
    stream.flush()


def receive_reply(stream: BinaryIO, limits: ReadingLimits, largest_enclosure: int) -> Answered:
    """Wait for a child's reply. Raises EOFError where the child ended, BadReply where its reply cannot be one."""
    try:
        reply = Reply.model_validate_json(_receive(stream, limits.reply))
    except ValidationError:
        raise BadReply from None
    if (reply.memo is None) == (reply.refusal is None) or len(reply.enclosed) > MOST_ENCLOSED:
        raise BadReply
    return Answered(
        reply, tuple(Attachment(name, _receive(stream, largest_enclosure)) for name in reply.enclosed)
    )


def refusal(error: UnreadableMemo) -> Refusal:
    """Put an error into words that travel."""
    key = getattr(error, "key", None)
    return Refusal(kind=type(error).__name__, why=sentence(error.why), remedy=error.remedy, key=key)


def refused(path: Path, said: Refusal | None) -> UnreadableMemo:
    """Return the error that `said` was made of, about `path`; a class that is not known here is UnreadableMemo."""
    if said is None:
        return UnreadableMemo(path)
    kind = {one.__name__: one for one in _kinds(UnreadableMemo)}.get(said.kind, UnreadableMemo)
    error = kind.__new__(kind)
    UnreadableMemo.__init__(error, path, sentence(said.why))
    if said.remedy != kind.remedy:
        error.remedy = said.remedy and sentence(said.remedy)
    if isinstance(error, MalformedFrontMatter):
        error.key = said.key
    return error


def sentence(text: str) -> str:
    """Return `text` as one line that cannot drive a terminal, of a length that is read."""
    line = printable(text.replace("\n", " "))
    return line if len(line) <= _LONGEST_SENTENCE else f"{line[: _LONGEST_SENTENCE - 1]}…"


def _kinds(kind: type[UnreadableMemo]) -> list[type[UnreadableMemo]]:
    return [kind, *(one for below in kind.__subclasses__() for one in _kinds(below))]


def _send(stream: BinaryIO, payload: bytes) -> None:
    stream.write(len(payload).to_bytes(_LENGTH, "big"))
    stream.write(payload)


def _receive(stream: BinaryIO, at_most: int) -> bytes:
    length = int.from_bytes(_exactly(stream, _LENGTH), "big")
    if length > at_most:
        raise BadReply
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    read = stream.read(length)
    if len(read) < length:
        raise EOFError
    return read
