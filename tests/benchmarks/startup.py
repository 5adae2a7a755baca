"""How long does `quoth ask` take from the shell, beside the import of a chat library alone?"""

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULT = Path(__file__).parent / "results" / "startup.md"
RUNS = 15
QUOTH = str(Path(sys.executable).with_name("quoth"))
ASK = [QUOTH, "ask", "What is the Squad?"]


def seconds(command: list[str], settings: dict[str, str]) -> list[tuple[float, float]]:
    """Wall and processor time of `RUNS` runs of `command`, after one that fills the disk cache."""
    taken = []
    for _ in range(RUNS + 1):
        began, busy = time.perf_counter(), processor()
        subprocess.run(
            command, cwd=ROOT, env={**os.environ, **settings}, check=True, capture_output=True, timeout=60
        )
        taken.append((time.perf_counter() - began, processor() - busy))
    return taken[1:]


def processor() -> float:
    """Seconds that this process's children have kept a processor busy."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure, print the table, keep it."""
    with tempfile.TemporaryDirectory() as folder:
        none = {"DATABASE_URL": f"sqlite:///{folder}/none.db"}
        filled = {"DATABASE_URL": f"sqlite:///{folder}/filled.db"}
        subprocess.run(
            [QUOTH, "memos", "add", "seeds"],
            cwd=ROOT,
            env={**os.environ, **filled},
            check=True,
            capture_output=True,
        )
        measured = {
            'python -c "import slack_bolt"': seconds([sys.executable, "-c", "import slack_bolt"], none),
            "quoth ask --memos seeds": seconds([*ASK, "--memos", "seeds"], none),
            "quoth ask (no library yet: seeds)": seconds(ASK, none),
            "quoth ask (library)": seconds(ASK, filled),
        }
    lines = [
        f"# Start-up, seconds of {RUNS} runs",
        "",
        (
            f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
            f"load average {os.getloadavg()[0]:.1f}: over the number of cores, only the processor's time tells."
        ),
        "",
        "| command | wall, median | wall, slowest | processor, median |",
        "|---|---|---|---|",
    ]
    for name, taken in measured.items():
        wall, busy = zip(*taken, strict=True)
        lines.append(
            f"| `{name}` | {statistics.median(wall):.3f} | {max(wall):.3f} | {statistics.median(busy):.3f} |"
        )
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
