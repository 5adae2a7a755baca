"""When is a quote, a ranking, a confidence right, and by how much?"""

import math
import random
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tests.benchmarks.quality.words import STOP_WORDS

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def percent(right: Iterable[bool]) -> float:
    """How many of `right` are, in a hundred."""
    return round(100 * float(np.mean(list(right))), 2)


def holds_answer(quote: str, answers: Iterable[str]) -> bool:
    """Whether one of `answers` stands in `quote` as whole words; case and punctuation do not matter."""
    plain = f" {_plain(quote)} "
    return any(f" {_plain(answer)} " in plain for answer in answers if _plain(answer))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).lower()).strip()


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first `k`; the gain is the grade."""
    gained = _gain([grades.get(document, 0) for document in ranked[:k]])
    ideal = _gain(sorted(grades.values(), reverse=True)[:k])
    return gained / ideal if ideal else 0.0


def _gain(grades: list[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def auroc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """How often one of `right` is above one of `wrong`; equals count half."""
    values = np.concatenate([right, wrong])
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks = (last - (count - 1) / 2)[place]
    pairs = len(right) * len(wrong)
    return float((ranks[: len(right)].sum() - len(right) * (len(right) + 1) / 2) / pairs)


class Bin(NamedTuple):
    """Questions of about the same confidence: its mean, the share that was right, how many."""

    low: float
    high: float
    confidence: float
    right: float
    count: int


def reliability(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Confidence beside the share that was right, in `bins` equal steps from 0 to 1; empty ones left out."""
    sure, truth = np.array(confidence, dtype=float), np.array(right, dtype=float)
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        Bin(
            n / bins,
            (n + 1) / bins,
            float(sure[place == n].mean()),
            float(truth[place == n].mean()),
            int((place == n).sum()),
        )
        for n in range(bins)
        if (place == n).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance of confidence from the share that was right, weighed by count (ECE)."""
    return sum(each.count * abs(each.confidence - each.right) for each in bins) / sum(
        each.count for each in bins
    )


def with_typos(questions: Iterable[str]) -> list[str]:
    """Each question with one typo in one word of at least five letters: the same typos in every run."""
    chance = random.Random(3)
    return [_with_typo(question, chance) for question in questions]


def _with_typo(question: str, chance: random.Random) -> str:
    choice = [m for m in re.finditer(r"\w+", question) if _tells(m[0])]
    if not choice:
        return question
    found = chance.choice(choice)
    word = found[0]
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    other = chance.choice(_LETTERS)  # drawn every time, so that each question takes the same draws
    wrong = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + other + word[at + 1 :],
        word[:at] + word[at] + word[at:],
    )[kind]
    return question[: found.start()] + wrong + question[found.end() :]


def _tells(word: str) -> bool:
    return len(word) >= 5 and word.lower() not in STOP_WORDS and not word.isdigit()
