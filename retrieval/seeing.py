"""What does a look at a memo by itself tell, and where are its sentences and terms?"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from pydantic_core import PydanticSerializationError

from retrieval.abbreviations import Abbreviation, abbreviations
from retrieval.analysis.language import detect, two_letters
from retrieval.analysis.sentences import sentences
from retrieval.errors import UnreadableMemo
from retrieval.models import Memo, Passage, Span
from retrieval.rows import Ids

_HALF = "it holds half a character (a lone surrogate), which UTF-8 cannot write. Put U+FFFD in its place."


class Seen(NamedTuple):
    """A memo as it was given, and what a look at it by itself tells.

    `json` is the memo in UTF-8, `digest` the SHA-256 of that; `detected` the language found in it, "" where that is
    not plain.
    """

    given: Memo
    json: bytes
    digest: bytes
    detected: str
    abbreviations: tuple[Abbreviation, ...]


def look(memo: Memo) -> tuple[str, tuple[Abbreviation, ...]]:
    """The language found in a memo, and what it abbreviates."""
    detected = "" if memo.language else detect(memo.text)
    return detected, tuple(abbreviations(memo.text)) if "(" in memo.text else ()


def in_json(memo: Memo) -> bytes:
    """A memo as JSON in UTF-8; `Memo.model_validate_json` makes it again. Raises UnreadableMemo."""
    try:
        return memo.model_dump_json(exclude_defaults=True).encode()
    except PydanticSerializationError:
        raise UnreadableMemo(memo.source or memo.id, _HALF) from None


def settled(memo: Memo, language: str) -> Memo:
    """A memo that is taken to be in this language."""
    return memo if memo.language == language else memo.model_copy(update={"language": language})


def language_of(memo: Memo) -> str:
    """The language that a memo of an index is analysed in, as an ISO 639-1 code."""
    return two_letters(memo.language)


def sentences_of(memo: Memo, passage: Passage) -> list[Span]:
    """The sentences of `passage`, as places in the memo."""
    begin = passage.span.start
    found = sentences(passage.span.of(memo.text), language_of(memo))
    return [Span(begin + start, begin + end) for start, end in found]


def starts_of(starts: Iterable[int], span: Span) -> Ids:
    """Where in the memo each of the terms of a stretch begins."""
    return np.array([span.start + start for start in starts], dtype=np.int32)
