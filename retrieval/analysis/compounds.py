"""Which words is a compound made of?

German and its neighbours write "Wirtschaftswachstum" as one word. A word is cut where both sides are words that the
language's list of common words (`retrieval.analysis.frequency`) holds, with a linking sound between them ("s", "en").
A word that is itself more common than its rarest part stays whole (after Koehn and Knight, 2003).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from retrieval.analysis.frequency import UNLISTED, commoner_than, zipf

_LINKS = {
    "da": ("", "s", "e"),
    "de": ("", "s", "es", "n", "en", "er", "e"),
    "fi": ("", "n"),
    "nl": ("", "s", "e", "en"),
    "no": ("", "s", "e"),
    "sv": ("", "s"),
}
COMPOUNDING = frozenset(_LINKS)
SHORTEST = 8  # letters of a word worth cutting
_SHORTEST_PART = 4
_COMMON = 3.3  # on Zipf's scale: once in half a million words
_LINKED = 0.3  # a cut without a linking sound is the better guess
_FURTHER = 1.0  # and so are two parts before three
_MOST_CUTS = 3
# Endings that are listed as words, or look like one.
_ENDINGS = frozenset({
    "schaft", "schaften", "nische", "nischen", "nisch", "heit", "heiten", "keit", "keiten", "igkeit",
    "ungen", "ische", "ischen", "ischer", "isches", "tisch", "tische", "tischen", "tion", "tionen",
    "ierung", "ierungen", "isierung", "ieren", "ierte", "ierten", "lich", "liche", "lichen", "licher",
    "liches", "bare", "baren", "barer", "eren", "erung", "ismus", "isten", "lose", "losen", "loses", "ende",
    "enden", "ender", "endes", "ität", "itäten",
})  # fmt: skip


class _Cut(NamedTuple):
    """How good a guess it is, and the parts' half-open places in the word."""

    quality: float
    parts: tuple[tuple[int, int], ...]


def parts(word: str, language: str, left_out: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Places of the words that `word` (in lower case) is made of; none where it is not a compound.

    `left_out` are words that make no part (stop words).
    """
    if language not in _LINKS or len(word) < SHORTEST or not word.isalpha():
        return ()
    cut = _best(word, 0, language, left_out, _MOST_CUTS)
    own = zipf(word, language)
    return () if cut is None or UNLISTED < own > cut.quality else cut.parts


def _best(word: str, at: int, language: str, left_out: frozenset[str], cuts: int) -> _Cut | None:
    return max(_cuts(word, at, language, left_out, cuts), default=None)


def _cuts(word: str, at: int, language: str, left_out: frozenset[str], cuts: int) -> Iterator[_Cut]:
    """Every way to cut `word[at:]` into at most `cuts` + 1 parts."""
    known = commoner_than(_COMMON, language)
    for place in range(at + _SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        head = max(
            (
                (known[word[at:end]] - (_LINKED if end < place else 0), end)
                for end in _ends(word, at, place, language)
                if _is_part(word[at:end], known, left_out)
            ),
            default=None,
        )
        if head is None:
            continue
        quality, end = head
        tail = word[place:]
        if _is_part(tail, known, left_out):
            yield _Cut(min(quality, known[tail]), ((at, end), (place, len(word))))
        elif cuts > 1 and (rest := _best(word, place, language, left_out, cuts - 1)):
            yield _Cut(min(quality, rest.quality) - _FURTHER, ((at, end), *rest.parts))


def _ends(word: str, at: int, place: int, language: str) -> Iterator[int]:
    """Where the part before `place` may end: there, or before a linking sound."""
    for link in _LINKS[language]:
        end = place - len(link)
        if end - at >= _SHORTEST_PART and word.endswith(link, at, place):
            yield end


def _is_part(piece: str, known: Mapping[str, float], left_out: frozenset[str]) -> bool:
    return piece in known and piece not in left_out and piece not in _ENDINGS
