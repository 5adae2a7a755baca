"""Which passages match a question best, and which stretch of each?

First BM25 over all passages picks candidates; then every stretch of a candidate that could be quoted is weighed by a
few parts (`PARTS`), each between 0 and about 2 and independent of the collection's size because all are shares of
what the question's words tell together. A passage counts as much as its best stretch. The weights were fitted on
public question sets (see tests/quality) as a listwise logistic model; `explain` puts each part into words.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Index
from retrieval.models import BlockKind, Explanation, Hit, Span
from retrieval.postings import Ids, best
from retrieval.query import Query, understand
from retrieval.shapes import Shape, shape_of
from retrieval.windows import Window, windows

Floats = NDArray[np.float64]

CANDIDATES = 20
MAX_CHARS = 300
HEADING_WEIGHT = 0.3
SENTENCE_K1 = 0.9
AVERAGE_SENTENCE = 25.0

PARTS = {
    "passage covers": (4.5, "of what the question's words tell stands in the passage"),
    "passage pairs": (5.0, "neighbouring words of the question stand side by side in the passage"),
    "passage length": (-0.6, "natural logarithm of the passage's terms: long ones match by chance"),
    "quote covers": (2.7, "of what the question's words tell stands in the quote"),
    "quote weight": (2.4, "BM25 of the quote"),
    "quote pairs": (2.6, "neighbouring words of the question stand side by side in the quote"),
    "leads up": (3.5, "the quote together with the two sentences before it covers"),
    "around": (1.6, "the quote together with its neighbours covers"),
    "headings cover": (1.0, "of what the question's words tell stands in the title and headings"),
    "shape": (
        1.6,
        "the quote holds what such a question asks for (a number, a date, a name, a place, a reason)",
    ),
    "not prose": (-4.0, "a heading, caption or line about the memo"),
}
_WEIGHTS = np.array([weight for weight, _ in PARTS.values()])
_NOT_PROSE = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.FURNITURE})


class Match(NamedTuple):
    """A passage's best stretch: what it scores, by which parts, and which of the question's words it covers.

    `covered` and `passage_covered` say for each word of the query whether it stands in the stretch (with the
    sentences that lead up to it) and in the passage.
    """

    passage: int
    window: Window
    score: float
    parts: Floats
    covered: NDArray[np.bool_]
    passage_covered: NDArray[np.bool_]


def search(index: Index, question: str, k: int = 10) -> list[Hit]:
    """The `k` best passages for `question`."""
    return [
        Hit(passage=index.passages[match.passage], score=round(match.score, 6))
        for match in matches(index, understand(index, question), max(k, CANDIDATES))[:k]
    ]


def matches(
    index: Index, query: Query, candidates: int = CANDIDATES, max_chars: int = MAX_CHARS
) -> list[Match]:
    """The candidates, each with its best stretch, best first; ties in passage order."""
    chosen = np.sort(_candidates(index, query, candidates))
    if not len(chosen):
        return []
    shape = shape_of(query.text)
    found = [_best_stretch(index, query, shape, int(passage), max_chars) for passage in chosen]
    return sorted(found, key=lambda match: (-match.score, match.passage))


def _candidates(index: Index, query: Query, count: int) -> Ids:
    scores = np.zeros(index.bodies.count)
    for word in query.words:
        for term, weight in word.terms:
            ratio = weight * word.idf / max(index.bodies.idf(term), 1e-9)
            for postings, field in ((index.bodies, 1.0), (index.headings, HEADING_WEIGHT)):
                passages, scored = postings.weights(term)
                scores[passages] += field * ratio * scored
    return best(scores, count)


def _best_stretch(index: Index, query: Query, shape: Shape, number: int, max_chars: int) -> Match:
    passage = index.passages[number]
    text = index.memos[passage.memo_id].text
    first, last = index.sentences.first_of_passage[number : number + 2]
    spans = [Span(*span) for span in index.sentences.spans[first:last].tolist()]
    edges = index.sentences.first_term[first : last + 1]
    counts, pairs = _counts(query, index.terms[edges[0] : edges[-1]], edges - edges[0])
    stretches = windows(text, spans, max_chars)
    parts = _parts(index, query, shape, number, stretches, counts, pairs)
    totals = parts @ _WEIGHTS
    top = int(np.argmax(totals))
    window = stretches[top]
    leading = counts[max(window.first - 2, 0) : window.last].sum(axis=0) > 0
    return Match(number, window, float(totals[top]), parts[top], leading, counts.sum(axis=0) > 0)


def _counts(query: Query, terms: Ids, edges: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """How often each word, and each pair of neighbouring words, stands in each sentence. (sentences, words)."""
    sentences = len(edges) - 1
    counts = np.zeros((sentences, len(query.words)))
    pairs = np.zeros((sentences, max(len(query.words) - 1, 0)))
    before: dict[int, set[int]] = {}
    for column, word in enumerate(query.words):
        places: set[int] = set()
        for term, weight in word.terms:
            at = np.flatnonzero(terms == term)
            rows = np.searchsorted(edges, at, side="right") - 1
            np.add.at(counts[:, column], rows, weight)
            places.update(at.tolist())
        if column:
            for place in places:
                if place - 1 in before.get(column - 1, ()):
                    pairs[np.searchsorted(edges, place, side="right") - 1, column - 1] = 1.0
        before[column] = places
    return counts, pairs


def _parts(
    index: Index,
    query: Query,
    shape: Shape,
    number: int,
    stretches: list[Window],
    counts: Floats,
    pairs: Floats,
) -> Floats:
    """The parts of every stretch's score: (stretches, parts), in the order of `PARTS`."""
    passage = index.passages[number]
    text = index.memos[passage.memo_id].text
    total = query.total or 1.0
    tells = np.array([word.idf for word in query.words]) / total
    pair_tells = np.minimum(tells[:-1], tells[1:])
    heading_terms = set(index.headings_of(number))
    in_headings = np.array([any(term in heading_terms for term, _ in word.terms) for word in query.words])
    terms = counts.shape[0] and index.bodies.lengths[number]
    passage_parts = [
        float((counts.sum(axis=0) > 0) @ tells),
        float(pairs.max(axis=0, initial=0.0) @ pair_tells),
        float(np.log1p(terms)),
    ]
    heading_part = float(in_headings @ tells)
    prose_part = float(passage.kind in _NOT_PROSE)
    rows = []
    for window in stretches:
        inside = counts[window.first : window.last]
        if any(window.cut):
            inside = _counts_in(index, query, number, window)
        frequency = inside.sum(axis=0)
        length = sum(1 for c in window.span.of(text) if c == " ") * 0.6 + 1
        saturation = (
            frequency
            * (SENTENCE_K1 + 1)
            / (frequency + SENTENCE_K1 * (0.5 + 0.5 * length / AVERAGE_SENTENCE))
        )
        leading = counts[max(window.first - 2, 0) : window.last].sum(axis=0)
        around = counts[max(window.first - 1, 0) : window.last + 1].sum(axis=0)
        rows.append([
            *passage_parts,
            float((frequency > 0) @ tells),
            float(saturation @ tells),
            float(pairs[window.first : window.last].max(axis=0, initial=0.0) @ pair_tells),
            float((leading > 0) @ tells),
            float((around > 0) @ tells),
            heading_part,
            shape.part(window.span.of(text)),
            prose_part,
        ])  # fmt: skip
    return np.array(rows)


def _counts_in(index: Index, query: Query, number: int, window: Window) -> Floats:
    """Counts in a stretch that cuts its sentence, from its own words."""
    terms = np.array(index.term_ids_in(index.passages[number].memo_id, window.span), dtype=np.int32)
    counts, _ = _counts(query, terms, np.array([0, len(terms)]))
    return counts


def explain(match: Match) -> Explanation:
    """Every part of a match's score, in words."""
    parts = tuple(
        Explanation(value=round(float(weight * value), 4), what=f"{name}: {value:.2f} × {weight} ({meaning})")
        for (name, (weight, meaning)), value in zip(PARTS.items(), match.parts, strict=True)
        if value
    )
    return Explanation(value=round(match.score, 4), what="score of the quote", parts=parts)
