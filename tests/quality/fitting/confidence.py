"""What should confidence make of the evidence? A logistic model: is the question one that these memos answer?

Questions of all articles are asked of every second article; those of the other articles are foreign. Checked on
articles that the model was not fitted on, and on another set of questions.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from retrieval import SHIPPED_THRESHOLD, Index, Memo, build_index
from retrieval.answering import matches_to_answer
from retrieval.confidence import START, WEIGHTS, Confidence, Evidence
from retrieval.query import understand
from retrieval.search import MAX_CHARS
from tests.benchmarks.quality.measures import auroc, percent
from tests.benchmarks.quality.question_sets import question_set

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_PENALTY = 0.05  # a sum of squares, beside the sum over thousands of questions
_NOTHING_FOUND = -50.0  # log odds of a question that finds nothing


class Asked(NamedTuple):
    """n questions of all articles, asked of half of the articles.

    `evidence` (n, kinds), NaN where nothing was found; `own` (n,) whether the half holds the question's article;
    `half` and `fold` (n,), 0 or 1: which half was asked, and on which side of the check the article is.
    """

    evidence: Floats
    own: Booleans
    half: NDArray[np.int64]
    fold: NDArray[np.int64]

    def where(self, chosen: Booleans) -> "Asked":
        """Only the `chosen` questions."""
        return Asked(*(values[chosen] for values in self))


class Model(NamedTuple):
    """Log odds are `evidence @ weights + start`."""

    weights: Floats
    start: float

    def log_odds(self, asked: Asked) -> Floats:
        """(n,) the log odds that the memos answer."""
        found: Floats = np.nan_to_num(asked.evidence @ self.weights + self.start, nan=_NOTHING_FOUND)
        return found


def report() -> Iterator[str]:
    """Weights and what they reach, line by line."""
    known, other = asked_of_halves("squad-tune"), asked_of_halves("xquad-en")
    shipped = Model(np.array(WEIGHTS), START)
    crossed = np.zeros(len(known.own))
    for fold in (0, 1):
        crossed[known.fold == fold] = fit(known.where(known.fold != fold)).log_odds(
            known.where(known.fold == fold)
        )
    fitted = fit(known)
    yield "Confidence, fitted on SQuAD; AUROC of own questions against foreign ones."
    yield f"  fitted on half of the articles, checked on the others: {area(known, crossed):.4f}"
    yield f"  shipped: {area(known, shipped.log_odds(known)):.4f}, on XQuAD {area(other, shipped.log_odds(other)):.4f}"
    yield f"  fitted on all: {area(known, fitted.log_odds(known)):.4f}, on XQuAD {area(other, fitted.log_odds(other)):.4f}"
    yield f"  {'evidence':16} {'fitted':>8} {'shipped':>8}"
    for name, weight, now in zip(Evidence._fields, fitted.weights, shipped.weights, strict=True):
        yield f"  {name:16} {weight:8.2f} {now:8.2f}"
    yield f"  {'start':16} {fitted.start:8.2f} {shipped.start:8.2f}"
    yield f"  threshold: answered though foreign / refused though answerable, % (shipped threshold: {SHIPPED_THRESHOLD})"
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        checked = _refusals(known, crossed, threshold)
        yield f"  {threshold}: checked {checked}, shipped {_refusals(known, shipped.log_odds(known), threshold)}"


def asked_of_halves(name: str) -> Asked:
    """Every question of the set asked of every second article, then of the others."""
    questions = question_set(name)
    articles = questions.articles
    evidence, own, halves = [], [], []
    for half in (0, 1):
        mine = set(articles[half::2])
        index = build_index(
            Memo(id=each.id, title="", text=each.text) for each in questions.documents if each.article in mine
        )
        for question in questions.questions:
            evidence.append(_evidence_of(index, question.text))
            own.append(question.article in mine)
            halves.append(half)
    fold = [articles.index(question.article) % 4 // 2 for question in questions.questions] * 2
    return Asked(np.array(evidence), np.array(own), np.array(halves), np.array(fold))


def _evidence_of(index: Index, question: str) -> list[float]:
    query = understand(index, question)
    judge = Confidence(query)
    found = matches_to_answer(index, query, judge, MAX_CHARS)
    return list(judge.evidence(found[0])) if found else [np.nan] * len(Evidence._fields)


def fit(asked: Asked) -> Model:
    """The most likely model; weights are held back a little, the start is free."""
    known = asked.where(~np.isnan(asked.evidence[:, 0]))
    rows = np.column_stack([known.evidence, np.ones(len(known.own))])
    own = known.own.astype(float)

    def loss(weights: Floats) -> tuple[float, Floats]:
        held = np.append(weights[:-1], 0)
        log_odds = rows @ weights
        unlikely = np.logaddexp(0, log_odds).sum() - own @ log_odds
        return unlikely + _PENALTY * float(held @ held), rows.T @ (
            expit(log_odds) - own
        ) + 2 * _PENALTY * held

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    return Model(found[:-1], float(found[-1]))


def area(asked: Asked, log_odds: Floats) -> float:
    """The mean of the two halves' AUROC."""
    areas = []
    for half in (0, 1):
        here = asked.half == half
        areas.append(auroc(log_odds[here & asked.own].tolist(), log_odds[here & ~asked.own].tolist()))
    return float(np.mean(areas))


def _refusals(asked: Asked, log_odds: Floats, threshold: float) -> str:
    sure = expit(log_odds) >= threshold
    return f"{percent(sure[~asked.own])} / {percent(~sure[asked.own])}"
