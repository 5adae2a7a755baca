"""Does a question ask what the author of some memos says, and in which passages would that stand?

A memo seldom names its own author, so "What does Mira Tan say about the lease?" is met by no passage of hers. Only
English is read so, and only where the one who is named wrote a memo.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from retrieval.index import Index
from retrieval.memo_questions import LONGEST, NOUN
from retrieval.plain import forms, is_named
from retrieval.query import Query, understand


class Attributed(NamedTuple):
    """A question for what somebody says, taken apart: who, and after what it asks; is it `plain` that it does?"""

    author: str
    subject: str
    plain: bool = True


_WHO = rf"(?:(?:the |an? )?{NOUN} (?:by|from) )?(?P<who>[^,;:?!]{{2,60}}?)"
_SAY = (
    r"(?:say|says|said|saying|write|writes|wrote|written|think|thinks|thought|argue[sd]?|claim(?:s|ed)?|mention(?:s|ed)?|"
    r"recommend(?:s|ed)?|suggest(?:s|ed)?|conclude[sd]?|report(?:s|ed)?|note[sd]?|observe[sd]?|believe[sd]?|propose[sd]?|"
    r"expect(?:s|ed)?|predict(?:s|ed)?|warn(?:s|ed)?|advise[sd]?|state[sd]?|see|sees|view(?:s|ed)?|assess(?:es|ed)?|"
    r"judge[sd]?|describe[sd]?|explain(?:s|ed)?|estimate[sd]?|make)"
)
_URGE = r"(?:recommend|suggest|conclude|propose|predict|warn|advise)(?:s|ed|d)?"
_ABOUT = r"(?:about|of|on|regarding|concerning|for|in|to|with|that|as to)"
_VIEW = (
    r"(?:views?|opinions?|take|positions?|stance|thoughts?|assessments?|analysis|arguments?|conclusions?|"
    r"recommendations?|advice|predictions?|comments?|remarks?|memos?|reports?)"
)
_DOES = r"(?:does|do|did|has|have|would)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<asks>why|when|where|how|who) {_DOES} {_WHO} {_SAY}(?: {_ABOUT})? (?P<of>.+)",
        rf"(?:what|which \w+) {_DOES} {_WHO} (?:ever |have to )?{_SAY}(?: {_ABOUT})? (?P<of>.+)",
        rf"what {_DOES} {_WHO} (?P<of>{_URGE})",
        rf"{_DOES} {_WHO} (?:ever )?{_SAY}(?: anything| something)?(?: {_ABOUT})? (?P<of>.+)",
        rf"according to {_WHO}, (?P<of>.+)",
        rf"(?P<of>.+?),? according to {_WHO}",
        rf"in {_WHO}['’]s? {_VIEW}, (?P<of>.+)",
        rf"(?:what(?:['’]s| is| was| are| were) )?{_WHO}['’]s? {_VIEW} {_ABOUT} (?P<of>.+)",
        rf"(?:what(?:['’]s| is| was| are| were) )?(?:the )?{_VIEW} (?:of|by) {_WHO} {_ABOUT} (?P<of>.+)",
    )
)
_TITLE = re.compile(rf"{_WHO} {_ABOUT} (?P<of>.+)", re.IGNORECASE)
"""Fits much else: it counts only where nothing else is found."""


def attributed(question: str) -> tuple[Attributed, ...]:
    """The ways to read `question` as one for what somebody says, the plainest first; () where it is too long."""
    if len(question) > LONGEST:
        return ()
    text = " ".join(question.split()).rstrip(" ?!.")
    found = ((pattern, pattern.fullmatch(text)) for pattern in (*_PATTERNS, _TITLE))
    return tuple(
        Attributed(
            each["who"], f"{each.groupdict().get('asks') or ''} {each['of']}".strip(), pattern is not _TITLE
        )
        for pattern, each in found
        if each
    )


def by_its_author(index: Index, query: Query, met: Collection[str]) -> Query | None:
    """The question for what an author says, over the memos that they wrote.

    None where it asks for no author of one, or the best match of all memos, which has `met` these words, names them.
    """
    for said in attributed(query.text):
        if met and (not said.plain or _names(said.author, met, query)):
            continue
        memos = _by(index, said.author, query)
        if memos:
            names = {index.memo_at(number).author for number in memos}
            known = names.pop() if len(names) == 1 else said.author
            count = f"the {len(memos)} memos" if len(memos) > 1 else "the memo"
            passages = np.isin(index.memo_of_passage, memos)
            if query.allowed.passages is not None:
                passages &= query.allowed.passages
            allowed = query.allowed._replace(
                passages=passages, notes=(*query.allowed.notes, f"Searched only {count} by {known}.")
            )
            return understand(index, said.subject)._replace(asked=query.asked, allowed=allowed)
    return None


def _names(author: str, met: Collection[str], query: Query) -> bool:
    """Whether the words of the question that tell who is meant are met."""
    name = author.lower()
    return all(word.written in met for word in query.words if word.written in name)


def _by(index: Index, author: str, query: Query) -> list[int]:
    """The memos by `author`, of those that may answer, by number."""
    holding = [index.labels.with_word(word, ()) for word in forms(author) if len(word) > 1]
    labelled = set.intersection(*(filter(None, holding))) if any(holding) else set()
    if query.allowed.passages is not None:
        labelled &= set(index.memo_of_passage[query.allowed.passages].tolist())
    return sorted(number for number in labelled if is_named(author, index.memo_at(number).author or ""))
