"""What is one wording that is looked for, and is that it what is written?"""

from typing import NamedTuple

from retrieval.analysis.frequency import zipf
from retrieval.plain import forms

_ORDINARY = 4.5  # Zipf; a word at least so common is itself when it is not written in capitals ("us", "aid")
_STANDS_IN = "≈"  # no word holds it, so no stand-in is taken for a term of the text

Stems = tuple[str, ...]


class Wording:
    """A wording as it is looked for; `answers` are the wordings that it answers for, with the memos it does so in."""

    def __init__(self, stems: Stems) -> None:
        self.stems = stems
        self.in_capitals = True
        self.lengths: set[int] = set()  # in words, the common ones among them
        self.answers: dict[Stems, frozenset[str] | None] = {}

    def written(self, length: int, *, in_capitals: bool) -> None:
        """Look for it as it is written here too."""
        self.lengths.add(length)
        self.in_capitals = self.in_capitals and in_capitals

    def answer(self, asked: Stems, only_in: frozenset[str] | None) -> None:
        """Let it answer for `asked` too; `only_in` these memos (by id), None: in all."""
        known = self.answers.get(asked, frozenset())
        self.answers[asked] = None if known is None or only_in is None else known | only_in

    def is_like(self, other: "Wording") -> bool:
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


class Read(NamedTuple):
    """What a wording of a rule is read as: its stems, how many words it has, and whether it is in capitals."""

    stems: Stems
    length: int
    in_capitals: bool


def is_that(wording: Wording, written: str, *, asked: bool) -> bool:
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
