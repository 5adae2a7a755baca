"""How do memos become columns?

What is found here of a memo depends on it alone, on the language that it is taken to be in, and on the synonyms and
abbreviations that stand in it. So it is found once, and an index over other memos beside it uses it again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from retrieval.analysis import Piece
from retrieval.columns import DIGEST_BYTES, Columns, Ragged
from retrieval.labels import label_of
from retrieval.models import Memo, Span
from retrieval.passages import split
from retrieval.rows import Ids, Places, edges, joined
from retrieval.seeing import Seen, language_of, sentences_of, settled, starts_of
from retrieval.texts import Texts
from retrieval.wording import is_stand_in
from retrieval.wordings import MemoTerms, Wordings

LONG_SENTENCE = 300  # characters; where the terms of longer ones begin is kept, since they are quoted in part


def drafted(memos: Iterable[tuple[Seen, str]], wordings: Mapping[str, Wordings]) -> Columns:
    """Take memos, each with the language that it is in, to their terms; `wordings` are by language."""
    draft = _Draft()
    for seen, language in memos:
        memo = settled(seen.given, language)
        analyse(memo, MemoTerms(memo.id, wordings[language_of(memo)]), draft)
        draft.memo(seen, language)
    return draft.columns()


def analyse(memo: Memo, analyze: MemoTerms, draft: "_Draft") -> None:
    """Take a memo, whose language is settled, to its terms."""
    passages = split(memo)
    labels: dict[str, list[int]] = {"": []}  # a heading, or the name of a row, is shared by many passages
    title = draft.terms(analyze.pieces(memo.title)) if passages else []  # what is never quoted stands nowhere
    by_number = draft.by_number(language_of(memo), analyze.numbered)
    for passage in passages:
        over = [*title]
        for name in (*passage.section, passage.row or "", passage.column or ""):
            if name not in labels:
                labels[name] = draft.terms(analyze.pieces(name))
            over += labels[name]
        found = sentences_of(memo, passage)
        for span in found:
            _add_sentence(span, span.of(memo.text), analyze, by_number, draft)
        draft.passage(over, len(found))


def _add_sentence(span: Span, text: str, analyze: MemoTerms, by_number: "ByNumber", draft: "_Draft") -> None:
    if len(text) > LONG_SENTENCE:
        pieces, starts = analyze.placed(text)
        draft.long_sentence(starts_of(starts, span))
        draft.sentence(span, map(draft.pairs.__getitem__, pieces))
        return
    numbers = analyze.numbers(text)
    if numbers is None:
        draft.sentence(span, map(draft.pairs.__getitem__, analyze.pieces(text)))
    else:
        draft.sentence(span, map(by_number.__getitem__, numbers))


class _Draft:
    """Columns while they are gathered: first a memo's sentences and passages, one after the other, then the memo.

    Terms are gathered as pairs of a term and what is written for it.
    """

    def __init__(self) -> None:
        self.pairs = _Pairs()
        self._by_number: dict[str, ByNumber] = {}
        self._memos: list[tuple[Seen, str]] = []
        self._body: list[int] = []
        self._terms_in: list[int] = [0]
        self._spans: list[Span] = []
        self._headings: list[int] = []
        self._headings_in: list[int] = [0]
        self._sentences: list[int] = [0]
        self._passages: list[int] = [0]
        self._long: list[int] = []
        self._long_in: list[int] = [0]
        self._starts: list[Ids] = []

    def by_number(self, language: str, numbered: Sequence[Piece]) -> "ByNumber":
        """The pairs by the numbers that a language's analyzer gives."""
        return self._by_number.setdefault(language, ByNumber(numbered, self.pairs))

    def terms(self, pieces: Iterable[Piece]) -> list[int]:
        """The numbers of terms over a passage."""
        return [self.pairs.term(piece.term) for piece in pieces]

    def sentence(self, span: Span, pairs: Iterable[int]) -> None:
        """The next sentence of a memo, and its pairs."""
        self._body += pairs
        self._terms_in.append(len(self._body))
        self._spans.append(span)

    def long_sentence(self, starts: Ids) -> None:
        """Where the terms of the next sentence begin."""
        self._long.append(len(self._spans) - self._sentences[self._passages[-1]])
        self._starts.append(starts)

    def passage(self, over: Sequence[int], sentences: int) -> None:
        """A passage of the last `sentences`, with terms `over` it."""
        self._headings += over
        self._headings_in.append(len(self._headings))
        self._sentences.append(self._sentences[-1] + sentences)

    def memo(self, seen: Seen, language: str) -> None:
        """A memo of the last passages, and the language that it is in."""
        self._memos.append((seen, language))
        self._passages.append(len(self._sentences) - 1)
        self._long_in.append(len(self._long))

    def columns(self) -> Columns:
        """All of it."""
        seen = [each for each, _ in self._memos]
        passages, sentences = _places(self._passages), _places(self._sentences)
        term_of, body = _ids(self.pairs.terms), _ids(self._body)
        terms = Ragged(term_of[body], _places(self._terms_in))
        headings = Ragged(_ids(self._headings), _places(self._headings_in))
        body_of = np.diff(terms.edges[sentences[passages]])
        headings_of = np.diff(headings.edges[passages])
        own_keys = _keys(
            (body_of, terms.values), (headings_of, headings.values), kinds=len(self.pairs.vocabulary)
        )
        own = _by_memo(own_keys, len(seen), len(self.pairs.vocabulary))
        pairs = _by_memo(_keys((body_of, body), kinds=len(term_of)), len(seen), len(term_of))
        forms = self._written(pairs)
        owners = np.repeat(np.arange(len(seen)), np.diff(forms.edges))
        wanted = owners * len(self.pairs.vocabulary) + term_of[forms.values]
        written = dict.fromkeys(word for (term, word) in self.pairs.all if not is_stand_in(term))
        number_of = {word: number for number, word in enumerate(written)}
        in_written = _ids([number_of.get(word, -1) for _, word in self.pairs.all])
        return Columns(
            ids=Texts.of(each.given.id for each in seen),
            memos=Texts.of_bytes([each.json for each in seen]),
            digests=np.frombuffer(b"".join(each.digest for each in seen), np.uint8).reshape(-1, DIGEST_BYTES),
            detected=Texts.of(each.detected for each in seen),
            settled=Texts.of(language for _, language in self._memos),
            labels=Texts.of(label_of(each.given) for each in seen),
            abbreviations=Texts.of(
                json.dumps(each.abbreviations) if each.abbreviations else "" for each in seen
            ),
            passages=passages,
            own=own,
            forms=Ragged(in_written[forms.values], forms.edges),
            form_terms=(np.searchsorted(own_keys, wanted) - own.edges[owners]).astype(np.int32),
            headings=headings,
            sentences=sentences,
            spans=_ids(self._spans).reshape(-1, 2),
            terms=terms,
            long=Ragged(_ids(self._long), _places(self._long_in)),
            starts=Ragged(joined(self._starts), edges([len(starts) for starts in self._starts])),
            vocabulary=Texts.of(self.pairs.vocabulary),
            written=Texts.of(written),
        )

    def _written(self, pairs: Ragged) -> Ragged:
        """The pairs of each memo that it writes itself: not the stand-ins."""
        own = np.array([not is_stand_in(term) for term, _ in self.pairs.all], np.bool_)[pairs.values]
        return Ragged(pairs.values[own], edges(own)[pairs.edges])


