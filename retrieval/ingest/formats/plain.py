"""How is text taken out of a plain text file?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.ingest.cleaning import join, one_line, without_markup
from retrieval.ingest.dates import date_line
from retrieval.ingest.metadata import starts_with_field
from retrieval.ingest.pieces import Draft, Piece
from retrieval.ingest.tables import table
from retrieval.ingest.wording import begins_small, is_caption, is_finished, is_short_line
from retrieval.models import BlockKind

_ITEM = re.compile(
    r"[ \t]{0,40}(?:[-*+•‣◦▪●○■□➤►·–](?=[ \t]+\S)|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)](?=[ \t]+\S))"
)
_BULLET = re.compile(r"[ \t]*[-*+•‣◦▪●○■□➤►·–][ \t]+")
_RULE = re.compile(r"[ \t]*([-=_*~#•·—–])(?:[ \t]*\1){2,}[ \t]*")
_ATX = re.compile(r"(#{1,6})[ \t]+(\S.*?)[ \t#]*")
_SETEXT = {"=": 1, "-": 2}
_ALL_BOLD = re.compile(r"\*\*[^*]{1,100}\*\*:?")
_PIPE_RULE = re.compile(r"\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?")
_LONGEST_WRAPPED, _SHORTEST_WRAPPED = (
    130,
    40,
)  # a file whose lines are wrapped has its longest line between these
_RAGGED = 10  # characters that an editor may leave free at the end of a wrapped line
_BOLD_HEADING = 90
_HEADER_LINES = 20


@dataclass
class _Group:
    """Lines without a blank line between them, and how many stand before the first."""

    gap: int
    page: int | None
    lines: list[str] = field(default_factory=list)


def read(text: str) -> Draft:
    """Read plain text: groups of lines become paragraphs, list items, tables, captions and marked headings.

    Lines that an editor wrapped are joined; other line breaks are kept. Unmarked headings are found later.
    """
    width = _wrapped_width(text)
    return Draft([piece for group in _groups(text) for piece in _pieces(group, width)])


def _groups(text: str) -> Iterator[_Group]:
    """Yield the groups of lines; a form feed ends a page, which is as good as two blank lines."""
    paged = "\f" in text
    page, gap, group = 1, 1, None
    for line in text.replace("\f", "\n\f\n").split("\n"):
        if line.strip() and line != "\f":
            if group is None:
                group = _Group(gap, page if paged else None)
            group.lines.append(line)
            continue
        if group:
            yield group
            group, gap = None, 0
        page, gap = (page + 1, gap + 2) if line == "\f" else (page, gap + 1)
    if group:
        yield group


def _wrapped_width(text: str) -> int:
    """Return the length of the longest line if the lines look wrapped by an editor, else 0."""
    longest = max((len(line.rstrip()) for line in text.split("\n") if "\t" not in line.strip()), default=0)
    return longest if _SHORTEST_WRAPPED <= longest <= _LONGEST_WRAPPED else 0


def _pieces(group: _Group, width: int) -> Iterator[Piece]:
    """Take a group of lines apart; what follows its first piece has no gap before it."""
    gap, start = group.gap, 0
    while start < len(group.lines):
        end, made = _next(group, start, width)
        for piece in made:
            yield Piece(piece.text, piece.kind, piece.level, piece.row, piece.column, group.page, gap)
            gap = 0
        start = end


def _next(group: _Group, start: int, width: int) -> tuple[int, list[Piece]]:
    """Read what begins at line `start`: where it ends, and its pieces (none for a rule)."""
    lines = group.lines
    for end, rows in (_tabbed(lines, start), _piped(lines, start)):
        if end:
            return end, table([[without_markup(cell) for cell in row] for row in rows])
    if _RULE.fullmatch(lines[start]):
        return start + 1, []
    end, level, heading = _marked_heading(lines, start)
    if end:
        return end, _made(heading, BlockKind.HEADING, level)
    end, text = _paragraph(lines, start, width)
    if _is_item(text) and not date_line(text):  # "3. Oktober 2024"
        return end, _made(_BULLET.sub("", text, count=1), BlockKind.LIST_ITEM)
    made = _made(text)
    return end, [piece.as_(BlockKind.CAPTION) if is_caption(piece.text) else piece for piece in made]


def _marked_heading(lines: Sequence[str], start: int) -> tuple[int, int | None, str]:
    """Read a heading marked by "#", an underline, or bold in a line of its own: its end (0: none), rank, text."""
    line = lines[start].strip()
    atx = _ATX.fullmatch(line)
    if atx:
        return start + 1, len(atx[1]), atx[2]
    level = _underline(lines[start + 1]) if start + 1 < len(lines) else None
    if level and is_short_line(one_line(line)):
        return start + 2, level, line
    if len(lines) == 1 and len(line) <= _BOLD_HEADING and _ALL_BOLD.fullmatch(line):
        return start + 1, None, line
    return 0, None, ""


def _made(text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int | None = None) -> list[Piece]:
    tidy = without_markup(text)
    return [Piece(tidy, kind, level)] if tidy else []


def _paragraph(lines: Sequence[str], start: int, width: int) -> tuple[int, str]:
    """Join the wrapped lines from `start` on: where the next piece begins, and the text."""
    end = start + 1
    while end < len(lines) and _continues(lines, start, end, width):
        end += 1
    first, *others = lines[start:end]
    return end, join([first.rstrip(), *(line.strip() for line in others)])


def _continues(lines: Sequence[str], start: int, number: int, width: int) -> bool:
    """Whether line `number` goes on with the paragraph that began at `start`."""
    before, line = lines[number - 1].rstrip(), lines[number]
    text = line.strip()
    if _RULE.fullmatch(line) or _ATX.fullmatch(text) or _tabbed(lines, number)[0] or _piped(lines, number)[0]:
        return False
    full = bool(width) and len(before) + 1 + len(text.split(maxsplit=1)[0]) > width - _RAGGED
    finished = is_finished(before)
    # "- ", "50. " or "Figure 2." may also be the chance beginning of a wrapped line.
    for begins in (_is_item, starts_with_field, is_caption):
        if begins(text) and (finished or not full or begins(lines[start].strip())):
            return False
    if line[:1] in " \t" and before[:1] not in " \t" and finished and not _is_item(lines[start]):
        return False  # a first line set in
    return full or (begins_small(text) and not finished)


def _is_item(line: str) -> bool:
    return _ITEM.match(line) is not None


def _underline(line: str) -> int | None:
    """Return the rank that an underline gives to the line above it, or None."""
    rule = _RULE.fullmatch(line)
    return _SETEXT.get(rule[1]) if rule and " " not in line.strip() else None


def _tabbed(lines: Sequence[str], start: int) -> tuple[int, list[list[str]]]:
    """Read a table of tab-separated lines, two at least with as many tabs: where it ends (0: there is none), rows."""
    columns = _tabs(lines[start])
    if not columns or start + 1 >= len(lines) or _tabs(lines[start + 1]) != columns:
        return 0, []
    end = start
    while end < len(lines) and _tabs(lines[end]) == columns:
        end += 1
    rows = [line.rstrip("\n").split("\t") for line in lines[start:end]]
    if len(rows) <= _HEADER_LINES and all(
        row[0].rstrip().endswith(":") for row in rows
    ):  # "To:<tab>Jane": a memo's header, not a table
        return 0, []
    return end, rows


def _tabs(line: str) -> int:
    return line.count("\t") if line.strip().count("\t") else 0


def _piped(lines: Sequence[str], start: int) -> tuple[int, list[list[str]]]:
    """Read a table drawn with pipes and a rule under its head: where it ends (0: there is none), its rows."""
    if "|" not in lines[start] or start + 1 >= len(lines):
        return 0, []
    rule = lines[start + 1].strip()
    if "|" not in rule or not _PIPE_RULE.fullmatch(rule):
        return 0, []
    end = start + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    kept: Iterable[str] = (line for number, line in enumerate(lines[start:end]) if number != 1)
    return end, [[one_line(cell) for cell in line.strip().strip("|").split("|")] for line in kept]
