"""Does a sentence that somebody quotes stand in the memos?"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from retrieval.errors import MalformedFile
from retrieval.models import Frozen, Memo, Span

_REMEDY = "Save one with: quoth ask QUESTION --json > FILE."


class Mismatch(Frozen):
    """A quote that does not stand where its citation says; `why` is a sentence for the reader."""

    number: int
    quote: str
    why: str


class _SavedCitation(Frozen):
    memo_id: str
    title: str
    sha256: str


class _SavedExcerpt(Frozen):
    quote: str
    span: Span
    highlights: tuple[Span, ...]
    citation: _SavedCitation


def check_quotes(saved: Mapping[str, Any], memos: Iterable[Memo]) -> list[Mismatch]:
    """The quotes of `saved` (from `read_answer`) that do not stand in `memos` at their place, or whose file changed."""
    known = {memo.id: memo for memo in memos}
    excerpts = [_excerpt(each) for each in saved["excerpts"]]
    return [
        Mismatch(number=number, quote=each.quote, why=why)
        for number, each in enumerate(excerpts, 1)
        if (why := _wrong(each, known.get(each.citation.memo_id)))
    ]


def _wrong(excerpt: _SavedExcerpt, memo: Memo | None) -> str | None:
    cited = excerpt.citation
    if memo is None:
        return f"there is no memo {cited.memo_id!r}."
    stands = excerpt.span.of(memo.text) == excerpt.quote
    if not stands and excerpt.quote in memo.text:
        return f"the quote stands in {cited.title!r}, but not at characters {excerpt.span.start} to {excerpt.span.end}."
    if not stands:
        return f"the quote does not stand in {cited.title!r}."
    if memo.sha256 != cited.sha256:
        return f"the quote stands, but the file of {cited.title!r} has changed since it was quoted."
    if any(not excerpt.span.start <= a < b <= excerpt.span.end for a, b in excerpt.highlights):
        return "a highlight lies outside its quote."
    return None


def _excerpt(given: Mapping[str, Any]) -> _SavedExcerpt:
    cited = given["citation"]
    return _SavedExcerpt(
        quote=given["quote"],
        span=given["span"],
        highlights=given["highlights"],
        citation=_SavedCitation(memo_id=cited["memo_id"], title=cited["title"], sha256=cited["sha256"]),
    )


def read_answer(path: Path) -> dict[str, Any]:
    """Read a saved `quoth ask --json`; MalformedFile when it is not one."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise MalformedFile(path, f"cannot be read as JSON ({type(wrong).__name__}). {_REMEDY}") from None
    try:
        for each in saved["excerpts"]:
            _excerpt(each)
    except (KeyError, TypeError, ValueError):
        raise MalformedFile(path, f"is not a saved answer. {_REMEDY}") from None
    return dict(saved)
