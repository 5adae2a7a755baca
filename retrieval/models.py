"""What is a memo, a passage, an excerpt, an answer?"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote as url_quote

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: never changed after it is made, and no field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(NamedTuple):
    """Half-open range of characters in a memo's canonical text: `text[start:end]`. A list of two in JSON."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Cut this range out of `text`."""
        return text[self.start : self.end]


class BlockKind(StrEnum):
    """What a stretch of a memo is to its reader."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    CELL = "cell"
    CAPTION = "caption"
    FURNITURE = "furniture"  # kickers, bylines, date lines: about the memo, not of it


class Turn(NamedTuple):
    """A page that begins inside a block: from `at` on, a place in the memo's text, the words stand on `page`."""

    at: int
    page: int


class Block(Frozen):
    """One paragraph, heading, list item or table cell, and where it stands.

    `page` is where it begins, counted from 1; `turns` are the pages that begin inside it, in order.
    """

    span: Span
    kind: BlockKind = BlockKind.PARAGRAPH
    section: tuple[str, ...] = ()
    page: int | None = None
    turns: tuple[Turn, ...] = ()
    row: str | None = None
    column: str | None = None


class Memo(Frozen):
    """A memo as it was read once: its canonical text, what is known about it, and its blocks in order.

    `read_from` maps "title", "author" and "published" to the place in the text that each was read from,
    where it was read from the text. Without `blocks` the text is taken as plain paragraphs. `review` is the day on
    which `owner` is to look at it again.
    """

    id: str
    title: str
    text: str
    author: str | None = None
    published: date | None = None
    source: str = ""
    sha256: str = ""
    url: str | None = None
    language: str | None = None
    status: str | None = None
    supersedes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    review: date | None = None
    owner: str | None = None
    blocks: tuple[Block, ...] = ()
    read_from: Mapping[str, Span] = {}


class Superseded(StrEnum):
    """What becomes of memos that another one supersedes."""

    SHOW = "show"
    DEMOTE = "demote"  # quoted after the memos that supersede them
    HIDE = "hide"  # not quoted, and not searched


class Passage(Frozen):
    """A stretch of one memo. Keeps where it lies; the words stay in the memo."""

    memo_id: str
    ordinal: int
    span: Span
    kind: BlockKind = BlockKind.PARAGRAPH
    section: tuple[str, ...] = ()
    page: int | None = None
    turns: tuple[Turn, ...] = ()
    row: str | None = None
    column: str | None = None

    def page_at(self, place: int) -> int | None:
        """Return the page on which the character at `place` of the memo's text stands."""
        return next((turn.page for turn in reversed(self.turns) if turn.at <= place), self.page)


class Explanation(Frozen):
    """One number of a score, in words, and what it was made of."""

    value: float
    what: str
    parts: tuple["Explanation", ...] = ()

    def lines(self, depth: int = 0) -> list[str]:
        """Write the tree down, a line a number, parts indented below their sum."""
        own = f"{'  ' * depth}{self.value:.3f}  {self.what}"
        return [own, *(line for part in self.parts for line in part.lines(depth + 1))]


class Hit(Frozen):
    """A passage that matches, and how well. `explanation` only where it was asked for."""

    passage: Passage
    score: float
    explanation: Explanation | None = None


class Citation(Frozen):
    """Where a quote stands: memo, section, page, passage; for a table cell its row and column.

    `sha256` names the version that was quoted, by its file; `fingerprint` the words, for the file may be read anew.
    """

    memo_id: str
    title: str
    author: str | None
    published: date | None
    source: str
    sha256: str
    section: tuple[str, ...]
    page: int | None
    row: str | None
    column: str | None
    passage: int
    link: str
    status: str | None = None
    fingerprint: str = ""

    @classmethod
    def of(cls, memo: Memo, passage: Passage, span: Span | None = None) -> "Citation":
        """Cite `passage` of `memo`, or the quote at `span` in it: `page` is where that begins."""
        span = span or passage.span
        return cls(
            memo_id=memo.id,
            title=memo.title,
            author=memo.author,
            published=memo.published,
            source=memo.source,
            sha256=memo.sha256,
            section=passage.section,
            page=passage.page_at(span.start),
            row=passage.row,
            column=passage.column,
            passage=passage.ordinal,
            link=f"/memos/{url_quote(memo.id, safe='')}#p{passage.ordinal}",
            status=memo.status,
            fingerprint=fingerprint(span.of(memo.text)),
        )


def fingerprint(words: str) -> str:
    """A few characters that tell some words from any others."""
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Successor(Frozen):
    """A memo that supersedes the quoted one: where its first passage stands."""

    citation: Citation
    span: Span


class Excerpt(Frozen):
    """What is quoted: `quote == memo.text[span.start:span.end]`, always.

    `cut` says whether words of the same sentence were left out before and after the quote;
    `highlights` are the matched words' places in the memo (not in the quote); `explanation` is there where it was asked
    for; `superseded_by` are the memos to read instead, newest first.
    """

    quote: str
    span: Span
    cut: tuple[bool, bool]
    highlights: tuple[Span, ...]
    score: float
    citation: Citation
    explanation: Explanation | None = None
    superseded_by: tuple[Successor, ...] = ()


class Outcome(StrEnum):
    """Whether the memos hold an answer."""

    FOUND = "found"
    NOTHING = "nothing"


class IndexInfo(Frozen):
    """What was searched: how many memos and passages, and a version that changes when any of them does."""

    memos: int
    passages: int
    version: str


class Answer(Frozen):
    """The reply to a question: excerpts (none when the outcome is `nothing`) and which words were met.

    `confidence` is the estimated share (0 to 1) of such answers that hold what was asked;
    `matched` and `missing` are words of the question, as its asker wrote them in lower case;
    `closest` are titles of up to two memos when nothing was found; `notes` are sentences for the asker; `as_of` is the
    day at whose end the library was asked about, where the question says one.
    """

    question: str
    outcome: Outcome
    confidence: float
    excerpts: tuple[Excerpt, ...]
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    closest: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    as_of: date | None = None
    index: IndexInfo
