"""What must a quote hold, by the shape of the question: a number, a date, a name, a place, a reason?"""

import re
from typing import NamedTuple

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|"
    r"thousand|million|billion|trillion|half|third|quarter|dozens?|twice|once|percent)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d\d)s?\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|century|decade)\b"
)
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)(?<![\"“(])\b[A-Z][a-z]+")
_PLACE = re.compile(r"\b(?:in|at|from|near|to|of|on)\s+(?:the\s+)?[A-Z]")
_REASON = re.compile(
    r"\b(?:because|due to|owing to|since|so that|in order|caus(?:e|ed|es|ing)|reason|result\w*|lead|led|therefore|thus|"
    r"to avoid|prevent\w*|allow\w*)\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"[A-Z]\w+")

_QUESTIONS = (
    (
        re.compile(
            r"\bhow (?:many|much|old|long|far|tall|large|big|high|often)\b|"
            r"\b(?:what|which) (?:percent|percentage|number|amount|share)",
            re.IGNORECASE,
        ),
        "number",
    ),
    (
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|century|decade|day|month|time)", re.IGNORECASE),
        "date",
    ),
    (re.compile(r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|man|woman)\b", re.IGNORECASE), "name"),
    (
        re.compile(
            r"\bwhere\b|\b(?:what|which) (?:city|country|countries|state|place|region|county|location)",
            re.IGNORECASE,
        ),
        "place",
    ),
    (re.compile(r"\bwhy\b", re.IGNORECASE), "reason"),
)


class Shape(NamedTuple):
    """What a question asks for ("" when its shape does not say), and the names that it holds itself."""

    wants: str
    own_names: frozenset[str]

    def part(self, quote: str) -> float:
        """1 where `quote` holds what is wanted, else 0."""
        return float(self._holds(quote)) if self.wants else 0.0

    def _holds(self, quote: str) -> bool:
        match self.wants:
            case "number":
                return bool(_NUMBER.search(quote))
            case "date":
                return bool(_DATE.search(quote))
            case "reason":
                return bool(_REASON.search(quote))
            case "place":
                return bool(_PLACE.search(quote)) and self._has_other_name(quote)
            case _:
                return self._has_other_name(quote)

    def _has_other_name(self, quote: str) -> bool:
        return any(found[0].lower() not in self.own_names for found in _NAME.finditer(quote))


def shape_of(question: str) -> Shape:
    """The shape of `question`."""
    wants = next((kind for pattern, kind in _QUESTIONS if pattern.search(question)), "")
    return Shape(wants, frozenset(word.lower() for word in _CAPITALISED.findall(question)))
