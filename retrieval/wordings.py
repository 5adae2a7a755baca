"""Where in a text does one of the wordings stand that mean the same?

A wording that stands in a memo is also indexed under the wordings that it answers for: "ROK" under "South Korea". What
is added are stand-in terms, one for each word of the other wording, after the sentence's own terms. So a question's
word is met by its own term or, for less, by its stand-in, and every count stays a count of terms in a list. A wording
inside a longer one is not seen: "South China Sea" does not speak of China once the list holds it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import NamedTuple

from retrieval.analysis import Analyzer, Piece, Term
from retrieval.models import Span
from retrieval.plain import forms
from retrieval.synonyms import Synonyms
from retrieval.wording import Read, Stems, Wording, is_in_capitals, is_that, stand_in

Rules = Mapping[str, Sequence[Synonyms]]
"""Rules in groups, by name."""


class Standing(NamedTuple):
    """A wording that stands in a text: its stems, which terms of the text it takes (half-open), and its place."""

    stems: Stems
    first: int
    last: int
    span: Span


class Wordings:
    """The wordings of some rules, as one language's analyzer sees them.

    `rules` are in groups, by name; they count in the order of the names.
    """

    def __init__(self, rules: Rules, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._rules: Rules = {}
        self._read: dict[str, Read] = {}
        self._groups: dict[Stems, frozenset[str]] = {}
        self._known: dict[Stems, Wording] = {}
        self._by_first: dict[str, Sequence[Wording]] = {}
        self._take(rules)

    def changed(self, rules: Rules) -> "Wordings":
        """The same with these groups of rules in place of those that bear their names; an empty one is no more."""
        other = copy(self)
        other._take(rules)  # noqa: SLF001 - another of its kind
        return other

    def differing(self, other: "Wordings") -> dict[str, list[Stems]]:
        """The wordings that are not the same in both, by their first word."""
        differing = defaultdict(list)
        theirs_known = other._known  # noqa: SLF001 - another of its kind
        for stems in self._known.keys() | theirs_known.keys():
            mine, theirs = self._known.get(stems), theirs_known.get(stems)
            if mine is theirs:
                continue
            if mine is None or theirs is None or not mine.is_like(theirs):
                differing[stems[0]].append(stems)
        return dict(differing)

    def _take(self, rules: Rules) -> None:
        """Put these groups in place of those that bear their names; nothing that another shares is altered."""
        reached: set[Stems] = set()
        groups = dict(self._groups)
        for name, some in rules.items():
            before, after = self._stems_in(self._rules.get(name, ())), self._stems_in(some)
            reached |= before | after
            for stems in before - after:
                groups[stems] = groups[stems] - {name}
            for stems in after - before:
                groups[stems] = groups.get(stems, frozenset()) | {name}
        self._groups = {stems: names for stems, names in groups.items() if names}
        self._rules = {name: some for name, some in {**self._rules, **rules}.items() if some}
        self._known = {stems: wording for stems, wording in self._known.items() if stems not in reached}
        made = {stems: self._wording(stems) for stems in reached if stems in self._groups}
        self._known |= made
        self._by_first = self._grouped({stems[0] for stems in reached}, made)
        self._firsts = frozenset(self._by_first)
        self._first_numbers: set[int] = set()
        self._looked_at = 0  # of the pieces that the analyzer has numbered

    def _grouped(self, firsts: set[str], made: Mapping[Stems, Wording]) -> dict[str, Sequence[Wording]]:
        """The wordings by their first word, the longest first, where those with these `firsts` are others."""
        by_first = {first: some for first, some in self._by_first.items() if first not in firsts}
        some = [each for first in firsts for each in self._by_first.get(first, ())]
        left = {each.stems: each for each in some if self._known.get(each.stems) is each}
        for wording in sorted({**left, **made}.values(), key=lambda each: (-len(each.stems), each.stems)):
            by_first[wording.stems[0]] = [*by_first.get(wording.stems[0], ()), wording]
        return by_first

    def _wording(self, stems: Stems) -> Wording:
        """A wording, made of all the rules that speak of it."""
        wording = Wording(stems)
        for rule in (rule for name in sorted(self._groups[stems]) for rule in self._rules[name]):
            asked, found = ([self._reading(written) for written in side] for side in (rule.asked, rule.found))
            for read in (read for read in [*asked, *found] if read.stems == stems):
                wording.written(read.length, in_capitals=read.in_capitals)
            if any(read.stems == stems for read in found):
                for other in (read.stems for read in asked if read.stems and read.stems != stems):
                    wording.answer(other, rule.only_in)
        return wording

    def _stems_in(self, rules: Iterable[Synonyms]) -> set[Stems]:
        written = (written for rule in rules for side in (rule.asked, rule.found) for written in side)
        return {self._reading(each).stems for each in written} - {()}

    def _reading(self, written: str) -> Read:
        read = self._read.get(written)
        if read is None:
            stems = tuple(piece.term for piece in self._analyzer.pieces(written))
            in_capitals = len(stems) == 1 and is_in_capitals(written)
            read = self._read[written] = Read(stems, len(forms(written)), in_capitals)
        return read

    def pieces(self, text: str, memo_id: str) -> list[Piece]:
        """The terms of a sentence of a memo, and after them the stand-ins for what its wordings answer for."""
        pieces = self._analyzer.pieces(text)
        return self.placed(text, memo_id)[0] if self._may_stand_in(pieces) else pieces

    @property
    def numbered(self) -> Sequence[Piece]:
        """What the numbers of pieces stand for."""
        return self._analyzer.numbered

    def numbers(self, text: str) -> list[int] | None:
        """The same as numbers (`Analyzer.numbers`); None where `pieces` must be asked: a wording may stand there."""
        numbers = self._analyzer.numbers(text)
        if numbers is None:
            return None
        self._look_at_news()
        if self._first_numbers.isdisjoint(numbers):
            return numbers
        numbered = self._analyzer.numbered
        return None if self._may_stand_in(numbered[number] for number in numbers) else numbers

    def _look_at_news(self) -> None:
        """Find the numbers of the pieces that a wording may begin with, where the analyzer has numbered more."""
        numbered, known = self._analyzer.numbered, len(self._analyzer.numbered)
        if self._looked_at == 0:
            self._first_numbers.update(
                self._analyzer.numbers_of(self._firsts)
            )  # another thread may be at it too
        else:
            news = range(self._looked_at, known)
            self._first_numbers.update(number for number in news if numbered[number].term in self._firsts)
        self._looked_at = known

    def placed(self, text: str, memo_id: str) -> tuple[list[Piece], list[int]]:
        """The same, and where in `text` each begins."""
        pieces, starts = self._analyzer.placed(text)
        if not self._may_stand_in(pieces):
            return pieces, starts
        end = max(len(text) - 1, 0)
        found = self._stand_ins(list(self._standing(pieces, starts, text, asked=False)), memo_id)
        return [*pieces, *(Piece(name, text[end:], 0) for name in found)], [*starts, *[end] * len(found)]

    def _may_stand_in(self, pieces: Iterable[Piece]) -> bool:
        """Whether all words of a wording are among `pieces`."""
        terms = {piece[0] for piece in pieces}
        return any(
            terms.issuperset(wording.stems)
            for first in self._firsts.intersection(terms)
            for wording in self._by_first[first]
        )

    def asked_in(self, terms: Sequence[Term], question: str) -> list[Standing]:
        """The wordings that stand in a question with these terms, in order."""
        pieces = [Piece(term.term, question[term.start : term.end], 0) for term in terms]
        return list(self._standing(pieces, [term.start for term in terms], question, asked=True))

    def found_in(self, text: str, memo_id: str, asked: Stems) -> list[Standing]:
        """The wordings in a stretch of a memo that answer for `asked`; none where `asked` itself stands there."""
        found = list(self._standing(*self._analyzer.placed(text), text, asked=False))
        if any(each.stems == asked for each in found):
            return []
        return [each for each in found if self._answers(each.stems, asked, memo_id)]

    def _stand_ins(self, found: Sequence[Standing], memo_id: str) -> list[str]:
        """The names of the stand-ins, each once, none for a wording that stands there itself."""
        there = {each.stems for each in found}
        return list(
            dict.fromkeys(
                stand_in(asked, stem)
                for each in found
                for asked in self._known[each.stems].answers
                if asked not in there and self._answers(each.stems, asked, memo_id)
                for stem in asked
                if stem not in each.stems
            )
        )

    def _answers(self, stems: Stems, asked: Stems, memo_id: str) -> bool:
        only_in = self._known[stems].answers.get(asked, frozenset())
        return only_in is None or memo_id in only_in

    def _standing(
        self, pieces: Sequence[Piece], starts: Sequence[int], text: str, *, asked: bool
    ) -> Iterator[Standing]:
        stems = [piece.term for piece in pieces]
        past = 0
        for at in (at for at, stem in enumerate(stems) if stem in self._firsts):
            if at < past:
                continue
            for wording in self._by_first[stems[at]]:
                last = at + len(wording.stems)
                if tuple(stems[at:last]) != wording.stems:
                    continue
                span = Span(starts[at], starts[last - 1] + len(pieces[last - 1].written))
                if is_that(wording, span.of(text), asked=asked):
                    yield Standing(wording.stems, at, last, span)
                    past = last
                    break


class MemoTerms:
    """An analyzer for the texts of one memo."""

    def __init__(self, memo_id: str, wordings: Wordings) -> None:
        self._memo_id, self._wordings = memo_id, wordings

    def pieces(self, text: str) -> list[Piece]:
        """The terms of `text`, stand-ins after them."""
        return self._wordings.pieces(text, self._memo_id)

    def numbers(self, text: str) -> list[int] | None:
        """The same as numbers in `numbered`; None where `pieces` must be asked."""
        return self._wordings.numbers(text)

    @property
    def numbered(self) -> Sequence[Piece]:
        """What the numbers stand for."""
        return self._wordings.numbered

    def placed(self, text: str) -> tuple[list[Piece], list[int]]:
        """The same, and where in `text` each begins."""
        return self._wordings.placed(text, self._memo_id)
