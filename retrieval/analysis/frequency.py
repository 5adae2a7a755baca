"""How common is a word in its language at large?

A small library cannot tell: in ten memos "largely" may be as rare as a name. The word lists of wordfreq (Speer, 2022)
know. Zipf's scale is the base-10 logarithm of how often a word occurs in a billion words: "the" is near 8, a word
that a list of the 30,000 commonest does not hold is taken for 2.5.
"""

import math
from collections.abc import Mapping
from functools import cache

UNLISTED = 2.5
_COMMONEST = 7.0


def rarity(word: str, language: str) -> float:
    """How much it tells that a text holds `word`, by its language alone: from 0.05 (very common) to 4.5 (unlisted)."""
    return max(_COMMONEST - zipf(word, language), 0.05)


def zipf(word: str, language: str) -> float:
    """How common `word` (in lower case) is, on Zipf's scale; a language without a list knows no common word."""
    frequency = _frequencies(language).get(word.replace("’", "'").removesuffix("'s"), 0.0)
    return math.log10(frequency * 1e9) if frequency else UNLISTED


@cache
def _frequencies(language: str) -> Mapping[str, float]:
    import wordfreq  # noqa: PLC0415 - takes 0.1 s, and only questions need it

    if language not in wordfreq.available_languages("small"):
        return {}
    frequencies: Mapping[str, float] = wordfreq.get_frequency_dict(language, "small")
    return frequencies
