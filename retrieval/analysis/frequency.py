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
    """How much it tells that a text holds `word`, by its language alone: from 0.05 (very common) to 4.5 (unlisted).

    A word is as common as the commonest that differs from it in accents alone: terms do not tell them apart.
    """
    common = max(zipf(word, language), zipf(_commonest(language).get(fold(_plain(word)), word), language))
    return max(_COMMONEST - common, 0.05)


def zipf(word: str, language: str) -> float:
    """How common `word` (in lower case) is, on Zipf's scale; a language without a list knows no common word."""
    return _zipf(language).get(_plain(word), UNLISTED)


def _plain(word: str) -> str:
    return word.replace("’", "'").removesuffix("'s")


@cache
def commoner_than(least: float, language: str) -> Mapping[str, float]:
    """The language's words that are at least as common as `least`, each with its place on Zipf's scale."""
    return {word: place for word, place in _zipf(language).items() if place >= least}


def accented(word: str, language: str) -> str:
    """`word` as it is commonly written: of the listed words that differ in accents alone the commonest, else bare."""
    bare = fold(word)
    return _commonest(language).get(bare, bare)


@cache
def _commonest(language: str) -> Mapping[str, str]:
    """For each word without accents how it is most commonly written; the list begins with the commonest words."""
    commonest: dict[str, str] = {}
    for word in _zipf(language):
        commonest.setdefault(fold(word), word)
    return commonest


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
