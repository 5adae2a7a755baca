"""Which days does a date in a question name: 2024-06-30, the month 2024-06, the year 2024?"""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from retrieval.errors import MalformedFilter

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


class Days(NamedTuple):
    """The first day and the last one."""

    first: date
    last: date


def days_of(written: str, given: str, right: str) -> Days:
    """The days that `written` names; MalformedFilter (`given`, and the right form) where it is no date."""
    match = _DATE.fullmatch(written)
    try:
        if not match:
            raise ValueError  # noqa: TRY301 - one way out for every date that is none
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None  # noqa: S101 - the pattern says so
        last_month = month or 12
        last_day = day or monthrange(year, last_month)[1]
        return Days(date(year, month or 1, day or 1), date(year, last_month, last_day))
    except ValueError:
        raise MalformedFilter(given, right) from None
