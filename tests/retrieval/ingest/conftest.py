"""What do the tests of reading share? A file written and read in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import BlockKind, Memo, Span, read_memo

Reading = Callable[..., Memo]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """Write text (or bytes) to a file and read it as a memo."""

    def read(content: str | bytes, name: str = "memo.txt") -> Memo:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_memo(path)

    return read


def blocks(memo: Memo, *kinds: BlockKind) -> list[str]:
    """The texts of the memo's blocks, of these kinds or all."""
    return [b.span.of(memo.text) for b in memo.blocks if not kinds or b.kind in kinds]


def block(memo: Memo, start: str):
    """The one block that starts so."""
    found = [b for b in memo.blocks if b.span.of(memo.text).startswith(start)]
    assert len(found) == 1, f"{len(found)} blocks start with {start!r}"
    return found[0]


def assert_sound(memo: Memo) -> None:
    """What holds of every memo: blocks cover the text in order, and the text keeps its layout's rules."""
    end = 0
    for number, one in enumerate(memo.blocks):
        between = memo.text[end : one.span.start]
        assert between == ("\n\n" if number else ""), f"{between!r} stands outside the blocks"
        text = one.span.of(memo.text)
        assert text == text.strip()
        assert text
        assert "\n\n" not in text
        assert "  " not in text
        assert " \n" not in text
        assert "\n " not in text
        end = one.span.end
    assert end == len(memo.text)
    for place in memo.read_from.values():
        assert any(b.span.start <= place.start < place.end <= b.span.end for b in memo.blocks)


__all__ = ["Reading", "Span", "assert_sound", "block", "blocks", "reading"]
