"""What is new for a standing question?"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from bot.digest import Part, Reason, Topic, TopicNews, Verdict
from bot.digests.news import passage_key
from retrieval import Answer, Excerpt, Index, MalformedFilter, answer

MOST_QUOTES = 3
_LOOKED_AT = 12  # of the passages that answer; those that are not new are passed over


class TopicFound(NamedTuple):
    """What is new for a topic (None: nothing), the keys of its passages, and what became of each new memo."""

    item: TopicNews | None
    told: frozenset[str]
    reasons: tuple[Reason, ...]


def ask_again(
    topic: Topic,
    index: Index,
    fresh: Mapping[str, frozenset[str]],
    told: Collection[str],
    max_chars: int,
) -> TopicFound:
    """Ask a topic of `index`, which holds the memos that came or changed; `fresh` are their new passages' keys.

    `told` are the keys of everything that was told in the place before.
    """
    try:
        given = answer(
            index,
            topic.question,
            at_most=_LOOKED_AT,
            max_chars=max_chars,
            threshold=topic.threshold,
            further=1.0,
        )
    except MalformedFilter as wrong:  # a memo that an `in:` named may be gone
        return TopicFound(None, frozenset(), (_reason("", Verdict.BELOW_THRESHOLD, str(wrong)),))
    quotes: dict[str, Excerpt] = {}
    reasons = []
    for excerpt in given.excerpts:
        memo_id = excerpt.citation.memo_id
        key = _key(index, excerpt)
        if key not in fresh.get(memo_id, frozenset()):
            continue
        if key in told:
            reasons.append(_reason(memo_id, Verdict.ALREADY_SHOWN, f"for “{topic.question}”"))
        elif len(quotes) == MOST_QUOTES:
            reasons.append(_reason(memo_id, Verdict.CUT, f"for “{topic.question}”: others answer it better"))
        else:
            quotes.setdefault(key, excerpt)
            reasons.append(_reason(memo_id, Verdict.SHOWN, f"for “{topic.question}”"))
    spoken_of = {reason.memo_id for reason in reasons}
    reasons += [
        _reason(memo_id, Verdict.BELOW_THRESHOLD, _unsure(topic, given))
        for memo_id in index.memos
        if memo_id not in spoken_of
    ]
    item = TopicNews(topic_id=topic.topic_id, question=topic.question, excerpts=tuple(quotes.values()))
    return TopicFound(item if quotes else None, frozenset(quotes), tuple(reasons))


def _key(index: Index, excerpt: Excerpt) -> str:
    memo = index.memos[excerpt.citation.memo_id]
    passage = index.passages_of(memo.id)[excerpt.citation.passage - 1]
    return passage_key(passage.span.of(memo.text))


def _unsure(topic: Topic, given: Answer) -> str:
    best = "" if given.excerpts else f"the best is {given.confidence:.0%} sure, "
    return f"does not answer “{topic.question}” surely enough ({best}{topic.threshold:.0%} are needed)"


def _reason(memo_id: str, verdict: Verdict, said: str) -> Reason:
    return Reason(memo_id=memo_id, part=Part.TOPICS, verdict=verdict, said=said)
