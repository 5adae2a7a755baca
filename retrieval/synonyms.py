"""Which wordings mean the same, and where in a text does one of them stand?

A wording that stands in a memo is also indexed under the wordings that it answers for: "ROK" under "South Korea". What
is added are stand-in terms, one for each word of the other wording, after the sentence's own terms. So a question's
word is met by its own term or, for less, by its stand-in, and every count stays a count of terms in a list. A wording
inside a longer one is not seen: "South China Sea" does not speak of China once the list holds it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from retrieval.analysis import Analyzer, Piece, Term
from retrieval.analysis.frequency import zipf
from retrieval.errors import MalformedFile, NoSuchPath
from retrieval.models import Frozen, Span
from retrieval.plain import forms

_ARROW, _COMMA = re.compile(r"(?<!\\)=>"), re.compile(r"(?<!\\),")
_RIGHT = "Write `ROK, South Korea` for equals, `America => United States` for one way."
_ORDINARY = 4.5  # Zipf; a word at least so common is itself when it is not written in capitals ("us", "aid")
_STANDS_IN = "≈"  # no word holds it, so no stand-in is taken for a term of the text

Stems = tuple[str, ...]


class Synonyms(Frozen):
    """A question that asks for one of `asked` is also answered by any of `found`.

    `only_in` names the memos (by id) in which a wording of `found` has that meaning; None: in all of them.
    """

    asked: tuple[str, ...]
    found: tuple[str, ...]
    only_in: frozenset[str] | None = None


class Standing(NamedTuple):
    """A wording that stands in a text: its stems, which terms of the text it takes (half-open), and its place."""

    stems: Stems
    first: int
    last: int
    span: Span


def read_synonyms(path: Path | str) -> tuple[Synonyms, ...]:
    r"""Read a list in Solr's format: `a, b, c` are equals, `a => b` says that asking for a also finds b.

    `#` begins a remark, `\,` is a comma inside a wording. `a => a` keeps a from being read as the words in it.
    Raises NoSuchPath, and MalformedFile with the number of the line.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise NoSuchPath(Path(path)) from None
    except UnicodeDecodeError:
        raise MalformedFile(path, "the list of synonyms is not UTF-8. Save it as UTF-8.") from None
    read = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                read.append(_rule(line))
            except ValueError as wrong:
                raise MalformedFile(path, f"line {number}: {wrong} {_RIGHT}") from None
    return tuple(read)


def _rule(line: str) -> Synonyms:
    sides = _ARROW.split(line)
    if len(sides) > 2:
        raise ValueError("there is more than one arrow.")
    asked, found = _wordings(sides[0]), _wordings(sides[-1])
    if len(sides) == 1 and len(found) == 1:
        raise ValueError("one wording alone has no synonym.")
    return Synonyms(asked=asked, found=found)


def _wordings(side: str) -> tuple[str, ...]:
    wordings = tuple(wording.replace("\\", "").strip() for wording in _COMMA.split(side))
    for wording in wordings:
        if not forms(wording):
            raise ValueError(f"{wording!r} holds no word.")
    return wordings


class _Wording:
    """A wording as it is looked for; `answers` are the wordings that it answers for, with the memos it does so in."""

    def __init__(self, stems: Stems) -> None:
        self.stems = stems
        self.in_capitals = True
        self.lengths: set[int] = set()  # in words, the common ones among them
        self.answers: dict[Stems, frozenset[str] | None] = {}

    def answer(self, asked: Stems, only_in: frozenset[str] | None) -> None:
        known = self.answers.get(asked, frozenset())
        self.answers[asked] = None if known is None or only_in is None else known | only_in

    def is_like(self, other: "_Wording") -> bool:
        """Whether both are looked for, and answer, in the same way in a memo that both know.

        Whether a memo is among those of `only_in` is told by its own text, so which others are does not count.
        """
        return (
            self.in_capitals == other.in_capitals
            and self.lengths == other.lengths
            and self.answered() == other.answered()
        )

    def answered(self) -> list[tuple[Stems, bool]]:
        """The wordings that it answers for, and whether in every memo."""
        return [(asked, only_in is None) for asked, only_in in self.answers.items()]


