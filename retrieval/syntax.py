"""How is a question written: which words, exact phrases, excluded words and filters?

A question without any of these is taken as it is. What looks like a filter and cannot be one raises MalformedFilter.
Quotation marks and minus signs are demands in a short question only: in a long one, or in a sentence that was pasted
out of a memo, they belong to the prose.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from rapidfuzz.distance import OSA

from retrieval.days import days_of
from retrieval.errors import MalformedFilter

EXAMPLES = {
    "author": 'author:"A\'ndre Gonawela"',
    "title": "title:alliances",
    "tag": "tag:budget",
    "before": "before:2024-10-03 (or before:2024-10, or before:2024)",
    "after": "after:2024-10-03 (or after:2024-10, or after:2024)",
    "in": "in:ID, where ID is a memo's id",
    "status": "status:final",
    "as-of": "as-of:2024-06-30 (or as-of:2024-06, or as-of:2024)",
}
FILTERS = tuple(
    name for name in EXAMPLES if name != "as-of"
)  # which says which memos there are, not which may answer
_ELSEWHERE = frozenset({
    "by", "from", "since", "until", "during", "date", "year", "month", "memo", "memos", "id", "file", "source",
    "section", "page", "type", "lang", "language", "written", "published",
})  # fmt: skip
"""Filters that other programs have and this one has not."""
_LONG_NAME = 5  # letters; a shorter name is too near to ordinary words ("on", "ink")

_OPEN, _CLOSE = '"“”„«', '"”“»'
_AS_OF = "[Aa][Ss][-_]?[Oo][Ff]"
_QUOTED = rf"[{_OPEN}][^\"“”„«»\n]+[{_CLOSE}](?!\w)"
_SYNTAX = re.compile(
    rf"(?<!\S)(?P<minus>-?)(?P<name>{_AS_OF}|[A-Za-z]+):(?P<value>{_QUOTED}|[^\s\"“”„«»]\S*)?"
    rf"|(?:^|(?<=[^\S\n]))-(?:(?P<without>{_QUOTED})|(?P<without_word>[^\W\d_][^\s\"“”„«»]*))"
    rf"|(?<![^\s(\[/—–-])(?P<phrase>{_QUOTED})"
)
_AFTER_A_VALUE = ",;:?!.)"
_JOINS = frozenset({"und", "oder", "sowie", "bzw.", "en", "of", "och", "eller", "og"})
"""After these a minus stands for a word's first half, in German and its neighbours: "Personen und -organisationen"."""
LONGEST_SEARCH = 15
"""Words; what is longer is prose."""


class Filter(NamedTuple):
    """A filter: its name, its value, whether it is turned around (`-tag:old`), and how it was written."""

    name: str
    value: str
    negated: bool
    given: str


class Excluded(NamedTuple):
    """Words that no quoted passage may hold; `exact`: in just these forms, one after the other."""

    words: str
    exact: bool


class Asked(NamedTuple):
    """A question taken apart; `text` is what is left to search for, phrases included.

    `as_of` is the day at whose end the library is meant; `unknown` are names that were written like filters and read as
    words; `prose` says that quotation marks or minus signs were read as such.
    """

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    filters: tuple[Filter, ...] = ()
    as_of: date | None = None
    unknown: tuple[str, ...] = ()
    prose: bool = False

    @property
    def plain(self) -> bool:
        """Whether every passage may answer."""
        return not (self.phrases or self.excluded or self.filters or self.as_of)


