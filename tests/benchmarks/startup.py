"""How long does `quoth ask` take from the shell, beside the import of a chat library alone?"""

import os
import platform
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


def seconds(command: list[str], settings: dict[str, str]) -> list[float]:
    """Wall time of `RUNS` runs of `command`, after one that fills the disk cache."""
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        subprocess.run(
            command, cwd=ROOT, env={**os.environ, **settings}, check=True, capture_output=True, timeout=60
        )
        taken.append(time.perf_counter() - began)
    return taken[1:]


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
        f"# Start-up, wall seconds of {RUNS} runs",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}.",
        "",
        "| command | median | slowest |",
        "|---|---|---|",
        *(
            f"| `{name}` | {statistics.median(taken):.3f} | {max(taken):.3f} |"
            for name, taken in measured.items()
        ),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
