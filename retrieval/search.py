"""Which passages match a question best, and which stretch of each?

First BM25 over all passages picks candidates; then every stretch of a candidate that could be quoted is weighed by
the parts in `retrieval.parts`. A passage counts as much as its best stretch; where a topic is asked for, as much as it
speaks of that (`retrieval.topics`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.candidates import NOTHING_QUOTED, Candidates, Floats
from retrieval.fields import ranked_in_fields
from retrieval.filters import phrases_in
from retrieval.index import Index
from retrieval.models import Explanation, Hit
from retrieval.parts import (
    NOT_PROSE,
    PARTS,
    SENTENCE_PARTS,
    SENTENCE_WEIGHTS,
    SENTENCES,
    TOPIC,
    WEIGHTS,
    WITH_TOPIC,
    Part,
    Weighed,
    leading,
    quoted,
    telling,
    weigh,
)
from retrieval.query import RELATED_WEIGHT, Query, understand
from retrieval.rows import Ids
from retrieval.topics import asks_topic, speaking
from retrieval.windows import Window

CANDIDATES = 20
MAX_CHARS = 300
EXACT = 1000.0


class Match(NamedTuple):
    """A passage's best stretch: what it scores, by which parts, and how far it covers each of the question's words.

    `sentences` (n, sentence parts) are those of its sentences. `covered` (0 to 1 a word) counts the stretch with the
    sentences that lead up to it and the headings over it, `passage_covered` the passage with these, both without words
    that are only related; `quote` is the share of what the words tell that the stretch covers alone, `topical` the
    passage's BM25 for all words alike. `topic` is how much the passage speaks of the topic that is asked for, 0 to 1,
    None where a fact is.
    """

    passage: int
    window: Window
    score: float
    parts: Floats
    sentences: Floats
    covered: Floats
    passage_covered: Floats
    quote: float
    topical: float
    topic: float | None = None

    @property
    def prose(self) -> bool:
        """Whether it is text that can answer, not a heading, a caption or a line about the memo."""
        return not self.parts[NOT_PROSE]


def search(index: Index, question: str, k: int = 10) -> list[Hit]:
    """The `k` best passages for `question`, best first; ties in passage order."""
    return [
        Hit(passage=index.passages[match.passage], score=round(match.score, 6))
        for match in matches(index, understand(index, question), max(k, CANDIDATES))[:k]
    ]


def matches(
    index: Index, query: Query, candidates: int = CANDIDATES, max_chars: int = MAX_CHARS
) -> list[Match]:
    """The passages for a question, each with its best stretch, best first; ties in passage order."""
    return by_topic(index, query, matches_of_words(index, query, candidates, max_chars), max_chars)


def matches_of_words(
    index: Index, query: Query, candidates: int = CANDIDATES, max_chars: int = MAX_CHARS
) -> list[Match]:
    """The same by the question's words alone, whether it is after a topic or a fact."""
    return _in_order(_weighed(index, query, _candidates(index, query, candidates), max_chars))


def by_topic(index: Index, query: Query, found: list[Match], max_chars: int = MAX_CHARS) -> list[Match]:
    """Where a topic is asked for: the passages found by the words and others that speak of it, as far as they do.

    Else those found.
    """
    if not asks_topic(query, [match.score for match in found]):
        return found
    shares = speaking(index, query, max(len(found), CANDIDATES))
    others = shares.keys() - {match.passage for match in found}
    found = found + _weighed(index, query, np.array(sorted(others), dtype=np.int32), max_chars)
    return _in_order(_as_topic(match, shares.get(match.passage, 0.0)) for match in found)


def several_of_each(
    index: Index, query: Query, found: list[Match], per_passage: int, max_chars: int = MAX_CHARS
) -> list[Match]:
    """The matches found, with up to `per_passage` stretches of each passage, which do not overlap.

    The best match stays the first. Where a topic is asked for, each is of another passage still: that shows more of it.
    """
    if found and found[0].topic is not None:
        return found
    quoted: defaultdict[int, list[Window]] = defaultdict(list)
    others, latest = found[1:], found
    for _ in range(per_passage - 1):
        for match in latest:
            quoted[match.passage].append(match.window)
        chosen = np.array([match.passage for match in latest], dtype=np.int32)
        latest = _weighed(index, query, chosen, max_chars, quoted)
        others += latest
    return [*found[:1], *_in_order(others)]


def _as_topic(match: Match, share: float) -> Match:
    match = match._replace(topic=share)
    return match._replace(score=sum(part.weight * value for part, value in _counted(match)))


