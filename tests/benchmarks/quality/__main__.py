"""How is the table made? `python -m tests.benchmarks.quality --help` says which parts can be made alone."""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.quality.columns import COLUMNS
from tests.benchmarks.quality.ours import Ours
from tests.benchmarks.quality.rows import absent, columns, engines, row
from tests.benchmarks.quality.table import Row, compared, ours_only, reliability_table, table

RESULT = Path(__file__).parents[1] / "results" / "quality.md"


def main() -> None:
    """Measure, say each figure as it is known, then print the table."""
    options = _options()
    busy = os.getloadavg()[0]
    chosen, measured = engines(options.peers), columns(options.columns)
    rows = [row(each, measured, options.half, options.at) for each in chosen if not each.missing()]
    text = _report(rows, absent(chosen, measured, timed=bool(options.at)), busy)
    sys.stdout.write(text)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if options.write:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(text, encoding="utf-8")
    if options.compare:
        sys.stdout.write(f"\n{compared(rows, options.compare)}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality", description=__doc__)
    add = parser.add_argument
    names = ", ".join(each.name for each in COLUMNS)
    add("--columns", type=_names, default=[], metavar="A,B", help=f"of {names}; xquad and ir for several")
    add("--peers", type=_names, default=[], metavar="A,B", help="parts of engines' names; ours for ours")
    add("--half", type=int, choices=(0, 1), help="only questions of every second article: half the time")
    add("--at", type=int, metavar="PASSAGES", help="time whole answers over that many passages, too")
    add("--json", type=Path, metavar="FILE", help="keep the figures")
    add("--compare", type=_earlier, metavar="FILE", help="say what moved since a run kept by --json")
    add("--write", action="store_true", help="keep the table in tests/benchmarks/results/quality.md")
    options = parser.parse_args()
    for which, known in (("columns", columns), ("peers", engines)):
        for name in getattr(options, which):
            if not known([name]):
                parser.error(f"--{which}: nothing is called {name}")
    return options


def _names(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _earlier(text: str) -> list[Row]:
    """An earlier run's rows, read before anything is measured."""
    try:
        return json.loads(Path(text).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as wrong:
        raise argparse.ArgumentTypeError(f"{text} holds no earlier run ({type(wrong).__name__})") from None


def _report(rows: list[Row], missing: list[str], busy: float) -> str:
    made = (
        f"`{_command()}`, {datetime.now(UTC).date()}, Python {platform.python_version()}, {os.cpu_count()} cores "
        f"({busy:.1f} busy with other work), {platform.system()} {platform.machine()}."
    )
    lines = ["# Quotes beside other engines, all in one run", "", made, "", table(rows)]
    lines += ["", "Not on this machine:", "", *(f"* {each}" for each in missing)] if missing else []
    for each in rows:
        if each["engine"] == Ours.name:
            lines += ["", ours_only(each)]
        if "reliability" in each:
            lines += ["", reliability_table(each)]
    versions = (f"{each['engine'].split(',')[0]} {each['version']}" for each in rows)
    lines += ["", f"Versions: {', '.join(dict.fromkeys(versions))}. What each column is: `columns.py`."]
    return "\n".join(lines) + "\n"


def _command() -> str:
    return " ".join(["python -m tests.benchmarks.quality", *sys.argv[1:]])


if __name__ == "__main__":
    main()
