"""Which memos have a word in their title, author, tags or date?"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from retrieval.analysis import analyzer
from retrieval.models import Memo

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def label_of(memo: Memo) -> str:
    """What a memo goes by: its title, author, tags and date, each on a line of its own."""
    return " \n".join([memo.title, memo.author or "", *memo.tags, written_of(memo, "published")])


def written_of(memo: Memo, what: str) -> str:
    """What is known, as one writes it; "" where nothing is."""
    if what == "published":
        day = memo.published
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""
    return (memo.author or "") if what == "author" else memo.title


class Labels:
    """The terms of the labels of some memos, each given with its language; by their terms, the numbers of the memos."""

    def __init__(self, labels: Iterable[tuple[str, str]]) -> None:
        self._holding: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, (language, label) in enumerate(labels):
            holding = self._holding[language]
            for piece in analyzer(language).pieces(label):
                holding[piece.term].add(number)

    def with_word(self, written: str, terms: Collection[str]) -> set[int]:
        """The memos whose label holds a word: in its language's form, or as one of `terms`."""
        found: set[int] = set()
        for language, holding in self._holding.items():
            stems = {term.term for term in analyzer(language).terms(written)}
            if stems:
                found |= set.intersection(*(holding.get(stem, set()) for stem in stems))
            for term in holding.keys() & terms:
                found |= holding[term]
        return found
