"""Does a sentence that somebody quotes stand in the memos?"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retrieval.errors import MalformedFile
from retrieval.models import Citation, Frozen, Memo, Outcome, Span
from retrieval.passages import split

_REMEDY = "Save one with: quoth ask QUESTION --json > FILE."


class Mismatch(Frozen):
    """A quote that does not stand where its citation says; `why` is a sentence for the reader."""

    number: int
    quote: str
    why: str


class _SavedExcerpt(BaseModel):
    """What is proven of a saved excerpt; its other fields are not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    quote: str = Field(min_length=1)
    span: Span
    cut: tuple[bool, bool]
    highlights: tuple[Span, ...]
    citation: Citation


class _SavedAnswer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    outcome: Outcome
    excerpts: tuple[_SavedExcerpt, ...]


def check_quotes(saved: Mapping[str, Any], memos: Iterable[Memo]) -> list[Mismatch]:
    """The quotes of `saved` (from `read_answer`) that do not stand in `memos` as cited, or whose file changed."""
    known = {memo.id: memo for memo in memos}
    return [
        Mismatch(number=number, quote=each.quote, why=why)
        for number, each in enumerate(_SavedAnswer.model_validate(saved).excerpts, 1)
        if (why := _wrong(each, known.get(each.citation.memo_id)))
    ]


def _wrong(excerpt: _SavedExcerpt, memo: Memo | None) -> str | None:
    cited, (start, end) = excerpt.citation, excerpt.span
    if memo is None:
        return f"there is no memo {cited.memo_id!r}."
    if not 0 <= start < end <= len(memo.text):
        return f"characters {start} to {end} are no place in {memo.title!r}."
    if memo.text[start:end] != excerpt.quote:
        if excerpt.quote in memo.text:
            return f"the quote stands in {memo.title!r}, but not at characters {start} to {end}."
        return f"the quote does not stand in {memo.title!r}."
    if memo.sha256 != cited.sha256:
        return f"the quote stands, but the file of {memo.title!r} has changed since it was quoted."
    return _wrongly_cited(excerpt, memo) or _wrongly_cut(excerpt, memo) or _wrongly_marked(excerpt)


def _wrongly_marked(excerpt: _SavedExcerpt) -> str | None:
    start, end = excerpt.span
    outside = any(not start <= a < b <= end for a, b in excerpt.highlights)
    return "a highlight lies outside its quote." if outside else None


def _wrongly_cited(excerpt: _SavedExcerpt, memo: Memo) -> str | None:
    cited, span = excerpt.citation, excerpt.span
    holding = [p for p in split(memo) if p.span.start <= span.start and span.end <= p.span.end]
    if not holding:
        return "the quote spans two passages."
    right = Citation.of(memo, holding[0], span).model_dump()
    # What an answer saved by an earlier version does not say is not wrong; the fingerprint is the quote's own.
    said = cited.model_dump(exclude_unset=True, exclude={"fingerprint"})
    wrong = [name.replace("_", " ") for name, value in said.items() if value != right[name]]
    return f"the quote stands, but its citation is wrong: {', '.join(wrong)}." if wrong else None


def _wrongly_cut(excerpt: _SavedExcerpt, memo: Memo) -> str | None:
    """What is wrong with a quote that begins or ends inside a word and does not say so."""
    text, (start, end) = memo.text, excerpt.span
    torn = (
        start > 0 and text[start - 1 : start + 1].isalnum(),
        end < len(text) and text[end - 1 : end + 1].isalnum(),
    )
    if any(is_torn and not said for is_torn, said in zip(torn, excerpt.cut, strict=True)):
        return "the quote begins or ends inside a word, and does not say that it is cut."
    return None


def read_answer(path: Path) -> dict[str, Any]:
    """Read a saved `quoth ask --json`; MalformedFile when it is not one."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as wrong:
        raise MalformedFile(path, f"cannot be read as JSON ({type(wrong).__name__}). {_REMEDY}") from None
    try:
        answer = _SavedAnswer.model_validate(saved)
    except ValidationError:
        raise MalformedFile(path, f"is not a saved answer. {_REMEDY}") from None
    if bool(answer.excerpts) != (answer.outcome is Outcome.FOUND):
        raise MalformedFile(path, f'says "{answer.outcome}" with {len(answer.excerpts)} quotes. {_REMEDY}')
    return dict(saved)
