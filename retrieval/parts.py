"""What makes one stretch a better quote than another: which parts has its score, and what does each weigh?

Each part is a number between 0 and about 2 that does not depend on the collection's size: mostly the share of what
the question's words tell together (their idf) that is met in some place. A quote is worth what its passage and itself
are, and what its sentences are, each by parts of its own: an answer may stand in any of them. The weights were fitted
on public question sets as a listwise logistic model (tests/quality/fit.py); they are few, so that each can be read.
"""

import re
from typing import NamedTuple

import numpy as np

from retrieval.candidates import Candidates, Floats
from retrieval.models import BlockKind
from retrieval.query import ASKING_WEIGHT, Query
from retrieval.rows import Places
from retrieval.shapes import shape_of

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
    Part(
        "whole question",
        20.0,
        "BM25 of the passage for all words alike, asking words too, by the share that no passage holds",
    ),
    Part("passage pairs", 2.8, "neighbouring words of the question that stand side by side in the passage"),
    Part("passage length", -1.0, "natural logarithm of the passage's terms; long ones match by chance"),
    Part("quote weight", 3.6, "BM25 of the quote"),
    Part("quote pairs", 2.3, "neighbouring words of the question that stand side by side in the quote"),
    Part("headings", 3.0, "share that stands in the title or a heading over the passage, and not in it"),
    Part("sentences", 1.0, "what its sentences say: the logarithm of the sum of their scores' exponentials"),
    Part(
        "leans",
        -0.3,
        "the quote begins with a word that leans on what stands before it, or ends before a list",
    ),
    Part("asks itself", -12.0, "the quote is a single question"),
    Part("not prose", -4.0, "a heading, a caption or a line about the memo"),
)
SENTENCE_PARTS = (
    Part("covers", 1.7, "share of what the question's words tell that stands in the sentence"),
    Part("weight", 0.6, "BM25 of the sentence"),
    Part("leading up", 3.2, "share that stands in the sentence or the two before it"),
    Part("around", 1.9, "share that stands in the sentence or one beside it"),
    Part(
        "shape",
        1.9,
        "the sentence holds what such a question asks for: a number, date, name, place, reason or means",
    ),
)
WEIGHTS = np.array([part.weight for part in PARTS])
SENTENCE_WEIGHTS = np.array([part.weight for part in SENTENCE_PARTS])
SENTENCES = [part.name for part in PARTS].index("sentences")
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

    `sentences` (n, sentence parts) are those of each of `Candidates.single`. `passage` (candidates, words) is how far a
    passage with the headings over it covers each word, `topical` (candidates,) its BM25 for all words alike, at most
    about 2.
    """

    parts: Floats
    sentences: Floats
    passage: Floats
    topical: Floats


def weigh(gathered: Candidates) -> Weighed:
    """Weigh every stretch of the candidates."""
    met, owner = gathered.met, gathered.stretches.owner
    tells = telling(gathered.query)
    pair_tells = np.minimum(tells[:-1], tells[1:]) if len(tells) > 1 else np.zeros(1)
    whole = gathered.passage_edges[:-1], gathered.passage_edges[1:]
    quote = gathered.stretches.first, gathered.stretches.last
    average = gathered.index.bodies.average_length or 1.0
    labels = gathered.labels
    passage = np.maximum(met.covers(*whole), labels)
    over = np.maximum(gathered.headings, passage)
    lengths, counts = gathered.lengths(*whole), met.counts(*whole)
    topical = _saturated(np.maximum(counts, labels), lengths, average) @ _undamped(gathered.query)
    sentences = _of_sentences(gathered, labels, tells)
    parts = np.column_stack([
        (passage @ tells)[owner],
        ((1 - min((over @ tells).max(), 1.0)) * topical)[owner],
        (met.pairs(*whole) @ pair_tells)[owner],
        np.log1p(lengths)[owner],
        _saturated(met.counts(*quote), gathered.lengths(*quote), AVERAGE_QUOTE) @ tells,
        met.pairs(*quote) @ pair_tells,
        ((over - passage) @ tells)[owner],
        together(sentences @ SENTENCE_WEIGHTS, *gathered.members),
        _manners(gathered),
        _not_prose(gathered)[owner],
    ])  # fmt: skip
    return Weighed(parts, sentences, over, topical)


def telling(query: Query) -> Floats:
    """What each word of a question tells; the sum is 1."""
    return np.array([word.tells for word in query.words]) / (query.total or 1.0)


def leading(gathered: Candidates, places: list[int]) -> Floats:
    """How far some stretches, with the two sentences before each and the headings over it, cover each word."""
    some = gathered.stretches.at(places)
    over = np.maximum(gathered.labels, gathered.headings)[some.owner]
    covers: Floats = np.maximum(gathered.met.covers(*gathered.with_sentences(some, 2, 0)), over)
    return covers


def quoted(gathered: Candidates, places: list[int]) -> Floats:
    """How far some stretches alone cover each word."""
    some = gathered.stretches.at(places)
    covers: Floats = np.maximum(gathered.met.covers(some.first, some.last), gathered.labels[some.owner])
    return covers


def _of_sentences(gathered: Candidates, labels: Floats, tells: Floats) -> Floats:
    """The parts of each sentence's score."""
    met, single = gathered.met, gathered.single
    labels, alone = labels[single.owner], (single.first, single.last)
    return np.column_stack(
        [
            np.maximum(met.covers(*alone), labels) @ tells,
            _saturated(met.counts(*alone), gathered.lengths(*alone), AVERAGE_QUOTE) @ tells,
            np.maximum(met.covers(*gathered.with_sentences(single, 2, 0)), labels) @ tells,
            np.maximum(met.covers(*gathered.with_sentences(single, 1, 1)), labels) @ tells,
            _shapes(gathered),
        ]
    )


def together(scores: Floats, first: Places, last: Places) -> Floats:
    """The logarithm of the sum of `exp(scores[first:last])` for each pair of edges."""
    highest = scores.max(initial=0.0)
    likely = np.append(np.exp(scores - highest), 0.0)
    sums = np.add.reduceat(likely, np.column_stack([first, last]).ravel())[::2]
    logarithms: Floats = np.log(np.maximum(sums, np.finfo(np.float64).tiny)) + highest
    return logarithms


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
    """For each sentence what it is worth that it holds what the question's shape asks for."""
    shape = shape_of(gathered.query.text)
    if shape is None:
        return np.zeros(len(gathered.single.owner))
    return np.array([shape.part(saying) for saying in gathered.sayings()])


def _manners(gathered: Candidates) -> Floats:
    """For each stretch whether it leans on another, and whether it only asks; (t, 2)."""
    some = gathered.stretches
    manners = np.zeros((len(gathered.spans), 2))
    texts = gathered.texts
    begins_passage = some.first_sentence == gathered.begins[some.owner]
    is_single = some.last_sentence - some.first_sentence == 1
    columns = gathered.spans[:, 0], gathered.spans[:, 1], some.owner, begins_passage, is_single
    for place, (start, end, owner, begins, single) in enumerate(
        zip(*(values.tolist() for values in columns), strict=True)
    ):
        text = texts[owner]
        ending = text[end - 1]
        if ending == ":" or (not begins and LEANS.match(text, start, end)):
            manners[place, 0] = 1.0
        if ending == "?" and single:
            manners[place, 1] = 1.0
    return manners
