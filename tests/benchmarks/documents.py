"""How many real documents are read, how fast, and why are the others not?

Reads the folders named (else the public documents that lie beside some clones of the repository) as `quoth memos add`
does, and keeps a table: `python -m tests.benchmarks.documents [FOLDER ...]`.
"""

import logging
import os
import platform
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pypdf

from retrieval import ReadResult, read_memos
from retrieval.ingest.sandbox import POOL
from tests.conftest import SHARED

RESULT = Path(__file__).parent / "results" / "documents.md"
DOCUMENTS = SHARED / "data" / "documents"


def main() -> None:
    """Measure, print the tables; keep them where they are of the public documents."""
    logging.disable()  # pypdf's, about files that we read
    folders = [Path(name) for name in sys.argv[1:]] or sorted(DOCUMENTS.glob("*/"))
    if not folders:
        sys.stderr.write(f"{DOCUMENTS} is not on this machine. Name a folder.\n")
        return
    lines = [
        "# Real documents",
        "",
        (
            f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
            f"load average {os.getloadavg()[0]:.1f}: over the number of cores, it would be faster alone."
        ),
    ]
    for folder in folders:
        lines += ["", *table(folder)]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if not sys.argv[1:]:
        RESULT.write_text(text, encoding="utf-8")


def table(folder: Path) -> list[str]:
    """Read a folder twice (the first fills the disk cache) and put down the second, with the start of its children."""
    list(read_memos([folder]))
    POOL.close()
    began, busy = time.perf_counter(), processor()
    results = list(read_memos([folder]))
    seconds = time.perf_counter() - began
    POOL.close()
    busy = processor() - busy
    pages = sum(page_count(result.path) for result in results if result.memo and result.path.suffix == ".pdf")
    words = sum(len(result.memo.text.split()) for result in results if result.memo)
    return [
        f"## {folder.name}",
        "",
        (
            f"{len(results)} files, {words:,} words, {pages:,} PDF pages: {seconds:.2f} s "
            f"({pages / seconds:,.0f} PDF pages a second), {busy:.2f} s of the processors "
            f"({pages / busy:,.0f} PDF pages a second on each core)."
        ),
        "",
        "| kind | read | refused | why |",
        "|---|--:|--:|---|",
        *rows(results),
    ]


def processor() -> float:
    """Seconds that this process and the children that it has ended have kept a processor busy."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def page_count(path: Path) -> int:
    """The pages of a PDF, by another library than the one that read it; 0 for one within another file."""
    if not path.is_file():
        return 0
    try:
        return len(pypdf.PdfReader(path).pages)
    except Exception:  # noqa: BLE001 - the other library may stumble where ours did not
        return 0


def rows(results: Sequence[ReadResult]) -> list[str]:
    """A row for each kind of file."""
    kinds: dict[str, list[ReadResult]] = defaultdict(list)
    for result in results:
        kinds[result.path.suffix.lower()].append(result)
    return [row(kind, kinds[kind]) for kind in sorted(kinds)]


def row(kind: str, results: Sequence[ReadResult]) -> str:
    """What became of the files of one kind."""
    failed = [result.error for result in results if result.error]
    why = Counter(re.sub(r"\d+", "n", error.why).rstrip(".") for error in failed)
    said = "; ".join(f"{reason} ({count})" for reason, count in why.most_common())
    return f"| {kind} | {len(results) - len(failed)} | {len(failed)} | {said.replace('|', ' ')} |"


if __name__ == "__main__":
    main()
