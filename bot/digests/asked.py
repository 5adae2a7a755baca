"""What was asked and quoted in a period: which passages most often, and which questions stayed open?"""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.digest import OpenQuestion, QuotedOften
from retrieval import Answer, Excerpt, Index, MalformedFilter, Memo, Outcome, Span, answer, asked_words

MOST_QUOTED = 3
FEWEST_TIMES = 2
MOST_OPEN = 10
MOST_GROUPED, MOST_WORDS = 1_000, 40
"""The last questions that are grouped, and the words of one that count: each is compared with each."""
_SAME = 0.5  # share of their words that two questions have in common


def most_quoted(answers: Iterable[Answer], memos: Sequence[Memo]) -> tuple[QuotedOften, ...]:
    """The quotes that most answers held, of those that stand in `memos` word for word; at least twice."""
    texts = {memo.id: memo.text for memo in memos}
    counts: Counter[tuple[str, Span]] = Counter()
    latest: dict[tuple[str, Span], Excerpt] = {}
    for given in answers:
        for excerpt in given.excerpts:
            place = excerpt.citation.memo_id, excerpt.span
            if excerpt.span.of(texts.get(place[0], "")) == excerpt.quote:
                counts[place] += 1
                latest[place] = excerpt
    often = sorted(counts, key=lambda place: (-counts[place], place))
    return tuple(
        QuotedOften(excerpt=latest[place].model_copy(update={"highlights": ()}), times=counts[place])
        for place in often[:MOST_QUOTED]
        if counts[place] >= FEWEST_TIMES
    )


def open_questions(answers: Iterable[Answer], index: Index) -> tuple[OpenQuestion, ...]:
    """The questions that no memo answered then, and none of `index` now; alike ones together, the most asked first."""
    groups: list[tuple[frozenset[str], list[str]]] = []
    unanswered = [given for given in answers if given.outcome is not Outcome.FOUND and given.as_of is None]
    for given in unanswered[-MOST_GROUPED:]:
        words = _words(index, given.question)
        alike = next((group for group in groups if _alike(group[0], words)), None)
        if alike:
            alike[1].append(given.question)
        elif words:
            groups.append((words, [given.question]))
    still = [
        OpenQuestion(question=_wording(asked), times=len(asked))
        for _, asked in sorted(groups, key=lambda group: -len(group[1]))[: 2 * MOST_OPEN]
        if _stays_open(index, _wording(asked))
    ]
    return tuple(still[:MOST_OPEN])


def _words(index: Index, question: str) -> frozenset[str]:
    """The words that a question asks about; none where it is malformed by now: the memo of an `in:` may be gone."""
    try:
        return frozenset(sorted(asked_words(index, question))[:MOST_WORDS])
    except MalformedFilter:
        return frozenset()


def _stays_open(index: Index, question: str) -> bool:
    return answer(index, question).outcome is Outcome.NOTHING


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared > 0 and shared >= _SAME * (len(one) + len(other) - shared)


def _wording(asked: Sequence[str]) -> str:
    """The wording that was used most often; of equals the shortest, then by the alphabet."""
    counts = Counter(" ".join(question.split()) for question in asked)
    return min(counts, key=lambda question: (-counts[question], len(question), question))
