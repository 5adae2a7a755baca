"""What do an Office file's properties say about the memo, and which of them can be believed?

Programs fill most of them in by themselves: the author is whoever installed Word, the title is the template's, a file
saved under a new name keeps the day on which the old one was begun. So the text comes first:

* title: a paragraph styled as title, else the only heading of the highest rank, else the property (unless a program
  wrote it: "PowerPoint Presentation", "Document1"), else the first lines
* author: the text's byline, else the property, unless it names a program or a role ("Windows User")
* published: a date line of the text, else the day of creation, and only where the file was last changed within
  `_SOON` days of it: a file that lived on tells no day, and no date is better than a wrong one
* language: what most of the text is marked as, else the property, where the words agree with it; programs write the
  language that they were set up in
* tags, status: the properties `keywords` and `contentStatus`
"""

import re
from collections.abc import Sequence
from datetime import date

from retrieval.analysis.language import detect, two_letters
from retrieval.ingest.cleaning import tidy_name
from retrieval.ingest.formats.office.names import CORE, DC, TERMS
from retrieval.ingest.formats.office.parts import Element, Parts
from retrieval.ingest.pieces import Details, Piece
from retrieval.ingest.wording import words

_SOON = 31
_FIRST_YEAR = 1985  # programs write 1601 and 1980 for "never"
_PROGRAM_TITLES = re.compile(
    r"(?:(?:microsoft )?(?:power ?point|word|office)(?: presentation| document)?"
    r"|(?:presentation|document|slide|dokument|folie|präsentation|présentation|diapositiva|diapositive)\s?\d{0,3}"
    r"|untitled(?: \w+)?|no title|title|titel|titre|título|document shared|microsoft (?:word|power ?point) - .*"
    r"|powerpoint-pr\w+|presentación de powerpoint|présentation powerpoint|(?:幻灯片|演示文稿|文档) ?\d*"
    r"|.*\.(?:docx?|dotx?|pptx?|potx?|rtf|odt|pdf|indd))",
    re.IGNORECASE,
)
_PROGRAM_AUTHORS = ("steve canny", "python-docx", "python-pptx")
_NOBODY = words(
    "admin administrator administrador administrateur author autor auteur user benutzer utilisateur usuario owner"
    " unknown unbekannt default guest root test name none n/a docx4j apache poi office word powerpoint microsoft"
    " libreoffice openoffice pandoc windows xp home pc laptop win compaq dell hp lenovo preferred customer valued"
    " registered pptxgenjs docx.js un-named aspose wps"
)
_TEMPLATE_DAYS = (
    "2013-12-23T23:15:00Z",
    "2013-01-27T09:14:16Z",
    "2006-08-16T00:00:00Z",
)  # when templates were made
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_LOOKED_AT = 100  # pieces
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TAG_LENGTH, _MOST_TAGS = 60, 20


def stated(parts: Parts) -> tuple[Details, Details]:
    """What the properties say for sure, and what they say where the text says nothing."""
    core = parts.related("", "core-properties")
    if core is None:
        return Details(), Details()
    title, author = _text(core, DC("title")), _text(core, DC("creator"))
    surely = Details(
        language=_text(core, DC("language")) or None,
        status=_text(core, CORE("contentStatus")) or None,
        tags=_tags(_text(core, CORE("keywords"))),
    )
    perhaps = Details(
        title=title if _is_title(title) else None,
        author=author if _is_somebody(author) else None,
        published=_written(_text(core, TERMS("created")), _text(core, TERMS("modified"))),
    )
    return surely, perhaps


def language_of(pieces: Sequence[Piece], *said: str | None) -> str | None:
    """The first of the languages that a file says ("en-GB") which its words are written in; None where they are not."""
    tags = [tag for tag in said if tag and _LANGUAGE.fullmatch(tag)]
    text = "\n".join(piece.text for piece in pieces[:_LOOKED_AT])
    found = detect(text) if tags else None
    return next((tag for tag in tags if two_letters(tag) == found), None)


def _text(core: Element, name: str) -> str:
    return tidy_name(core.findtext(name) or "")[:500]


def _is_title(text: str) -> bool:
    return sum(c.isalpha() for c in text) > 2 and not _PROGRAM_TITLES.fullmatch(text)


def _is_somebody(text: str) -> bool:
    """Whether the text can name who wrote: not a program, a role or an account ("EJ04325S", "dsx")."""
    parts = re.findall(r"[\w./-]+", text.casefold())
    if text.casefold() in _PROGRAM_AUTHORS:
        return False
    if not parts or all(part in _NOBODY for part in parts) or not any(c.isalpha() for c in text):
        return False
    return not (len(parts) == 1 and text.isascii() and (text.islower() or any(c.isdigit() for c in text)))


def _tags(text: str) -> tuple[str, ...]:
    marks = ";" if ";" in text else ","
    tags = dict.fromkeys(tag.strip() for tag in text.split(marks))
    return tuple(tag for tag in tags if tag and len(tag) <= _TAG_LENGTH)[:_MOST_TAGS]


def _written(created: str, modified: str) -> date | None:
    begun, ended = _day(created), _day(modified)
    if begun is None or ended is None or begun.year < _FIRST_YEAR or created in _TEMPLATE_DAYS:
        return None
    return begun if 0 <= (ended - begun).days <= _SOON else None


def _day(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
