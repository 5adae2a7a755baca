"""What makes one stretch a better quote than another: which parts has its score, and what does each weigh?

Each part is a number between 0 and about 2 that does not depend on the collection's size: mostly the share of what
the question's words tell together (their idf) that is met in some place. The weights were fitted on public question
sets as a listwise logistic model (tests/quality/fit.py); they are few, so that each can be read.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from retrieval.candidates import Candidates, Floats
from retrieval.models import BlockKind
from retrieval.query import ASKING_WEIGHT, Query
from retrieval.rows import Places
from retrieval.shapes import shape_of
from retrieval.windows import Window

STRETCH_K1 = 0.9
STRETCH_B = 0.5
AVERAGE_QUOTE = 25.0  # terms


class Part(NamedTuple):
    """One part of the score: its name, its weight, and what its number means."""

    name: str
    weight: float
    meaning: str


PARTS = (
    Part("passage covers", 5.0, "share of what the question's words tell that stands in the passage"),
    Part("passage weight", 1.2, "BM25 of the passage"),
    Part(
        "whole question",
        20.0,
        "BM25 of the passage for all words alike, asking words too, by the share that no passage holds",
    ),
    Part("passage pairs", 2.8, "neighbouring words of the question that stand side by side in the passage"),
    Part("passage length", -0.8, "natural logarithm of the passage's terms; long ones match by chance"),
    Part("quote covers", 1.9, "share of what the question's words tell that stands in the quote"),
    Part("quote weight", 3.6, "BM25 of the quote"),
    Part("quote pairs", 2.3, "neighbouring words of the question that stand side by side in the quote"),
    Part("leading up", 3.2, "share that stands in the quote or the two sentences before it"),
    Part("around", 1.8, "share that stands in the quote or a sentence beside it"),
    Part("headings", 3.0, "share that stands in the title or a heading over the passage, and not in it"),
    Part(
        "shape", 1.6, "the quote holds what such a question asks for: a number, date, name, place or reason"
    ),
    Part(
        "leans",
        -0.3,
        "the quote begins with a word that leans on what stands before it, or ends before a list",
    ),
    Part("asks itself", -12.0, "the quote is a single question"),
    Part("not prose", -4.0, "a heading, a caption or a line about the memo"),
)
TOPIC = Part(
    "topic",
    12.0,
    "BM25 of the passage for the question and the words that the passages found share, the best being 1",
)
WITH_TOPIC = frozenset({"quote weight", "asks itself", "not prose"})
"""The parts that are counted beside it; the others are about facts, which stand in one place."""
NOT_PROSE = [part.name for part in PARTS].index("not prose")
LEANS = re.compile(
    r"(?:This|That|These|Those|He|She|It|They|His|Her|Its|Their|Such|However|But|Instead|Rather|Also|Similarly)\b"
)
_KINDS_NOT_PROSE = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.FURNITURE})


class Weighed(NamedTuple):
    """The parts of every stretch's score, (stretches, parts) in the order of `PARTS`, and what they were made from.

    `leading` (stretches, words) is how far a stretch, the two sentences before it, or what stands over it cover each
    word, `passage` (candidates, words) how far a passage with the headings over it does, `topical` (candidates,) is its
    BM25 for all words alike, at most about 2.
    """

    parts: Floats
    leading: Floats
    passage: Floats
    topical: Floats


def weigh(gathered: Candidates) -> Weighed:
    """Weigh every stretch of the candidates."""
    met, owner = gathered.met, gathered.owner
    tells = np.array([word.tells for word in gathered.query.words]) / (gathered.query.total or 1.0)
    pair_tells = np.minimum(tells[:-1], tells[1:]) if len(tells) > 1 else np.zeros(1)
    whole = gathered.passage_edges[:-1], gathered.passage_edges[1:]
    quote = gathered.first, gathered.last
    average = gathered.index.bodies.average_length or 1.0
    labels = gathered.labels()
    passage = np.maximum(met.covers(*whole), labels)
    headings = gathered.headings()
    over = np.maximum(headings, passage)
    lengths, counts = gathered.lengths(*whole), met.counts(*whole)
    topical = _saturated(np.maximum(counts, labels), lengths, average) @ _undamped(gathered.query)
    leading = np.maximum(met.covers(*gathered.with_sentences(2, 0)), labels[owner])
    around = np.maximum(met.covers(*gathered.with_sentences(1, 1)), labels[owner])
    parts = np.column_stack([
        (passage @ tells)[owner],
        (_saturated(counts, lengths, average) @ tells)[owner],
        ((1 - min((over @ tells).max(), 1.0)) * topical)[owner],
        (met.pairs(*whole) @ pair_tells)[owner],
        np.log1p(lengths)[owner],
        np.maximum(met.covers(*quote), labels[owner]) @ tells,
        _saturated(met.counts(*quote), gathered.lengths(*quote), AVERAGE_QUOTE) @ tells,
        met.pairs(*quote) @ pair_tells,
        leading @ tells,
        around @ tells,
        ((over - passage) @ tells)[owner],
        _shapes(gathered),
        _each(gathered, lambda quote, window: bool(LEANS.match(quote) and window.first) or quote.endswith(":")),
        _each(gathered, lambda quote, window: quote.endswith("?") and window.last - window.first == 1),
        _not_prose(gathered)[owner],
    ])  # fmt: skip
    return Weighed(parts, np.maximum(leading, headings[owner]), over, topical)


def _undamped(query: Query) -> Floats:
    """What each word tells, those that tell how something is asked as much as the others; the sum is 1.

    A request that no passage meets word for word names a topic, and there "report" or "list" is a word like any other.
    """
    tells = np.array([word.tells / (ASKING_WEIGHT if word.asks else 1.0) for word in query.words])
    return tells / (tells.sum() or 1.0)


def _saturated(counts: Floats, terms: Places, average: float) -> Floats:
    """BM25's weight of `counts` in stretches of so many terms, `average` on average."""
    norm = STRETCH_K1 * (1 - STRETCH_B + STRETCH_B * terms / average)
    saturated: Floats = counts * (STRETCH_K1 + 1) / (counts + norm[:, None])
    return saturated


def _not_prose(gathered: Candidates) -> Floats:
    """1 for each candidate that is a heading, a caption or a line about the memo."""
    return np.array([float(passage.kind in _KINDS_NOT_PROSE) for passage in gathered.chosen])


def _shapes(gathered: Candidates) -> Floats:
    """For each stretch whether it holds what the question's shape asks for."""
    shape = shape_of(gathered.query.text)
    if not shape.wants:
        return np.zeros(len(gathered.windows))
    return _each(gathered, lambda quote, _: shape.part(quote))


def _each(gathered: Candidates, judge: Callable[[str, Window], float]) -> Floats:
    """What `judge` says of every stretch."""
    texts = gathered.texts
    found = zip(gathered.windows, gathered.owner.tolist(), strict=True)
    return np.array([float(judge(window.span.of(texts[owner]), window)) for window, owner in found])
