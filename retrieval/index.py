"""Which passages contain a term, and how often?

An `Index` is an immutable snapshot. Passages are numbered so that a smaller number wins a tie: newer memos first,
then by memo id, then by place.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.abbreviations import explained
from retrieval.analysis import Term, analyzer
from retrieval.analysis.language import fill_in
from retrieval.analysis.sentences import sentences
from retrieval.lexicon import Lexicon
from retrieval.models import Hit, IndexInfo, Memo, Passage, Span
from retrieval.passages import split
from retrieval.postings import Ids, Postings, flatten
from retrieval.synonyms import MemoTerms, Synonyms, Wordings, is_stand_in

DEFAULT_LANGUAGE = "en"
LONG_SENTENCE = 300  # characters; where the terms of longer ones begin is kept, since they are quoted in part


class Sentences:
    """Every sentence of every passage: its place in its memo, and its terms' places among all terms.

    Shapes: `spans` (sentences, 2) characters; `first_term` (sentences + 1,); `first_of_passage` (passages + 1,).
    """

    def __init__(self, spans: list[Span], terms_in: list[int], in_passage: list[int]) -> None:
        self.spans = np.array(spans, dtype=np.int32).reshape(-1, 2)
        self.first_term = np.concatenate([[0], np.cumsum(terms_in, dtype=np.int64)]).astype(np.int64)
        self.first_of_passage = np.concatenate([[0], np.cumsum(in_passage, dtype=np.int64)]).astype(np.int64)


class Index:
    """What can be searched: memos, their passages, and the postings of their terms."""

    def __init__(self, memos: Iterable[Memo], synonyms: Iterable[Synonyms] = ()) -> None:
        known = {memo.id: memo for memo in _with_languages(memos)}
        self.memos = {memo.id: memo for memo in sorted(known.values(), key=_newest_first)}
        self.passages: list[Passage] = []
        self.vocabulary: dict[str, int] = {}
        self._written: dict[str, int] = {}
        self.languages: tuple[str, ...] = tuple(sorted({language_of(memo) for memo in known.values()})) or (
            DEFAULT_LANGUAGE,
        )
        self.synonyms = tuple(synonyms)
        rules = [*self.synonyms, *explained(self.memos.values())]
        self.wordings = {language: Wordings(rules, analyzer(language)) for language in self.languages}
        self._starts_in_long: dict[int, Ids] = {}
        self._build()

    @cached_property
    def info(self) -> IndexInfo:
        """How much this index holds, and its version."""
        digest = hashlib.sha256()
        for memo_id in sorted(self.memos):
            digest.update(self.memos[memo_id].model_dump_json().encode())
        for rule in self.synonyms:
            digest.update(rule.model_dump_json().encode())
        return IndexInfo(memos=len(self.memos), passages=len(self.passages), version=digest.hexdigest()[:16])

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """The `k` passages that match `question` best, best first; fewer where fewer match."""
        from retrieval.search import search  # noqa: PLC0415 - search reads the index; only this door points back

        return search(self, question, k)

    def text_of(self, passage: Passage) -> str:
        """The words of `passage`."""
        return passage.span.of(self.memos[passage.memo_id].text)

    def term_starts(self, sentence: int) -> Ids:
        """Where in the memo each term of sentence number `sentence` begins, ascending."""
        if sentence in self._starts_in_long:
            return self._starts_in_long[sentence]
        passage = int(np.searchsorted(self.sentences.first_of_passage, sentence, side="right")) - 1
        memo = self.memos[self.passages[passage].memo_id]
        span = Span(*self.sentences.spans[sentence].tolist())
        return _starts(self._terms_of(memo).terms(span.of(memo.text)), span)

    def labels_of(self, passage: Passage) -> Ids:
        """Term ids of the names of a table cell's row and column."""
        analyze = analyzer(language_of(self.memos[passage.memo_id]))
        terms = analyze.terms(f"{passage.row or ''} \n{passage.column or ''}")
        return np.array([self.vocabulary[term.term] for term in terms], dtype=np.int32)

    def headings_of(self, passage: int) -> Ids:
        """Term ids of the title and headings over passage number `passage`."""
        edges = self._heading_edges[passage : passage + 2]
        terms: Ids = self._heading_terms[edges[0] : edges[1]]
        return terms

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms by likeness."""
        return Lexicon(self.vocabulary, {form.lower(): number for form, number in self._written.items()})

    @cached_property
    def memo_of_passage(self) -> Ids:
        """For each passage the number of its memo, in the order of `memos`."""
        numbers = {memo_id: number for number, memo_id in enumerate(self.memos)}
        return np.array([numbers[passage.memo_id] for passage in self.passages], dtype=np.int32)

    def is_own(self, terms: Ids) -> NDArray[np.bool_]:
        """Which of `terms` were read in a memo; the others stand in for a synonym or an abbreviation."""
        own: NDArray[np.bool_] = ~self._stand_ins[terms]
        return own

    @cached_property
    def _stand_ins(self) -> NDArray[np.bool_]:
        return np.array([is_stand_in(term) for term in self.vocabulary], dtype=np.bool_)

    def _terms_of(self, memo: Memo) -> MemoTerms:
        """What finds the terms of the texts of `memo`, those for its synonyms and abbreviations among them."""
        return MemoTerms(memo.id, self.wordings[language_of(memo)])

    def _note_forms(self, text: str, span: Span, terms: Iterable[Term], numbers: Iterable[int]) -> None:
        """Remember how each term is written, once a spelling."""
        written, begin = self._written, span.start
        for (term, start, end), number in zip(terms, numbers, strict=True):
            if not is_stand_in(term):
                written.setdefault(text[begin + start : begin + end], number)

    def _number(self, term: str) -> int:
        return self.vocabulary.setdefault(term, len(self.vocabulary))

    def _build(self) -> None:
        bodies: list[list[int]] = []
        headings: list[list[int]] = []
        spans: list[Span] = []
        terms_in: list[int] = []
        in_passage: list[int] = []
        for memo in self.memos.values():
            analyze = self._terms_of(memo)
            title = [self._number(term.term) for term in analyze.terms(memo.title)]
            for passage in split(memo):
                self.passages.append(passage)
                labels = " \n".join([*passage.section, passage.row or "", passage.column or ""])
                headings.append([*title, *(self._number(term.term) for term in analyze.terms(labels))])
                body: list[int] = []
                found = sentences_of(memo, passage)
                for span in found:
                    terms = analyze.terms(span.of(memo.text))
                    if span.end - span.start > LONG_SENTENCE:
                        self._starts_in_long[len(terms_in)] = _starts(terms, span)
                    numbers = [self._number(term.term) for term in terms]
                    self._note_forms(memo.text, span, terms, numbers)
                    body += numbers
                    terms_in.append(len(terms))
                bodies.append(body)
                spans += found
                in_passage.append(len(found))
        self.sentences = Sentences(spans, terms_in, in_passage)
        self.terms, lengths = flatten(bodies)
        self.bodies = self._postings(self.terms, lengths)
        self._heading_terms, lengths = flatten(headings)
        self._heading_edges = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
        self.headings = self._postings(self._heading_terms, lengths)

    def _postings(self, terms: Ids, lengths: Ids) -> Postings:
        edges = np.concatenate([[0], np.cumsum(lengths)])
        counted = np.concatenate([[0], np.cumsum(self.is_own(terms))])
        own = np.diff(counted[edges]).astype(np.int32)
        return Postings(terms, lengths, len(self.vocabulary), own=own)


def build_index(memos: Iterable[Memo], synonyms: Iterable[Synonyms] = ()) -> Index:
    """Index `memos`; of two with the same id the later one counts.

    `synonyms` (`read_synonyms`) are wordings that answer for each other, as abbreviations that the memos explain do.
    """
    return Index(memos, synonyms)


def language_of(memo: Memo) -> str:
    """The language that a memo of an index is analysed in, as an ISO 639-1 code."""
    return (memo.language or DEFAULT_LANGUAGE)[:2].lower()


def _with_languages(memos: Iterable[Memo]) -> list[Memo]:
    """The memos, each with its language: its own word for it, or what its text tells."""
    memos = list(memos)
    languages = fill_in([memo.language for memo in memos], [memo.text for memo in memos])
    return [
        memo if memo.language else memo.model_copy(update={"language": language})
        for memo, language in zip(memos, languages, strict=True)
    ]


def sentences_of(memo: Memo, passage: Passage) -> list[Span]:
    """The sentences of `passage`, as places in the memo."""
    begin = passage.span.start
    found = sentences(passage.span.of(memo.text), language_of(memo))
    return [Span(begin + start, begin + end) for start, end in found]


def _starts(terms: Iterable[Term], span: Span) -> Ids:
    return np.array([span.start + term.start for term in terms], dtype=np.int32)


def _newest_first(memo: Memo) -> tuple[int, str]:
    return -(memo.published or date.min).toordinal(), memo.id
