"""What do a PDF's own metadata say about it?"""

import re
from collections.abc import Mapping
from datetime import date

from retrieval.ingest.cleaning import tidy_name
from retrieval.ingest.pieces import Details
from retrieval.ingest.wording import words

_PROGRAM = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)|powerpoint presentation|word document)\b(?:\s?[-–:]\s?)?",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:docx?|pdf|pptx?|xlsx?|odt|rtf|indd|qxd|tex|dvi|ps|html?|txt|pages|wpd)$", re.IGNORECASE
)
_NO_TITLE = words(
    "untitled document title slide presentation report memo draft layout print test none null unknown unbenannt"
    " slide1 document1 presentation1 book1"
)
_NO_AUTHOR = re.compile(
    r"(?:anonymous|unknown|admin(?:istrator)?|user|owner|author|root|default|none|null|microsoft(?: office)? user|\W*)"
    r"|.*\b(?:edgar online|pdf|adobe|acrobat|printer|scanner)\b.*",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"skia|chromium|wkhtml|pdftk|print to pdf|firefox|safari|cairo|weasyprint|ghostscript|itext",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?")
_LETTERS = 3


def details_of(info: Mapping[str, str], language: str | None) -> Details:
    """Return title, author and language as the file says them; what a program put there for itself is left out."""
    return Details(
        title=_title(info.get("Title", "")),
        author=_author(info.get("Author", "")),
        language=_language(language),
    )


def suspected(info: Mapping[str, str]) -> Details:
    """Return the day on which the file was made, for one whose text says no date; not for pages that were printed."""
    makers = f"{info.get('Creator', '')} {info.get('Producer', '')}"
    return Details(published=None if _PRINTED.search(makers) else _day(info.get("CreationDate", "")))


def _title(stated: str) -> str | None:
    title = _PROGRAM.sub("", tidy_name(stated))
    if _FILE.search(title) or title.casefold() in _NO_TITLE or sum(map(str.isalpha, title)) < _LETTERS:
        return None
    return title if " " in title or not re.search(r"[_\d]", title) else None


def _author(stated: str) -> str | None:
    author = tidy_name(stated)
    return None if _NO_AUTHOR.fullmatch(author) else author


def _language(stated: str | None) -> str | None:
    found = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_].*)?", stated or "")
    return found[1].lower() if found else None


def _day(stated: str) -> date | None:
    found = _DATE.match(stated)
    if not found or not found[3]:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
