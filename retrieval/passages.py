"""Where does one passage end and the next begin?

A passage is one block of a memo: a paragraph, a list item, a table cell, a heading. So no excerpt spans two of them.
"""

import re

from retrieval.models import Block, Memo, Passage, Span

_BLANK_LINES = re.compile(
    r"\n\s*\n\s*"
)  # not the spaces before: what begins with one character is found sooner


def split(memo: Memo) -> list[Passage]:
    """The passages of `memo`, in order, numbered from 1; together they hold every word of its text."""
    return [
        Passage(
            memo_id=memo.id,
            ordinal=number,
            span=block.span,
            kind=block.kind,
            section=block.section,
            page=block.page,
            turns=block.turns,
            row=block.row,
            column=block.column,
        )
        for number, block in enumerate(memo.blocks or paragraphs(memo.text), 1)
    ]


def paragraphs(text: str) -> tuple[Block, ...]:
    """Plain text as paragraphs: stretches between blank lines, trimmed."""
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    edges = [begin, *(edge for m in _BLANK_LINES.finditer(text, begin, end) for edge in m.span()), end]
    spans = (Span(a, _trimmed(text, b)) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return tuple(Block(span=span) for span in spans if span.start < span.end)


def _trimmed(text: str, end: int) -> int:
    """Where the last character before `end` that is no space ends."""
    while end and text[end - 1].isspace():
        end -= 1
    return end
