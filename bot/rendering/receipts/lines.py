"""What is said of each offered file, whatever the surface: a headline, details, remarks?"""

from collections.abc import Sequence
from typing import NamedTuple

from bot.models import Entry, Fate
from bot.rendering import limits
from bot.rendering.labels import label
from bot.rendering.receipts import wording
from bot.rendering.wording import UNTITLED, day

BETWEEN = " · "
MANY = 3
"""With more files than this in one message, names are shortened further."""
SHORT_TITLE, FILE, COLLECTION = 80, 80, 40
_MOST_NAMED = 5


class Said(NamedTuple):
    """What is said of one file. `details` is "" and `remarks` are none where there is nothing to say."""

    headline: str
    details: str
    remarks: tuple[str, ...]
    contribution_id: str
    has_buttons: bool


def said_of(entries: Sequence[Entry]) -> list[Said]:
    """What is said of each file, in order; numbered where there are several."""
    title = limits.TITLE if len(entries) <= MANY else SHORT_TITLE
    several = len(entries) > 1
    return [_said(entry, f"{number}. " if several else "", title) for number, entry in enumerate(entries, 1)]


def _said(entry: Entry, number: str, longest: int) -> Said:
    stands = entry.fate in (Fate.ADDED, Fate.NEW_VERSION)
    return Said(
        headline=number + _headline(entry, longest),
        details=BETWEEN.join(_details(entry)) if stands else "",
        remarks=tuple(_remarks(entry))
        if stands
        else tuple(filter(None, [_begun(label(entry.said, limits.NOTE))])),
        contribution_id=entry.contribution_id,
        has_buttons=stands,
    )


def _begun(sentence: str) -> str:
    """The sentence with a capital: what a reader says follows a file's name elsewhere."""
    return sentence[:1].upper() + sentence[1:]


def _headline(entry: Entry, longest: int) -> str:
    title = label(entry.title, longest) or UNTITLED
    former = None if entry.former is None else label(entry.former, longest) or UNTITLED
    match entry.fate:
        case Fate.ADDED:
            return wording.added(title)
        case Fate.NEW_VERSION:
            return wording.new_version(former or title, title)
        case Fate.ALREADY_THERE:
            return wording.already_there(title)
        case Fate.UNDONE:
            return wording.taken_out(title) if former is None else wording.put_back(title, former)
        case Fate.NOT_ADDED:
            return wording.not_added(label(entry.file, FILE) or UNTITLED)


def _details(entry: Entry) -> list[str]:
    """What was understood, so that somebody can see what is wrong: also what was not found."""
    return [
        label(entry.author or "", limits.AUTHOR) or wording.UNKNOWN_AUTHOR,
        day(entry.published) if entry.published else wording.UNKNOWN_DATE,
        *([wording.pages(entry.pages)] if entry.pages else []),
        wording.passages(entry.passages),
        *([] if entry.collections is None else [_collections(entry.collections)]),
        label(entry.file, FILE) or UNTITLED,
    ]


def _collections(names: Sequence[str]) -> str:
    return wording.collections([label(name, COLLECTION) for name in names[:_MOST_NAMED]])


def _remarks(entry: Entry) -> list[str]:
    notes = list(filter(None, (label(note, limits.NOTE) for note in entry.notes)))
    left = len(notes) - limits.NOTES
    titles = [label(title, SHORT_TITLE) or UNTITLED for title in entry.enclosed[:_MOST_NAMED]]
    return [
        *([wording.corrected()] if entry.corrected else []),
        *([wording.enclosed(titles, len(entry.enclosed) - len(titles))] if titles else []),
        *notes[: limits.NOTES],
        *([wording.more_notes(left)] if left > 0 else []),
    ]
