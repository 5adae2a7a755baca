"""What should each part of a quote's score weigh? A listwise logistic model over the stretches of each question.

The model: of all stretches of the candidates, the one quoted is drawn with odds of exp(score); fitted is the chance
that it holds an answer and stands in the right paragraph. The weights of a quote's parts and those of its sentences'
are fitted together.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from retrieval import Index, Memo, build_index
from retrieval.candidates import Candidates
from retrieval.parts import PARTS, SENTENCE_PARTS, SENTENCE_WEIGHTS, SENTENCES, WEIGHTS, together, weigh
from retrieval.query import understand
from retrieval.search import CANDIDATES, MAX_CHARS, _candidates
from tests.benchmarks.quality.measures import holds_answer
from tests.benchmarks.quality.question_sets import Question, question_set

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_PENALTY = 1e-3


class Stretches(NamedTuple):
    """Everything that could be quoted for one question: t stretches of n sentences.

    `parts` (t, parts); `sentences` (n, sentence parts), of which `first` to `last` (t,) make up each stretch; `passage`
    (t,) which candidate each belongs to; `answers` (t,) whether it holds an answer; `right` (t,) whether it stands in
    the right paragraph.
    """

    article: str
    parts: Floats
    sentences: Floats
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    passage: NDArray[np.int64]
    answers: Booleans
    right: Booleans


class Weights(NamedTuple):
    """What each of `PARTS` and of `SENTENCE_PARTS` weighs."""

    parts: Floats
    sentences: Floats


def report() -> Iterator[str]:
    """Weights and what they reach, on articles that they were not fitted on, line by line."""
    known = stretches("squad-tune")
    shipped = Weights(WEIGHTS, SENTENCE_WEIGHTS)
    articles = sorted({each.article for each in known})
    yield "Parts of a quote's score, fitted on SQuAD; figures are R@1, AE@1, AE@3 in %."
    checked: list[tuple[float, ...]] = []
    for half in (0, 1):
        mine = set(articles[half::2])
        fitted = fit([each for each in known if each.article in mine])
        checked += judged([each for each in known if each.article not in mine], fitted)
    yield f"  fitted on half of the articles, checked on the others: {_shown(checked)}"
    yield f"  shipped, on all: {_shown(judged(known, shipped))}"
    fitted = fit(known)
    yield f"  fitted on all, on all: {_shown(judged(known, fitted))}"
    for what, named, values, weights in (
        ("part", PARTS, [each.parts for each in known], fitted.parts),
        ("of a sentence", SENTENCE_PARTS, [each.sentences for each in known], fitted.sentences),
    ):
        yield f"  {what:16} {'fitted':>8} {'shipped':>8} {'moves the score by':>20}"
        spread = np.concatenate(values).std(axis=0)
        for part, weight, deviation in zip(named, weights, spread, strict=True):
            told = (f"{weight:.2f}", f"{weight * deviation:.2f}") if deviation else ("-", "always equal here")
            yield f"  {part.name:16} {told[0]:>8} {part.weight:8.2f} {told[1]:>20}"


def stretches(name: str) -> list[Stretches]:
    """The stretches of every question of the set that finds anything."""
    asked = question_set(name)
    index = build_index(Memo(id=each.id, title="", text=each.text) for each in asked.documents)
    gathered = (_gathered(index, question) for question in asked.questions)
    return [each for each in gathered if each is not None]


def _gathered(index: Index, question: Question) -> Stretches | None:
    query = understand(index, question.text)
    chosen = np.sort(_candidates(index, query, CANDIDATES))
    if not len(chosen):
        return None
    found = Candidates(index, query, chosen, MAX_CHARS)
    owner = found.stretches.owner
    memos = [index.passages[int(chosen[place])].memo_id for place in owner]
    weighed = weigh(found)
    return Stretches(
        article=question.article,
        parts=weighed.parts,
        sentences=weighed.sentences,
        first=found.members[0],
        last=found.members[1],
        passage=owner,
        answers=np.array([holds_answer(quote, question.answers) for quote in found.quotes()]),
        right=np.array([memo == question.passage for memo in memos]),
    )


def fit(known: list[Stretches]) -> Weights:
    """The weights that make answers in right paragraphs most likely; a part that never varies weighs nothing.

    What the sentences say together counts as it is: their own weights say how much that is.
    """
    usable = [each for each in known if (each.answers & each.right).any()]
    parts = np.delete(np.concatenate([each.parts for each in usable]), SENTENCES, axis=1)
    sentences = np.concatenate([each.sentences for each in usable])
    scaled, spread = _scaled(parts)
    sentences_scaled, sentences_spread = _scaled(sentences)
    wanted = np.concatenate([each.answers & each.right for each in usable]).astype(float)
    counts = np.array([len(each.parts) for each in usable])
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    question = np.repeat(np.arange(len(usable)), counts)
    member, stretch = _members(usable)
    begins = np.flatnonzero(np.diff(stretch, prepend=-1))

    def loss(weights: Floats) -> tuple[float, Floats]:
        own, of_sentences = np.split(weights, [parts.shape[1]])
        said = (sentences_scaled @ of_sentences)[member]
        highest = np.maximum.reduceat(said, begins)
        likely = np.exp(said - highest[stretch])
        all_likely = np.add.reduceat(likely, begins)
        scores = scaled @ own + highest + np.log(all_likely)
        odds = np.exp(scores - np.maximum.reduceat(scores, first)[question])
        all_odds = np.add.reduceat(odds, first)
        right_odds = np.add.reduceat(odds * wanted, first) + 1e-12
        slope = odds * wanted / right_odds[question] - odds / all_odds[question]
        shares = np.bincount(member, slope[stretch] * likely / all_likely[stretch], len(sentences))
        slopes = np.concatenate([scaled.T @ slope, sentences_scaled.T @ shares])
        return (
            -float(np.mean(np.log(right_odds / all_odds))) + _PENALTY * float(weights @ weights),
            -slopes / len(usable) + 2 * _PENALTY * weights,
        )

    begin = np.zeros(parts.shape[1] + sentences.shape[1])
    found = minimize(loss, begin, jac=True, method="L-BFGS-B").x
    own, of_sentences = np.split(found, [parts.shape[1]])
    return Weights(np.insert(own / spread, SENTENCES, 1.0), of_sentences / sentences_spread)


def _scaled(values: Floats) -> tuple[Floats, Floats]:
    """Columns of equal spread, and what they were divided by; those that never vary are 0."""
    spread = values.std(axis=0)
    varies = spread > 0
    divisor = np.where(varies, spread, 1.0)
    return values / divisor * varies, divisor


def _members(usable: list[Stretches]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every sentence of every stretch, and which stretch that is, both counted through all questions."""
    before = np.concatenate([[0], np.cumsum([len(each.sentences) for each in usable])[:-1]])
    first = np.concatenate([each.first + place for each, place in zip(usable, before, strict=True)])
    last = np.concatenate([each.last + place for each, place in zip(usable, before, strict=True)])
    stretch = np.repeat(np.arange(len(first)), last - first)
    within = np.arange(len(stretch)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    return first[stretch] + within, stretch


def judged(known: list[Stretches], weights: Weights) -> list[tuple[float, ...]]:
    """For each question whether R@1, AE@1, AE@3 are met when the best stretch of each passage is quoted."""
    return [_judged(each, _scores(each, weights)) for each in known]


def _scores(each: Stretches, weights: Weights) -> Floats:
    parts = each.parts.copy()
    parts[:, SENTENCES] = together(each.sentences @ weights.sentences, each.first, each.last)
    scores: Floats = parts @ weights.parts
    return scores


def _judged(each: Stretches, scores: Floats) -> tuple[float, ...]:
    order = np.argsort(-scores, kind="stable")
    _, first = np.unique(each.passage[order], return_index=True)
    quoted = order[np.sort(first)[:3]]
    return (
        float(each.right[quoted[0]]),
        float(each.answers[quoted[0]]),
        float(each.answers[quoted].any()),
    )


def _shown(met: list[tuple[float, ...]]) -> str:
    return ", ".join(f"{100 * share:.2f}" for share in np.mean(met, axis=0))