class _Pairs(dict[Piece, int]):
    """A number for each pair of a term and what is written for it, and for each term; new ones get the next."""

    def __init__(self) -> None:
        self.all: dict[tuple[str, str], int] = {}
        self.terms: list[int] = []
        self.vocabulary: dict[str, int] = {}

    def term(self, term: str) -> int:
        """The number of a term."""
        return self.vocabulary.setdefault(term, len(self.vocabulary))

    def __missing__(self, piece: Piece) -> int:
        pair = piece.term, piece.written
        number = self[piece] = self.all.setdefault(pair, len(self.all))
        if number == len(self.terms):
            self.terms.append(self.term(piece.term))
        return number


class ByNumber(dict[int, int]):
    """What `numbers` gives for each piece, by the number that the analyzer gave it."""

    def __init__(self, numbered: Sequence[Piece], numbers: Mapping[Piece, int]) -> None:
        self._numbered, self._numbers = numbered, numbers

    def __missing__(self, number: int) -> int:  # noqa: D105 - as of a dict
        local = self[number] = self._numbers[self._numbered[number]]
        return local


def _keys(*columns: tuple[Places, Ids], kinds: int) -> Places:
    """What stands in each memo, of so many `kinds`: memo * kinds + what, ascending, each once.

    Each of `columns` is how many each memo has there, and these.
    """
    found = [
        np.repeat(np.arange(len(counts), dtype=np.int64) * kinds, counts) + what for counts, what in columns
    ]
    keys = np.concatenate(found)
    keys.sort()
    once: Places = keys[np.diff(keys, prepend=-1) != 0]
    return once


def _by_memo(keys: Places, memos: int, kinds: int) -> Ragged:
    """A row for each memo, of such keys."""
    kinds = max(kinds, 1)
    return Ragged((keys % kinds).astype(np.int32), edges(np.bincount(keys // kinds, minlength=memos)))


def _ids(numbers: object) -> Ids:
    return np.array(numbers, dtype=np.int32)


def _places(numbers: object) -> Places:
    return np.array(numbers, dtype=np.int64)
