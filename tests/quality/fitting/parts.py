"""What should each part of a quote's score weigh? A listwise logistic model over the stretches of each question.

The model: of all stretches of the candidates, the one quoted is drawn with odds of exp(score); fitted is the chance
that it holds an answer and stands in the right paragraph.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from retrieval import Index, Memo, build_index
from retrieval.candidates import Candidates
from retrieval.parts import PARTS, weigh
from retrieval.query import understand
from retrieval.search import CANDIDATES, MAX_CHARS, _candidates
from tests.benchmarks.quality.measures import holds_answer
from tests.benchmarks.quality.question_sets import Question, question_set

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_PENALTY = 1e-3


class Stretches(NamedTuple):
    """Everything that could be quoted for one question: t stretches.

    `parts` (t, parts); `passage` (t,) which candidate each belongs to; `answers` (t,) whether it holds an answer;
    `right` (t,) whether it stands in the right paragraph.
    """

    article: str
    parts: Floats
    passage: NDArray[np.int64]
    answers: Booleans
    right: Booleans


def report() -> Iterator[str]:
    """Weights and what they reach, on articles that they were not fitted on, line by line."""
    known = stretches("squad-tune")
    shipped = np.array([part.weight for part in PARTS])
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
    spread = np.concatenate([each.parts for each in known]).std(axis=0)
    yield f"  {'part':16} {'fitted':>8} {'shipped':>8} {'moves the score by':>20}"
    for part, weight, deviation in zip(PARTS, fitted, spread, strict=True):
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
    memos = [index.passages[int(chosen[owner])].memo_id for owner in found.owner]
    quotes = [
        window.span.of(index.memos[memo].text) for window, memo in zip(found.windows, memos, strict=True)
    ]
    return Stretches(
        article=question.article,
        parts=weigh(found).parts,
        passage=np.asarray(found.owner),
        answers=np.array([holds_answer(quote, question.answers) for quote in quotes]),
        right=np.array([memo == question.passage for memo in memos]),
    )


def fit(known: list[Stretches]) -> Floats:
    """The weights that make answers in right paragraphs most likely; a part that never varies weighs nothing."""
    usable = [each for each in known if (each.answers & each.right).any()]
    parts = np.concatenate([each.parts for each in usable])
    spread = parts.std(axis=0)
    varies = spread > 0
    scaled = parts[:, varies] / spread[varies]
    wanted = np.concatenate([each.answers & each.right for each in usable]).astype(float)
    counts = np.array([len(each.parts) for each in usable])
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    question = np.repeat(np.arange(len(usable)), counts)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = scaled @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, first)[question])
        all_odds = np.add.reduceat(odds, first)
        right_odds = np.add.reduceat(odds * wanted, first) + 1e-12
        slope = scaled.T @ (odds * wanted / right_odds[question] - odds / all_odds[question])
        likely = np.mean(np.log(right_odds / all_odds))
        return (
            -likely + _PENALTY * float(weights @ weights),
            -slope / len(usable) + 2 * _PENALTY * weights,
        )

    found = np.zeros(len(PARTS))
    found[varies] = minimize(loss, np.zeros(varies.sum()), jac=True, method="L-BFGS-B").x / spread[varies]
    return found


def judged(known: list[Stretches], weights: Floats) -> list[tuple[float, ...]]:
    """For each question whether R@1, AE@1, AE@3 are met when the best stretch of each passage is quoted."""
    return [_judged(each, each.parts @ weights) for each in known]


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
