"""Which passages contain a term, and how often?

An `Index` is an immutable snapshot. Passages are numbered so that a smaller number wins a tie: newer memos first,
then by memo id, then by place. How terms are numbered means nothing: it depends on how an index came about.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.abbreviations import Meanings, explanations
from retrieval.analysis import analyzer
from retrieval.analysis.language import two_letters
from retrieval.columns import Columns
from retrieval.crew import Crew
from retrieval.forms import Forms, counted
from retrieval.labels import Labels
from retrieval.layout import SideBySide, laid_out
from retrieval.lazily import Memos, Passages
from retrieval.lexicon import Lexicon
from retrieval.models import Hit, IndexInfo, Memo, Passage, Span, Superseded
from retrieval.postings import Postings
from retrieval.rows import Ids, Places, edges
from retrieval.seeing import Seen, language_of, starts_of
from retrieval.settling import Differing, Settled, settle
from retrieval.synonyms import Synonyms
from retrieval.wording import is_stand_in
from retrieval.wordings import MemoTerms

_AT_ONCE = 10_000  # memos


class Inverted(NamedTuple):
    """What is made of columns: which terms are stand-ins, and the postings of the passages and of their headings."""

    stand_ins: NDArray[np.bool_]
    bodies: Postings
    headings: Postings


class Index:
    """What can be searched: memos, their passages, and the postings of their terms. `build_index` makes one.

    `given` are memos that need not be read out of `columns`, by id.
    """

    def __init__(
        self,
        columns: Columns,
        settled: Settled,
        inverted: Inverted | None = None,
        given: Mapping[str, Memo] = MappingProxyType({}),
    ) -> None:
        self.columns, self.tally = columns, settled.tally
        self.languages, self.wordings, self.synonyms = settled.languages, settled.wordings, settled.synonyms
        self.superseded, self.succession = settled.superseded, settled.succession
        self._memos = Memos(columns, given)
        self.memos: Mapping[str, Memo] = self._memos
        self.passages: Sequence[Passage] = Passages(self._memos, columns.passages)
        self._terms = columns.vocabulary.all()
        self.vocabulary: Mapping[str, int] = dict(zip(self._terms, range(len(self._terms)), strict=True))
        self._stand_ins, self.bodies, self.headings = inverted or invert(columns, self._terms)

    @property
    def stand_ins(self) -> NDArray[np.bool_]:
        """For each term whether it was read in no memo."""
        return self._stand_ins

    # -- what was found out about its memos ---------------------------------------------------------------------

    @property
    def pieces(self) -> "tuple[Index, ...]":
        """The indexes that lie in one piece each which it consists of."""
        return (self,)

    @cached_property
    def info(self) -> IndexInfo:
        """How much this index holds, and its version."""
        return info_of(len(self.memos), len(self.passages), self.digest, self.synonyms)

    @cached_property
    def digest(self) -> int:
        """A sum of a hash for each memo, so that it is the same however an index came about."""
        return sum(int.from_bytes(digest.tobytes(), "big") for digest in self.columns.digests)

    @cached_property
    def explanations(self) -> Mapping[str, Meanings]:
        """The abbreviations that its memos explain, by short form."""
        ids, columns = self.columns.ids, self.columns
        return explanations(
            (ids[number], columns.abbreviations_of(number)) for number in columns.abbreviations.filled()
        )

    def seen(self, memo_id: str) -> Seen:
        """A memo as it was looked at. KeyError where there is none."""
        number, columns = self._memos.numbers[memo_id], self.columns
        return Seen(
            self._memos.given(number),
            columns.memos.bytes_at(number),
            columns.digests[number].tobytes(),
            columns.detected[number],
            columns.abbreviations_of(number),
        )

    def given(self, memo_id: str) -> Memo:
        """A memo as it was given; whoever asks again gets the same one. KeyError where there is none."""
        return self._memos.given(self._memos.numbers[memo_id])

    @property
    def read(self) -> Mapping[str, Memo]:
        """The memos that were read so far, by id, as they were given."""
        return self._memos.read

    def remember(self, memos: Mapping[str, Memo]) -> None:
        """Take these of its memos, as they were given, for read."""
        self._memos.read |= {memo_id: memo for memo_id, memo in memos.items() if memo_id in self.memos}

    def place_of(self, memo_id: str) -> int | None:
        """The number of a memo; None where there is none."""
        return self._memos.numbers.get(memo_id)

    def holding(self, differing: Differing) -> set[int]:
        """The numbers of the memos in which one of some wordings may stand."""
        found: set[int] = set()
        memos_with = cache(self._memos_with)
        for language, some in differing.items():
            for stems in (stems for of_a_word in some.values() for stems in of_a_word):
                there = set.intersection(*map(memos_with, stems))
                found |= {each for each in there if two_letters(self.columns.settled[each]) == language}
        return found

    def _memos_with(self, term: str) -> set[int]:
        """The numbers of the memos in whose passages, or over them, a term stands."""
        number = self.vocabulary.get(term)
        if number is None:
            return set()
        passages = np.concatenate([field.of(number)[0] for field in (self.bodies, self.headings)])
        return set(self.memo_of_passage[passages].tolist())

    def warm(self) -> None:
        """Make what is made at the first question or the first change, so that it does not wait for it."""
        self.lexicon.warm()
        _ = self.memo_of_passage, self.info, self.labels, self.digest, "" in self.forms, "" in self.memos
        _ = self.explanations

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
        return self._memos.at(number)

    def number_of(self, memo_id: str) -> int:
        """The number of a memo. KeyError where there is none."""
        return self._memos.numbers[memo_id]

    def text_of(self, passage: Passage) -> str:
        """The words of `passage`."""
        return passage.span.of(self.memos[passage.memo_id].text)

    def passages_of(self, memo_id: str) -> Sequence[Passage]:
        """The passages of a memo, in order."""
        number = self._memos.numbers[memo_id]
        return self.passages[slice(*self.columns.passages[number : number + 2].tolist())]

    def first_passage(self, memo_id: str) -> Passage | None:
        """Where a memo begins; None in one without words."""
        return next(iter(self.passages_of(memo_id)), None)

    @cached_property
    def memo_of_passage(self) -> Ids:
        """For each passage the number of its memo, in the order of `memos`."""
        counts = np.diff(self.columns.passages)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    # -- terms --------------------------------------------------------------------------------------------------

    def term(self, number: int) -> str:
        """The term with this number."""
        return self._terms[number]

    def is_own(self, terms: Ids) -> NDArray[np.bool_]:
        """Which of `terms` were read in a memo; the others stand in for a synonym or an abbreviation."""
        own: NDArray[np.bool_] = ~self.stand_ins[terms]
        return own

    def side_by_side(self, passages: Ids) -> SideBySide:
        """The sentences and terms of some passages."""
        return laid_out(self.columns, passages)

    def term_starts(self, sentence: int) -> Ids:
        """Where in the memo each term of sentence number `sentence` begins, ascending."""
        columns = self.columns
        passage = int(np.searchsorted(columns.sentences, sentence, side="right")) - 1
        number = int(np.searchsorted(columns.passages, passage, side="right")) - 1
        first, last = columns.long.edges[number : number + 2].tolist()
        within = sentence - columns.sentences[columns.passages[number]]
        place = first + int(np.searchsorted(columns.long.values[first:last], within))
        if place < last and columns.long.values[place] == within:
            return columns.starts.row(place)
        memo = self._memos.at(number)
        span = Span(*columns.spans[sentence].tolist())
        terms = MemoTerms(memo.id, self.wordings[language_of(memo)])
        return starts_of(terms.placed(span.of(memo.text))[1], span)

    def labels_of(self, passage: Passage) -> Ids:
        """Term ids of the names of a table cell's row and column."""
        analyze = analyzer(language_of(self.memos[passage.memo_id]))
        terms = analyze.terms(f"{passage.row or ''} \n{passage.column or ''}")
        return np.array([self.vocabulary[term.term] for term in terms], dtype=np.int32)

    def headings_of(self, passage: int) -> Ids:
        """Term ids of the title and headings over passage number `passage`."""
        return self.columns.headings.row(passage)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms by likeness."""
        return Lexicon(self.vocabulary, self.forms)

    @cached_property
    def forms(self) -> Forms:
        """Each word as the memos write it, in lower case, and the numbers of its terms."""
        return counted(self.columns.written.all(), self._written_for(), len(self.vocabulary))

    def _written_for(self) -> Iterator[tuple[Ids, Ids]]:
        """The words that memos write, by their numbers, and the terms that each is written for: some memos at once."""
        forms, own = self.columns.forms, self.columns.own
        for first in range(0, len(self.memos), _AT_ONCE):
            ends = forms.edges[first : first + _AT_ONCE + 1]
            some = slice(int(ends[0]), int(ends[-1]))
            begins = np.repeat(own.edges[first : first + len(ends) - 1], np.diff(ends))
            yield forms.values[some], own.values[begins + self.columns.form_terms[some]]

    @cached_property
    def labels(self) -> Labels:
        """What the memos go by."""
        languages = map(two_letters, self.columns.settled.all())
        return Labels(zip(languages, self.columns.labels.all(), strict=True))


def invert(columns: Columns, terms: Sequence[str]) -> Inverted:
    """Make of columns, whose vocabulary are `terms`, what is searched."""
    stand_ins = np.array([is_stand_in(term) for term in terms], dtype=np.bool_)

    def postings(flat: Ids, lengths: Places) -> Postings:
        others = np.searchsorted(edges(lengths), np.flatnonzero(stand_ins[flat]), side="right") - 1
        own = (lengths - np.bincount(others, minlength=len(lengths))).astype(np.int32)
        return Postings(flat, lengths.astype(np.int32), len(terms), own=own)

    bodies = postings(columns.terms.values, np.diff(columns.terms.edges[columns.sentences]))
    return Inverted(stand_ins, bodies, postings(columns.headings.values, np.diff(columns.headings.edges)))


def build_index(  # noqa: PLR0913 - what it is of, what is known, and what it may cost
    memos: Iterable[Memo],
    synonyms: Iterable[Synonyms] = (),
    known: Index | None = None,
    superseded: Superseded = Superseded.DEMOTE,
    *,
    workers: int = 1,
    on_memo: Callable[[], object] = lambda: None,
) -> Index:
    """Index `memos`; of two with the same id the later one counts.

    `synonyms` (`read_synonyms`) are wordings that answer for each other, as abbreviations that the memos explain do.
    What `known` already found out about these memos is used again: the index is the same, and sooner there.
    `superseded` says what becomes of memos that another one supersedes. Many memos are shared among so many processes
    as there are `workers`. `on_memo` is called for each memo that had to be taken to its terms.
    """
    given = {memo.id: memo for memo in memos}
    with Crew(workers) as crew:
        columns, settled = settle(given, synonyms, known.pieces if known else (), superseded, crew, on_memo)
    return Index(columns, settled, given=given)


def info_of(memos: int, passages: int, digest: int, synonyms: Iterable[Synonyms]) -> IndexInfo:
    """How much an index holds, and its version: another where a memo, or a rule of synonyms, is another."""
    version = sha256(f"{digest % 2**256:064x}".encode())
    for rule in synonyms:
        version.update(rule.model_dump_json().encode())
    return IndexInfo(memos=memos, passages=passages, version=version.hexdigest()[:16])
