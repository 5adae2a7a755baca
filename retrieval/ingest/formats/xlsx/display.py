"""How is a number shown under a number format: 45292 as "2024-01-01", or as "45,292", or as "4529200%"?

Formats are shown as an English spreadsheet program shows them; dates whose order depends on the reader's country are
shown as ISO dates instead, which nobody can misread. Colours, widths and fill characters say nothing and go.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

_COUNTRY_DATE, _COUNTRY_MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: _COUNTRY_DATE, 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: _COUNTRY_MOMENT, 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Number formats by their number; those that are missing mean General."""
_BY_COUNTRY = {"[$-F800]": _COUNTRY_DATE, "[$-F400]": "hh:mm:ss"}

_PARTS = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<elapsed>h+|m+|s+)\]'
    r"|\[[^\]]*\]|(?P<ampm>AM/PM|A/P)|(?P<date>y+|m+|d+|h+|s+|e+|g+|b+)(?!e?neral|tandard)"
    r"|(?P<number>[0#?.,]*[0#?][0#?.,]*(?:E[+-][0#?]+)?)|(?P<general>General|Standard)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTIONS = re.compile(r'(?:"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[^;"\\_*\[])*', re.DOTALL)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST_DAY = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - days of a sheet have no zone
_LAST_SERIAL = 2_958_466  # the first day of the year 10000
_EXACT_DIGITS = 15
_GENERAL_DIGITS = 11
_EXACT = Context(prec=350, rounding=ROUND_HALF_UP)  # digits of the largest number with 30 decimals


class _Part(NamedTuple):
    """A piece of a number format: which kind, and its letters."""

    kind: str
    text: str


def shown(value: float, number_format: str, *, from_1904: bool = False) -> str:
    """`value` as it is shown under `number_format`; the value itself where the format is not understood."""
    sections = _sections(_BY_COUNTRY.get(number_format[:8].upper(), number_format))
    section, value = _section_for(value, sections)
    kinds = {part.kind for part in section}
    if "date" in kinds or "elapsed" in kinds or "ampm" in kinds:
        return _moment(value, section, from_1904=from_1904) or general(value)
    if any(part.text == "@" for part in section):
        return general(value)
    if not kinds & {"number", "general"}:
        said = _literals(section)
        return said if said or "other" in kinds or len(sections) > 1 else general(value)
    return "".join(_written(value, part, section) for part in section).strip()


def general(value: float) -> str:
    """`value` without a format: whole numbers in full, others with at most 11 digits."""
    if value == int(value) and abs(value) < 10**_EXACT_DIGITS:
        return str(int(value))
    text = f"{value:.{_GENERAL_DIGITS}g}"
    return text.replace("e", "E")


@lru_cache(maxsize=512)
def _sections(number_format: str) -> tuple[tuple[_Part, ...], ...]:
    return tuple(tuple(_parts(found[0])) for found in _split(number_format))


def _split(number_format: str) -> list[re.Match[str]]:
    found, start = [], 0
    while start <= len(number_format):
        section = _SECTIONS.match(number_format, start)
        if section is None:
            break
        found.append(section)
        if section.end() < len(number_format) and number_format[section.end()] != ";":
            break  # a quotation mark or bracket that never closes
        start = section.end() + 1
    return found[:4]


def _parts(section: str) -> list[_Part]:
    parts: list[_Part] = []
    for found in _PARTS.finditer(section):
        kind = found.lastgroup
        if kind in {"quoted", "escaped", "currency"}:
            parts.append(_Part("literal", found[kind]))
        elif kind:
            parts.append(_Part(kind, found[kind]))
    return _with_minutes(parts)


def _with_minutes(parts: list[_Part]) -> list[_Part]:
    """Tell minutes from months: beside hours or seconds "m" is a minute."""
    timed = [at for at, part in enumerate(parts) if part.kind in {"date", "elapsed", "ampm"}]
    for place, at in enumerate(timed):
        if parts[at].kind == "date" and parts[at].text[0] in "mM" and len(parts[at].text) < 3:
            before = parts[timed[place - 1]].text[0] if place else ""
            after = parts[timed[place + 1]].text[0] if place + 1 < len(timed) else ""
            if before in {"h", "H"} or after in {"s", "S"}:
                parts[at] = _Part("date", "i" * len(parts[at].text))
    return parts


def _section_for(value: float, sections: tuple[tuple[_Part, ...], ...]) -> tuple[tuple[_Part, ...], float]:
    """The section for positive, negative or zero; a section of its own shows no sign."""
    if not sections:
        return (), value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _literals(section: tuple[_Part, ...]) -> str:
    return "".join(
        part.text for part in section if part.kind in {"literal", "other"} and part.text != "@"
    ).strip()


def _written(value: float, part: _Part, section: tuple[_Part, ...]) -> str:
    match part.kind:
        case "number":
            first = next(one for one in section if one.kind == "number")
            return _number(value, section) if part is first else ""
        case "general":
            return general(value)
        case "other":
            return "" if part.text == "@" or (part.text == "/" and _is_fraction(section)) else part.text
        case _:
            return part.text


def _number(value: float, section: tuple[_Part, ...]) -> str:
    """The digits of a number, with its sign."""
    if _is_fraction(section):
        return general(value)
    digits = next(part.text for part in section if part.kind == "number")
    percent = any(part.kind == "other" and part.text == "%" for part in section)
    exact = Decimal(f"{value:.{_EXACT_DIGITS}g}").scaleb(2 * percent)
    if "E" in digits.upper():
        mantissa = re.split("[Ee]", digits)[0]
        return f"{float(exact):.{_decimals(mantissa)[0]}E}"
    thousands = len(digits) - len(digits.rstrip(","))
    most, least = _decimals(digits.rstrip(","))
    whole = digits.rstrip(",").split(".")[0]
    rounded = _EXACT.quantize(exact.scaleb(-3 * thousands), Decimal(1).scaleb(-most))
    if not rounded and "0" not in digits:
        return ""  # "#" and "?" show no zero
    text = f"{abs(rounded):{',' if ',' in whole else ''}.{most}f}"
    if most > least:
        text = _without_zeros(text, most - least)
    if rounded and "0" not in whole and text.startswith("0."):
        text = text[1:]
    integer, point, rest = text.partition(".")
    integer = integer.rjust(sum(sign == "0" for sign in whole), "0")
    return f"{'-' if rounded < 0 else ''}{integer}{point}{rest}"


def _without_zeros(text: str, at_most: int) -> str:
    """Take zeros off the end of the decimals, where the format asks for them only when they tell something."""
    for _ in range(at_most):
        if not text.endswith("0"):
            break
        text = text[:-1]
    return text.rstrip(".")


def _decimals(digits: str) -> tuple[int, int]:
    """How many decimals a format shows at most and at least."""
    after = digits.partition(".")[2].replace(",", "")
    return min(len(after), 30), min(after.count("0"), 30)


def _is_fraction(section: tuple[_Part, ...]) -> bool:
    return any(part.kind == "other" and part.text == "/" for part in section)


def _moment(value: float, section: tuple[_Part, ...], *, from_1904: bool) -> str | None:
    """`value` days after the first day, or None where there is no such day."""
    if not 0 <= value < _LAST_SERIAL:
        return None
    if any(part.kind == "elapsed" for part in section):
        return _elapsed(value, section)
    day = value if from_1904 or value >= 60 else value + 1  # the 29th of February 1900, which there never was
    fine = any(part.kind == "number" for part in section)  # "ss.000"
    seconds = round(day * 86400, 3 if fine else 0)
    moment = _FIRST_DAY[from_1904] + timedelta(seconds=seconds)
    twelve = any(part.kind == "ampm" for part in section)
    return "".join(_of_moment(moment, part, twelve=twelve) for part in section).strip()


def _of_moment(moment: datetime, part: _Part, *, twelve: bool) -> str:  # noqa: PLR0911 - one line a letter
    if part.kind == "ampm":
        return "PM" if moment.hour > 11 else "AM"
    if part.kind == "number":
        return f".{moment.microsecond // 1000:03d}"[: len(part.text)] if part.text.startswith(".") else ""
    if part.kind != "date":
        return "" if part.text == "@" else part.text
    letter, length = part.text[0].lower(), len(part.text)
    match letter:
        case "y" | "e":
            return f"{moment.year % 100:02d}" if length < 3 and letter == "y" else f"{moment.year:04d}"
        case "m":
            return _padded(moment.month, length) if length < 3 else _name(_MONTHS[moment.month - 1], length)
        case "d":
            return _padded(moment.day, length) if length < 3 else _name(_DAYS[moment.weekday()], length)
        case "h":
            return _padded((moment.hour - 1) % 12 + 1 if twelve else moment.hour, length)
        case "i":
            return _padded(moment.minute, length)
        case "s":
            return _padded(moment.second, length)
        case _:
            return ""


def _name(name: str, length: int) -> str:
    return name[:3] if length == 3 else name[0] if length == 5 else name


def _padded(number: int, length: int) -> str:
    return f"{number:0{min(length, 2)}d}"


def _elapsed(value: float, section: tuple[_Part, ...]) -> str:
    """A stretch of time: hours may be more than 24, or minutes more than 60."""
    seconds = round(value * 86400)
    written = []
    for part in section:
        letter, length = part.text[:1].lower(), len(part.text)
        if part.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[letter]
            written.append(f"{seconds // unit:0{length}d}")
            seconds %= unit
        elif part.kind == "date":
            unit = {"h": 3600, "i": 60, "m": 60, "s": 1}.get(letter, 1)
            written.append(_padded(seconds // unit, length))
            seconds %= unit
        else:
            written.append("" if part.text == "@" else part.text)
    return "".join(written).strip()
