"""Which abbreviations do the memos explain themselves?

The algorithm of Schwartz and Hearst ("A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical
Text", 2003): beside a parenthesis stands a long form whose letters, read backwards, hold those of the short form in
order, the first of them at the beginning of a word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from retrieval.synonyms import Synonyms

_PARENTHESES = re.compile(r"\(([^()\n]{2,150})\)")
_BEFORE = 200  # characters before a parenthesis that are looked at
_SENTENCE_END = re.compile(r"(?<![A-Z])[.!?]\s+(?=[A-Z])|[;:()\n]")
_NAMED_SO = re.compile(r"^(?:the|or|hereinafter|hereafter|henceforth|also)\s+", re.IGNORECASE)
_QUOTES = "\"“”„«»'‘’ "
_LONGEST_SHORT, _MOST_WORDS, _FEWEST_CAPITALS = 10, 2, 2


Meanings = Mapping[str, frozenset[str]]
"""The long forms of a short one, in small letters, each with the ids of the memos that explain it so."""


class Abbreviation(NamedTuple):
    """A short form and the long form that explains it, as they are written."""

    short: str
    long: str


def abbreviations(text: str) -> Iterator[Abbreviation]:
    """The abbreviations that `text` explains, as "long form (short)" or "short (long form)"."""
    for match in _PARENTHESES.finditer(text):
        before = _SENTENCE_END.split(text[max(0, match.start() - _BEFORE) : match.start()].rstrip())[-1]
        if not before:
            continue
        inside = re.split(r"[,;]\s", match[1])[0].strip(_QUOTES)
        named = _NAMED_SO.sub("", inside).strip(_QUOTES)
        last_word = before.split()[-1].strip(_QUOTES) if before.split() else ""
        if _is_short_form(named) and (long := _long_form(named, before)):
            yield Abbreviation(named, long)
        elif _is_short_form(last_word) and _long_form(last_word, inside) == inside:
            yield Abbreviation(last_word, inside)


def _is_short_form(written: str) -> bool:
    """Two to ten characters, at most two words, and letters that are capitals or stand beside a digit."""
    capitals = sum(letter.isupper() for letter in written)
    digits = sum(letter.isdigit() for letter in written)
    return (
        2 <= len(written) <= _LONGEST_SHORT
        and len(written.split()) <= _MOST_WORDS
        and written[0].isalnum()
        and capitals > 0
        and capitals + digits >= _FEWEST_CAPITALS
    )


def _long_form(short: str, before: str) -> str | None:
    """The shortest end of `before` that holds the characters of `short` in order, from a word's beginning on."""
    letters = [letter.lower() for letter in short if letter.isalnum()]
    words = before.split()
    near = " ".join(words[-min(len(letters) + 5, 2 * len(letters)) :])
    at = len(near)
    for number, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and (near[at].lower() != letter or (number == 0 and at > 0 and near[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    long = near[near.rfind(" ", 0, at) + 1 :].strip(_QUOTES + ",")
    explains = len(long) > len(short) and len(long.split()) > 1
    return long if explains and short.lower() not in long.lower().split() else None


def explanations(found: Iterable[tuple[str, Iterable[Abbreviation]]]) -> dict[str, Meanings]:
    """What memos (by id) explain, by short form."""
    where: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for memo_id, pairs in found:
        for short, long in pairs:
            where[_plain(short)][long.casefold()].add(memo_id)
    return {
        short: {long: frozenset(ids) for long, ids in meanings.items()} for short, meanings in where.items()
    }


def rules_of(short: str, meanings: Meanings) -> list[Synonyms]:
    """The rules for one short form, in both directions.

    One that is explained in two ways has each meaning only in the memos that explain it so.
    """
    rules = []
    clear = len({_plain(long) for long in meanings}) == 1
    for long, ids in sorted(meanings.items()):
        # made as they are: to look through the ids of all memos for mistakes takes longer than all else
        rules.append(Synonyms.model_construct(asked=(long,), found=(short,), only_in=None if clear else ids))
        rules.append(Synonyms.model_construct(asked=(short,), found=(long,), only_in=None))
    return rules


def _plain(written: str) -> str:
    """Without the plural's ending: "FTAs" is FTA."""
    return re.sub(r"(?<=\w)s\b", "", written)
