"""Which passages contain a term, and how often?

An `Index` is an immutable snapshot. Passages are numbered so that a smaller number wins a tie: newer memos first,
then by memo id, then by place. Terms are numbered by their first appearance in that order, so an index is the same
whether it was built at once or from another that held some of the memos.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.abbreviations import explained
from retrieval.analysed import Analysed, Known, Seen, analyse, language_of, starts_of
from retrieval.analysis import analyzer
from retrieval.analysis.language import DEFAULT
from retrieval.labels import Labels, label_of
from retrieval.lexicon import Lexicon
from retrieval.models import Hit, IndexInfo, Memo, Passage, Span, Superseded
from retrieval.postings import Ids, Postings
from retrieval.reusing import look_at, still_holds, with_languages
from retrieval.rows import edges, joined, shifted
from retrieval.succession import Succession
from retrieval.synonyms import MemoTerms, Synonyms, Wordings, is_stand_in


class Sentences(NamedTuple):
    """Every sentence of every passage: its place in its memo, and its terms' places among all terms.

    Shapes: `spans` (sentences, 2) characters; `first_term` (sentences + 1,); `first_of_passage` (passages + 1,).
    """

    spans: Ids
    first_term: NDArray[np.int64]
    first_of_passage: NDArray[np.int64]


class Index:
    """What can be searched: memos, their passages, and the postings of their terms."""

    def __init__(
        self,
        memos: Iterable[Memo],
        synonyms: Iterable[Synonyms] = (),
        known: "Index | Known | None" = None,
        superseded: Superseded = Superseded.DEMOTE,
    ) -> None:
        memos = {memo.id: memo for memo in memos}.values()
        self.superseded, self.succession = superseded, Succession(memos)
        if superseded is Superseded.HIDE:
            memos = [memo for memo in memos if not self.succession.is_superseded(memo.id)]
        self.synonyms = tuple(synonyms)
        known = known.known_about(memo.id for memo in memos) if isinstance(known, Index) else known
        if known and known.synonyms != self.synonyms:
            known = None  # another list of synonyms makes other terms
        self._seen = dict(look_at(memos, known))
        settled = with_languages(self._seen, known)
        self.memos: Mapping[str, Memo] = {memo.id: memo for memo in sorted(settled, key=_newest_first)}
        self.languages: tuple[str, ...] = tuple(sorted({language_of(memo) for memo in settled})) or (DEFAULT,)
        rules = [*self.synonyms, *explained((each.given.id, each.abbreviations) for each in self._ordered())]
        self.wordings: Mapping[str, Wordings] = {
            language: Wordings(rules, analyzer(language)) for language in self.languages
        }
        self._analysed = list(self._analyse(known))
        self._assemble()

    @property
    def known(self) -> Known:
        """What this index found out about its memos."""
        return Known(self._seen, self._analysed_by_id, self.wordings, self.synonyms)

    def known_about(self, memo_ids: Iterable[str]) -> Known:  # noqa: ARG002 - an index out of a file reads these alone
        """What it found out about these of its memos, at least."""
        return self.known

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What this index consists of beside its memos and its words; `OpenedIndex` is made of it."""
        by_length = sorted(self._starts_in_long.items())
        return {
            "terms": self.terms,
            "heading_terms": self._heading_terms,
            "heading_edges": self._heading_edges,
            "stand_ins": self._stand_ins,
            "passages_in": edges([len(self.passages_of(memo_id)) for memo_id in self.memos]),
            "long": np.array([sentence for sentence, _ in by_length], dtype=np.int64),
            "long_edges": edges([len(starts) for _, starts in by_length]),
            "long_starts": joined([starts for _, starts in by_length]),
            **{f"sentences.{name}": array for name, array in self.sentences._asdict().items()},
            **{f"bodies.{name}": array for name, array in self.bodies.arrays().items()},
            **{f"headings.{name}": array for name, array in self.headings.arrays().items()},
        }

    @cached_property
    def info(self) -> IndexInfo:
        """How much this index holds, and its version."""
        digest = sha256()
        for each in sorted(self._analysed, key=lambda each: each.memo.id):
            digest.update(each.digest)
        for rule in self.synonyms:
            digest.update(rule.model_dump_json().encode())
        return IndexInfo(memos=len(self.memos), passages=len(self.passages), version=digest.hexdigest()[:16])

    def warm(self) -> None:
        """Make what is made at the first question, so that it does not wait for it."""
        self.lexicon.warm()
        _ = self.memo_of_passage, self._stand_ins, self.info, self.labels

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
        return starts_of(self._terms_of(memo).placed(span.of(memo.text))[1], span)

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
        return Lexicon(self.vocabulary, self.forms)

    @cached_property
    def forms(self) -> Mapping[str, int]:
        """Each word as the memos write it, in lower case, and the number of its term."""
        written: dict[str, int] = {}
        for each in self._analysed:
            for form in [form for form in each.forms if form not in written]:
                written[form] = self.vocabulary[each.vocabulary[each.forms[form]]]
        return {form.lower(): number for form, number in written.items()}

    def memo_at(self, number: int) -> Memo:
        """The memo with this number, in the order of `memos`."""
        return self._in_order[number]

    def term(self, number: int) -> str:
        """The term with this number."""
        return self._terms[number]

    @cached_property
    def labels(self) -> Labels:
        """What the memos go by."""
        return Labels((language_of(memo), label_of(memo)) for memo in self.memos.values())

    @cached_property
    def _in_order(self) -> list[Memo]:
        return list(self.memos.values())

    @cached_property
    def _terms(self) -> list[str]:
        return list(self.vocabulary)

    def passages_of(self, memo_id: str) -> tuple[Passage, ...]:
        """The passages of a memo, in order."""
        return self._analysed_by_id[memo_id].passages

    def first_passage(self, memo_id: str) -> Passage | None:
        """Where a memo begins; None in one without words."""
        return next(iter(self._analysed_by_id[memo_id].passages), None)

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

    def _ordered(self) -> Iterator[Seen]:
        return (self._seen[memo_id] for memo_id in self.memos)

    def _analyse(self, known: Known | None) -> Iterator[Analysed]:
        """Every memo in terms, in order; what `known` holds of it is used again where it would come out the same."""
        before = known.analysed if known else {}
        differing = {
            language: wordings.differing(known.wordings[language])
            for language, wordings in self.wordings.items()
            if known and language in known.wordings
        }
        for memo in self.memos.values():
            found = before.get(memo.id)
            if found is None or not still_holds(found, memo, differing):
                found = analyse(memo, self._terms_of(memo))
            yield found

    @cached_property
    def _analysed_by_id(self) -> Mapping[str, Analysed]:
        return {each.memo.id: each for each in self._analysed}

    def _assemble(self) -> None:
        """Number the terms of all memos, and lay passages, sentences and terms one after another."""
        parts = self._analysed
        self.passages: Sequence[Passage] = [passage for each in parts for passage in each.passages]
        terms = [term for each in parts for term in each.vocabulary]
        vocabulary = {term: number for number, term in enumerate(dict.fromkeys(terms))}
        numbers = np.fromiter(map(vocabulary.__getitem__, terms), np.int32, len(terms))
        self.vocabulary = vocabulary
        own = edges([len(each.vocabulary) for each in parts])[:-1]
        self.terms: Ids = numbers[shifted([each.body for each in parts], own)]
        self._heading_terms: Ids = numbers[shifted([each.headings for each in parts], own)]
        self._heading_edges = edges(joined([each.headings_in for each in parts]))
        self.sentences = Sentences(
            spans=np.concatenate([np.zeros((0, 2), np.int32), *(each.spans for each in parts)]),
            first_term=edges(joined([each.terms_in for each in parts])),
            first_of_passage=edges(joined([each.sentences_in for each in parts])),
        )
        first_sentence = edges([len(each.spans) for each in parts]).tolist()
        self._starts_in_long: Mapping[int, Ids] = {
            first + sentence: starts
            for first, each in zip(first_sentence, parts, strict=False)
            for sentence, starts in each.starts.items()
        }
        table = self.sentences
        self.bodies: Postings = self._postings(self.terms, np.diff(table.first_term[table.first_of_passage]))
        self.headings: Postings = self._postings(self._heading_terms, np.diff(self._heading_edges))

    def _postings(self, terms: Ids, lengths: NDArray[np.int64]) -> Postings:
        counted = edges(self.is_own(terms))
        own = np.diff(counted[edges(lengths)]).astype(np.int32)
        return Postings(terms, lengths.astype(np.int32), len(self.vocabulary), own=own)


def build_index(
    memos: Iterable[Memo],
    synonyms: Iterable[Synonyms] = (),
    known: Index | Known | None = None,
    superseded: Superseded = Superseded.DEMOTE,
) -> Index:
    """Index `memos`; of two with the same id the later one counts.

    `synonyms` (`read_synonyms`) are wordings that answer for each other, as abbreviations that the memos explain do.
    What `known` already found out about these memos is used again: the index is the same, and sooner there.
    `superseded` says what becomes of memos that another one supersedes.
    """
    return Index(memos, synonyms, known, superseded)


def _newest_first(memo: Memo) -> tuple[int, str]:
    return -(memo.published or date.min).toordinal(), memo.id
