"""Which sentences does the bot say about files that are offered as memos?

Plain text, as everywhere: each surface escapes it. Names and titles come in as labels, on one line.
"""

from collections.abc import Sequence

from bot.models import PlatformName

CORRECT, UNDO = "Correct title and date", "Undo"
FORM_TITLE = "Correct a memo"
FORM_SEND, FORM_LEAVE = "Save", "Cancel"
TITLE, DATE = "Title", "Date"
DATE_HINT = "YYYY-MM-DD, or nothing where it has no date"
UNKNOWN_DATE = "no date"
UNKNOWN_AUTHOR = "no author"

HOW = {
    PlatformName.SLACK: "use “Add to memos” in the menu of the message that has the file",
    PlatformName.DISCORD: "use Apps → “Add to memos” on the message that has the file",
}

UNKNOWN_CONTRIBUTION = "I know nothing of that file any more, so nothing was changed."
UNDONE_BEFORE = "That was undone already, so nothing was changed."
CHANGED_SINCE = (
    "The memo has changed since then, so nothing was changed. Share the file again for a new version."
)
FORGOTTEN = (
    "The version before this one is not kept any more, so there is nothing to go back to. "
    "Whoever runs me can take the memo out with: quoth memos remove"
)
NO_TITLE = "A memo needs a title, so nothing was changed."
NOT_A_DATE = "That is not a date as I read them, so nothing was changed. Write it like this: 2024-10-03."
NOTHING_NEW = "That is how I have it already, so nothing was changed."
ANOTHERS_ID = (
    "its name or id is that of a memo that cannot be replaced from here. Rename it and share it again."
)
OUT_OF_REACH = "the chat did not answer when I asked for it. Share it again in a few minutes."
TOOK_TOO_LONG = (
    "reading it with all that it encloses took too long. Share what is in it as files of their own."
)
NOT_BOUND = (
    "This channel sees no memos yet, so nobody here could find it. Bind the channel to a collection first, "
    "or add it where that is done."
)
NOTHING_ADDED = "Nothing was added: something went wrong on my side. Please share the file again."


def not_allowed(person: str) -> str:
    """Say that `person` ("slack:U0123") may not add memos, and who can change that."""
    return (
        "Sorry, only the people named by whoever runs me may add or change memos, and you are not among them yet. "
        f"Ask one of them to share it, or ask whoever runs me to add you to ACCESS__MANAGERS as {person}."
    )


def could_not_post(code: str) -> str:
    """Say that the platform did not take the receipt; `code` is its own word for why."""
    return (
        f"I dealt with the file that you shared, but could not say so where you shared it ({code}). "
        "If that is a channel, invite me to it and share the file again: I say then what is there already."
    )


def no_file(platform: PlatformName) -> str:
    """Say that there is no file in the message, and how one is added."""
    how = HOW.get(platform)
    also = f" Or {how}." if how else ""
    return f"There is no file in that message. Share one together with the word “add” and I read it in.{also}"


def files_left_out(count: int, at_most: int) -> str:
    """Say that a message has `count` files too many."""
    files = "file was" if count == 1 else "files were"
    return (
        f"I read up to {at_most} files of one message; {count} more {files} left out. Share the rest again."
    )


def expired(days: int) -> str:
    """Say that a button was pressed too late."""
    return (
        f"These buttons work for {days} days, and that was longer ago, so nothing was changed. "
        "Share the file again for a new version, or ask whoever runs me to take it out."
    )


def not_read(read: Sequence[str]) -> str:
    """Say which kinds of files are read."""
    return f"this kind of file is not read. I read {', '.join(read)}."


def added(title: str) -> str:
    """Say that a memo is new."""
    return f"Added: “{title}”"


def new_version(former: str, title: str) -> str:
    """Say that a memo took the place of its former version."""
    return f"New version of “{former}”" + ("" if title == former else f", now “{title}”")


def already_there(title: str) -> str:
    """Say that the same file was added before."""
    return f"Already there as “{title}”: it is the same file, so nothing was added."


def not_added(file: str) -> str:
    """Say that a file was not added; why follows."""
    return f"Not added: {file}"


def taken_out(title: str) -> str:
    """Say that a memo was taken out again."""
    return f"Undone: “{title}” was taken out again."


def put_back(title: str, former: str) -> str:
    """Say that a memo is as it was before its new version."""
    return f"Undone: the new version of “{former}” was taken out, the former one is back." + (
        "" if title == former else f" (It was “{title}”.)"
    )


def corrected() -> str:
    """Say that somebody corrected what was read."""
    return "Title and date as corrected."


def pages(count: int) -> str:
    """Count pages."""
    return "1 page" if count == 1 else f"{count:,} pages"


def passages(count: int) -> str:
    """Count passages."""
    return "1 passage" if count == 1 else f"{count:,} passages"


def collections(names: Sequence[str]) -> str:
    """Say which collections a memo goes to."""
    if not names:
        return "in no collection"
    return f"in the collection{'s' if len(names) > 1 else ''} {', '.join(names)}"


def enclosed(titles: Sequence[str], more: int) -> str:
    """Say which memos were found inside of a file."""
    named = [f"“{title}”" for title in titles] + ([f"{more} more"] if more else [])
    return f"With it came {', '.join(named)}."


def more_notes(count: int) -> str:
    """Say that remarks are left out because the message is full."""
    return "And 1 remark more." if count == 1 else f"And {count} remarks more."