def _in_order(found: Iterable[Match]) -> list[Match]:
    return sorted(found, key=lambda match: (-match.score, match.passage, match.window.span))


def _weighed(
    index: Index,
    query: Query,
    passages: Ids,
    max_chars: int,
    quoted: Mapping[int, Sequence[Window]] = NOTHING_QUOTED,
) -> list[Match]:
    """Some passages, each with its best stretch of what is not `quoted` of it yet; without those that have none."""
    chosen = np.sort(passages)
    if not len(chosen):
        return []
    gathered = Candidates(index, query, chosen, max_chars, quoted)
    if not len(gathered.spans):
        return []
    weighed = weigh(gathered)
    totals = weighed.parts @ WEIGHTS
    places = _best_of_each(gathered.stretches.owner, totals + _exactness(gathered))
    return _matches_at(places, gathered, weighed, totals)


def _candidates(index: Index, query: Query, count: int) -> Ids:
    """The passages with the highest BM25 for the question's words; title and headings count a little."""
    weights = (
        (term, weight * word.tells / max(index.bodies.idf(term), 1e-9))
        for word in query.words
        for term, weight in word.terms
    )
    found = ranked_in_fields(index, weights, count, query.allowed)
    return np.array([passage for passage, _ in found], dtype=np.int32)


def _exactness(gathered: Candidates) -> Floats | float:
    """What puts a passage's stretches that hold the question's exact phrases before the others, whatever they score."""
    if not gathered.query.asked.phrases:
        return 0.0
    return EXACT * phrases_in(gathered.query.asked.phrases, list(gathered.quotes())).astype(np.float64)


def _best_of_each(owner: NDArray[np.int64], totals: Floats) -> list[int]:
    """The place of the highest total of each owner; the first where several are equal."""
    order = np.lexsort((np.arange(len(totals)), -totals, owner))
    first = np.flatnonzero(np.diff(owner[order], prepend=-1))
    places: list[int] = order[first].tolist()
    return places


def _matches_at(places: list[int], gathered: Candidates, weighed: Weighed, totals: Floats) -> list[Match]:
    """The stretches at some places, as matches."""
    covered = _standing(leading(gathered, places))
    quotes = _standing(quoted(gathered, places)) @ telling(gathered.query)
    passages = _standing(weighed.passage)
    first, last = gathered.members
    found = []
    for number, place in enumerate(places):
        owner = int(gathered.stretches.owner[place])
        found.append(
            Match(
                passage=int(gathered.passages[owner]),
                window=gathered.window(place),
                score=float(totals[place]),
                parts=weighed.parts[place],
                sentences=weighed.sentences[first[place] : last[place]],
                covered=covered[number],
                passage_covered=passages[owner],
                quote=float(quotes[number]),
                topical=float(weighed.topical[owner]),
            )
        )
    return found


def _standing(covers: Floats) -> Floats:
    """Without the words for which only a related one stands."""
    standing: Floats = np.where(covers > RELATED_WEIGHT, covers, 0.0)
    return standing


def explain(match: Match) -> Explanation:
    """Every part of a match's score, in words; what its sentences say, sentence by sentence."""
    parts = []
    for part, value in _counted(match):
        if value:
            of_it = _sentences_explained(match) if part is PARTS[SENTENCES] else ()
            parts.append(_explained(part, value, of_it))
    return Explanation(value=round(match.score, 4), what="score of the quote", parts=tuple(parts))


def _explained(part: Part, value: float, parts: tuple[Explanation, ...] = ()) -> Explanation:
    what = f"{part.name}: {value:.2f} × {part.weight:g}, {part.meaning}"
    return Explanation(value=round(part.weight * value, 4), what=what, parts=parts)


def _sentences_explained(match: Match) -> tuple[Explanation, ...]:
    scores = (match.sentences @ SENTENCE_WEIGHTS).tolist()
    return tuple(
        Explanation(
            value=round(score, 4),
            what=f"sentence {number} of the quote",
            parts=tuple(
                _explained(part, value) for part, value in zip(SENTENCE_PARTS, values, strict=True) if value
            ),
        )
        for number, (score, values) in enumerate(zip(scores, match.sentences.tolist(), strict=True), 1)
    )


def _counted(match: Match) -> list[tuple[Part, float]]:
    """The parts that a match's score consists of."""
    parts = list(zip(PARTS, match.parts.tolist(), strict=True))
    if match.topic is None:
        return parts
    return [(TOPIC, match.topic), *(each for each in parts if each[0].name in WITH_TOPIC)]
