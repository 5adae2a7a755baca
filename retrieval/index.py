"""Which passages contain a term, and how often?

An `Index` is an immutable snapshot. Passages are numbered so that a smaller number wins a tie: newer memos first,
then by memo id, then by place. How terms are numbered means nothing: it depends on how an index came about.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.abbreviations import Meanings, explanations
from retrieval.analysed import Analysed, Known, Seen, language_of, starts_of
from retrieval.analysis import analyzer
from retrieval.analysis.language import Tally
from retrieval.forms import Forms, counted
from retrieval.labels import Labels, label_of
from retrieval.layout import Sentences, SideBySide, laid_out
from retrieval.lexicon import Lexicon
from retrieval.models import Hit, IndexInfo, Memo, Passage, Span, Superseded
from retrieval.postings import Ids, Postings
from retrieval.rows import Places, edges, joined, shifted
from retrieval.settling import Settled, settle, tally
from retrieval.synonyms import Synonyms
from retrieval.wording import is_stand_in
from retrieval.wordings import MemoTerms


class Index:
    """What can be searched: memos, their passages, and the postings of their terms. `build_index` makes one."""

    def __init__(self, settled: Settled) -> None:
        self._seen: Mapping[str, Seen] = settled.seen
        self._analysed: Sequence[Analysed] = settled.analysed
        self.languages, self.wordings, self.synonyms = settled.languages, settled.wordings, settled.synonyms
        self.superseded, self.succession = settled.superseded, settled.succession
        self.memos: Mapping[str, Memo] = {each.memo.id: each.memo for each in settled.analysed}
        self._assemble()

    # -- what was found out about its memos ---------------------------------------------------------------------

    @property
    def known(self) -> Known:
        """What this index found out about its memos."""
        return Known(self._seen, self._analysed_by_id, self.wordings, self.synonyms)

    def known_about(self, memo_ids: Iterable[str]) -> Known:  # noqa: ARG002 - an index out of a file reads these alone
        """What it found out about these of its memos, at least."""
        return self.known

    @cached_property
    def info(self) -> IndexInfo:
        """How much this index holds, and its version."""
        return info_of(len(self.memos), len(self.passages), self.digest, self.synonyms)

    @cached_property
    def digest(self) -> int:
        """A sum of a hash for each memo, so that it is the same however an index came about."""
        return sum(int.from_bytes(each.digest, "big") for each in self._analysed)

    @cached_property
    def tally(self) -> Tally:
        """Which languages its memos are in."""
        return tally(self._seen.values())

    @cached_property
    def explanations(self) -> Mapping[str, Meanings]:
        """The abbreviations that its memos explain, by short form."""
        return explanations((memo_id, each.abbreviations) for memo_id, each in self._seen.items())

    def warm(self) -> None:
        """Make what is made at the first question or the first change, so that it does not wait for it."""
        self.lexicon.warm()
        _ = self.memo_of_passage, self._stand_ins, self.info, self.labels
        _ = self.tally, self.explanations, self.digest, "" in self.forms, "" in self.memos

    def whole(self) -> "Index":
        """The same index in one piece."""
        return self

    # -- memos and passages -------------------------------------------------------------------------------------

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """The `k` passages that match `question` best, best first; fewer where fewer match."""
        from retrieval.search import search  # noqa: PLC0415 - search reads the index; only this door points back

        return search(self, question, k)

    def memo_at(self, number: int) -> Memo:
        """The memo with this number, in the order of `memos`."""
        return self._in_order[number]

    def number_of(self, memo_id: str) -> int:
        """The number of a memo. KeyError where there is none."""
        return self._numbers[memo_id]

    def text_of(self, passage: Passage) -> str:
        """The words of `passage`."""
        return passage.span.of(self.memos[passage.memo_id].text)

    def passages_of(self, memo_id: str) -> Sequence[Passage]:
        """The passages of a memo, in order."""
        return self._analysed_by_id[memo_id].passages

    def first_passage(self, memo_id: str) -> Passage | None:
        """Where a memo begins; None in one without words."""
        return next(iter(self.passages_of(memo_id)), None)

    @cached_property
    def memo_of_passage(self) -> Ids:
        """For each passage the number of its memo, in the order of `memos`."""
        counts = np.diff(self.passages_in)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    # -- terms --------------------------------------------------------------------------------------------------

    def term(self, number: int) -> str:
        """The term with this number."""
        return self._terms[number]

    def is_own(self, terms: Ids) -> NDArray[np.bool_]:
        """Which of `terms` were read in a memo; the others stand in for a synonym or an abbreviation."""
        own: NDArray[np.bool_] = ~self._stand_ins[terms]
        return own

    def side_by_side(self, passages: Ids) -> SideBySide:
        """The sentences and terms of some passages."""
        return laid_out(self.sentences, self.terms, passages)

    def term_starts(self, sentence: int) -> Ids:
        """Where in the memo each term of sentence number `sentence` begins, ascending."""
        if sentence in self._starts_in_long:
            return self._starts_in_long[sentence]
        passage = int(np.searchsorted(self.sentences.first_of_passage, sentence, side="right")) - 1
        memo = self.memos[self.passages[passage].memo_id]
        span = Span(*self.sentences.spans[sentence].tolist())
        terms = MemoTerms(memo.id, self.wordings[language_of(memo)])
        return starts_of(terms.placed(span.of(memo.text))[1], span)

    def labels_of(self, passage: Passage) -> Ids:
        """Term ids of the names of a table cell's row and column."""
        analyze = analyzer(language_of(self.memos[passage.memo_id]))
        terms = analyze.terms(f"{passage.row or ''} \n{passage.column or ''}")
        return np.array([self.vocabulary[term.term] for term in terms], dtype=np.int32)

    def headings_of(self, passage: int) -> Ids:
        """Term ids of the title and headings over passage number `passage`."""
        edges = self.heading_edges[passage : passage + 2]
        terms: Ids = self.heading_terms[edges[0] : edges[1]]
        return terms

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms by likeness."""
        return Lexicon(self.vocabulary, self.forms)

    @cached_property
    def forms(self) -> Forms:
        """Each word as the memos write it, in lower case, and the numbers of its terms."""
        written = [form for each in self._analysed for form in each.forms]
        own = np.fromiter((n for each in self._analysed for n in each.forms.values()), np.int32)
        local = np.repeat(self._own_edges[:-1], [len(each.forms) for each in self._analysed]) + own
        return counted(written, self._own_terms[local], len(self.vocabulary))

    @cached_property
    def labels(self) -> Labels:
        """What the memos go by."""
        return Labels((language_of(memo), label_of(memo)) for memo in self.memos.values())

    # -- how it is laid out -------------------------------------------------------------------------------------

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What this index consists of beside its memos and its words; `OpenedIndex` is made of it."""
        by_length = sorted(self._starts_in_long.items())
        return {
            "terms": self.terms,
            "heading_terms": self.heading_terms,
            "heading_edges": self.heading_edges,
            "stand_ins": self._stand_ins,
            "passages_in": self.passages_in,
            "terms_of": self._own_terms,
            "terms_of_edges": self._own_edges,
            "long": np.array([sentence for sentence, _ in by_length], dtype=np.int64),
            "long_edges": edges([len(starts) for _, starts in by_length]),
            "long_starts": joined([starts for _, starts in by_length]),
            **{f"forms.{name}": array for name, array in self.forms.arrays().items()},
            **{f"sentences.{name}": array for name, array in self.sentences._asdict().items()},
            **{f"bodies.{name}": array for name, array in self.bodies.arrays().items()},
            **{f"headings.{name}": array for name, array in self.headings.arrays().items()},
        }

    @cached_property
    def _in_order(self) -> list[Memo]:
        return list(self.memos.values())

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {memo_id: number for number, memo_id in enumerate(self.memos)}

    @cached_property
    def _terms(self) -> list[str]:
        return list(self.vocabulary)

    @cached_property
    def _stand_ins(self) -> NDArray[np.bool_]:
        return np.array([is_stand_in(term) for term in self.vocabulary], dtype=np.bool_)

    @cached_property
    def _analysed_by_id(self) -> Mapping[str, Analysed]:
        return {each.memo.id: each for each in self._analysed}

    def _assemble(self) -> None:
        """Number the terms of all memos, and lay passages, sentences and terms one after another."""
        parts = self._analysed
        self.passages: Sequence[Passage] = [passage for each in parts for passage in each.passages]
        self.passages_in: Places = edges([len(each.passages) for each in parts])
        terms = [term for each in parts for term in each.vocabulary]
        vocabulary = {term: number for number, term in enumerate(dict.fromkeys(terms))}
        self.vocabulary: Mapping[str, int] = vocabulary
        self._own_terms: Ids = np.fromiter(map(vocabulary.__getitem__, terms), np.int32, len(terms))
        self._own_edges: Places = edges([len(each.vocabulary) for each in parts])
        self.terms: Ids = self._own_terms[shifted([each.body for each in parts], self._own_edges[:-1])]
        self.heading_terms: Ids = self._own_terms[
            shifted([each.headings for each in parts], self._own_edges[:-1])
        ]
        self.heading_edges: Places = edges(joined([each.headings_in for each in parts]))
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
        self.headings: Postings = self._postings(self.heading_terms, np.diff(self.heading_edges))

    def _postings(self, terms: Ids, lengths: Places) -> Postings:
        counted = edges(self.is_own(terms))
        own = np.diff(counted[edges(lengths)]).astype(np.int32)
        return Postings(terms, lengths.astype(np.int32), len(self.vocabulary), own=own)


def build_index(
    memos: Iterable[Memo],
    synonyms: Iterable[Synonyms] = (),
    known: Index | Known | None = None,
    superseded: Superseded = Superseded.DEMOTE,
    *,
    on_memo: Callable[[], object] = lambda: None,
) -> Index:
    """Index `memos`; of two with the same id the later one counts.

    `synonyms` (`read_synonyms`) are wordings that answer for each other, as abbreviations that the memos explain do.
    What `known` already found out about these memos is used again: the index is the same, and sooner there.
    `superseded` says what becomes of memos that another one supersedes. `on_memo` is called for each memo that had to
    be taken to its terms.
    """
    memos = list(memos)
    if isinstance(known, Index):
        known = known.known_about(memo.id for memo in memos)
    return Index(settle(memos, synonyms, known, superseded, on_memo))


def info_of(memos: int, passages: int, digest: int, synonyms: Iterable[Synonyms]) -> IndexInfo:
    """How much an index holds, and its version: another where a memo, or a rule of synonyms, is another."""
    version = sha256(f"{digest % 2**256:064x}".encode())
    for rule in synonyms:
        version.update(rule.model_dump_json().encode())
    return IndexInfo(memos=memos, passages=passages, version=version.hexdigest()[:16])
