"""Which lines of a mail are its own, and which are another mail's, or a signature?

What another wrote stands in a section named by the line that introduces it ("On 3 May, Ann Lee wrote:"), or in the
section "Quoted". A signature is about the mail, not of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

from retrieval.ingest.cleaning import one_line
from retrieval.ingest.formats import hypertext, plain
from retrieval.ingest.formats.mail.parts import Body
from retrieval.ingest.pieces import Piece
from retrieval.models import BlockKind

QUOTED = "Quoted"
_MARK = re.compile(r"(?:[ ]?>)+")
_SIGNED = re.compile(r"-- ?")
_LONGEST_SIGNATURE = 15  # lines
_WROTE = re.compile(
    r"(?:on|am|le|el|il|op|em|den|w dniu)\s.{5,300}?\b(?:wrote|writes|schrieb(?: .{0,100})?|a écrit|escribió|ha scritto"
    r"|schreef(?: .{0,100})?|escreveu|skrev(?: .{0,100})?|napisał\(?a?\)?)\s?:"
    r"|[^\n]{3,200}\s(?:wrote|schrieb|writes|a écrit|escribió)\s?:",
    re.IGNORECASE | re.DOTALL,
)
_WROTE_LINES = 3  # over which such a line may be broken
_ORIGINAL = re.compile(
    r"[ \t]*(?:-{2,}|_{5,})?\s?(?:original message|original appointment|forwarded message|forwarded by .{1,200}"
    r"|begin forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré"
    r"|mensaje original|mensaje reenviado|messaggio originale|oorspronkelijk bericht)\s?:?\s?-*[ \t]*",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[ \t*]*(?P<name>from|sent|date|to|cc|subject|von|gesendet|datum|an|betreff|de|envoyé|à|objet|enviado|para|asunto)"
    r"\*?\s?:\s?(?P<value>.*)",
    re.IGNORECASE,
)
_FROM = frozenset({"from", "von", "de"})
_FIELDS_AT_LEAST, _FIELDS_AT_MOST = 3, 8
_BLANK_LINES = 2  # between the fields of a header, at most
_SECTION_LENGTH = 120
_BLOCKQUOTE = re.compile(r"<(?P<end>/?)blockquote\b[^>]{0,5000}>", re.IGNORECASE)


class _Line(NamedTuple):
    """A line without its marks, and how many there were."""

    text: str
    depth: int


class _Stretch(NamedTuple):
    """Lines that belong together: whose words they are ("" the mail's own), and what they are."""

    whose: str
    lines: list[str]
    kind: BlockKind | None = None


def pieces_of(body: Body) -> Iterator[Piece]:
    """Yield the pieces of a text of a mail."""
    if body.is_html:
        yield from _of_html(body.text)
        return
    lines = _flowed(body.text, joins=body.joins) if body.flows else _marked(body.text)
    for stretch in _stretches(lines):
        found = plain.read("\n".join(stretch.lines)).pieces
        yield from _placed(found, stretch.whose, stretch.kind)


def _placed(pieces: Sequence[Piece], whose: str, kind: BlockKind | None = None) -> Iterator[Piece]:
    """Put the pieces of a stretch where they belong; they are not joined to those of another."""
    for number, piece in enumerate(pieces):
        placed = replace(piece, apart=piece.apart or not number)
        if whose:
            section = (whose, *(placed.section or ()))
            placed = replace(placed, section=section, kind=_below(placed.kind), level=None)
        yield replace(placed, kind=kind, level=None) if kind else placed


def _below(kind: BlockKind) -> BlockKind:
    """What a piece of another mail is in this one: its headings open no sections here."""
    return BlockKind.PARAGRAPH if kind in {BlockKind.HEADING, BlockKind.TITLE} else kind


def _marked(text: str) -> list[_Line]:
    lines = []
    for line in text.split("\n"):
        mark = _MARK.match(line)
        rest = line[mark.end() :].removeprefix(" ") if mark else line
        lines.append(_Line(rest, mark[0].count(">") if mark else 0))
    return lines


def _flowed(text: str, *, joins: bool) -> list[_Line]:
    """Join the lines of a paragraph that its writer's program broke: each but the last ends with a space."""
    joined: list[_Line] = []
    goes_on = False
    for line in _marked(text):
        body = (
            line.text if line.depth else line.text.removeprefix(" ")
        )  # one space is stuffed before "From" and ">"
        flows = body.endswith(" ") and not _SIGNED.fullmatch(body)
        own = body[:-1] if flows and joins else body
        if goes_on and joined[-1].depth == line.depth:
            joined[-1] = _Line(joined[-1].text + own, line.depth)
        else:
            joined.append(_Line(own, line.depth))
        goes_on = flows
    return joined


def _stretches(lines: Sequence[_Line]) -> Iterator[_Stretch]:
    """Cut the lines where the writer changes. Back at a depth, it is the same other writer's again."""
    groups = [
        (depth, [line.text for line in group]) for depth, group in groupby(lines, key=lambda line: line.depth)
    ]
    writers: dict[int, str] = {}
    for number, (depth, texts) in enumerate(groups):
        deeper = groups[number + 1][0] if number + 1 < len(groups) else 0
        own, introduction = _parted(texts) if deeper > depth else (texts, [])
        writers = {at: writer for at, writer in writers.items() if at <= depth}
        whose = (writers.get(depth) or QUOTED) if depth else ""
        yield from _own(own, whose)
        if introduction:
            yield _Stretch(whose, introduction, BlockKind.FURNITURE)
            writers[deeper] = _name_of(introduction)


def _own(texts: list[str], whose: str) -> Iterator[_Stretch]:
    """Lines of one depth: up to a forwarded mail's header, that mail (and so on), and a signature each."""
    headers = _headers(texts)
    for header, following in pairwise([(0, 0), *headers, (len(texts), len(texts))]):
        start, end = header
        if end:
            yield _Stretch(whose, texts[start:end], BlockKind.FURNITURE)
            whose = _name_of_header(texts[start:end])
        text, signature = _unsigned(texts[end : following[0]])
        yield _Stretch(whose, text)
        yield _Stretch(whose, signature, BlockKind.FURNITURE)


def _parted(texts: list[str]) -> tuple[list[str], list[str]]:
    """Cut the line that introduces a quotation off the lines before it."""
    filled = [at for at, text in enumerate(texts) if text.strip()]
    for count in range(1, _WROTE_LINES + 1):
        at = filled[-count:][:1]
        if at and _WROTE.fullmatch(one_line(" ".join(texts[at[0] :]))):
            return texts[: at[0]], texts[at[0] :]
    return texts, []


def _unsigned(texts: list[str]) -> tuple[list[str], list[str]]:
    """Cut a signature off: it begins with "-- " and is short."""
    for at in range(max(len(texts) - _LONGEST_SIGNATURE, 0), len(texts)):
        if _SIGNED.fullmatch(texts[at].rstrip("\t")):
            return texts[:at], texts[at + 1 :]
    return texts, []


def _headers(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Where the headers of mails within the text begin and end, the line above the fields that says so included."""
    found: list[tuple[int, int]] = []
    for at, text in enumerate(texts):
        field = _FIELD.fullmatch(text)
        if not field or field["name"].casefold() not in _FROM or (found and at < found[-1][1]):
            continue
        near = texts[at : at + _FIELDS_AT_MOST + _BLANK_LINES]
        if _fields(near) >= _FIELDS_AT_LEAST:
            above = next((i for i in range(at - 1, max(at - 3, -1), -1) if texts[i].strip()), None)
            start = above if above is not None and _ORIGINAL.fullmatch(texts[above]) else at
            found.append((start, at + _end_of_header(near)))
    return found


def _fields(texts: Sequence[str]) -> int:
    """How many different fields follow each other."""
    names: set[str] = set()
    for text in texts:
        field = _FIELD.fullmatch(text)
        if field:
            names.add(field["name"].casefold())
        elif text.strip():
            break
    return len(names)


def _end_of_header(texts: Sequence[str]) -> int:
    """How many of the lines, which begin with a field, are the header's."""
    end = 1
    for at, text in enumerate(texts):
        if _FIELD.fullmatch(text):
            end = at + 1
        elif text.strip() and not text.startswith((" ", "\t")):
            break
    return end


def _name_of(introduction: Sequence[str]) -> str:
    return one_line(" ".join(introduction))[:_SECTION_LENGTH]


def _name_of_header(header: Sequence[str]) -> str:
    """A forwarded mail's "From: Ann Lee"."""
    fields = (field for text in header if (field := _FIELD.fullmatch(text)))
    said = next((one_line(field[0]) for field in fields if field["name"].casefold() in _FROM), QUOTED)
    return said.strip("* ")[:_SECTION_LENGTH]


def _of_html(text: str) -> Iterator[Piece]:
    """The pieces of a body in HTML: inside block quotes, and below a forwarded mail's header, another's words."""
    whose = introduced = ""
    for inside, part in _quoted_parts(text):
        found = hypertext.read(part).pieces
        own, introduction = (found, "") if inside else _introduced(found)
        within = (introduced or QUOTED) if inside else whose
        for piece in _placed(own, within):
            if not inside and (header := _header_in(piece.text)):
                whose = header
                yield replace(piece, kind=BlockKind.FURNITURE)
            else:
                yield (
                    replace(piece, section=(whose,), level=None, kind=_below(piece.kind)) if whose else piece
                )
        introduced = introduction


def _quoted_parts(text: str) -> Iterator[tuple[bool, str]]:
    """Cut HTML at its outermost block quotes; whether each part is inside one."""
    depth = start = 0
    for tag in _BLOCKQUOTE.finditer(text):
        before = depth
        depth = max(depth - 1, 0) if tag["end"] else depth + 1
        if (before == 0) != (depth == 0):
            yield before > 0, text[start : tag.start()]
            start = tag.end()
    yield depth > 0, text[start:]


def _introduced(pieces: list[Piece]) -> tuple[list[Piece], str]:
    last = one_line(pieces[-1].text) if pieces else ""
    if _WROTE.fullmatch(last):
        return [*pieces[:-1], replace(pieces[-1], kind=BlockKind.FURNITURE, level=None)], last[
            :_SECTION_LENGTH
        ]
    return pieces, ""


def _header_in(text: str) -> str:
    """Whose mail begins with this block, where it is a mail's header: "From: Ann Lee"."""
    lines = text.split("\n")
    return _name_of_header(lines) if _FIELD.match(lines[0]) and _fields(lines) >= _FIELDS_AT_LEAST else ""
