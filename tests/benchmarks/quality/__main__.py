"""How is the table made? `python -m tests.benchmarks.quality --help` says which parts can be made alone."""

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.quality.columns import COLUMNS, Column
from tests.benchmarks.quality.engine import Engine
from tests.benchmarks.quality.ours import Ours
from tests.benchmarks.quality.peers import PEERS
from tests.benchmarks.quality.question_sets import MissingSet
from tests.benchmarks.quality.speed import speed
from tests.benchmarks.quality.table import Row, compared, ours_only, reliability_table, table

RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    """Measure, print each row as it is done, then the table."""
    options = _options()
    columns = [
        each for each in COLUMNS if not options.columns or each.name.startswith(tuple(options.columns))
    ]
    engines = _engines(options.peers)
    missing = [f"{engine.name}: {engine.missing()}." for engine in engines if engine.missing()]
    rows = [_row(engine, columns, options) for engine in engines if not engine.missing()]
    text = _report(rows, missing)
    sys.stdout.write(text)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    if options.write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "quality.md").write_text(text, encoding="utf-8")
    if options.compare:
        sys.stdout.write(f"\n{compared(rows, json.loads(options.compare.read_text(encoding='utf-8')))}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.quality", description=__doc__, allow_abbrev=False
    )
    named = [each.name for each in COLUMNS]
    parser.add_argument(
        "--columns", type=_names, default=[], help=f"some of: {', '.join(named)}; xquad, ir for groups"
    )
    parser.add_argument(
        "--peers", type=_names, default=[], help="words in the names of engines, or: ours, all"
    )
    parser.add_argument("--half", type=int, choices=(0, 1), help="one half of the articles, twice as fast")
    parser.add_argument(
        "--at", type=int, metavar="PASSAGES", help="time whole answers over that many passages"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="say what moved since a run kept by --json"
    )
    parser.add_argument(
        "--write", action="store_true", help="keep the table in tests/benchmarks/results/quality.md"
    )
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = [each.strip() for each in text.split(",")]
    return ["cranfield", "cacm", *names] if "ir" in names else names


def _engines(names: list[str]) -> list[type[Engine]]:
    every = [*PEERS, Ours]
    if not names or names == ["all"]:
        return every
    return [
        each
        for each in every
        if (each is Ours and "ours" in names) or any(n.lower() in each.name.lower() for n in names)
    ]


def _row(engine: type[Engine], columns: list[Column], options: argparse.Namespace) -> Row:
    row: Row = {"engine": engine.name, "version": engine.version(), "seconds": {}}
    wrong = 0
    for column in columns:
        began = time.perf_counter()
        try:
            figures = column.measure(engine, options.half)
        except MissingSet as missing:
            sys.stderr.write(f"{column.name}: {missing}\n")
            continue
        wrong += figures.pop("wrong quotes", 0)
        row |= figures
        row["seconds"][column.name] = round(time.perf_counter() - began, 1)
        shown = {name: value for name, value in figures.items() if name != "reliability"}
        sys.stderr.write(f"{engine.name}: {column.name} {shown} in {row['seconds'][column.name]} s\n")
    if engine is Ours:
        row["wrong quotes"] = wrong
        languages = [row[each] for each in ("en", "de", "es", "ru", "zh") if each in row]
        if len(languages) == 5:
            row["mean XQuAD"] = round(sum(languages) / 5, 2)
        if options.at:
            row |= speed(options.at)
    return row


def _report(rows: list[Row], missing: list[str]) -> str:
    made = (
        f"`python -m tests.benchmarks.quality {' '.join(sys.argv[1:])}`, {datetime.now(UTC).date()}, "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}."
    )
    lines = [
        "# Quotes beside other engines, all in one run",
        "",
        made,
        "",
        table(rows),
    ]
    lines += ["", *(f"Not on this machine: {each}" for each in missing)] if missing else []
    for row in rows:
        if row["engine"] == Ours.name:
            lines += ["", ours_only(row)]
            if "reliability" in row:
                lines += ["", reliability_table(row)]
    lines += ["", "Versions: " + ", ".join(f"{row['engine']} {row['version']}".strip() for row in rows) + "."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
