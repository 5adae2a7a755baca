"""What is measured, on which set, and how? A column gives its figures by their heading."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from retrieval import SHIPPED_THRESHOLD
from tests.benchmarks.quality.engine import Engine, Found
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
from tests.benchmarks.quality.question_sets import Document, question_set

Figures = dict[str, Any]
SQUAD = "squad-tune"
FINANCEBENCH = "financebench-tune"


class Column(NamedTuple):
    """One measurement of an engine; `measure(engine class, half)`, half None for all questions, else 0 or 1."""

    name: str
    needs: str  # the question set
    headings: tuple[str, ...]
    measure: Callable[[type[Engine], int | None], Figures]


def squad(engine_class: type[Engine], half: int | None) -> Figures:
    """R@1: the right paragraph first. AE@1, AE@3: an answer stands in the first quote, in one of three.

    Each quote is of another paragraph; ours is asked a second time with up to three of the same (AE@3 of any).
    """
    asked = question_set(SQUAD)
    first, quoted = [], []
    figures: Figures = {}
    with _over(engine_class, asked.paragraphs(), figures) as engine:
        for question in asked.half(half):
            found = engine.search(question.text, 3)
            first.append(_is_first(found, asked.position[question.passage]))
            quotes = engine.quotes(question.text, found)
            assert all(len(quote) <= 300 for quote in quotes), max(quotes, key=len)
            quoted.append([holds_answer(quote, question.answers) for quote in quotes])
        if isinstance(engine, Ours):
            figures |= engine.times()
            figures["AE@3 of any"] = percent(
                any(
                    holds_answer(each.quote, question.answers)
                    for each in engine.answer(question.text, per_passage=3).excerpts
                )
                for question in asked.half(half)
            )
            figures |= engine.times("of any ")
    return figures | {
        "R@1": percent(first),
        "AE@1": percent(any(held[:1]) for held in quoted),
        "AE@3": percent(any(held[:3]) for held in quoted),
    }


def typo(engine_class: type[Engine], half: int | None) -> Figures:
    """R@1 lost when one word of each question carries a typo."""
    asked = question_set(SQUAD)
    misspelt = dict(zip(asked.questions, with_typos(each.text for each in asked.questions), strict=True))
    figures: Figures = {}
    before, after = [], []
    with _over(engine_class, asked.paragraphs(), figures) as engine:
        for question in asked.half(half):
            gold = asked.position[question.passage]
            before.append(_is_first(engine.search(question.text, 3), gold))
            after.append(_is_first(engine.search(misspelt[question], 1), gold))
    return figures | {"typo": round(percent(before) - percent(after), 2)}


def foreign(engine_class: type[Engine], half: int | None) -> Figures:
    """Questions of all articles, asked of every second article: those of the others are foreign."""
    asked = question_set(SQUAD)
    figures: Figures = {}
    areas: list[float] = []
    sure: list[float] = []
    truth: list[bool] = []
    for number in (0, 1) if half is None else (half,):
        mine = set(asked.articles[number::2])
        with _over(
            engine_class, [each for each in asked.paragraphs() if each.article in mine], figures
        ) as engine:
            confidence = [engine.confidence(question.text) for question in asked.questions]
        own = [question.article in mine for question in asked.questions]
        areas.append(auroc(*_parted(confidence, own)))
        sure += confidence
        truth += own
    figures["OOD"] = round(float(np.mean(areas)), 6)
    if issubclass(engine_class, Ours):
        right, wrong = _parted(sure, truth)
        bins = reliability(sure, truth)
        figures |= {
            "foreign answered": percent(each >= SHIPPED_THRESHOLD for each in wrong),
            "refused": percent(each < SHIPPED_THRESHOLD for each in right),
            "ECE": round(calibration_error(bins), 4),
            "reliability": bins,
        }
    return figures


def _xquad(language: str) -> Callable[[type[Engine], int | None], Figures]:
    def measure(engine_class: type[Engine], half: int | None) -> Figures:
        """R@1 in this language, which is told to the engines that do not find it themselves."""
        asked = question_set(f"xquad-{language}")
        figures: Figures = {}
        with _over(engine_class, asked.paragraphs(), figures, language) as engine:
            figures[language] = percent(
                _is_first(_search(engine, question.text, 1), asked.position[question.passage])
                for question in asked.half(half)
            )
        return figures

    return measure


def _classic(name: str, heading: str) -> Callable[[type[Engine], int | None], Figures]:
    def measure(engine_class: type[Engine], half: int | None) -> Figures:
        """nDCG@10 by the set's own judgements."""
        asked = question_set(name)
        figures: Figures = {}
        with _over(engine_class, asked.joined(), figures) as engine:
            gains = [
                ndcg(
                    [asked.documents[found.position].id for found in _search(engine, question.text, 10)],
                    question.relevant,
                )
                for question in asked.half(half)
                if question.relevant
            ]
        return figures | {heading: round(float(np.mean(gains)), 6)}

    return measure


def financebench(engine_class: type[Engine], half: int | None) -> Figures:
    """A page that holds the evidence is among the first three."""
    asked = question_set(FINANCEBENCH)
    figures: Figures = {}
    with _over(engine_class, asked.joined(), figures) as engine:
        figures["Fin"] = percent(
            any(
                asked.documents[found.position].id in question.relevant
                for found in _search(engine, question.text, 3)
            )
            for question in asked.half(half)
        )
    return figures


@contextmanager
def _over(
    engine_class: type[Engine], documents: list[Document], figures: Figures, language: str = "en"
) -> Iterator[Engine]:
    """An engine over `documents`; the wrong quotes that ours gave are added to `figures`."""
    with engine_class(language) as engine:
        engine.index(documents)
        yield engine
        if isinstance(engine, Ours):
            figures["wrong quotes"] = figures.get("wrong quotes", 0) + engine.wrong_quotes


def _search(engine: Engine, question: str, k: int) -> list[Found]:
    if isinstance(engine, Ours):
        engine.answer(question)  # its quotes are checked in every column
    return engine.search(question, k)


def _is_first(found: list[Found], position: int) -> bool:
    return bool(found) and found[0].position == position


def _parted(values: list[float], right: list[bool]) -> tuple[list[float], list[float]]:
    pairs = list(zip(values, right, strict=True))
    return [value for value, is_right in pairs if is_right], [
        value for value, is_right in pairs if not is_right
    ]


COLUMNS = (
    Column("squad", SQUAD, ("R@1", "AE@1", "AE@3"), squad),
    Column("ood", SQUAD, ("OOD",), foreign),
    Column("typo", SQUAD, ("typo",), typo),
    *(
        Column(f"xquad-{language}", f"xquad-{language}", (language,), _xquad(language))
        for language in ("en", "de", "es", "ru", "zh")
    ),
    Column("cranfield", "cranfield", ("Cranfield",), _classic("cranfield", "Cranfield")),
    Column("cacm", "cacm", ("CACM",), _classic("cacm", "CACM")),
    Column("fin", FINANCEBENCH, ("Fin",), financebench),
)
