"""How long does a whole answer take over many passages, so that quality is not bought with slowness?

Real paragraphs first; the rest are real sentences of one article drawn anew until a real paragraph's length is
reached: words, subjects and lengths stay natural, only the vocabulary does not grow beyond the real one.
"""

import json
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from tests.benchmarks.quality.ours import Ours
from tests.benchmarks.quality.question_sets import Document, question_set
from tests.benchmarks.quality.words import sentences

NEEDS = ("squad-tune", "xquad-en", "cranfield", "cacm", "financebench-tune")
_ASKED = ("squad-tune", "xquad-en", "financebench-tune", "cacm")
_SHORTEST, _LONGEST = 150, 3000  # characters of a passage
_NOT_FILINGS = 0.3  # share of the made passages
_QUESTIONS = 1000
_WARM_UP = 100


class _Real(NamedTuple):
    group: str
    text: str
    filing: bool


def speed(count: int) -> dict[str, float]:
    """Time whole answers over `count` passages in a process of their own: what other engines left is not there."""
    command = [sys.executable, "-m", "tests.benchmarks.quality.speed", str(count)]
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    sys.stderr.write(f"{Ours.name}: {figures}\n")
    return figures


def _measured(count: int) -> dict[str, float]:
    """Build an index of ours and time whole answers, never refused, in milliseconds."""
    chance = random.Random(7)
    documents = [Document(str(n), "", "", text) for n, text in enumerate(_passages(count, chance))]
    asked = [each.text for name in _ASKED for each in question_set(name).questions if len(each.text) < 200]
    questions = chance.sample(asked, min(_QUESTIONS, len(asked)))
    question_set.cache_clear()  # nothing but the index is in memory while it answers, as in the bot
    with Ours() as engine:
        began = time.perf_counter()
        engine.index(documents)
        documents.clear()
        built = time.perf_counter() - began
        for question in questions[:_WARM_UP]:
            engine.answer(question)
        engine.times()
        for question in questions:
            engine.answer(question)
        return {"passages": count, "speed build s": round(built, 1), **engine.times("speed ")}


def _passages(count: int, chance: random.Random) -> Iterator[str]:
    """`count` passages, the real ones spread among the made ones."""
    pool = _real()
    groups: dict[str, list[str]] = defaultdict(list)
    for each in pool:
        groups[each.group] += sentences(each.text, _LONGEST)
    others, filings = [each for each in pool if not each.filing], [each for each in pool if each.filing]
    real = [each.text for each in pool]
    chance.shuffle(real)
    left = min(len(real), count)
    for number in range(count):
        if left and chance.random() < left / (count - number):
            left -= 1
            yield real[left]
        else:
            template = chance.choice(others if chance.random() < _NOT_FILINGS else filings)
            yield _made(template, groups[template.group], chance)


def _made(template: _Real, drawn_from: list[str], chance: random.Random) -> str:
    drawn: list[str] = []
    length = 0
    while length < len(template.text):
        drawn.append(chance.choice(drawn_from))
        length += len(drawn[-1]) + 1
    return " ".join(drawn)[:_LONGEST]


def _real() -> list[_Real]:
    found: dict[str, _Real] = {}
    for name in NEEDS:
        for document in question_set(name).documents:
            text = re.sub(r"\s+", " ", document.text).strip()
            group = document.title if name in {"squad-tune", "financebench-tune"} else name
            if len(text) >= _SHORTEST:
                found.setdefault(text, _Real(group, text, filing=name == "financebench-tune"))
    return list(found.values())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measured(int(sys.argv[1]))))
