"""What does a memo consist of, as the index sees it?

What is found here depends on the memo alone, on the language that it is taken to be in, and on the synonyms and
abbreviations that stand in it. So it is found once, and an index over other memos beside it uses it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.abbreviations import Abbreviation, abbreviations
from retrieval.analysis import Piece
from retrieval.analysis.language import detect, two_letters
from retrieval.analysis.sentences import sentences
from retrieval.models import Memo, Passage, Span
from retrieval.passages import split
from retrieval.synonyms import Synonyms
from retrieval.wording import Stems, is_stand_in
from retrieval.wordings import MemoTerms, Wordings

Ids = NDArray[np.int32]
LONG_SENTENCE = 300  # characters; where the terms of longer ones begin is kept, since they are quoted in part


class Seen(NamedTuple):
    """A memo as it was given, the language found in it ("" where that is not plain), and what it abbreviates."""

    given: Memo
    detected: str
    abbreviations: tuple[Abbreviation, ...]


class Known(NamedTuple):
    """What was found out about some memos, by id; what an index over others is built sooner from.

    `wordings` (by language) and `synonyms` are those that the memos were analysed with.
    """

    seen: Mapping[str, Seen]
    analysed: "Mapping[str, Analysed]"
    wordings: Mapping[str, Wordings]
    synonyms: tuple[Synonyms, ...]


class Analysed(NamedTuple):
    """A memo in terms.

    `vocabulary` holds its terms, each once, in order of appearance; `body` and `headings` are numbers in it: those of
    the sentences one after the other, and those of the title and headings over each passage. For p passages and s
    sentences: `headings_in` (p,) and `sentences_in` (p,) count each passage's; `spans` (s, 2) are characters;
    `terms_in` (s,) counts each sentence's terms. `starts` says where the terms of a long sentence begin, by its
    number. `forms` maps a word as it is written to its term's number. `digest` is of all that is known of the memo.
    """

    memo: Memo
    passages: tuple[Passage, ...]
    vocabulary: tuple[str, ...]
    body: Ids
    headings: Ids
    headings_in: Ids
    sentences_in: Ids
    spans: Ids
    terms_in: Ids
    starts: Mapping[int, Ids]
    forms: Mapping[str, int]
    digest: bytes

    def holds_any(self, wordings: Mapping[str, Iterable[Stems]]) -> bool:
        """Whether every word of one of `wordings` (by their first) stands in it."""
        if not wordings:
            return False
        terms = frozenset(self.vocabulary)
        return any(
            terms.issuperset(stems) for first in terms.intersection(wordings) for stems in wordings[first]
        )


def see(memo: Memo) -> Seen:
    """Look at a memo by itself."""
    detected = "" if memo.language else detect(memo.text)
    return Seen(memo, detected, tuple(abbreviations(memo.text)) if "(" in memo.text else ())


def analyse(memo: Memo, analyze: MemoTerms) -> Analysed:
    """Take a memo, whose language is settled, to its terms."""
    draft = _Draft(memo, analyze)
    passages = tuple(split(memo))
    title = draft.numbers(memo.title) if passages else []  # what can never be quoted stands nowhere
    for passage in passages:
        draft.add(passage, title)
    return Analysed(
        memo=memo,
        passages=passages,
        vocabulary=tuple(draft.vocabulary),
        body=_ids(draft.body),
        headings=_ids(draft.headings),
        headings_in=_ids(draft.headings_in),
        sentences_in=_ids(draft.sentences_in),
        spans=_ids(draft.spans).reshape(-1, 2),
        terms_in=_ids(draft.terms_in),
        starts=draft.starts,
        forms=draft.forms,
        digest=sha256(memo.model_dump_json().encode()).digest(),
    )


class _Draft:
    """A memo's terms while they are gathered; the fields are those of `Analysed`."""

    def __init__(self, memo: Memo, analyze: MemoTerms) -> None:
        self._memo, self._analyze = memo, analyze
        self._numbers = _Numbers()
        self._by_number = ByNumber(analyze.numbered, self._numbers)
        self.starts: dict[int, Ids] = {}
        self.body: list[int] = []
        self.headings: list[int] = []
        self.headings_in: list[int] = []
        self.sentences_in: list[int] = []
        self.spans: list[Span] = []
        self.terms_in: list[int] = []
        self._labels: dict[str, list[int]] = {"": []}

    @property
    def vocabulary(self) -> dict[str, int]:
        return self._numbers.vocabulary

    @property
    def forms(self) -> dict[str, int]:
        return self._numbers.forms

    def numbers(self, text: str) -> list[int]:
        """The terms of a heading or a label."""
        vocabulary = self._numbers.vocabulary
        return [vocabulary.setdefault(piece.term, len(vocabulary)) for piece in self._analyze.pieces(text)]

    def add(self, passage: Passage, title: list[int]) -> None:
        names = [*passage.section, passage.row or "", passage.column or ""]
        over = [*title, *(number for name in names for number in self._label(name))]
        self.headings += over
        self.headings_in.append(len(over))
        found = sentences_of(self._memo, passage)
        for span in found:
            self._add_sentence(span)
        self.spans += found
        self.sentences_in.append(len(found))

    def _label(self, name: str) -> list[int]:
        """The terms of a heading, or of the name of a row or column, which many passages share."""
        known = self._labels.get(name)
        if known is None:
            known = self._labels[name] = self.numbers(name)
        return known

    def _add_sentence(self, span: Span) -> None:
        text = span.of(self._memo.text)
        if span.end - span.start > LONG_SENTENCE:
            pieces, starts = self._analyze.placed(text)
            self.starts[len(self.terms_in)] = starts_of(starts, span)
        else:
            numbers = self._analyze.numbers(text)
            if numbers is not None:
                self.body += map(self._by_number.__getitem__, numbers)
                self.terms_in.append(len(numbers))
                return
            pieces = self._analyze.pieces(text)
        self.body += map(self._numbers.__getitem__, pieces)
        self.terms_in.append(len(pieces))


class _Numbers(dict[Piece, int]):
    """The number of each piece's term in the vocabulary of its memo; a new term gets the next."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.forms: dict[str, int] = {}

    def __missing__(self, piece: Piece) -> int:
        number = self[piece] = self.vocabulary.setdefault(piece.term, len(self.vocabulary))
        if not is_stand_in(piece.term):
            self.forms.setdefault(piece.written, number)
        return number


class ByNumber(dict[int, int]):
    """What `numbers` gives for each piece, by the number that the analyzer gave it."""

    def __init__(self, numbered: Sequence[Piece], numbers: Mapping[Piece, int]) -> None:
        self._numbered, self._numbers = numbered, numbers

    def __missing__(self, number: int) -> int:  # noqa: D105 - as of a dict
        local = self[number] = self._numbers[self._numbered[number]]
        return local


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
    return _ids([span.start + start for start in starts])


def _ids(numbers: object) -> Ids:
    return np.array(numbers, dtype=np.int32)
