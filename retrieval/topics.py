"""Is a question after a topic rather than a fact, and which passages speak of the topic?

A fact is stated in one passage, in the words of the question or close to them. A topic is spoken of in many passages,
each in words of its own. Those are found with the words that the first passages found have in common: the question is
asked again with these added (RM3: Abdul-Jaleel et al., "UMass at TREC 2004: Novelty and HARD"; the weight of a word is
its frequency weight times its idf instead of a language model's share), and once more with those of what was found.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.candidates import Floats
from retrieval.fields import ranked_in_fields
from retrieval.index import Index
from retrieval.query import FAMILY_WEIGHT, Query
from retrieval.ranking import Ranked
from retrieval.rows import Ids, edges
from retrieval.shapes import shape_of

ASKING_SHARE = 0.5  # of a word that tells how something is asked: "report", which may be what is asked for
LANGUAGE = "en"  # that the signs of a question are known in
LONG = 9  # words that tell something: so many are seldom spent on a fact
FLAT = 1.5  # where the fifth match scores so little less than the first, none stands out
FIFTH = 4
PASSAGES = 5  # that words are taken from
ADDED = 30  # words
SHARE = 0.5  # of the added words in the weight of all
ROUNDS = 2

_TEXTS = re.compile(
    r"\b(?:articles?|papers|memos|reports|documents|literature|publications|stud(?:y|ies)|discussions|descriptions|"
    r"interested in|(?:information|anything|something|material) (?:on|about))\b",
    re.IGNORECASE,
)

Weights = Mapping[int, float]


def asks_topic(query: Query, scores: Sequence[float]) -> bool:
    """Whether `query`, whose matches score so, best first, is after a topic.

    It is long, or no passage stands out for it; and it asks for texts, or names nothing that a fact could be about.
    Only questions in English are judged.
    """
    if query.asked.phrases or query.languages != (LANGUAGE,) or not scores:
        return False
    fifth = scores[FIFTH] if len(scores) > FIFTH else 0.0
    if len(query.words) < LONG and scores[0] - fifth >= FLAT:
        return False
    if (shape := shape_of(query.text)) and shape.is_plain:
        return False
    return bool(_TEXTS.search(query.text)) or not any(word.specific for word in query.words)


def speaking(index: Index, query: Query, count: int) -> dict[int, float]:
    """The `count` passages that speak most of the query's topic, each with its score's share of the best."""
    asked = _as_asked(query)
    found = ranked_in_fields(index, asked.items(), count, query.allowed)
    for _ in range(ROUNDS):
        if found:
            weights = _mixed(asked, _in_common(index, found[:PASSAGES]))
            found = ranked_in_fields(index, weights.items(), count, query.allowed)
    return {passage: score / found[0][1] for passage, score in found}


def _as_asked(query: Query) -> Weights:
    """The terms of a question, each as often as it is asked; other forms of a word are left to the added words."""
    weights: dict[int, float] = {}
    for word in query.words:
        times = word.times * (ASKING_SHARE if word.asks else 1.0)
        for term, weight in word.terms:
            if weight > FAMILY_WEIGHT:
                weights[term] = weights.get(term, 0.0) + weight * times
    return weights


def _in_common(index: Index, found: Sequence[Ranked]) -> Weights:
    """The terms that tell most of some passages, which count by the square of their score, in order."""
    found = sorted(found)
    passages = np.array([passage for passage, _ in found], dtype=np.int32)
    laid = index.side_by_side(passages)
    ends = edges(laid.terms_in)[edges(laid.sentences_in)]
    known, columns = np.unique(laid.terms, return_inverse=True)
    total: Floats = np.zeros(len(known))
    for place, (_, score) in enumerate(found):
        counts = np.bincount(columns[ends[place] : ends[place + 1]], minlength=len(known))
        total += score**2 * counts / (counts + 1)
    total *= [index.bodies.idf(term) for term in known.tolist()]
    total[~index.is_own(known)] = 0.0
    return _most_telling(index, known, total)


def _most_telling(index: Index, terms: Ids, tell: Floats) -> Weights:
    """The `ADDED` terms that tell most; those that tell the same in alphabetical order. Their weights' sum is 1."""
    least = np.sort(tell)[-ADDED:][:1]  # none of passages that are found by their headings and hold no word
    chosen = np.flatnonzero((tell >= least) & (tell > 0)).tolist()
    order = sorted(chosen, key=lambda place: (-tell[place], index.term(int(terms[place]))))[:ADDED]
    whole = sum(tell[place] for place in order)
    return {int(terms[place]): float(tell[place] / whole) for place in order}


def _mixed(asked: Weights, added: Weights) -> Weights:
    whole = sum(asked.values())
    mixed = {term: (1 - SHARE) * weight / whole for term, weight in asked.items()}
    for term, weight in added.items():
        mixed[term] = mixed.get(term, 0.0) + SHARE * weight
    return mixed
