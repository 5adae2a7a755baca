"""What is measured, on which set, and how? A column gives its figures by their heading."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from retrieval import SHIPPED_THRESHOLD
from tests.benchmarks.quality.engine import Engine
from tests.benchmarks.quality.measures import (
    auroc,
    calibration_error,
    holds_answer,
    ndcg,
    percent,
    reliability,
    with_typos,
)
from tests.benchmarks.quality.ours import Ours
from tests.benchmarks.quality.question_sets import Document, Question, question_set

Figures = dict[str, Any]
Make = Callable[[list[Document], str], Engine]

SQUAD = "squad-tune"
XQUAD = ("en", "de", "es", "ru", "zh")


class Column(NamedTuple):
    """One measurement: `measure(make, half)` gives its figures; `half` is None, 0 or 1."""

    name: str
    headings: tuple[str, ...]
    measure: Callable[[Make, int | None], Figures]


def _squad(make: Make, half: int | None) -> Figures:
    asked = question_set(SQUAD)
    first, quoted = [], []
    with make(asked.paragraphs(), "en") as engine:
        for question in asked.half(half):
            found = engine.search(question.text, 3)
            first.append(bool(found) and found[0].position == asked.position[question.passage])
            quotes = engine.quotes(question.text, found)
            assert all(len(quote) <= 300 for quote in quotes), max(quotes, key=len)
            quoted.append([holds_answer(quote, question.answers) for quote in quotes])
        figures: Figures = {
            "R@1": percent(first),
            "AE@1": percent(any(held[:1]) for held in quoted),
            "AE@3": percent(any(held[:3]) for held in quoted),
        }
        if isinstance(engine, Ours):
            p50, p99 = np.percentile(engine.milliseconds, [50, 99])
            figures |= {"p50 ms": round(float(p50), 2), "p99 ms": round(float(p99), 2)}
    return figures


def _typo(make: Make, half: int | None) -> Figures:
    asked = question_set(SQUAD)
    spelt = dict(
        zip(asked.questions, with_typos(question.text for question in asked.questions), strict=True)
        if False
        else []
    )
    return spelt


def _foreign(make: Make, half: int | None) -> Figures:
    """Questions of all articles, asked of every second article: the others are foreign."""
    asked = question_set(SQUAD)
    areas, sure, truth = [], [], []
    for number in (0, 1) if half is None else (half,):
        mine = set(asked.articles[number::2])
        with make([each for each in asked.paragraphs() if each.article in mine], "en") as engine:
            confidence = [engine.confidence(question.text) for question in asked.questions]
        own = [question.article in mine for question in asked.questions]
        pairs = list(zip(confidence, own, strict=True))
        areas.append(auroc([each for each, is_own in pairs if is_own], [each for each, is_own in pairs if not is_own]))
        sure += confidence
        truth += own
    return {"OOD": round(float(np.mean(areas)), 4)}
