"""Which sentences does the bot say?

Everything here is plain text: each surface escapes it, and sets it, in its own way. What a memo or an asker wrote
comes in through parameters, and is brought to one line before (`labels`).
"""

from collections.abc import Sequence
from datetime import date

HELP = (
    "Ask me a question in your own words, and I answer with quotes from your team's memos, "
    "word for word, each with the memo and the place it stands in. "
    'For example: "What is the Squad?" '
    "Narrow it with author: title: tag: status: before: after: in: (author:gonawela, after:2024-09), "
    "ask how things stood with as-of:2024-06-30, "
    'put "exact words" between quotation marks, and leave a word out with -word. '
    "Where the memos hold no answer I say so; I never make one up."
)

AT_YOUR_DISPOSAL = "Any time. Ask me whenever you want to know what the memos say."
"""To thanks, and to an "ok"."""

WARNING_STATUS = {"draft": "draft", "superseded": "superseded", "withdrawn": "withdrawn"}
"""What is said in a citation of a memo that has this status; of others ("final") nothing is."""

SUPERSEDED_BY = "Superseded by"
"""Followed by the memos to read instead, each a link where there is a reading room."""

QUOTED = "From your team's memos, word for word:"
NOTHING_FOUND = "I found nothing in the memos that answers this."
NO_MEMOS = (
    "I know no memos yet, so I cannot answer. Whoever runs me can add some with: quoth memos add FOLDER"
)
PAST_WITH_GAPS = "Old versions of memos were dropped since then, so what changed or left may be missing here."
NOT_TOGETHER = "The words of your question do stand in the memos, but nowhere enough of them together."

CUT_BEFORE = "… the sentence begins earlier"
CUT_AFTER = "the sentence goes on …"
UNTITLED = "Untitled memo"
CONFIDENCE_MEANS = "the estimated share of such answers that hold what was asked"

CANNOT_POST_THERE = (
    "I could not post my answer where you asked. I need leave to view that channel, send messages and embed links "
    "there; someone who looks after the server can give it to me. Or ask me here."
)

# Not the calendar module's: those follow the machine's locale.
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def too_fast(per_minute: int) -> str:
    """Say that somebody asked more than `per_minute` questions in a minute."""
    return (
        f"That was quick! I take {_counted(per_minute, 'question')} a minute from each person. "
        "Please ask again in a minute."
    )


def question_too_long(limit: int) -> str:
    """Say that a question is longer than `limit` characters."""
    return f"That question is too long for me: I read up to {limit:,} characters. Please use fewer words."


def went_wrong(answer_id: str) -> str:
    """Say that answering failed; `answer_id` finds the reason in the log."""
    return (
        "Sorry, something went wrong on my side, and your question was not answered. Please ask it again. "
        f"If that does not help, tell whoever runs me this number: {answer_id}."
    )


def could_not_post(code: str) -> str:
    """Say that the platform did not take the answer; `code` is its own word for why."""
    return (
        f"I have an answer for you, but could not post it where you asked ({code}). "
        "If that is a channel, invite me to it and ask again, or ask me in a direct message."
    )


def stand_nowhere(words: Sequence[str], more: int = 0) -> str:
    """Say that `words`, and `more` besides, are in no memo."""
    named = [f"“{word}”" for word in words] + ([f"{more} more"] if more else [])
    if len(named) == 1:
        return f"This word stands nowhere in the memos: {named[0]}."
    return f"These words stand nowhere in the memos: {_listed(named)}."


def closest(titles: Sequence[str]) -> str:
    """Say which memos come closest."""
    named = [f"“{title}”" for title in titles]
    return f"The closest {'memo is' if len(named) == 1 else 'memos are'} {_listed(named)}."


def did_not_fit(quotes: int) -> str:
    """Say that `quotes` quotes are left out because the message is full."""
    return f"And {quotes} more, too long for this message. A narrower question brings {_them(quotes)} up."


def too_long_to_quote(quotes: int) -> str:
    """Say that a message has room for none of the `quotes` quotes that were found."""
    found = _counted(quotes, "quote")
    return f"I found {found}, but {_they(quotes)} too long for one message. Open the memo to read on:"


def more_notes(notes: int) -> str:
    """Say that `notes` remarks on the answer are left out because the message is full."""
    return f"And {_counted(notes, 'remark')} more."


def day(when: date) -> str:
    """Write a date down: 3 October 2024."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def as_of(when: date) -> str:
    """Say which past an answer is from."""
    return f"From the library as it stood at the end of {day(when)} (UTC)."


def not_over(when: date) -> str:
    """Say that a day of the past has not passed."""
    return f"{day(when)} is not over yet (UTC), so this is from the library as it stands now."


def no_memos_as_of(when: date) -> str:
    """Say that the library was empty then."""
    return f"At the end of {day(when)} (UTC) the library held no memos."


def cell(row: str | None, column: str | None) -> str:
    """Name a table cell by its row, its column, or both; "" where neither is known."""
    return ", ".join(f'{what} "{name}"' for what, name in (("row", row), ("column", column)) if name)


def page(number: int) -> str:
    """Name a page."""
    return f"page {number}"


def passage(number: int) -> str:
    """Name a passage by its number in the memo."""
    return f"passage {number}"


def quoted_aloud(quote: str, *, before: bool, after: bool) -> str:
    """Put a quote between quotation marks; where its sentence is cut, an ellipsis stands outside them."""
    return f"{'… ' if before else ''}“{quote}”{' …' if after else ''}"


def searched(memos: int, passages: int) -> str:
    """Say what was searched."""
    return f"searched {_counted(memos, 'memo')}, {_counted(passages, 'passage')}"


def _counted(number: int, what: str) -> str:
    return f"one {what}" if number == 1 else f"{number:,} {what}s"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _they(number: int) -> str:
    return "it is" if number == 1 else "they are"
