"""What does a cell of a sheet hold: a figure, a day, a year, a word?"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from retrieval.ingest.tables import is_label

_MONEY = r"(?:[€$£¥₹₽₩₺¢]|[A-Z]{1,3}\$|EUR|USD|GBP|CHF|JPY|CNY|SEK|NOK|DKK|PLN|CZK|HUF|INR|BRL|MXN|CAD|AUD|NZD|ZAR)"
_NUMBER = r"\d(?:[\d.,'’ –-]{0,40}\d)?(?:[eE][+-]?\d{1,3})?"
_SIGN = r"(?:[-+−±~≈<>≤≥]\s?){0,2}"
_FIGURE = re.compile(
    rf"\(?{_SIGN}(?:{_MONEY}\s?)?{_SIGN}{_NUMBER}\s?(?:%|‰|{_MONEY}|[a-zA-Zµ°]{{1,3}}[²³]?)?\*{{0,2}}\)?"
)
_YEAR = re.compile(
    r"(?:(?:Q[1-4]|H[12]|FY|CY|KW|W)\s?[-/]?\s?)?'?(?:19|20)\d\d(?:\s?[-/–]\s?(?:\d{2}|\d{4}))?(?:\s?[-/]?(?:Q[1-4]|H[12]|[AEFBP]))?"
    r"|(?:Q[1-4]|H[12]|FY\s?'?\d\d)"
)
_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?|févr?(?:ier)?|mars|avr(?:il)?"
    r"|juin|juillet|juil|août|octobre|novembre|déc(?:embre)?|enero|ene|febrero|abr(?:il)?|agosto|dic(?:iembre)?)\.?"
)
_ANY_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = re.compile(
    rf"{_ANY_YEAR}[-/]\d{{1,2}}(?:[-/]\d{{1,2}})?|{_ANY_YEAR}\.\d{{1,2}}\.\d{{1,2}}|\d{{1,2}}/{_ANY_YEAR}"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:{_ANY_YEAR}|\d\d)"
    rf"|(?:\d{{1,2}}\.?[ -]?)?{_MONTH}(?:[ -]?'?\d{{1,2}},?)?(?:[ -]?'?(?:\d{{4}}|\d\d))?",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?:T|\s)?\d{1,3}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?\s?(?:[AaPp][Mm]|Z|[+-]\d\d:?\d\d)?")
_NOTHING = frozenset(
    ["-", "–", "—", ".", "..", "...", "n/a", "na", "n.a.", "nil", "none", "null", "tbd", "tbc", "x"]
)
_ADDRESS = re.compile(r"\S@\S|://|^www\.", re.IGNORECASE)
_LONGEST_FIGURE = 60


class CellKind(StrEnum):
    """What a cell holds."""

    FIGURE = "figure"
    DAY = "day"  # a date, a month, a time of day
    YEAR = "year"  # a year or a part of one
    WORDS = "words"
    NOTHING = "nothing"  # empty, or a sign that says so


def kind_of(text: str) -> CellKind:
    """Judge one cell by its text."""
    if not text or text.casefold() in _NOTHING or text.startswith("#"):  # "#N/A"
        return CellKind.NOTHING
    if len(text) > _LONGEST_FIGURE:
        return CellKind.WORDS
    if _YEAR.fullmatch(text):
        return CellKind.YEAR
    if _is_day(text):
        return CellKind.DAY
    return CellKind.FIGURE if _FIGURE.fullmatch(text) else CellKind.WORDS


def kind_of_column(cells: Iterable[str]) -> CellKind:
    """What most of the filled cells hold; NOTHING where none is filled. A number such as 1999 may be no year."""
    kinds = Counter(map(kind_of, cells))
    del kinds[CellKind.NOTHING]
    if not kinds:
        return CellKind.NOTHING
    if CellKind.FIGURE in kinds and CellKind.YEAR in kinds:
        kinds[CellKind.FIGURE] += kinds.pop(CellKind.YEAR)
    return max(kinds, key=lambda kind: kinds[kind])


def can_be_head(text: str) -> bool:
    """Whether a cell could label its column: short, no sentence, no figure, no address."""
    return is_label(text) and kind_of(text) is not CellKind.FIGURE and not _ADDRESS.search(text)


def _is_day(text: str) -> bool:
    day = _DAY.match(text)
    if day and day.end() == len(text):
        return True
    return _TIME.fullmatch(text, day.end() if day else 0) is not None
