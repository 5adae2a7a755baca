"""Which date does a stretch of text name?

Read are dates with one meaning: 2024-10-03, October 3, 2024, 3 October 2024, 3. Oktober 2024, 2024年10月3日.
Never 03/10/2024, which is October to some and March to others.
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from retrieval.models import Span

_MONTH_NAMES = (
    "january jan januar janvier janv enero ene",
    "february feb februar februari février févr febrero",
    "march mar märz mars marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août agosto ago",
    "september sep sept septembre septiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre déc diciembre dic",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_WORD = r"(?P<month>[^\W\d_]{3,12})\.?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})(?P<seam>[-/.])(?P<month>\d{1,2})(?P=seam)(?P<day>\d{1,2})(?!\d)",
        rf"(?<![^\W_]){_WORD}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})(?!\d)",
        rf"(?<![^\W_])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s-](?:(?:of|de)\s)?{_WORD},?[\s-](?:de\s)?(?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
    )
)
_LABEL = re.compile(
    r"(?:(?P<updated>(?:last\s)?(?:updated|modified|revised|reviewed)|aktualisiert|mis à jour(?: le)?|actualizado)"
    r"|(?:(?:date\s)?(?:first\s)?(?:published|posted|released|issued|dated|written)(?:\son)?"
    r"|(?:publication|release|issue)?\s?date|as of"
    r"|datum|stand|veröffentlicht(?: am)?|publié(?: le)?|fecha|publicado(?: el)?))\s?:?\s?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,\s?")
_PLACE = re.compile(r"(?:[A-Z][\w.'’-]{0,30}\s?){1,3},\s(?:den\s|le\s)?")
_TIME = re.compile(
    r"\s?(?:,|at|\||-|–)?\s?\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?)?\s?(?:\(?[A-Z]{1,5}(?:[+-]\d{1,2})?\)?)?",
    re.IGNORECASE,
)
_LINE_LENGTH = 100


class Weight(IntEnum):
    """How surely a date is the day of publication; smaller is surer."""

    PUBLISHED = 0
    BARE = 1
    UPDATED = 2


class DateLine(NamedTuple):
    """A line that is nothing but a date: the day, where in the line it stands, and how sure it is."""

    day: date
    span: Span
    weight: Weight


def dates_in(text: str) -> Iterator[tuple[date, Span]]:
    """Yield every date in the text with its place, pattern by pattern; 2024-02-30 is none."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            month = found["month"]
            number = int(month) if month.isdecimal() else _MONTHS.get(month.casefold())
            try:
                day = date(int(found["year"]), number or 0, int(found["day"]))
            except ValueError:
                continue
            yield day, Span(*found.span())


def day_named(text: str) -> date | None:
    """Return the first date in the text, or None."""
    return next((day for day, _ in dates_in(text)), None)


def date_line(line: str) -> DateLine | None:
    """Read a line that holds a date and nothing else but a label, a weekday, a place or a time of day."""
    if len(line) > _LINE_LENGTH:
        return None
    for day, span in dates_in(line):
        before, after = line[: span.start].strip(" ("), line[span.end :].strip(" ).")
        weight = _weight(before + " " if before else "")
        if weight is not None and (not after or _TIME.fullmatch(after)):
            return DateLine(day, span, weight)
    return None


def _weight(before: str) -> Weight | None:
    """Judge what stands before a date: its weight, or None where it is more than a label, weekday or place."""
    if not before:
        return Weight.BARE
    labelled = _LABEL.match(before)
    if labelled:
        before = before[labelled.end() :]
    rest = not before.strip() or _WEEKDAY.fullmatch(before) or _PLACE.fullmatch(before)
    if not rest:
        return None
    if not labelled:
        return Weight.BARE
    return Weight.UPDATED if labelled["updated"] else Weight.PUBLISHED
