"""Where does the thesaurus come from? `python -m tests.quality.thesaurus` makes it anew from WordNet's files.

They are in Debian's `wordnet-base`. Of each word's commonest senses the synonyms are taken, what is derived from them,
and what is one step more general or more special; an irregular form ("built") stands for what it is a form of. Names
and words of several parts are left out, and words that hardly anybody writes.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from wordfreq import zipf_frequency

from retrieval.analysis import analyzer
from retrieval.thesaurus import FILE

_KINDS = ("noun", "verb", "adj", "adv")
_KIND_OF = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
_DERIVED = frozenset("+\\<=")  # derivationally related, pertains to, participle of, attribute
_SYNONYMS, _DERIVATIONS, _BROADER = 3, 4, 2  # of how many of a word's senses, the commonest first
_GENERAL = frozenset("@~")  # more general, more special
_HEADER = """\
# English words, as terms of the analyzer, each with those that say much the same or are near to it.
# Made from WordNet 3.0, Copyright 2006 by Princeton University: LICENSE.txt. `python -m tests.quality.thesaurus`
"""
_RARE = 2.5  # Zipf value below which a word is not worth a line
_WORD = re.compile(r"[a-z]{2,}")

Key = tuple[str, str]
"""The kind and the place of a sense in WordNet's files."""


class Sense(NamedTuple):
    """Words that mean the same, and what they are related to: by which sign, to which sense, from and to which word.

    Words are counted from 1; 0 is all of them.
    """

    words: list[str]
    related: list[tuple[str, Key, int, int]]


def main() -> None:
    """Write the file that lies in the package."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.thesaurus", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("/usr/share/wordnet"), help="of WordNet's files"
    )
    folder = parser.parse_args().folder
    if not (folder / "data.noun").is_file():
        parser.error(f"{folder} holds no WordNet. On Debian: apt install wordnet-base")
    lines = [" ".join([term, *sorted(others)]) for term, others in sorted(_made(folder).items()) if others]
    FILE.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def _made(folder: Path) -> dict[str, set[str]]:
    """Each term and those that are related to it."""
    senses = {key: sense for kind in _KINDS for key, sense in _senses(folder, kind)}
    found: dict[str, set[str]] = defaultdict(set)
    for kind in _KINDS:
        for word, keys in _words(folder, kind):
            if term := _term(word):
                found[term].update(filter(None, map(_term, _others(word, keys, senses))))
    bases = _irregular(folder)
    forms = defaultdict(set)
    for form, of in bases.items():
        for base in of:
            forms[base].add(form)
    made = {term: _in_all_forms(others, forms) | forms[term] for term, others in found.items()}
    for form, of in bases.items():
        made[form] = made.get(form, set()).union(of, *(made.get(base, set()) for base in of))
    return {term: others - {term} for term, others in made.items()}


def _in_all_forms(terms: set[str], forms: dict[str, set[str]]) -> set[str]:
    return terms.union(*(forms[term] for term in terms if term in forms))


def _others(word: str, keys: list[Key], senses: dict[Key, Sense]) -> Iterator[str]:
    """Words that WordNet relates to one, by its senses, the commonest first."""
    for place, key in enumerate(keys):
        sense = senses[key]
        if place < _SYNONYMS:
            yield from sense.words
        own = sense.words.index(word) + 1
        for sign, other, source, target in sense.related:
            words = senses[other].words
            if sign in _DERIVED and place < _DERIVATIONS and source in (0, own):
                yield from words[target - 1 : target] if target else words
            elif sign in _GENERAL and place < _BROADER:
                yield from words


def _senses(folder: Path, kind: str) -> Iterator[tuple[Key, Sense]]:
    """What a `data` file holds (its format: wndb(5WN))."""
    for line in _lines(folder / f"data.{kind}"):
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = [word.lower().split("(")[0] for word in fields[4 : 4 + 2 * count : 2]]
        pointers = fields[5 + 2 * count : 5 + 2 * count + 4 * int(fields[4 + 2 * count])]
        yield (
            (kind, fields[0]),
            Sense(
                words,
                [
                    (sign, (_KIND_OF[letter], place), *_ends(ends))
                    for sign, place, letter, ends in zip(*(pointers[n::4] for n in range(4)), strict=True)
                ],
            ),
        )


def _ends(written: str) -> tuple[int, int]:
    """From which of a sense's words to which of the other's, two hexadecimal digits each."""
    source, target = bytes.fromhex(written)
    return source, target


def _words(folder: Path, kind: str) -> Iterator[tuple[str, list[Key]]]:
    """The words of an `index` file, each with its senses."""
    for line in _lines(folder / f"index.{kind}"):
        fields = line.split()
        yield fields[0], [(kind, place) for place in fields[-int(fields[2]) :]]


def _irregular(folder: Path) -> dict[str, set[str]]:
    """Irregular forms, and what they are forms of."""
    found: dict[str, set[str]] = defaultdict(set)
    for kind in _KINDS:
        for line in _lines(folder / f"{kind}.exc"):
            form, *bases = (_term(word) for word in line.split())
            if form:
                found[form].update(base for base in bases if base and base != form)
    return {form: bases for form, bases in found.items() if bases}


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="latin-1") as lines:
        yield from (line for line in lines if not line.startswith("  "))  # the licence


def _term(word: str) -> str:
    """The term of one common word; "" of others."""
    if not _WORD.fullmatch(word) or zipf_frequency(word, "en") < _RARE:
        return ""
    terms = analyzer("en").terms(word)
    return terms[0].term if len(terms) == 1 else ""


if __name__ == "__main__":
    main()
