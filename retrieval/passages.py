"""Where does one passage end and the next begin?"""

import re

from retrieval.models import Block, Memo, Passage, Span

_BLANK_LINES = re.compile(r"\n\s*\n")


def blocks_of(memo: Memo) -> tuple[Block, ...]:
    """The memo's blocks; for a memo made by hand, its plain paragraphs."""
    if memo.blocks:
        return memo.blocks
    edges = [0, *(edge for m in _BLANK_LINES.finditer(memo.text) for edge in m.span()), len(memo.text)]
    return tuple(
        Block(span=Span(a, b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if memo.text[a:b].strip()
    )


def split(memo: Memo) -> list[Passage]:
    """One passage a block."""
    return [
        Passage(memo_id=memo.id, ordinal=number, **block.model_dump())
        for number, block in enumerate(blocks_of(memo), 1)
    ]