class Wordings:
    """The wordings of some rules, as one language's analyzer sees them."""

    def __init__(self, rules: Iterable[Synonyms], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._known: dict[Stems, _Wording] = {}
        for rule in rules:
            asked = [self._add(wording) for wording in rule.asked]
            for found in (self._add(wording) for wording in rule.found):
                for other in asked:
                    if found.stems and other.stems and other is not found:
                        found.answer(other.stems, rule.only_in)
        self._known.pop((), None)
        by_first = defaultdict(list)
        for wording in sorted(self._known.values(), key=lambda each: (-len(each.stems), each.stems)):
            by_first[wording.stems[0]].append(wording)
        self._by_first: Mapping[str, Sequence[_Wording]] = dict(by_first)
        self._firsts = frozenset(by_first)

    def differing(self, other: "Wordings") -> dict[str, list[Stems]]:
        """The wordings that are not the same in both, by their first word."""
        differing = defaultdict(list)
        theirs_known = other._known  # noqa: SLF001 - another of its kind
        for stems in self._known.keys() | theirs_known.keys():
            mine, theirs = self._known.get(stems), theirs_known.get(stems)
            if mine is None or theirs is None or not mine.is_like(theirs):
                differing[stems[0]].append(stems)
        return dict(differing)

    def _add(self, written: str) -> _Wording:
        stems = tuple(piece.term for piece in self._analyzer.pieces(written))
        wording = self._known.setdefault(stems, _Wording(stems))
        wording.lengths.add(len(forms(written)))
        wording.in_capitals = wording.in_capitals and len(stems) == 1 and is_in_capitals(written)
        return wording

    def pieces(self, text: str, memo_id: str) -> list[Piece]:
        """The terms of a sentence of a memo, and after them the stand-ins for what its wordings answer for."""
        pieces = self._analyzer.pieces(text)
        return self.placed(text, memo_id)[0] if self._may_stand_in(pieces) else pieces

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
                if _is_that(wording, span.of(text), asked=asked):
                    yield Standing(wording.stems, at, last, span)
                    past = last
                    break


def _is_that(wording: _Wording, written: str, *, asked: bool) -> bool:
    """Whether what is written is this wording, whose stems it has."""
    if wording.in_capitals and not _is_meant(written, asked=asked):
        return False
    return len(wording.stems) == 1 or len(forms(written)) in wording.lengths


def stand_in(asked: Stems, stem: str) -> str:
    """The term under which a wording that answers for `asked` is indexed, for the word of it with this stem."""
    return f"{_STANDS_IN}{' '.join(asked)}:{stem}"


def is_stand_in(term: str) -> bool:
    """Whether a term was not read in a memo."""
    return term.startswith(_STANDS_IN)


def is_in_capitals(written: str) -> bool:
    """Whether at least two letters of a word, and most of it, are capitals: "US", "U.S.", "FTAs", but not "us"."""
    capitals = sum(letter.isupper() for letter in written)
    return capitals >= 2 and 2 * capitals > sum(letter.isalpha() for letter in written)


def _is_meant(written: str, *, asked: bool) -> bool:
    """Whether a word is the acronym spelt like it. People ask in small letters, but memos are written with care."""
    return is_in_capitals(written) or (asked and zipf(written.lower(), "en") < _ORDINARY)


class MemoTerms:
    """An analyzer for the texts of one memo."""

    def __init__(self, memo_id: str, wordings: Wordings) -> None:
        self._memo_id, self._wordings = memo_id, wordings

    def pieces(self, text: str) -> list[Piece]:
        """The terms of `text`, stand-ins after them."""
        return self._wordings.pieces(text, self._memo_id)

    def placed(self, text: str) -> tuple[list[Piece], list[int]]:
        """The same, and where in `text` each begins."""
        return self._wordings.placed(text, self._memo_id)
