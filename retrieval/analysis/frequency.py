"""How common is a word in its language at large?

A small library cannot tell: in ten memos "largely" may be as rare as a name. The word lists of wordfreq (Speer, 2022)
know. Zipf's scale is the base-10 logarithm of how often a word occurs in a billion words: "the" is near 8, a word
that a list of the 30,000 commonest does not hold is taken for 2.5.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgpack

from retrieval.analysis.folding import fold

UNLISTED = 2.5
_COMMONEST = 7.0
_LISTED_AS = {"no": "nb"}
_MOST = 9.0  # a word that makes up the whole text


def rarity(word: str, language: str) -> float:
    """How much it tells that a text holds `word`, by its language alone: from 0.05 (very common) to 4.5 (unlisted)."""
    return max(_COMMONEST - zipf(word, language), 0.05)


def zipf(word: str, language: str) -> float:
    """How common `word` (in lower case) is, on Zipf's scale; a language without a list knows no common word."""
    plain = word.replace("’", "'").removesuffix("'s")
    listed = _zipf(language).get(plain)
    return _without_accents(language).get(fold(plain), UNLISTED) if listed is None else listed


@cache
def commoner_than(least: float, language: str) -> Mapping[str, float]:
    """The language's words that are at least as common as `least`, each with its place on Zipf's scale."""
    return {word: place for word, place in _zipf(language).items() if place >= least}


@cache
def _without_accents(language: str) -> Mapping[str, float]:
    """Words that are written with accents, without them; of several the commonest counts."""
    plain: dict[str, float] = {}
    for word, place in _zipf(language).items():
        if not word.isascii():
            plain[fold(word)] = max(place, plain.get(fold(word), 0.0))
    return plain


@cache
def _zipf(language: str) -> Mapping[str, float]:
    """Read a list of wordfreq's as it stands on disk: importing the package takes six times as long as the reading.

    The format is wordfreq's cBpack 1: a header, then the words of each frequency, which falls by a hundredth of a
    power of ten from one group to the next.
    """
    listed = _file_of(language)
    if not listed.is_file():
        return {}
    with gzip.open(listed, "rb") as packed:
        header, *groups = msgpack.load(packed)
    if header != {"format": "cB", "version": 1}:
        return {}
    return {word: _MOST - group / 100 for group, words in enumerate(groups) for word in words}


def _file_of(language: str) -> Path:
    package = find_spec("wordfreq")
    folders = package.submodule_search_locations if package else None
    name = f"small_{_LISTED_AS.get(language, language)}.msgpack.gz" if language.isalpha() else ""
    return Path((folders or [""])[0], "data", name)
