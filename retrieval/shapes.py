"""What must a sentence hold, by the shape of the question: a number, a date, a name, a place, a reason?"""

import re
from collections.abc import Callable
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-z]+")  # looking these up takes a third of the time of a pattern of alternatives
_FIGURE = re.compile(r"\d[\d.,]*")
_NUMBERS = frozenset({
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty",
    "thirty", "forty", "fifty", "hundred", "thousand", "million", "billion", "trillion", "half", "third", "quarter",
    "dozen", "dozens", "twice", "once", "percent",
})  # fmt: skip
_YEAR = re.compile(r"(?:1\d{3}|20\d\d)(?<=\b\d{4})s?\b")
_DATES = frozenset({
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "century", "decade",
})  # fmt: skip
_DURATIONS = frozenset({
    "year", "years", "day", "days", "month", "months", "week", "weeks", "hour", "hours", "minute", "minutes", "second",
    "seconds", "decade", "decades", "century", "centuries",
})  # fmt: skip
_SHARE = re.compile(r"%|percent|per cent|quarter|third|half|fifth|tenth", re.IGNORECASE)
# What stands before is looked at after the first letter: patterns that begin with plain characters are found sooner.
_NAME = re.compile(r"[A-Z](?<=\b[A-Z])(?<![.!?]\s[A-Z])(?<!^[A-Z])(?<![\"“(][A-Z])[a-z]+")
_PLACE = re.compile(r"\b(?:in|at|from|near|to|of|on)\s+(?:the\s+)?[A-Z]")
_REASON = re.compile(
    r"\b(?:because|due to|owing to|since|so that|in order|caus(?:e|ed|es|ing)|reason|result\w*|lead|led|therefore|thus|"
    r"to avoid|prevent\w*|allow\w*)\b",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"\b(?:by|through|via|using|because|allow\w*|in order to|so that|with the)\b", re.IGNORECASE
)
_NAMING = re.compile(
    r"[\"“”«»]|\b(?:called|known as|named|termed|referred to|nicknamed|dubbed|entitled|titled|refers? to|i\.e\.|"
    r"or simply)\b|\((?:or |the )?[A-Z]"
)
_CAPITALISED = re.compile(r"[A-Z]\w+")
_HARDLY = 0.5  # of shapes that many sentences have


class Shape(NamedTuple):
    """What a question of some shape asks for: whether a sentence `holds` it, and what that `counts`, 0 to 1."""

    holds: "Holds"
    counts: float

    @property
    def is_plain(self) -> bool:
        """Whether a question of this shape is after a fact, whatever its words."""
        return self.counts == 1

    def part(self, sentence: str) -> float:
        """What `sentence` is worth: 0 where it does not hold what is wanted."""
        return self.counts if self.holds(sentence) else 0.0


def shape_of(question: str) -> Shape | None:
    """The shape of `question`; None where it says nothing of what a sentence must hold."""
    for pattern, holds, counts in _SHAPES:
        if pattern.search(question):
            return Shape(holds(question), counts)
    return None


_HOW_MANY = r"\bhow (?:many|much|old|far|tall|large|big|high|often)\b|\b(?:what|which) (?:number|amount)"
_WHERE = r"\bwhere\b|\b(?:what|which) (?:city|country|countries|state|place|region|county|location)"
_HOW = r"^how (?:do|does|did|is|are|was|were|can|could|has|have)\b|\bin what way|\bby what\b|\bthrough what"
_CALLED = (
    r"\b(?:called|known as|named|the name|nickname|nicknamed|term|referred to|title of|abbreviat\w+|stand for|"
    r"spelled)\b"
)

Holds = Callable[[str], bool]
"""Whether a sentence holds what a question asks for."""


def _any(pattern: re.Pattern[str]) -> Callable[[str], Holds]:
    return lambda _: lambda sentence: bool(pattern.search(sentence))


def _another(
    pattern: re.Pattern[str], words: frozenset[str], fold: Callable[[str], str]
) -> Callable[[str], Holds]:
    """A figure or one of `words`, folded, that the question does not hold itself."""

    def asked(question: str) -> Holds:
        own = {figure.rstrip(".,") for figure in pattern.findall(question)}
        wanted = words.difference(_WORD.findall(fold(question)))

        def holds(sentence: str) -> bool:
            for figure in pattern.findall(sentence):
                if figure.rstrip(".,") not in own:
                    return True
            return not wanted.isdisjoint(_WORD.findall(fold(sentence)))

        return holds

    return asked


def _duration(_: str) -> Holds:
    return lambda sentence: not _DURATIONS.isdisjoint(_WORD.findall(sentence.lower()))


def _name(question: str) -> Holds:
    own = {word.lower() for word in _CAPITALISED.findall(question)}
    return lambda sentence: any(found[0].lower() not in own for found in _NAME.finditer(sentence))


def _place(question: str) -> Holds:
    is_named = _name(question)
    return lambda sentence: bool(_PLACE.search(sentence)) and is_named(sentence)


_SHAPES = tuple(
    (re.compile(pattern, re.IGNORECASE), holds, counts)
    for pattern, holds, counts in (
        (r"\b(?:what|which|how)\b.*\b(?:percent|proportion|share\b)", _any(_SHARE), 1.0),
        (r"\bhow long\b|\bhow many (?:years|days|months|weeks|hours|minutes)", _duration, 1.0),
        (_HOW_MANY, _another(_FIGURE, _NUMBERS, str.lower), 1.0),
        (
            r"\bwhen\b|\b(?:what|which) (?:year|date|century|decade|day|month|time)",
            _another(_YEAR, _DATES, str),
            1.0,
        ),
        (r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|man|woman)\b", _name, 1.0),
        (_WHERE, _place, 1.0),
        (r"\bwhy\b", _any(_REASON), 1.0),
        (_HOW, _any(_MEANS), _HARDLY),
        (_CALLED, _any(_NAMING), _HARDLY),
    )
)