def parse(question: str, stands: Callable[[str], bool] = lambda _: False) -> Asked:
    """Take `question` apart.

    `stands` tells whether some words stand in a memo as they are: "U.S. -China" from a pasted sentence excludes
    nothing. Raises MalformedFilter.
    """
    phrases: list[str] = []
    excluded: list[Excluded] = []
    filters: list[Filter] = []
    unknown: list[str] = []
    left: list[str] = []
    kept = at = 0
    prose, is_long = False, len(question.split()) > LONGEST_SEARCH
    while match := _SYNTAX.search(question, at):
        at = match.end()
        if not match["name"] and is_long:
            prose = True
            continue
        if match["phrase"]:
            phrases.append(_unquoted(match["phrase"]))
            continue
        if match["name"]:
            found = _filter(match, question)
            if found is None:
                at = match.end("name") + 1
                unknown += [match["name"]] * (match["name"].lower() in _ELSEWHERE and bool(match["value"]))
                continue
            filters.append(found)
        elif _is_prose(question[: match.start()], match, stands):
            continue
        else:
            excluded.append(_excluded(match))
        left.append(question[kept : match.start()])
        kept = match.end()
    text = "".join([*left, question[kept:]])
    as_of = _one_moment([each for each in filters if each.name == "as-of"])
    others = tuple(each for each in filters if each.name != "as-of")
    return Asked(text, tuple(phrases), tuple(excluded), others, as_of, tuple(unknown), prose)


def as_of(question: str) -> date | None:
    """The day at whose end the library is meant, where `question` says `as-of:`.

    Which memos there were then is not known here: whoever keeps the past makes an index over them. Raises
    MalformedFilter.
    """
    return parse(question).as_of


def _filter(match: re.Match[str], question: str) -> Filter | None:
    """The filter that was written; None where a word stands before a colon."""
    name, value = match["name"].lower(), match["value"] or ""
    if value and name != "as-of" and re.fullmatch(_AS_OF, name):
        raise MalformedFilter(match[0], f"as-of:{value}")
    if value.startswith("//"):
        return None
    if name not in EXAMPLES:
        if value and (meant := _misspelt(name)):
            raise MalformedFilter(match[0], f"{meant}:{value}")
        return None
    value = _unquoted(value) if re.fullmatch(_QUOTED, value) else value.rstrip(_AFTER_A_VALUE)
    if not any(character.isalnum() for character in value):
        raise MalformedFilter(match[0], _with_the_next_word(name, question[match.end() :]))
    return Filter(name, value, negated=bool(match["minus"]), given=match[0].rstrip(_AFTER_A_VALUE))


def _one_moment(asked: list[Filter]) -> date | None:
    """The last day of what `as-of:` names; MalformedFilter where it names no day, several, or is turned around."""
    if not asked:
        return None
    given = " ".join(each.given for each in asked)
    if len(asked) > 1 or asked[0].negated:
        raise MalformedFilter(given, f"{EXAMPLES['as-of']}, and one of it")
    return days_of(asked[0].value, given, EXAMPLES["as-of"]).last


def _misspelt(name: str) -> str | None:
    """The filter that is one letter away from `name`."""
    if name == "tags":
        return "tag"
    known = (each for each in FILTERS if len(each) >= _LONG_NAME)
    return next((each for each in known if OSA.distance(name, each, score_cutoff=1) <= 1), None)


def _with_the_next_word(name: str, rest: str) -> str:
    """How `name: word` should have been written."""
    word = re.match(rf"\s+({_QUOTED}|[^\W_]\S*)", rest)
    fits = word and name in {"author", "title", "tag", "status"}
    return f"{name}:{word[1].rstrip(_AFTER_A_VALUE)}" if word and fits else EXAMPLES[name]


def _excluded(match: re.Match[str]) -> Excluded:
    if match["without"]:
        return Excluded(_unquoted(match["without"]), exact=True)
    return Excluded(match["without_word"].rstrip(_AFTER_A_VALUE), exact=False)


def _is_prose(before: str, match: re.Match[str], stands: Callable[[str], bool]) -> bool:
    """Whether the minus belongs to a sentence: half a word was left out, or it stands so in a memo ("U.S. -China")."""
    words = before.split()
    return bool(words) and (
        words[-1].lower() in _JOINS or stands(f"{words[-1]} {match[0].rstrip(_AFTER_A_VALUE)}")
    )


def _unquoted(quoted: str) -> str:
    return quoted[1:-1].strip()
