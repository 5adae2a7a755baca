"""What does one engine reach in each column?"""

import sys
import time
from collections.abc import Sequence

from tests.benchmarks.quality.columns import COLUMNS, Column
from tests.benchmarks.quality.engine import Engine
from tests.benchmarks.quality.ours import Ours
from tests.benchmarks.quality.peers import PEERS
from tests.benchmarks.quality.question_sets import DATA
from tests.benchmarks.quality.speed import NEEDS, speed
from tests.benchmarks.quality.table import Row

ENGINES: tuple[type[Engine], ...] = (*PEERS, Ours)
_LANGUAGES = ("en", "de", "es", "ru", "zh")


def engines(names: Sequence[str]) -> list[type[Engine]]:
    """The engines that have one of `names` in theirs, "ours" among them; all without names."""
    return [
        each
        for each in ENGINES
        if not names
        or (each is Ours and "ours" in names)
        or any(name.lower() in each.name.lower() for name in names)
    ]


def columns(names: Sequence[str]) -> list[Column]:
    """The columns of these names, "xquad" and "ir" for several; all without names."""
    wanted = {"ir": ("cranfield", "cacm"), "xquad": tuple(f"xquad-{language}" for language in _LANGUAGES)}
    named = {each for name in names for each in wanted.get(name, (name,))}
    return [each for each in COLUMNS if not names or each.name in named]


def absent(chosen: Sequence[type[Engine]], measured: Sequence[Column], *, timed: bool) -> list[str]:
    """What is not on this machine, and so not in the table."""
    folders = {each.needs for each in measured} | (set(NEEDS) if timed else set())
    return [
        *(f"{each.name}: {each.missing()}." for each in chosen if each.missing()),
        *(
            f"../shared/data/{name}: its columns are not measured."
            for name in sorted(folders)
            if not (DATA / name).is_dir()
        ),
    ]


def row(engine: type[Engine], measured: Sequence[Column], half: int | None, passages: int | None) -> Row:
    """Measure `engine` in every column whose questions are here; ours over `passages` passages too."""
    found: Row = {"engine": engine.name, "version": engine.version(), "half": half, "seconds": {}}
    wrong_quotes = 0
    for column in measured:
        if not (DATA / column.needs).is_dir():
            continue
        began = time.perf_counter()
        figures = column.measure(engine, half)
        seconds = round(time.perf_counter() - began, 1)
        wrong_quotes += figures.pop("wrong quotes", 0)
        found |= figures
        found["seconds"][column.name] = seconds
        shown = ", ".join(f"{name} {value}" for name, value in figures.items() if name != "reliability")
        sys.stderr.write(f"{engine.name}: {shown} ({column.name}, {seconds} s)\n")
    if engine is Ours:
        found["wrong quotes"] = wrong_quotes
        languages = [found[each] for each in _LANGUAGES if each in found]
        if len(languages) == len(_LANGUAGES):
            found["mean XQuAD"] = round(sum(languages) / len(languages), 2)
        if passages and all((DATA / name).is_dir() for name in NEEDS):
            found |= speed(passages)
    return found
