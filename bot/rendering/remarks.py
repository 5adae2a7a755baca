"""What is said about an answer besides its quotes?"""

from bot.rendering import limits, wording
from bot.rendering.labels import label
from retrieval import Answer


def nothing(answer: Answer) -> list[str]:
    """Sentences for an answer without quotes: that there is none, why, and what comes closest."""
    if not answer.index.memos:
        return [
            *([wording.no_memos_as_of(answer.as_of)] if answer.as_of else [wording.NO_MEMOS]),
            *(notes(answer) if answer.as_of else []),
        ]
    titles = [label(title, limits.TITLE) or wording.UNTITLED for title in answer.closest]
    return [
        wording.NOTHING_FOUND,
        *_as_of(answer),
        *missing(answer),
        *([wording.NOT_TOGETHER] if titles and not answer.missing else []),
        *([wording.closest(titles)] if titles else []),
        *notes(answer),
    ]


def beside_quotes(answer: Answer) -> list[str]:
    """Sentences that go with the quotes of an answer."""
    return [*_as_of(answer), *missing(answer), *notes(answer)]


def _as_of(answer: Answer) -> list[str]:
    return [wording.as_of(answer.as_of)] if answer.as_of else []


def missing(answer: Answer) -> list[str]:
    """A sentence about the words of the question that are in no memo, if there are such words."""
    words = [label(word, limits.WORD) for word in answer.missing]
    named = list(filter(None, words))[: limits.WORDS]
    return [wording.stand_nowhere(named, more=len(words) - len(named))] if named else []


def notes(answer: Answer) -> list[str]:
    """The answer's own notes; where they are too many, how many more there are."""
    told = list(filter(None, (label(note, limits.NOTE) for note in answer.notes)))
    left = len(told) - limits.NOTES
    return told if left <= 0 else [*told[: limits.NOTES], wording.more_notes(left)]
