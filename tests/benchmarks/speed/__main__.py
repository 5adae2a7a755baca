"""How is the table made? `python -m tests.benchmarks.speed --help` says which parts can be made alone.

Each phase of each engine runs in a process of its own on one core, but for some of ours that say so. The phases that
are timed question by question run several times, in turns with the other engines', and the median counts: what else the
machine does meets all of them.
The corpora and the other engines' adapters are those beside the project, in ../shared/tools/peers.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[3]
PEERS = ROOT.parent / "shared" / "tools" / "peers"
RESULT = ROOT / "tests" / "benchmarks" / "results" / "speed.md"
OURS = "quoth, BM25"
LUCENE = "lucene 8.7 + UnifiedHighlighter"
OTHERS = (
    "tantivy stem+stop",
    LUCENE,
    "bm25s numba",
    "bm25s numpy",
    "fts5 porter+stop",
    "xapian stem",
    "rank-bm25 stem+stop",
)
SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
LEFT_OUT = {
    ("rank-bm25 stem+stop", "1m"): "it keeps a dictionary a passage",
    ("xapian stem", "1m"): "building takes a quarter of an hour",
    ("fts5 porter+stop", "1m"): "a question takes a third of a second",
}
JAVA = shutil.which("java")
LUCENE_JAR = Path("/usr/share/java/lucene-core-8.7.0.jar")
if not (JAVA and LUCENE_JAR.exists()):
    LEFT_OUT |= dict.fromkeys(
        ((LUCENE, size) for size in SIZES),
        "there is no Java, or no Lucene; on Debian: apt install default-jre-headless liblucene8-java",
    )
IN_A_DATABASE = ("10k", "100k")
PIN = ["taskset", "-c", "1"] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}

Row = dict[str, Any]


def main() -> None:
    """Measure, say each figure as it is known, then print the table."""
    options = _options()
    if not PEERS.is_dir():
        sys.exit(
            "The corpora and the other engines' adapters are missing: ../shared/tools/peers beside the project."
        )
    work = options.work
    _corpora(work, options.sizes)
    rows = [row for size in options.sizes for row in _measured(work, size, options.engines, options.runs)]
    text = _report(rows)
    sys.stdout.write(text)
    if options.write:
        RESULT.write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.speed", description=__doc__)
    add = parser.add_argument
    usual = Path(tempfile.gettempdir()) / "quoth-bench-speed"
    add(
        "--sizes",
        type=lambda text: text.split(","),
        default=list(SIZES),
        metavar="A,B",
        help=f"of {', '.join(SIZES)}",
    )
    add(
        "--engines",
        type=lambda text: text.split(","),
        default=[OURS, *OTHERS],
        metavar="A,B",
        help="by their names",
    )
    add("--runs", type=int, default=3, help="how often the questions are asked anew; the median counts")
    add("--work", type=Path, default=usual, metavar="FOLDER", help="where corpora and indexes lie")
    add("--write", action="store_true", help="keep the table in tests/benchmarks/results/speed.md")
    return parser.parse_args()


def _corpora(work: Path, sizes: list[str]) -> None:
    """Make the corpora where they are not there yet: some minutes, and 1.3 GB for all of them."""
    folder = work / "data_speed"
    if (
        not all((folder / f"{size}.jsonl").exists() for size in sizes)
        or not (folder / "queries.json").exists()
    ):
        work.mkdir(parents=True, exist_ok=True)
        sys.stderr.write(f"Making the corpora in {folder} ...\n")
        command = [sys.executable, "build_speed_corpus.py"]
        subprocess.run(command, cwd=PEERS, env={**os.environ, "PEERS_WORK": str(work)}, check=True)


def _measured(work: Path, size: str, engines: list[str], runs: int) -> list[Row]:
    """A row an engine."""
    chosen = [each for each in engines if (each, size) not in LEFT_OUT]
    rows = {each: Row(engine=each, size=size) for each in chosen}
    for each in chosen:
        rows[each] |= _phase(work, each, size, "build")
    turns = [{each: _phase(work, each, size, "query") for each in chosen} for _ in range(runs)]
    for each in chosen:
        rows[each] |= _medians([turn[each] for turn in turns])
        if each != OURS:
            rows[each] |= _phase(work, each, size, "add")
    if OURS in rows:
        rows[OURS] |= _phase(work, OURS, size, "parallel", pinned=False)
        rows[OURS] |= _phase(work, OURS, size, "answers", pinned=False)
        rows[OURS] |= _medians([_phase(work, OURS, size, "opened", pinned=False) for _ in range(runs)])
        rows[OURS] |= _medians([_phase(work, OURS, size, "answers") for _ in range(runs)])
        rows[OURS] |= _phase(work, OURS, size, "change")
        if size in IN_A_DATABASE:
            rows[OURS] |= _phase(work, OURS, size, "cold", pinned=False)
            rows[OURS] |= _phase(work, OURS, size, "through", pinned=False)
    return list(rows.values())


def _phase(work: Path, engine: str, size: str, phase: str, *, pinned: bool = True) -> Row:
    """The figures of one phase, in a process of its own; what went wrong where it fails."""
    environment = {
        **os.environ,
        **ALONE,
        "PEERS_WORK": str(work),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{_of_the_system()}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if JAVA:
        environment.setdefault("JAVA_HOME", str(Path(JAVA).resolve().parents[1]))
    if engine == OURS:
        place, data = work / "ours" / size, work / "data_speed"
        place.mkdir(parents=True, exist_ok=True)
        if phase == "build":
            for left in place.iterdir():
                left.unlink()
        command = [
            "-m",
            "tests.benchmarks.speed.ours",
            phase,
            place,
            data / f"{size}.jsonl",
            data / "queries.json",
        ]
        folder = ROOT
    else:
        command, folder = ["bench_speed.py", "phase", engine, size, phase], PEERS
    done = subprocess.run(
        [*(PIN if pinned else []), sys.executable, *map(str, command)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
    figures = json.loads(found[1]) if found else {"failed": done.stderr.strip().splitlines()[-1:]}
    sys.stderr.write(f"{size} {engine} {phase}: {figures}\n")
    return figures


def _of_the_system() -> str:
    """Where Debian's python3-xapian lies, by itself: nothing else of the system's is to be taken before ours."""
    system, own = (
        Path("/usr/lib/python3/dist-packages/xapian"),
        Path(tempfile.gettempdir()) / "quoth-bench-xapian",
    )
    if system.is_dir():
        own.mkdir(exist_ok=True)
        if not (own / "xapian").exists():
            (own / "xapian").symlink_to(system)
    return str(own)


def _medians(turns: list[Row]) -> Row:
    """The medians of several turns; what a turn that failed says where one did."""
    if failed := next((turn for turn in turns if "failed" in turn), None):
        return failed
    return {
        name: median(turn[name] for turn in turns) for name in turns[0] if all(name in turn for turn in turns)
    }


COLUMNS = (
    ("p50 ms", "p50_ms", 1, ".3f"),
    ("p99 ms", "p99_ms", 1, ".2f"),
    ("build s", "build_s", 1, ".1f"),
    ("peak MB", "build_peak_mb", 1, ",.0f"),
    ("file MB", "disk_mb", 1, ",.0f"),
    ("load ms", "load_s", 1000, ",.0f"),
    ("first question ms", "first_query_ms", 1, ",.1f"),
    ("add one ms", "add_ms", 1, ",.0f"),
)
WHOLE_COLUMNS = (
    ("a whole answer, p50 ms", "whole_p50_ms", ".2f"),
    ("... p99 ms", "whole_p99_ms", ".1f"),
    ("building the whole index on every core, s", "whole_build_s", ".1f"),
    ("... peak MB", "whole_peak_mb", ",.0f"),
    ("... file MB", "whole_disk_mb", ",.0f"),
    ("opening it on one core, ms", "whole_load_s", ".3f"),
    ("opening it on every core, ms", "whole_open_s", ".3f"),
    ("... after somebody touched it, ms", "whole_open_touched_s", ".3f"),
    ("opening the postings of the tables above on every core, ms", "open_s", ".3f"),
    ("... after somebody touched them, ms", "open_touched_s", ".3f"),
    ("first whole answer after opening, ms", "whole_first_ms", ".1f"),
    ("one memo more until it is found, ms", "add_ms", ",.1f"),
    ("... an altered one, ms", "alter_ms", ",.1f"),
    ("... one less, ms", "remove_ms", ",.1f"),
    ("one memo more, through the database, ms", "through_ms", ",.0f"),
    ("`quoth ask` from a cold start, s", "cold_ask_s", ".2f"),
    ("questions a second (BM25), one process", "questions a second, one", ",.0f"),
    ("... two processes on one file", "questions a second, two processes", ",.0f"),
    ("... two threads", "questions a second, two threads", ",.0f"),
)


def _report(rows: list[Row]) -> str:
    command = " ".join(["python -m tests.benchmarks.speed", *sys.argv[1:]])
    busy = os.getloadavg()[0]
    made = (
        f"`{command}`, {datetime.now(UTC).date()}, Python {platform.python_version()}, {os.cpu_count()} cores "
        f"(load {busy:.1f} at the end), {platform.system()} {platform.machine()}. One core each; natural questions."
    )
    lines = [
        "# The ten best passages beside other engines, all in one run",
        "",
        made,
    ]
    for size in dict.fromkeys(row["size"] for row in rows):
        some = sorted((row for row in rows if row["size"] == size), key=lambda row: row.get("p50_ms", 1e9))
        lines += [
            "",
            f"## {SIZES[size]:,} passages",
            "",
            f"| engine | {' | '.join(each[0] for each in COLUMNS)} |",
        ]
        lines.append(f"|---|{'--:|' * len(COLUMNS)}")
        lines += [_line(row) for row in some]
        lines += [f"\nNot in it: {name}; {why}." for (name, left), why in LEFT_OUT.items() if left == size]
    ours = [row for row in rows if row["engine"] == OURS]
    if ours:
        lines += ["", "## Ours only", "", _head(ours)]
        lines.append(f"|---|{'--:|' * len(ours)}")
        lines += [_ours(what, name, form, ours) for what, name, form in WHOLE_COLUMNS]
        lines += ["", "The whole index over a million passages: 100,000 memos of ten; else each is a memo."]
    lines += [
        "",
        "What each figure is: `tests/benchmarks/speed`; the other engines' adapters: `../shared/tools/peers`.",
        "",
    ]
    return "\n".join(lines)


def _head(ours: list[Row]) -> str:
    return f"| passages | {' | '.join(format(SIZES[row['size']], ',') for row in ours)} |"


def _line(row: Row) -> str:
    if "failed" in row:
        return f"| {row['engine']} | failed: {row['failed']} |"
    cells = [format(row[name] * times, form) if name in row else "-" for _, name, times, form in COLUMNS]
    return f"| {row['engine']} | {' | '.join(cells)} |"


def _ours(what: str, name: str, form: str, ours: list[Row]) -> str:
    times = 1000 if what.endswith(", ms") and name.endswith("_s") else 1
    cells = [format(row[name] * times, ".0f" if times > 1 else form) if name in row else "-" for row in ours]
    return f"| {what} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
